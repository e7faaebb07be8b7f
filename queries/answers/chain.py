"""An industry chain link by link: how far its achievements came and where they stop, and who stands beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from graph.funnel import funnel, in_order
from graph.records import UNCONFIRMED
from queries.reader import Reader, plain

UNKNOWN = "unknown"
STAGE_NAMES = {"laboratory": ("实验室", "laboratory"), "verification": ("概念验证", "verification"), "pilot": ("中试", "pilot scale-up"),
               "industry": ("产业化", "industry")}  # fmt: skip
HELPERS = {"verification": ("VerificationCentre", "概念验证中心", "verification centres"), "pilot": ("PilotBase", "中试基地", "pilot bases")}
MOST = 5_000  # links of one chain


def chain(reader: Reader, chain: str, as_of: dt.date | None = None) -> dict[str, Any]:
    """`{chain, links, total, circle, truncated, as_of, graph_version}`; a link has `achievements` by furthest stage, `funnel`,
    `facilities`, `enterprises` by size, `demands`, `funds`, `leaders` and sentences. `total` adds the links up: what is in several counts in each.

    Links come from upstream to downstream; those on a circle of FEEDS have no order and are named in `circle`.
    """
    day = as_of or dt.date.today()

    def work(_: Any) -> dict[str, Any]:
        reader.canonical(chain)
        page = reader.ask("chain_industries", {"chain": chain, "limit": MOST})
        nodes = {r["industry"].id: r["industry"] for r in page.rows}
        counts = _counts(reader, nodes, day)
        feeds = [(r["edge"].source, r["edge"].target) for r in _each(reader, "industry_feeds", nodes) if r["edge"].target in nodes]
        order, circle = in_order([i for i in nodes if i != chain], feeds)
        links = [_link(plain(nodes[i]), counts[i]) for i in [chain, *order]]
        total = {part: _sum(counts[i][part] for i in nodes) for part in ("achievements", "facilities", "enterprises", "funds", "demands")}
        leaders = reader.ask("chain_leaders", {"chain": chain, "limit": 200}).rows
        for link in links:
            link["leaders"] = [{"node": plain(r["leader"]), "evidence": r["edge"].properties.get("evidence", [])}
                               for r in leaders if r["industry"].id == link["node"]["id"]]  # fmt: skip
        said = {"circle": [{"id": i, "name": nodes[i].name} for i in circle], "truncated": page.next_cursor is not None, "as_of": day.isoformat()}
        return plain({"chain": nodes[chain], "links": links, "total": {**total, "funnel": funnel(total["achievements"])}, **said, **reader.stamp()})  # type: ignore[no-any-return]

    return reader.steady(work)


def _each(reader: Reader, question: str, ids: Iterable[str], **more: Any) -> Iterator[dict[str, Any]]:
    """Rows for industries of several kinds, asked a kind at a time, so that each is found by its index."""
    kinds: dict[str | None, list[str]] = {}
    for i in sorted(ids):
        kinds.setdefault(reader.ontology.kind_of(i), []).append(i)
    for group in kinds.values():
        yield from reader.ask(question, {"industries": group, **more}).rows


def _counts(reader: Reader, ids: Iterable[str], day: dt.date) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {i: {"achievements": {}, "facilities": {}, "enterprises": {}, "funds": {}, "demands": 0} for i in ids}
    above = {"above": UNCONFIRMED}
    for part, by in (("achievements", "stage"), ("facilities", "kind"), ("enterprises", "size"), ("funds", "fund_kind")):
        for r in _each(reader, f"industry_{part}", ids, **above):
            held = out[r["industry"]][part]
            held[r[by] or UNKNOWN] = held.get(r[by] or UNKNOWN, 0) + r[part]
    for r in _each(reader, "industry_demands", ids, open_on=day, **above):
        out[r["industry"]]["demands"] = r["demands"]
    return out


def _sum(parts: Iterable[Any]) -> Any:
    parts = list(parts)
    if not parts or isinstance(parts[0], int):
        return sum(parts)
    return {k: sum(p.get(k, 0) for p in parts) for k in sorted({k for p in parts for k in p})}


def _link(node: dict[str, Any], counts: dict[str, Any]) -> dict[str, Any]:
    made = funnel(counts["achievements"])
    return {"node": node, **counts, "funnel": made, "said": sentence(node["name"], counts, made["break"])}


def sentence(name: str, counts: dict[str, Any], broken: dict[str, Any] | None) -> dict[str, str]:
    """Where the funnel breaks, and whether somebody is there to help over it."""
    total = sum(counts["achievements"].values())
    if not total:
        return {"zh": f"“{name}”没有成果记录,漏斗无从说起。", "en": f"No achievement of “{name}” is on record, so there is no funnel."}
    if broken is None:
        return {"zh": f"“{name}”的 {total} 项成果均有产业化记录。", "en": f"All {total} achievements of “{name}” are on record as industrialised."}
    (a_zh, a_en), (b_zh, b_en) = STAGE_NAMES[broken["from"]], STAGE_NAMES[broken["to"]]
    kind, who_zh, who_en = HELPERS.get(broken["to"], ("", "企业", "enterprises"))
    there = counts["facilities"].get(kind, 0) if kind else sum(counts["enterprises"].values())
    return {"zh": f"“{name}”的 {total} 项成果在{a_zh}→{b_zh}处最少通过({broken['passed']:.0%});此处有 {there} 个{who_zh}的记录。",
            "en": f"Of {total} achievements of “{name}” the fewest pass from {a_en} to {b_en} ({broken['passed']:.0%}); "
                  f"{there} {who_en} are on record there."}  # fmt: skip
