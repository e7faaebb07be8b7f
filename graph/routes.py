"""The k best paths between two sets of nodes, with why: the same on every store, because it reads the snapshot.

A path's score is

    damping x weakest evidence x chain order,   damping = product over its edges of (d(u) d(v)) ^ -0.4

where d is a node's degree under that edge's metaedge (the path degree product of Himmelstein et al. 2017,
doi:10.7554/eLife.26726): a step through a hub says little. Degrees are those of the whole graph, whatever the filter.
Invariant: the answer depends only on arrays and filter; ties go by hops, then ids.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graph.adjacency import OPEN, Adjacency
from graph.reach import Filter, Steps, Walked
from graph.records import UNCONFIRMED

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAMPING = 0.4
OPENED = 50_000  # unfinished paths looked into before the answer is called truncated: about a second
_SLACK = 1e-9  # a score is rounded to 9 digits; its bound must not fall below


@dataclass(frozen=True, slots=True)
class Route:
    """One path: ids of nodes and edges in order, and why it ranks where it does."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    score: float
    damping: float
    weakest: float
    chain_order: float
    undated: tuple[str, ...]  # edges with an unknown bound
    outward: tuple[bool, ...]  # which edges it walks in their own direction

    @property
    def hops(self) -> int:
        return len(self.edges)


@dataclass(frozen=True)
class Found:
    routes: list[Route] = field(default_factory=list)
    truncated: bool = False


def best_paths(adjacency: Adjacency, sources: Sequence[str], targets: Sequence[str], f: Filter, k: int = 5, rank: str = "score",
               seconds: float = math.inf) -> Found:  # fmt: skip
    """The k best simple paths from any source to any target. `rank`: score, or hops (then score).

    A node that is in both sets is an empty path, unless a path must pass through a kind. Raises QueryTimeout after `seconds`.
    """
    starts = sorted({n for s in sources if (n := adjacency.number(s)) is not None})
    ends = sorted({n for t in targets if (n := adjacency.number(t)) is not None})
    if not starts or not ends:
        return Found()
    steps = Steps(adjacency, f, starts, ends, seconds)
    walked, cut = steps.between(0 if starts == ends and len(starts) == 1 else f.max_hops)
    search = _Search(steps, walked, k, rank)
    more = search.run()
    return Found([r for _, r in search.best], cut or more)


def route_of(adjacency: Adjacency, nodes: Sequence[int] | NDArray[Any], edges: Sequence[int] | NDArray[Any], outward: Iterable[bool]) -> Route:
    """A path of these rows, scored."""
    a, n, e = adjacency._, np.array(nodes, dtype=np.int64), np.array(edges, dtype=np.int64)
    ids = tuple(map(adjacency.edge_id, e))
    damping = math.exp(-DAMPING * float(np.log(a["edge_degrees"][e]).sum()))
    weakest = round(float(a["edge_confidence"][e].min()), 4) if len(e) else 1.0
    order = chain_order(a["node_stage"][n].tolist())
    open_ = (a["edge_since"][e] == OPEN) | (a["edge_until"][e] == OPEN)
    return Route(tuple(map(adjacency.node_id, n)), ids, round(damping * weakest * order, 9), round(damping, 9), weakest, order,
                 tuple(itertools.compress(ids, open_)), tuple(map(bool, outward)))  # fmt: skip


class _Open(NamedTuple):
    """An unfinished path: places of its nodes, the pairs it took, its state, cost and weakest evidence; steps up and down the chain."""

    nodes: tuple[int, ...]
    pairs: tuple[int, ...]
    state: int
    cost: float
    weakest: float
    last: int  # stage last met
    up: int
    down: int


