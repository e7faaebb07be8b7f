"""Which steps a filter lets through, and what lies between two sets of nodes: NumPy over the arrays, from both sides.

Invariant: `between` keeps every step of every path of at most so many hops, unless it says it was cut.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graph.adjacency import Adjacency, days, holds
from graph.errors import QueryTimeout

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACHED = 200_000  # nodes either side may reach before the answer is called truncated


@dataclass(frozen=True, slots=True)
class Filter:
    """What an answer may use. Shared by search, neighbours, paths, kinds of route and views; defaults: done facts along path relations.

    `kinds`, `avoid` and `through` hold for nodes between the ends. With `certain`, what has an unknown bound is left out under `as_of`.
    """

    relations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    direction: str = "any"  # or "out": along the relations' direction only
    max_hops: int = 4
    as_of: dt.date | None = None
    certain: bool = False
    min_confidence: float = 0.0
    modalities: tuple[str, ...] = ("done",)
    avoid: tuple[str, ...] = ()
    through: str | None = None  # a kind that must lie between the ends
    chain_only: bool = False  # never back along the chain: a stage is followed by the same or a later one; nodes beside the chain are free


class Walked(NamedTuple):
    """Steps as columns: from `tail` over `edge` to `head`; `out`: in the relation's own direction."""

    tail: NDArray[Any]
    head: NDArray[Any]
    edge: NDArray[Any]
    out: NDArray[Any]

    def where(self, kept: NDArray[Any]) -> Walked:
        return Walked(*(column[kept] for column in self))


class Steps:
    """The steps that a filter allows between two sets of nodes (rows), within a time budget."""

    def __init__(self, adjacency: Adjacency, f: Filter, starts: Sequence[int], ends: Sequence[int], seconds: float) -> None:
        self.adj, self.f, self.a, self.day = adjacency, f, adjacency._, days(f.as_of) if f.as_of else None
        self.seconds, self.until = seconds, time.monotonic() + seconds
        self.starts, self.ends = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
        ontology = adjacency.ontology
        self.usual = not f.relations and f.modalities == ("done",)
        self.halves = adjacency.usual if self.usual else adjacency.every
        wanted = f.relations or [r for r, d in ontology.relations.items() if d.path]
        self.relation_ok = np.isin(adjacency.relations, wanted)
        self.kind_ok = np.isin(adjacency.kinds, f.kinds)
        self.modality_ok = np.isin(list(ontology.modalities), f.modalities)
        self.avoid = np.array([n for i in f.avoid if (n := adjacency.number(i)) is not None], dtype=np.int64)
        self.fixed = np.union1d(self.starts, self.ends)

    def in_time(self) -> None:
        """Raises QueryTimeout: a time must not decide which paths an answer holds."""
        if time.monotonic() > self.until:
            raise QueryTimeout(f"the paths took longer than {self.seconds:g} s; ask for fewer steps or paths, or name relations")

    def of(self, nodes: NDArray[Any], backward: bool = False) -> Walked:
        """Every allowed step that leaves these nodes (`tail`); backward: that arrives at them, `head` being where it comes from."""
        self.in_time()
        halves = self.halves
        first = halves.starts[nodes]
        counts = halves.starts[nodes + 1] - first
        rows = np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        found = Walked(np.repeat(nodes, counts), halves.other[rows], halves.edge[rows], halves.out[rows] != backward)
        # each test on what the one before left: most rows of a hub fall at the first
        if not self.usual:
            found = found.where(self.relation_ok[self.a["edge_relation"][found.edge]])
        if self.f.direction == "out":
            found = found.where(found.out | self.adj.symmetric[self.a["edge_relation"][found.edge]])
        if (ok := self._edge_ok(found.edge)) is not None:
            found = found.where(ok)
        if not (ok := self.inner_ok(found.head)).all():
            found = found.where(ok | np.isin(found.head, self.fixed))
        if self.f.chain_only:
            before, after = (self.a["node_stage"][n] for n in ((found.head, found.tail) if backward else (found.tail, found.head)))
            found = found.where((before < 0) | (after < 0) | (before <= after))
        return found

    def _edge_ok(self, edge: NDArray[Any]) -> NDArray[Any] | None:
        """Does each edge hold? None: all do."""
        ok: NDArray[Any] | None = None if self.usual else self.modality_ok[self.a["edge_modality"][edge]]
        if self.f.min_confidence > 0:
            sure = self.a["edge_confidence"][edge] >= np.float32(self.f.min_confidence)
            ok = sure if ok is None else ok & sure
        if self.day is not None:
            then = holds(self.a["edge_since"][edge], self.a["edge_until"][edge], self.day, self.f.certain)
            ok = then if ok is None else ok & then
        return ok

    def inner_ok(self, nodes: NDArray[Any]) -> NDArray[Any]:
        """May each node lie between the ends?"""
        ok: NDArray[Any] = self.modality_ok[self.a["node_modality"][nodes]]
        if self.f.kinds:
            ok &= self.kind_ok[self.a["node_kind"][nodes]]
        if self.day is not None:
            ok &= holds(self.a["node_since"][nodes], self.a["node_until"][nodes], self.day, False)
        return ok & ~np.isin(nodes, self.avoid) if len(self.avoid) else ok

    def between(self, hops: int) -> tuple[Walked, bool]:
        """Every step that lies on some walk of at most `hops` from a start to an end, in order; and whether the search had to be cut."""
        ahead, back = _Side(self, self.starts, False), _Side(self, self.ends, True)
        cut = False
        while ahead.depth + back.depth < hops and len(ahead.front) and len(back.front) and not cut:
            (ahead if ahead.width() <= back.width() else back).on(ahead.depth + back.depth + 1 == hops)
            cut = ahead.depth + back.depth < hops and ahead.seen + back.seen > REACHED
        # the sides' depths make up the hops: each step of such a walk is one that the one or the other has walked
        mine, theirs = ahead.all(), back.all()
        back.further(mine, hops)
        ahead.further(theirs, hops)
        theirs = theirs.where(~ahead.walked_from(theirs.head))
        found = Walked(*(np.concatenate(columns) for columns in zip(mine, Walked(theirs.head, theirs.tail, theirs.edge, theirs.out), strict=True)))
        start, end = ahead.distance[found.tail], back.distance[found.head]
        found = found.where((start >= 0) & (end >= 0) & (start + 1 + end <= hops))
        return found.where(np.argsort(found.tail << 32 | found.head, kind="stable")), cut  # runs in order already: nearly a merge


