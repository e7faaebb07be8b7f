"""Measures that apply to me: by region, kind of organisation and size, each with why, and with what it asks for."""

from __future__ import annotations

from typing import Any

from graph.eligibility import ADDRESSED, SIZES, VERDICTS, Judged, addressed
from graph.errors import BadParameter
from graph.matching.facts import Related
from queries.answers.cascade import places
from queries.answers.shelf import kept
from queries.reader import Page, Reader, plain

MOST = 5_000


def measures_for(reader: Reader, *, region: str = "", kind: str = "", size: str = "", limit: int = 50) -> dict[str, Any]:
    """`{items, counts, truncated, graph_version}`: measures that apply, then those that may, each `{measure, promised_in, verdict, why, evidence}`.

    `region` is an id; a measure of a region holds in all inside it, one of a national policy everywhere. Where the place, the
    addressee or a condition is not known, it may apply. Those that do not apply are only counted.
    """
    for name, value, known in (("kind", kind, tuple(ADDRESSED)), ("size", size, tuple(SIZES))):
        if (value or name == "kind") and value not in known:
            raise BadParameter(f"{name}: {value!r} is none of {', '.join(known)}", errors=[{"parameter": name, "value": value}])
    if not 1 <= limit <= 200:
        raise BadParameter(f"limit: {limit} is not within 1..200", errors=[{"parameter": "limit", "value": str(limit)}])

    def work(_: Any) -> dict[str, Any]:
        around = {r["region"].id for r in reader.ask("regions_around", {"region": region}).rows} if region else set()
        page, where = reader.derived("measures", lambda: _all(reader))
        found: dict[str, list[tuple[dict[str, Any], Judged]]] = {v: [] for v in VERDICTS}
        for row in page.rows:
            made = _judged(row, where, around, region, kind, size)
            found[made.verdict].append((row, made))
        listed = [*found["applies"], *found["may_apply"]]
        return {"items": [_shown(row, made) for row, made in listed[:limit]], "counts": {v: len(x) for v, x in found.items()},
                "truncated": len(listed) > limit or page.next_cursor is not None, **reader.stamp()}  # fmt: skip

    return reader.steady(work)


def aids(reader: Reader, kind: str, regions: frozenset[str]) -> tuple[Related, ...]:
    """Measures with an amount whose words name a kind and that hold in one of the regions, in all, or nobody says where.

    One that asks for more than being such a thing is `conditional`. A pure function of the version, kept: most bases of a city share one.
    """
    held: dict[tuple[str, frozenset[str]], tuple[Related, ...]] = kept(reader, "aids", dict)
    if (found := held.get((kind, regions))) is None:
        held[kind, regions] = found = tuple(a for a, holds in _aids(reader, kind) if holds is None or holds & regions)
    return found


def _aids(reader: Reader, kind: str) -> list[tuple[Related, frozenset[str] | None]]:
    """Each with the regions it holds in."""
    def made() -> list[tuple[Related, frozenset[str] | None]]:
        page, where = reader.derived("measures", lambda: _all(reader))
        out = []
        for row in page.rows:
            p, by = row["measure"].properties, row["promised_in"]
            verdict = addressed(p.get("whom"), p.get("condition"), kind, "").verdict
            if not p.get("amount_shown") or verdict == "does_not_apply" or not any(w in str(p.get("whom")) for w in ADDRESSED.get(kind, ())):
                continue
            regions = where.get(row["measure"].id) or (where.get(by.id, []) if by else [])
            national = by is not None and by.properties.get("level") == "national"
            words = "，".join(str(p[k]) for k in ("amount_shown", "condition") if p.get(k))
            claims = tuple(row["edge"].properties.get("evidence", ())) if row["edge"] else ()
            stated = "conditional" if verdict == "may_apply" else str(p.get("modality", "done"))
            out.append((Related(row["measure"].id, row["measure"].name, words, claims, stated),
                        None if national or not regions else frozenset(r.id for r in regions)))  # fmt: skip
        return out

    found: list[tuple[Related, frozenset[str] | None]] = reader.derived(("aids", kind), made)
    return found


def _shown(row: dict[str, Any], made: Judged) -> dict[str, Any]:
    zh, en = VERDICTS[made.verdict]
    return {"measure": plain(row["measure"]), "promised_in": plain(row["promised_in"]), "verdict": {"id": made.verdict, "zh": zh, "en": en},
            "why": {"zh": f"{made.zh}。", "en": f"{made.en}."}, "evidence": row["edge"].properties.get("evidence", []) if row["edge"] else []}


def _all(reader: Reader) -> tuple[Page, dict[str, list[Any]]]:
    """Every measure, and the regions of each and of each policy or document that promises one."""
    page = reader.ask("measures", {"limit": MOST})
    out: dict[str, list[Any]] = {}
    for r in reader.ask("measure_regions", {"limit": MOST}).rows:
        out.setdefault(r["measure"], []).append(r["region"])
    sources = sorted({r["promised_in"].id for r in page.rows if r["promised_in"]})
    for kind in ("Policy", "Document"):
        out |= places(reader, [s for s in sources if reader.ontology.kind_of(s) == kind])
    return page, out


def _judged(row: dict[str, Any], where: dict[str, list[Any]], around: set[str], region: str, kind: str, size: str) -> Judged:
    """For me by what it says of its addressee; then whether it holds where I am."""
    held, by = row["measure"].properties, row["promised_in"]
    made = addressed(held.get("whom"), held.get("condition"), kind, size)
    national = by is not None and by.properties.get("level") == "national"
    if made.verdict == "does_not_apply" or not region or national:
        return made
    regions = where.get(row["measure"].id) or (where.get(by.id, []) if by else [])
    if not regions:
        return Judged("may_apply", f"{made.zh}；适用地区未知", f"{made.en}; where it holds is not known")
    if any(z.id in around for z in regions):
        return made
    names = "、".join(z.name for z in regions)
    return Judged("does_not_apply", f"适用于{names}", f"it holds in {names}")