class _Search:
    """Best first through what lies between. Exact: an unfinished path is left only when nothing it can become is good enough.

    That is bounded by the least cost of any walk on to an end (worked out backwards, hop by hop), the weakest evidence so far, and
    the chain order still within reach. What a path has met that binds where it may go on is its state: whether it has passed the
    kind it must, and with `chain_only` the last stage. Nodes are places in `self.nodes`; parallel steps of two nodes are one pair.
    """

    def __init__(self, steps: Steps, walked: Walked, k: int, rank: str) -> None:
        self.steps, self.adj, self.a, self.f = steps, steps.adj, steps.a, steps.f
        self.k, self.by_hops = k, rank == "hops"
        self.best: list[tuple[Any, Route]] = []  # (key, route), best first
        met = np.zeros(self.adj.size, dtype=bool)  # marks and places: a search among 10^5 steps would take longer than all the rest
        met[walked.tail] = met[walked.head] = met[steps.fixed] = True
        self.nodes = np.flatnonzero(met)
        self.place = np.empty(self.adj.size, dtype=np.int32)
        self.place[self.nodes] = np.arange(len(self.nodes))
        self.stage = self.a["node_stage"][self.nodes].astype(np.int64)
        self._pair(walked)
        self._bind()
        self._look_ahead()

    def _pair(self, walked: Walked) -> None:
        """A pair costs what its cheapest step does and is as sure as its surest; `_choose` settles which is taken."""
        self.walked, tail, head = walked, self.place[walked.tail], self.place[walked.head]
        self.firsts = _firsts(tail, head)
        self.step_cost = DAMPING * np.log(self.a["edge_degrees"][self.walked.edge])
        self.step_sure = np.round(self.a["edge_confidence"][self.walked.edge].astype(np.float64), 4)
        self.tail, self.head = tail[self.firsts], head[self.firsts]
        self.cost = _each(np.minimum, self.step_cost, self.firsts)
        self.sure = _each(np.maximum, self.step_sure, self.firsts)
        self.out = np.searchsorted(self.tail, np.arange(len(self.nodes) + 1))

    def _bind(self) -> None:
        """`enter[state, node]`: the state after it as an inner node, -1 where it may not be one; `arrive`: may a path end there?"""
        lasts = range(-1, len(self.adj.ontology.stages)) if self.f.chain_only else range(-1, 0)
        states = [(p, last) for p in range(2 if self.f.through else 1) for last in lasts]
        passed, last = (np.array(x)[:, None] for x in zip(*states, strict=True))
        bound = self.stage if self.f.chain_only else np.full_like(self.stage, -1)
        kind = self.a["node_kind"][self.nodes]
        wanted = (kind == self.adj.kinds.index(self.f.through)).astype(int) if self.f.through else np.zeros(len(kind), dtype=int)
        onward = (bound < 0) | (bound >= last)
        then = len(lasts) * np.maximum(passed, wanted) + np.maximum(last, bound) + 1
        inner = self.steps.inner_ok(self.nodes)
        for only in (self.steps.starts, self.steps.ends):  # the one start is already in every path, the one end would end it
            if len(only) == 1:
                inner &= self.nodes != only[0]
        self.enter = np.where(onward & inner, then, -1)
        self.arrive = onward & np.isin(self.nodes, self.steps.ends) & ((passed == 1) if self.f.through else True)
        self.begin = bound + 1

    def _look_ahead(self) -> None:
        """`rest[hops left, state, node]`: the least cost of a walk on to an end, infinite where there is none; `least`: its fewest hops."""
        tails = _firsts(self.tail)
        self.rest = np.full((self.f.max_hops + 1, *self.enter.shape), np.inf)
        for left in range(1, self.f.max_hops + 1 if len(tails) else 0):
            for s in range(len(self.enter)):
                then = self.enter[s, self.head]
                on = np.where(then >= 0, self.rest[left - 1, then, self.head], np.inf)
                on[self.arrive[s, self.head]] = 0.0
                self.rest[left, s, self.tail[tails]] = np.minimum.reduceat(self.cost + on, tails)
        self.least = np.argmax(np.isfinite(self.rest), axis=0)

    def run(self) -> bool:
        """Fills `best`; True when it had to be cut."""
        heap: list[Any] = []
        order = itertools.count()
        ends = set(self.place[self.steps.ends].tolist())
        for n in self.place[self.steps.starts].tolist():
            if n in ends and not self.f.through:
                self._keep(self._route(_Open((n,), (), 0, 0.0, 1.0, -1, 0, 0)))
            self._push(heap, order, _Open((n,), (), int(self.begin[n]), 0.0, 1.0, int(self.stage[n]), 0, 0))
        for opened in itertools.count():
            if not heap or self._too_late(heap[0][0]):
                return False
            if opened >= OPENED:
                return True
            self.steps.in_time()
            _, _, path, children, at = heap[0]
            if at + 1 < len(children):
                heapq.heapreplace(heap, (children[at + 1][0], next(order), path, children, at + 1))
            else:
                heapq.heappop(heap)
            _, pair, ends = children[at]
            longer = self._longer(path, pair)
            if ends:
                self._keep(self._route(longer))
            else:
                self._push(heap, order, longer)
        raise AssertionError  # the count never ends

    def _push(self, heap: list[Any], order: Any, path: _Open) -> None:
        if children := self._children(path):
            heapq.heappush(heap, (children[0][0], next(order), path, children, 0))

    def _children(self, path: _Open) -> list[tuple[tuple[float, float], int, bool]]:
        """(key of the best it can become, pair, is it an end) of every step on, best first."""
        n, left = path.nodes[-1], self.f.max_hops - len(path.pairs)
        pairs = np.arange(self.out[n], self.out[n + 1])
        for before in path.nodes:
            pairs = pairs[self.head[pairs] != before]
        if not len(pairs) or left < 1:
            return []
        head = self.head[pairs]
        then = self.enter[path.state, head]
        on = np.where(then >= 0, self.rest[left - 1, then, head], np.inf)
        arrive = self.arrive[path.state, head]
        reach = self._reach(path, pairs, on, left - 1), self._reach(path, pairs[arrive], np.zeros(int(arrive.sum())), 0)
        hops = len(path.pairs) + 1 + np.concatenate([self.least[then, head], np.zeros(len(reach[1]), dtype=np.int64)])
        which, ends, bound = np.concatenate([pairs, pairs[arrive]]), np.arange(len(hops)) >= len(pairs), np.concatenate(reach)
        keys = (hops, -bound) if self.by_hops else (-bound, np.zeros(len(hops)))
        ok = bound > 0
        if len(self.best) >= self.k:
            a, b = self.best[-1][0][:2]
            ok &= (keys[0] < a) | ((keys[0] == a) & (keys[1] <= b))
        kept = np.flatnonzero(ok)
        kept = kept[np.lexsort((which[kept], keys[1][kept], keys[0][kept]))]
        return list(zip(zip(keys[0][kept].tolist(), keys[1][kept].tolist(), strict=True), which[kept].tolist(), ends[kept].tolist(), strict=True))

    def _reach(self, path: _Open, pairs: NDArray[Any], rest: NDArray[Any], left: int) -> NDArray[Any]:
        """The most that a path of these pairs and at most `left` more hops can score; 0 where none leads to an end."""
        stage = self.stage[self.head[pairs]]
        moved = (stage >= 0) & (path.last >= 0)
        up, down = path.up + (moved & (stage > path.last)), path.down + (moved & (stage < path.last))
        turns = up + down
        share = np.where(turns > 0, (np.maximum(up, down) + left) / np.maximum(turns + left, 1), 1.0)
        score = np.exp(-(path.cost + self.cost[pairs] + rest)) * np.minimum(path.weakest, self.sure[pairs]) * np.round(0.5 + 0.5 * share, 4)
        return np.where(np.isfinite(rest), score + _SLACK, 0.0)

    def _longer(self, path: _Open, pair: int) -> _Open:
        n = int(self.head[pair])
        stage, moved = int(self.stage[n]), self.stage[n] >= 0 and path.last >= 0
        return _Open((*path.nodes, n), (*path.pairs, pair), int(self.enter[path.state, n]), path.cost + float(self.cost[pair]),
                     min(path.weakest, float(self.sure[pair])), stage if stage >= 0 else path.last,
                     path.up + int(moved and stage > path.last), path.down + int(moved and stage < path.last))  # fmt: skip

    def _too_late(self, key: tuple[float, float]) -> bool:
        return len(self.best) >= self.k and key > self.best[-1][0][:2]

    def _keep(self, route: Route) -> None:
        rank = (route.hops, -route.score) if self.by_hops else (-route.score, 0)
        bisect.insort(self.best, ((*rank, route.hops, route.nodes, route.edges), route), key=lambda x: x[0])
        del self.best[self.k :]

    def _route(self, path: _Open) -> Route:
        taken = self._choose(path.pairs)
        return route_of(self.adj, self.nodes[list(path.nodes)], self.walked.edge[taken], self.walked.out[taken])

    def _choose(self, pairs: Sequence[int]) -> list[int]:
        """Steps of the best way through parallel edges: for each possible weakest evidence, the cheapest that hold it."""
        lasts = np.append(self.firsts[1:], len(self.walked.edge))
        ways = [[(float(self.step_cost[w]), float(self.step_sure[w]), w) for w in range(self.firsts[p], lasts[p])] for p in pairs]
        best = (0.0, 1.0, list[int]())
        for floor in sorted({sure for step in ways for _, sure, _ in step}, reverse=True):
            held = [[way for way in step if way[1] >= floor] for step in ways]
            if not all(held):
                continue
            taken = [min(step, key=lambda way: (way[0], -way[1], way[2])) for step in held]
            cost, weakest = sum(w[0] for w in taken), min(w[1] for w in taken)
            if not best[2] or math.exp(-cost) * weakest > math.exp(-best[0]) * best[1] + 1e-12:
                best = (cost, weakest, [w[2] for w in taken])
        return best[2]


