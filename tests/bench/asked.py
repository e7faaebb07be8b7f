"""What the bench asks of a world: every question of the catalogue, and every answer that stands on them, of things drawn from the world."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from graph.errors import QueryTimeout
from graph.reach import Filter
from queries.answers.candidates import fetch_all
from queries.answers.cascade import cascade
from queries.answers.chain import chain
from queries.answers.contradictions import contradictions
from queries.answers.gaps import gaps
from queries.answers.judge import conflicts, judge, known
from queries.answers.match import KINDS, achievements, match
from queries.answers.match_table import match_many
from queries.answers.measures import measures_for
from queries.answers.paths import paths
from queries.answers.promises import promises
from queries.answers.quality import LISTS, overview, quality
from queries.answers.registry import offers, registry
from queries.answers.routes import routes
from queries.answers.sleeping import sleeping
from queries.answers.wishes import Description
from queries.catalogue import Question
from queries.reader import Reader

TIMES, WHOLE = 20, 5  # how often a question about single things is asked, and one about the whole graph
PATIENCE = 60.0  # seconds after which a question is asked no more
GIVEN = {"names": ["陕西", "陕西省"], "labels": ["PilotBase"], "level": "city", "label": "Achievement", "relations": ["HOSTS", "HOLDS"]}
Call = Callable[[], Any]


class Drawn:
    """Things of a world, the same ones each time for the same world."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.pick, self.a = reader, random.Random(1), reader.adjacency()
        self.typed: dict[str, list[str]] = {}

    def one(self, of: str) -> str:
        """An id of a kind, a group, a type, or of anything."""
        ontology = self.reader.ontology
        if any(of in k.types for k in ontology.kinds.values()):
            if of not in self.typed:
                self.typed[of] = [r["node"].id for r in self.reader.ask("of_kind", {"label": of, "limit": 200}).rows]
            return self.pick.choice(self.typed[of])
        kinds = ontology.expand(of) if of != "Any" else ("Organization", "Achievement", "PilotBase", "Project")
        spans = [s for k in sorted(kinds) if (s := self.a.rows_of(k))[1] > s[0]]
        first, end = self.pick.choice(spans)
        return self.a.node_id(self.pick.randrange(first, end))

    def some(self, of: str, n: int) -> list[str]:
        """Ids of one kind of a group: what asks of several asks kind by kind."""
        kind = of if of != "Any" else "PilotBase"
        if (kinds := self.reader.ontology.expand(kind)) and kind not in kinds:
            kind = self.reader.ontology.kind_of(self.one(kind)) or kind
        return [self.one(kind) for _ in range(n)]

    def near(self, n: int) -> list[tuple[str, str]]:
        """Organisations, each with what three random steps from it lead to: ends that paths join."""
        out = list[tuple[str, str]]()
        while len(out) < n:
            at = first = self.a.number(self.one("Organization")) or 0
            for _ in range(3):
                if self.a.degree(at):
                    at = int(self.a._["other"][self.pick.randrange(int(self.a._["starts"][at]), int(self.a._["starts"][at + 1]))])
            if at != first:
                out.append((self.a.node_id(first), self.a.node_id(at)))
        return out

    def hubs(self, n: int) -> list[tuple[str, str]]:
        """The things with most relations, pairwise."""
        busiest = sorted(range(self.a.size), key=lambda i: (-self.a.degree(i), i))[: n + 1]
        return list(itertools.pairwise(map(self.a.node_id, busiest)))


def catalogue(drawn: Drawn) -> Iterator[tuple[str, list[Call]]]:
    """Every question with what it must be given; one that must be given nothing is asked as it stands."""
    for q in sorted(drawn.reader.catalogue.questions.values(), key=lambda q: q.name):
        with contextlib.suppress(IndexError):  # a world without such things
            many = TIMES if any(p.required for p in q.parameters) else WHOLE
            yield q.name, [partial(drawn.reader.ask, q.name, given) for given in [_given(drawn, q) for _ in range(many)]]


def _given(drawn: Drawn, q: Question) -> dict[str, Any]:
    stages = [s["id"] for s in drawn.reader.ontology.stages]
    out: dict[str, Any] = {}
    for p in q.parameters:
        if p.required:
            out[p.name] = (drawn.one(p.of) if p.type == "node" else drawn.some(p.of, 20) if p.type == "ids" else
                           drawn.pick.choice(stages) if p.type == "stage" else GIVEN.get(p.name))  # fmt: skip
    if "sources" in out:  # questions about relations between these
        rows = [r for i in out["sources"][:5] for r in drawn.reader.ask("neighbours", {"node": i, "limit": 20}).rows]
        out |= {"nodes": [r["neighbour"].id for r in rows]} if "nodes" in out else {"edges": [r["edge"].id for r in rows]}
    return out


