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
        self.kind_ok = np.isin(adjacency.kinds, f.kinds or adjacency.kinds)
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
        found = found.where(self.inner_ok(found.head) | np.isin(found.head, self.fixed))
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
            (ahead if ahead.width() <= back.width() else back).on()
            cut = ahead.seen + back.seen > REACHED
        # each side goes on, only where the other has been, so that both distances are known for every node between
        for mine, theirs in ((ahead, back), (back, ahead)):
            while len(mine.front) and mine.depth < hops:
                mine.on(theirs.distance, hops)
        keep = np.sort(np.concatenate(ahead.reached))  # each node is reached once: its half edges follow in their order
        keep = keep[(back.distance[keep] >= 0) & (ahead.distance[keep] + back.distance[keep] <= hops) & (ahead.distance[keep] < hops)]
        found = self.of(keep)
        there = back.distance[found.head]
        return found.where((there >= 0) & (ahead.distance[found.tail] + 1 + there <= hops)), cut


class _Side:
    """One side of the search: how far each node is from its set, and the nodes it has come to last."""

    def __init__(self, steps: Steps, nodes: NDArray[Any], backward: bool) -> None:
        self.steps, self.backward = steps, backward
        self.distance = np.full(steps.adj.size, -1, dtype=np.int8)
        self.distance[nodes] = 0
        self.last = np.empty(steps.adj.size, dtype=np.int32)
        self.front, self.reached, self.depth, self.seen = nodes, [nodes], 0, len(nodes)

    def width(self) -> int:
        """Half edges that the next step looks at."""
        starts = self.steps.halves.starts
        return int((starts[self.front + 1] - starts[self.front]).sum())

    def on(self, theirs: NDArray[Any] | None = None, hops: int = 0) -> None:
        """One step on; with the other side's distances, only from and to nodes that can lie between."""
        front = self.front if theirs is None else self.front[(theirs[self.front] >= 0) & (self.depth + theirs[self.front] <= hops)]
        self.depth += 1
        new = self.steps.of(front, self.backward).head
        new = new[self.distance[new] < 0]
        if theirs is not None:
            new = new[(theirs[new] >= 0) & (self.depth + theirs[new] <= hops)]
        places = np.arange(len(new), dtype=np.int32)
        self.last[new] = places
        self.front = new[self.last[new] == places]  # each once; NumPy's unique takes three times as long
        self.distance[self.front] = self.depth
        self.reached.append(self.front)
        self.seen += len(self.front)
