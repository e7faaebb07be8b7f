"""A policy's cascade: which policies below are based on it, and which cities or districts have none on record."""

from __future__ import annotations

from typing import Any

from graph import search
from graph.errors import BadParameter
from graph.records import node_id
from queries.reader import Reader, plain

BELOW = {"national": "province", "province": "city", "city": "district"}
LEVELS = ("province", "city", "district")
MOST = 5_000


def cascade(reader: Reader, policy: str, level: str = "") -> dict[str, Any]:
    """`{policy, level, home, based_on_it, regions, lacking, region_unknown, said, truncated, graph_version}`.

    `based_on_it`: `{policy, steps, regions, evidence}` of every policy based on it, directly or over others; `lacking`: regions of
    `level` (the one below the policy's own) where none of these is on record. A policy whose issuer has no known place could
    belong to any of them, and is counted in `region_unknown`: then the lack is only a suspicion.
    """
    if level and level not in LEVELS:
        raise BadParameter(f"level: {level!r} is none of {', '.join(LEVELS)}", errors=[{"parameter": "level", "value": level}])

    def work(_: Any) -> dict[str, Any]:
        top = reader.node(policy)
        if top.kind != "Policy":
            raise BadParameter(f"{policy} is a {top.kind}, not a policy", errors=[{"parameter": "policy", "value": policy}])
        wanted = level or BELOW.get(str(top.properties.get("level")), "")
        page = reader.ask("policy_descendants", {"policy": policy, "limit": MOST})
        ids = [r["policy"].id for r in page.rows]
        found = places(reader, [policy, *ids])
        evidence = _evidence(reader, ids)
        below = [{"policy": plain(r["policy"]), "steps": r["steps"], "regions": [plain(z) for z in found.get(r["policy"].id, [])],
                  "evidence": evidence.get(r["policy"].id, [])} for r in page.rows]  # fmt: skip
        home = found.get(policy, [])
        inside = _inside(reader, wanted, home) if wanted and (home or top.properties.get("level") == "national") else []
        held = {z.id for i in ids for z in found.get(i, [])}
        lacking = [plain(z) for z in inside if z.id not in held]
        nowhere = [i for i in ids if not found.get(i)]
        said = _said(top.name, wanted, len(inside), len(lacking), len(ids), len(nowhere), bool(home) or top.properties.get("level") == "national")
        return {"policy": plain(top), "level": wanted or None, "home": [plain(z) for z in home], "based_on_it": below, "regions": len(inside),
                "lacking": lacking, "region_unknown": nowhere, "said": said, "truncated": page.next_cursor is not None, **reader.stamp()}  # fmt: skip

    return reader.steady(work)


def places(reader: Reader, policies: list[str]) -> dict[str, list[Any]]:
    """Where the issuers of each policy (or document) are: the regions they are located in, else the one their code or else their name begins with."""
    out: dict[str, dict[str, Any]] = {}
    named: dict[str, set[str]] = {}
    for r in reader.ask("policy_issuers", {"policies": policies}).rows if policies else ():
        if r["region"] is not None:
            out.setdefault(r["policy"], {})[r["region"].id] = r["region"]
        elif code := r["issuer"].properties.get("region"):
            named.setdefault(r["policy"], set()).add(node_id("Region", (("adcode", str(code)),)))
        elif region := _begins_with(reader, r["issuer"].name):
            named.setdefault(r["policy"], set()).add(region)
    nodes = reader.nodes(i for ids in named.values() for i in ids)
    for policy, ids in named.items():
        out.setdefault(policy, {}).update({i: nodes[i] for i in ids if i in nodes})
    return {p: [z for _, z in sorted(found.items())] for p, found in out.items() if found}


def _begins_with(reader: Reader, name: str) -> str | None:
    """The one region whose full name an issuer's name begins with: 杭州市人民代表大会常务委员会 speaks for 杭州市."""
    for n in range(min(len(name) - 1, 12), 2, -1):
        found = [h.id for h in search.named(reader.sqlite(), name[:n]) if h.kind == "Region"]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _inside(reader: Reader, level: str, home: list[Any]) -> list[Any]:
    """Regions of a level inside the home regions; of a national policy, everywhere."""
    asked: list[dict[str, Any]] = [{"region": z.id} for z in home] or [{}]
    found = {r["region"].id: r["region"] for where in asked for r in reader.ask("regions_below", {"level": level, "limit": MOST, **where}).rows}
    return sorted(found.values(), key=lambda z: (str(z.properties.get("adcode")), z.id))


def _evidence(reader: Reader, ids: list[str]) -> dict[str, list[str]]:
    if not ids:
        return {}
    out: dict[str, list[str]] = {}
    for r in reader.ask("policy_basis", {"policies": ids}).rows:
        out.setdefault(r["edge"].source, []).extend(r["edge"].properties.get("evidence", []))
    return out


def _said(name: str, level: str, regions: int, lacking: int, based: int, nowhere: int, placed: bool) -> dict[str, str]:
    if not level or not placed:
        return {"zh": f"“{name}”的层级或发文地区未知，不能说哪些地区没有配套政策；图谱中有 {based} 项政策以它为依据。",
                "en": f"The level or place of “{name}” is unknown, so no region can be said to lack a policy; {based} policies are based on it."}
    zh_level = {"province": "省", "city": "市", "district": "区县"}[level]
    doubt_zh = f"；另有 {nowhere} 项的发文地区未知，故仅为疑似" if nowhere else ""
    doubt_en = f"; {nowhere} more have no known place, so this is only suspected" if nowhere else ""
    return {"zh": f"图谱中有 {based} 项政策以“{name}”为依据；{regions} 个{zh_level}中 {lacking} 个未见配套政策{doubt_zh}。未见不等于没有。",
            "en": f"{based} policies are based on “{name}”; of {regions} regions ({level}) {lacking} have none on record{doubt_en}. "
                  "None on record is not none."}  # fmt: skip
