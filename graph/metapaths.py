"""Kinds of route between two nodes (metapaths): how many paths each has, and the degree-weighted path count.

A metapath is a sequence of kinds and of relations with their direction. Its degree-weighted path count (DWPC; Himmelstein et al.
2017, doi:10.7554/eLife.26726) is the sum over its paths, none meeting a node twice, of

    product over the path's edges of (d(u) d(v)) ^ -0.4

with d the degree under the edge's metaedge. Counted exactly: two half paths are joined where they meet, as NumPy columns; a length
with too many joins is left out whole and said, never counted in part. Parallel edges of one relation are one step.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.adjacency import Adjacency
from graph.errors import BadParameter
from graph.ontology import Ontology
from graph.reach import Filter, Steps
from graph.routes import DAMPING, Route, route_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_HOPS = 4
JOINED = 2_000_000  # joins of one length: about a second and 300 MB
_STEP = re.compile(r"(<?)([a-z]+)(>?)([A-Z]+)")


@dataclass(frozen=True, slots=True)
class Metapath:
    """Kinds, and between them (relation, direction): out, in, or both for a relation that has none."""

    kinds: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]

    @property
    def hops(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class Counted:
    """A metapath with the number of its paths, their degree-weighted count, and the path that weighs most."""

    metapath: Metapath
    paths: int
    weighted: float
    example: Route


@dataclass(frozen=True)
class Counts:
    """Metapaths, heaviest first. `whole_hops`: up to so many hops every path is counted; `cut`: the search reached its limit before."""

    items: list[Counted] = field(default_factory=list)
    whole_hops: int = 0
    cut: bool = False


def count(adjacency: Adjacency, source: str, target: str, f: Filter, seconds: float = math.inf) -> Counts:
    """Every metapath of at most `f.max_hops` (4 at most) between two nodes. Raises QueryTimeout."""
    s, t = adjacency.number(source), adjacency.number(target)
    if s is None or t is None:
        return Counts([], f.max_hops)
    if s == t:
        kind = str(adjacency.ontology.kind_of(source))
        return Counts([] if f.through else [Counted(Metapath((kind,), ()), 1, 1.0, route_of(adjacency, [s], [], []))], f.max_hops)
    halves = _Halves(Steps(adjacency, f, [s], [t], seconds), f.max_hops)
    found: list[Counted] = []
    for hops in range(1, f.max_hops + 1):
        joined = halves.join(hops)
        if joined is None:
            return Counts(_ranked(found, adjacency.ontology), hops - 1, halves.cut)
        found += joined.grouped()
    return Counts(_ranked(found, adjacency.ontology), f.max_hops, halves.cut)


def paths_of(adjacency: Adjacency, source: str, target: str, metapath: Metapath, f: Filter, skip: int = 0, limit: int = 20,
             seconds: float = math.inf) -> tuple[list[Route], Counted | None]:  # fmt: skip
    """Some paths of one metapath, heaviest first, and the whole count (None: there is no path). Raises QueryTimeout, BadParameter when too many."""
    s, t = adjacency.number(source), adjacency.number(target)
    if s is None or t is None:
        return [], None
    if s == t:
        counted = count(adjacency, source, target, f).items if not metapath.hops else []
        return [c.example for c in counted][skip : skip + limit], counted[0] if counted else None
    if not metapath.hops:
        return [], None
    narrow = replace(f, relations=tuple({r for r, _ in metapath.steps}), max_hops=metapath.hops)
    joined = _Halves(Steps(adjacency, narrow, [s], [t], seconds), metapath.hops, metapath).join(metapath.hops)
    if joined is None:
        raise BadParameter(f"this kind of route has more than {JOINED} paths to look through; narrow it by kinds, dates or confidence",
                           errors=[{"parameter": "route"}])  # fmt: skip
    order = joined.order()
    return [joined.route(i) for i in order[skip : skip + limit]], next(iter(joined.grouped()), None)


def _ranked(found: Iterable[Counted], ontology: Ontology) -> list[Counted]:
    return sorted(found, key=lambda c: (-c.weighted, c.metapath.hops, abbreviated(ontology, c.metapath)))


@dataclass(frozen=True, slots=True)
class _Half:
    """Half paths as columns: their nodes (from the end they start at), their steps, their summed cost."""

    nodes: NDArray[Any]  # (n, hops + 1)
    steps: NDArray[Any]  # (n, hops)
    cost: NDArray[Any]


class _Halves:
    """The half paths from both ends, made hop by hop; `wanted` holds them to one metapath."""

    def __init__(self, steps: Steps, hops: int, wanted: Metapath | None = None) -> None:
        self.run, self.adj, self.a, self.wanted = steps, steps.adj, steps.a, wanted
        walked, self.cut = steps.between(hops)
        relation = self.a["edge_relation"][walked.edge].astype(np.int64)
        code = 2 * relation + (walked.out | self.adj.symmetric[relation])
        sure = self.a["edge_confidence"][walked.edge]
        order = np.lexsort((walked.edge, -sure, code, walked.head, walked.tail))
        walked, code = walked.where(order), code[order]
        new = np.ones(len(code), dtype=bool)
        new[1:] = (walked.tail[1:] != walked.tail[:-1]) | (walked.head[1:] != walked.head[:-1]) | (code[1:] != code[:-1])
        # the one start and the one end are where a path begins and stops, never on its way
        new &= (walked.head != steps.starts[0]) & (walked.tail != steps.ends[0])
        self.walked, self.code = walked.where(new), code[new]
        self.cost = DAMPING * np.log(self.a["edge_degrees"][self.walked.edge])
        self.by_head = np.argsort(self.walked.head, kind="stable")
        self.made = {(False, 0): self._end(steps.starts), (True, 0): self._end(steps.ends)}

    @staticmethod
    def _end(node: NDArray[Any]) -> _Half:
        return _Half(node[:, None], np.zeros((1, 0), dtype=np.int64), np.zeros(1))

    def half(self, hops: int, backward: bool, whole: int) -> _Half | None:
        """Half paths of so many hops; None when there are too many. `whole`: the hops of the path they belong to."""
        if (held := self.made.get((backward, hops))) is not None or hops == 0:
            return held
        if (shorter := self.half(hops - 1, backward, whole)) is None:
            return None
        self.run.in_time()
        by = self.by_head if backward else np.arange(len(self.code))
        ends = (self.walked.head if backward else self.walked.tail)[by]
        row, at = _matches(shorter.nodes[:, -1], ends)
        if row is None:
            return None
        step = by[at]
        ok = self._wanted(step, whole - hops if backward else hops - 1)
        row, step = row[ok], step[ok]
        fresh = (self.walked.tail if backward else self.walked.head)[step]
        ok = ~(shorter.nodes[row] == fresh[:, None]).any(axis=1)
        row, step, fresh = row[ok], step[ok], fresh[ok]
        self.made[backward, hops] = made = _Half(np.column_stack([shorter.nodes[row], fresh]), np.column_stack([shorter.steps[row], step]),
                                                 shorter.cost[row] + self.cost[step])  # fmt: skip
        return made

    def _wanted(self, step: NDArray[Any], at: int) -> NDArray[Any]:
        """Does a step fit the metapath's step number `at`?"""
        if self.wanted is None:
            return np.ones(len(step), dtype=bool)
        relation, direction = self.wanted.steps[at]
        kind = self.a["node_kind"]
        before, after = (self.adj.kinds.index(k) for k in self.wanted.kinds[at : at + 2])
        fits: NDArray[Any] = self.code[step] == 2 * self.adj.relations.index(relation) + (direction != "in")
        fits &= (kind[self.walked.tail[step]] == before) & (kind[self.walked.head[step]] == after)
        return fits

    def join(self, hops: int) -> _Joined | None:
        """Every path of exactly so many hops; None when there are too many to look through."""
        ahead, back = self.half(hops - hops // 2, False, hops), self.half(hops // 2, True, hops)
        if ahead is None or back is None:
            return None
        self.run.in_time()
        order = np.argsort(back.nodes[:, -1], kind="stable")
        row, at = _matches(ahead.nodes[:, -1], back.nodes[order, -1])
        if row is None:
            return None
        at = order[at]
        nodes = np.column_stack([ahead.nodes[row], back.nodes[at, :-1][:, ::-1]])
        steps = np.column_stack([ahead.steps[row], back.steps[at][:, ::-1]])
        cost = ahead.cost[row] + back.cost[at]
        half = ahead.nodes.shape[1]
        ok = np.ones(len(row), dtype=bool)
        for i in range(half - 1):
            for j in range(half, hops + 1):
                ok &= nodes[:, i] != nodes[:, j]
        ok &= self._let_through(nodes)
        return _Joined(self, nodes[ok], steps[ok], cost[ok])

    def _let_through(self, nodes: NDArray[Any]) -> NDArray[Any]:
        """What binds a path as a whole: the kind it must pass through, and the order of the chain."""
        f, ok = self.run.f, np.ones(len(nodes), dtype=bool)
        if f.through:
            ok &= (self.a["node_kind"][nodes[:, 1:-1]] == self.adj.kinds.index(f.through)).any(axis=1)
        if f.chain_only:
            stage = self.a["node_stage"][nodes]
            ok &= ((stage < 0) | (stage == np.maximum.accumulate(stage, axis=1))).all(axis=1)
        return ok


def _matches(left: NDArray[Any], right: NDArray[Any]) -> tuple[NDArray[Any] | None, NDArray[Any]]:
    """(row of `left`, row of sorted `right`) of every equal pair; None when there are too many."""
    first, last = np.searchsorted(right, left, "left"), np.searchsorted(right, left, "right")
    counts = last - first
    if (total := int(counts.sum())) > JOINED:
        return None, first
    return np.repeat(np.arange(len(left)), counts), np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(total)


@dataclass(frozen=True, slots=True)
class _Joined:
    """All paths of one length, as columns."""

    halves: _Halves
    nodes: NDArray[Any]
    steps: NDArray[Any]
    cost: NDArray[Any]

    def order(self, *first: NDArray[Any]) -> NDArray[Any]:
        """Rows by some columns, then heaviest first, then by the ids of nodes."""
        return np.lexsort((*self.nodes.T[::-1], np.round(self.cost, 9), *first[::-1]))

    def grouped(self) -> list[Counted]:
        """The metapaths of these paths."""
        if not len(self.cost):
            return []
        adj, kind = self.halves.adj, self.halves.a["node_kind"].astype(np.int64)
        mark = np.zeros(len(self.cost), dtype=np.int64)  # 2760 ^ 4 marks fit into 63 bits
        for i in range(self.steps.shape[1]):
            mark = (mark * 2 * len(adj.relations) + self.halves.code[self.steps[:, i]]) * len(adj.kinds) + kind[self.nodes[:, i + 1]]
        order = self.order(mark)
        first = np.flatnonzero(np.r_[True, mark[order][1:] != mark[order][:-1]])
        counts = np.diff(np.r_[first, len(order)])
        weighted = np.add.reduceat(np.exp(-self.cost[order]), first)
        return [Counted(self.metapath(i), int(n), float(f"{w:.9g}"), self.route(i))
                for i, n, w in zip(order[first], counts, weighted, strict=True)]  # fmt: skip

    def metapath(self, i: int) -> Metapath:
        adj, codes = self.halves.adj, self.halves.code[self.steps[i]]
        steps = tuple((adj.relations[c // 2], "both" if adj.symmetric[c // 2] else "out" if c % 2 else "in") for c in codes)
        return Metapath(tuple(adj.kinds[k] for k in self.halves.a["node_kind"][self.nodes[i]]), steps)

    def route(self, i: int) -> Route:
        walked, steps = self.halves.walked, self.steps[i]
        return route_of(self.halves.adj, self.nodes[i], walked.edge[steps], walked.out[steps])


# ---- what they are called ------------------------------------------------------------------------------------------


def abbreviations(ontology: Ontology) -> tuple[dict[str, str], dict[str, str]]:
    """Of kinds, in capitals, and of relations, in small letters: the first letters of the words, the first word's as many as it takes."""
    kinds = {k: [p.upper() for p in re.findall("[A-Z][a-z]*", k)] for k in ontology.kinds}
    return _short(kinds), _short({r: r.lower().split("_") for r in ontology.relations})


def _short(words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, parts in words.items():
        rest = "".join(p[0] for p in parts[1:])
        out[name] = next(c for n in range(1, len(parts[0]) + 1) if (c := parts[0][:n] + rest) not in out.values())
    return out


def abbreviated(ontology: Ontology, m: Metapath) -> str:
    """A metapath in short: `Oo>Att>O` for organisation owns achievement, transferred to organisation; `<` where a relation runs back."""
    kinds, relations = abbreviations(ontology)
    marks = {"out": "{}>", "in": "<{}", "both": "{}"}
    return kinds[m.kinds[0]] + "".join(marks[d].format(relations[r]) + kinds[k] for (r, d), k in zip(m.steps, m.kinds[1:], strict=True))


def parse(ontology: Ontology, text: str) -> Metapath:
    """The metapath of an abbreviation. Raises BadParameter saying what is not known."""
    kinds, relations = ({short: name for name, short in names.items()} for names in abbreviations(ontology))
    head = re.match("[A-Z]+", text)
    found = list(_STEP.finditer(text, head.end())) if head else []
    if not head or head[0] + "".join(m[0] for m in found) != text or len(found) > MOST_HOPS:
        raise BadParameter(f"route: {text!r} is no kind of route; `routes` lists them, as Oo>Att>O", errors=[{"parameter": "route", "value": text}])
    for short, known in ((head[0], kinds), *((m[4], kinds) for m in found), *((m[2], relations) for m in found)):
        if short not in known:
            raise BadParameter(f"route: {short!r} in {text!r} is none of {', '.join(known)}", errors=[{"parameter": "route", "value": text}])
    steps = []
    for m in found:
        direction = {("", ">"): "out", ("<", ""): "in", ("", ""): "both"}.get((m[1], m[3]))
        if direction is None or (direction == "both") != ontology.relations[relations[m[2]]].symmetric:
            raise BadParameter(f"route: {m[0]!r} in {text!r}: write < or >, but neither for a relation that runs both ways",
                               errors=[{"parameter": "route", "value": text}])  # fmt: skip
        steps.append((relations[m[2]], direction))
    return Metapath((kinds[head[0]], *(kinds[m[4]] for m in found)), tuple(steps))