class _Side:
    """One side of the search: how far each node is from its set, the nodes it has come to last, and the steps it has walked."""

    def __init__(self, steps: Steps, nodes: NDArray[Any], backward: bool) -> None:
        self.steps, self.backward = steps, backward
        self.distance = np.full(steps.adj.size, -1, dtype=np.int8)
        self.distance[nodes] = 0
        self.last = np.empty(steps.adj.size, dtype=np.int32)
        self.front, self.depth, self.seen = nodes, 0, len(nodes)
        self.walked: list[Walked] = []
        self._width = -1

    def width(self) -> int:
        """Half edges that the next step looks at."""
        if self._width < 0:
            starts = self.steps.halves.starts
            self._width = int((starts[self.front + 1] - starts[self.front]).sum())
        return self._width

    def on(self, last: bool) -> None:
        """One step on; after the last nobody asks for the front."""
        self.depth += 1
        self.walked.append(found := self.steps.of(np.sort(self.front), self.backward))
        new = found.head[self.distance[found.head] < 0]
        self.distance[new] = self.depth
        if last:
            return
        places = np.arange(len(new), dtype=np.int32)
        self.last[new] = places
        self.front = new[self.last[new] == places]  # each once; NumPy's unique takes three times as long
        self.seen += len(self.front)
        self._width = -1

    def all(self) -> Walked:
        """Its steps; `tail` is the node it walked from."""
        none = np.array([], dtype=np.int64)
        return Walked(*(np.concatenate(c) for c in zip(Walked(none, none, none, none.astype(bool)), *self.walked, strict=True)))

    def walked_from(self, nodes: NDArray[Any]) -> NDArray[Any]:
        """Has it walked on from each node?"""
        ok: NDArray[Any] = (self.distance[nodes] >= 0) & (self.distance[nodes] < self.depth)
        return ok

    def further(self, theirs: Walked, hops: int) -> None:
        """Distances beyond its depth: only nodes that the other side has walked from can still lie between."""
        for far in range(self.depth + 1, hops + 1):
            new = theirs.tail[(self.distance[theirs.head] == far - 1) & (self.distance[theirs.tail] < 0)]
            if not len(new):
                break
            self.distance[new] = far