def answers(drawn: Drawn) -> Iterator[tuple[str, list[Call]]]:
    """What people ask, by the names they know it by."""
    r, some, today = drawn.reader, drawn.some, dt.date.today()
    names = [n for n in r.names(some("Organization", 10) + some("Achievement", 10)).values()]
    words = [n[2 : 2 + drawn.pick.randint(2, 4)] for n in names]
    ends = list(zip(some("Organization", TIMES), some("PilotBase", TIMES), strict=True))
    near, hubs, regions = drawn.near(TIMES), drawn.hubs(8), some("Region", TIMES)

    def each(ask: Callable[..., Any], given: Sequence[Any], **how: Any) -> list[Call]:
        return [partial(ask, r, *(x if isinstance(x, tuple) else (x,)), **how) for x in given]

    described = [Description(achievement=i) for i in some("Achievement", TIMES)]
    yield "search", [partial(r.search, w) for w in words]
    for name, pairs in (("far apart", ends), ("near", near), ("between hubs", hubs)):
        yield f"paths, k=10, {name}", [partial(paths, r, [a], [b], Filter(), 10) for a, b in pairs]
    yield "paths, k=10, 20 to 20", [partial(paths, r, [a for a, _ in near], [b for _, b in near], Filter(), 10)] * WHOLE
    yield "routes, near", each(routes, near, f=Filter())
    yield "routes, between hubs", each(routes, hubs, f=Filter())
    yield "match", each(match, described)
    yield "match, the same once more", each(match, described)
    yield "match, a centre", each(match, described, target="centre")
    yield "match, achievements for a base", each(achievements, some("PilotBase", TIMES))
    yield "match, 20 at once", [partial(match_many, r, {d.achievement: d for d in described})] * WHOLE
    yield "sleeping, a page", [partial(sleeping, r)] * WHOLE
    yield "sleeping, of a region", [partial(sleeping, r, region=i) for i in regions]
    yield "gaps, whole graph", [partial(gaps, r)] * WHOLE
    yield "gaps, of a region", [partial(gaps, r, region=i) for i in regions]
    yield "chain", each(chain, some("IndustryChain", TIMES))
    yield "promises, a page", [partial(promises, r, today)] * WHOLE
    yield "contradictions", [partial(contradictions, r)] * WHOLE
    yield "registry", [partial(registry, r)] * WHOLE
    yield "registry, of a region", [partial(registry, r, region=i) for i in regions]
    yield "offers, a page", [partial(offers, r)] * WHOLE
    yield "offers, of a process", [partial(offers, r, process=p) for p in ("压铸", "烧结", "镀膜", "挤压", "发酵")]
    yield "measures that apply", [partial(measures_for, r, region=i, kind="Enterprise") for i in regions]
    yield "cascade", each(cascade, some("Policy", TIMES))
    rules = [s["name"] for s in known(r) if "PilotBase" in s["judges"]][:3]
    yield "judge, a base by three standards", [partial(judge, r, [i], rules, today) for i in some("PilotBase", TIMES)]
    yield "conflicts of applications", [partial(conflicts, r, s["name"]) for s in known(r) if s["conflicts"]]
    for which in LISTS:
        yield f"quality, {which}", [partial(quality, r, which)] * WHOLE
    yield "quality, counts", [partial(overview, r)] * WHOLE
    fetch_all(r, KINDS.values())  # as a service does by itself
    yield "match, in a service that is ready", each(match, [Description(achievement=i) for i in some("Achievement", TIMES)])


def timed(calls: list[Call]) -> dict[str, Any]:
    """Milliseconds: the first call of all, then the median and the longest of the others; `timeout` where the time budget ran out."""
    took: list[float] = []
    began, outcome = time.perf_counter(), {}
    for call in [calls[0], *calls]:
        at = time.perf_counter()
        try:
            call()
        except QueryTimeout:
            outcome = {"timeout": True}
        took.append(1_000 * (time.perf_counter() - at))
        if time.perf_counter() - began > PATIENCE:
            break
    rest = took[1:] or took
    return {"first": round(took[0], 2), "p50": round(statistics.median(rest), 2), "longest": round(max(rest), 2), "calls": len(rest), **outcome}