def _firsts(*columns: NDArray[Any]) -> NDArray[Any]:
    """Where a new run of equal values begins in sorted columns."""
    if not len(columns[0]):
        return np.array([], dtype=np.int64)
    return np.flatnonzero(np.r_[True, np.logical_or.reduce([c[1:] != c[:-1] for c in columns])])


def _each(fold: np.ufunc, values: NDArray[Any], firsts: NDArray[Any]) -> NDArray[Any]:
    """A run's minimum or maximum, of each run."""
    found: NDArray[Any] = fold.reduceat(values, firsts) if len(firsts) else values
    return found


# ---- why -----------------------------------------------------------------------------------------------------------


def chain_order(stages: Sequence[int]) -> float:
    """0.5 to 1: the share of steps between staged nodes that go the path's main way along the chain, halved and raised."""
    known = [s for s in stages if s >= 0]
    steps = [b - a for a, b in pairwise(known) if a != b]
    if not steps:
        return 1.0
    up = sum(s > 0 for s in steps)
    return round(0.5 + 0.5 * max(up, len(steps) - up) / len(steps), 4)


def sentences(route: Route, hub: tuple[str, int] | None) -> dict[str, str]:
    """Why a route ranks where it does, in Chinese and English. `hub`: its busiest inner node and that node's degree."""
    if not route.edges:
        return {"zh": "起点就是终点", "en": "the start is the end"}
    zh, en = f"{route.hops} 步", f"{route.hops} step{'s' * (route.hops > 1)}"
    if hub:
        zh, en = f"{zh}；最忙的中间节点是{hub[0]}（{hub[1]} 条关系）", f"{en}; its busiest inner node is {hub[0]} ({hub[1]} relations)"
    zh += f"，枢纽折减 {route.damping:.3f} × 最弱证据 {route.weakest:g} × 链序 {route.chain_order:g} = {route.score:.3f}"
    en += f"; hub damping {route.damping:.3f} x weakest evidence {route.weakest:g} x chain order {route.chain_order:g} = {route.score:.3f}"
    if route.weakest <= UNCONFIRMED:
        zh, en = f"{zh}；含未证实的关系", f"{en}; part of it is unconfirmed"
    if route.undated:
        zh, en = f"{zh}；{len(route.undated)} 步未注明起止日期", f"{en}; {len(route.undated)} of its steps have no full dates"
    return {"zh": zh, "en": en}
