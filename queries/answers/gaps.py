"""Gaps: links of the chain where achievements and demands wait and no base or centre serves, each with how much is known.

Counted over the snapshot's columns in one pass; a page fetches the nodes it names. A lack is called 缺口 only when it is known
of every base in scope what it serves, 疑似缺口 when of some, 无数据 when of none.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.arrays import Arrays, distinct
from graph.errors import BadParameter
from graph.funnel import VERDICTS, ancestors, gap
from graph.potential import STAGES, Achievements
from queries.answers.sleeping import EXAMPLES
from queries.cursor import make_cursor, read_cursor
from queries.reader import Reader, plain

if TYPE_CHECKING:
    from graph.arrays import Ints, Mask

SERVERS = {"pilot": "PilotBase", "verification": "VerificationCentre"}
WHO = {"pilot": ("中试基地", "pilot base"), "verification": ("概念验证中心", "verification centre")}
RANK = list(VERDICTS)


@dataclass(frozen=True)
class Gap:
    industry: int
    stage: str
    verdict: str
    waiting: int
    demands: int
    elsewhere: int


@dataclass(frozen=True)
class Found:
    """All gaps, the most certain and most needed first; facilities and how many of them are known, by stage; industries on a circle."""

    gaps: tuple[Gap, ...]
    coverage: dict[str, tuple[int, int]]
    circle: tuple[int, ...]
    served: int  # industries with a need where nothing is missing


def gaps(reader: Reader, *, chain: str = "", region: str = "", stage: str = "", as_of: dt.date | None = None, limit: int = 20,
         cursor: str | None = None) -> dict[str, Any]:  # fmt: skip
    """`{items, next_cursor, total, by_verdict, coverage, circle, served, as_of, graph_version}`.

    An item is `{industry, stage, verdict, need, elsewhere, coverage, reasons}`. `chain` (or a segment, or a field) and `region` are ids.
    """
    if stage and stage not in SERVERS:
        raise BadParameter(f"stage: {stage!r} is none of {', '.join(SERVERS)}", errors=[{"parameter": "stage", "value": stage}])
    if not 1 <= limit <= 200:
        raise BadParameter(f"limit: {limit} is not within 1..200", errors=[{"parameter": "limit", "value": str(limit)}])
    day = as_of or dt.date.today()
    given = {"chain": chain, "region": region, "stage": stage, "as_of": day, "limit": limit}

    def work(version: Any) -> dict[str, Any]:
        for name, value, kinds in (("chain", chain, reader.ontology.groups["Industry"]), ("region", region, ("Region",))):
            if value and reader.ontology.kind_of(reader.canonical(value) or value) not in kinds:
                raise BadParameter(f"{name}: {value!r} is none of {', '.join(kinds)}", errors=[{"parameter": name, "value": value}])
        skip = read_cursor(cursor, str(version.current), "gaps", given) if cursor else 0
        g = reader.arrays()
        achievements = reader.derived("achievements", lambda: Achievements(g))
        found = reader.derived(("gaps", region, day), lambda: count(g, achievements, reader.adjacency().number(region) if region else None, day))
        wanted = [x for x in found.gaps if stage in ("", x.stage)]
        if chain:
            inside = set(g.below([int(reader.adjacency().number(chain))], "PART_OF").tolist())  # type: ignore[arg-type]
            wanted = [x for x in wanted if x.industry in inside]
        page = wanted[skip : skip + limit]
        more = make_cursor(str(version.current), "gaps", given, skip + limit) if len(wanted) > skip + limit else None
        names = reader.names(reader.adjacency().node_id(i) for i in found.circle[:20])
        return {"items": _items(reader, g, found, page), "next_cursor": more, "total": len(wanted),
                "by_verdict": {v: sum(x.verdict == v for x in wanted) for v in VERDICTS},
                "coverage": {s: {"facilities": n, "known": k} for s, (n, k) in found.coverage.items()},
                "circle": [{"id": i, "name": n} for i, n in names.items()], "served": found.served, "as_of": day.isoformat(),
                **reader.stamp()}  # fmt: skip

    return reader.steady(work)


def verdicts(reader: Reader, region: str = "", as_of: dt.date | None = None) -> dict[tuple[str, str], str]:
    """(industry, stage) → what its lack is called, of the whole graph or a region; what is not in it is served, or nothing waits there."""
    day, g = as_of or dt.date.today(), reader.arrays()
    achievements = reader.derived("achievements", lambda: Achievements(g))
    found = reader.derived(("gaps", region, day), lambda: count(g, achievements, reader.adjacency().number(region) if region else None, day))
    return {(reader.adjacency().node_id(x.industry), x.stage): x.verdict for x in found.gaps}


def count(g: Arrays, achievements: Achievements, region: int | None, day: dt.date) -> Found:
    """All gaps of a graph, or of one region: what waits there, and who serves there."""
    here = None if region is None else g.located(region, ["Organization", "Fund", *SERVERS.values()])
    a, i = achievements.applies
    d, sought = achievements.demanded(day)
    if here is not None:
        owners, owned = g.pairs("OWNS", "Organization", "Achievement")
        a_here = np.zeros(achievements.size, dtype=bool)
        a_here[owned[here[owners]] - achievements.slice.start] = True
        posters, posted = g.pairs("POSTS")
        ok = a_here[a]
        a, i = a[ok], i[ok]
        ok = np.isin(d, posted[here[posters]])
        d, sought = d[ok], sought[ok]
    stage_of = achievements.stages()
    demands = g.count(sought)
    parents: dict[int, list[int]] = {}
    for x, y in zip(*(p.tolist() for p in distinct(*g.pairs("PART_OF"))), strict=True):
        parents.setdefault(x, []).append(y)
    above, circle = ancestors(parents)
    every = np.arange(g.adjacency.size)
    needed = (g.count(i) + demands > 0) & g.within(every, g.adjacency.ontology.groups["Industry"])
    links = g.within(every, ["IndustryChain", "Segment"]) & g.node_done  # also where nothing waits, as far as is known
    if here is not None:
        links &= _touched(g, here)
    links[[y for ys in parents.values() for y in ys]] = False  # of what has parts, the parts are judged
    industries = np.flatnonzero(needed | links)
    out, coverage, lacking = list[Gap](), dict[str, tuple[int, int]](), set[int]()
    for stage, kind in SERVERS.items():
        f, served = _serving(g, kind)
        facilities = np.zeros(g.adjacency.size, dtype=bool)
        facilities[g.rows(kind)] = g.node_done[g.rows(kind)]
        if here is not None:
            facilities &= here
        f, served = f[facilities[f]], served[facilities[f]]
        coverage[stage] = int(facilities.sum()), len(np.unique(f))
        direct, waiting = g.count(served), g.count(i[stage_of[a] < STAGES.index(stage)])
        inside = np.zeros(g.adjacency.size, dtype=np.int64)  # how many serve a part of each
        for x in np.unique(served).tolist():
            for y in above.get(x, ()):
                inside[y] += direct[x]
        for x in industries.tolist():
            elsewhere = int(inside[x] + sum(direct[y] for y in above.get(x, ())))
            if (waiting[x] or demands[x] or links[x]) and (verdict := gap(int(direct[x]), elsewhere, *coverage[stage])):
                out.append(Gap(x, stage, verdict, int(waiting[x]), int(demands[x]), elsewhere))
                lacking.add(x)
    out.sort(key=lambda x: (RANK.index(x.verdict), -(x.waiting + x.demands), x.industry, x.stage))
    return Found(tuple(out), coverage, tuple(sorted(circle)), len(industries) - len(lacking))


def _touched(g: Arrays, here: Mask) -> Mask:
    """Links that someone of a region has to do with: works in, serves, puts money into, or names in a policy that it issues."""
    mine = here.copy()
    e = g.edges("ISSUES", "Organization", "Policy")
    mine[g.target[e[g.done[e] & here[g.source[e]]]]] = True
    found = np.zeros(g.adjacency.size, dtype=bool)
    for relation in ("OPERATES_IN", "SERVES", "FOCUSES_ON"):
        e = g.edges(relation)
        found[g.target[e[g.done[e] & mine[g.source[e]]]]] = True
    return found


def _serving(g: Arrays, kind: str) -> tuple[Ints, Ints]:
    """(facility, industry) once each: facilities of a kind that serve, themselves or by a service they offer."""
    f, served = g.pairs("SERVES", kind)
    by, offer = g.pairs("OFFERS", kind, "Service")
    service, there = g.pairs("SERVES", "Service")
    if len(service):
        at = np.argsort(by_service := offer, kind="stable")
        first, last = np.searchsorted(by_service[at], service, "left"), np.searchsorted(by_service[at], service, "right")
        f = np.concatenate([f, *(by[at[a:b]] for a, b in zip(first, last, strict=True))])
        served = np.concatenate([served, np.repeat(there, last - first)])
    return distinct(f, served)


# ---- a page


def _items(reader: Reader, g: Arrays, found: Found, page: list[Gap]) -> list[dict[str, Any]]:
    node_id = reader.adjacency().node_id
    nodes = reader.nodes(node_id(x.industry) for x in page)
    out = []
    for x in page:
        node = nodes[node_id(x.industry)]
        facilities, known = found.coverage[x.stage]
        zh, en = VERDICTS[x.verdict]
        out.append({"industry": plain(node), "stage": x.stage, "verdict": {"id": x.verdict, "zh": zh, "en": en},
                    "need": {"waiting": x.waiting, "demands": x.demands}, "elsewhere": x.elsewhere,
                    "coverage": {"facilities": facilities, "known": known}, "reasons": [_why(node.name, x, facilities, known), _need(reader, g, x)]})
    return out


def _why(name: str, x: Gap, facilities: int, known: int) -> dict[str, Any]:
    who_zh, who_en = WHO[x.stage]
    if x.verdict == "no_data":
        zh = f"无数据：范围内 {facilities} 个{who_zh}服务什么均未知，不能说“{name}”有无缺口。"
        en = f"No data: of {facilities} {who_en}s in scope it is not known what they serve, so nothing can be said of “{name}”."
    else:
        rest_zh = f"，另有 {x.elsewhere} 个服务于其上级或下级" if x.elsewhere else ""
        rest_en = f"; {x.elsewhere} serve what it is part of, or its parts" if x.elsewhere else ""
        zh = f"{VERDICTS[x.verdict][0]}：范围内 {facilities} 个{who_zh}中 {known} 个的服务已知，无一服务“{name}”{rest_zh}。"
        en = f"{VERDICTS[x.verdict][1].capitalize()}: of {facilities} {who_en}s in scope {known} are known, none serves “{name}”{rest_en}."
    return {"kind": "supply", "zh": zh, "en": en, "nodes": [], "evidence": []}


def _need(reader: Reader, g: Arrays, x: Gap) -> dict[str, Any]:
    node_id = reader.adjacency().node_id
    ends = [*((o, "SEEKS") for o, _ in g.around(x.industry, "SEEKS", out=False)[:EXAMPLES]),
            *((o, "APPLIES_TO") for o, _ in g.around(x.industry, "APPLIES_TO", out=False)[:EXAMPLES])]  # fmt: skip
    names = reader.names(node_id(o) for o, _ in ends)
    claims = [c for o, r in ends for c in reader.claims(node_id(o), r, node_id(x.industry))]
    return {"kind": "need", "zh": f"{x.waiting} 项成果未到该阶段，{x.demands} 项需求未截止。",
            "en": f"{x.waiting} achievements have not come so far, {x.demands} demands are open.",
            "nodes": [{"id": node_id(o), "name": names.get(node_id(o), "")} for o, _ in ends], "evidence": list(dict.fromkeys(claims))}  # fmt: skip
