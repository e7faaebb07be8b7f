"""Paths over arrays: a compact adjacency, searched from both sides with the filter inside, ranked by networkx.

The same on every store, because it reads the snapshot. A path's score is

    damping x weakest evidence x chain order,   damping = product over its edges of (d(u) d(v)) ^ -0.4

where d is a node's degree under that edge's relation (Himmelstein et al. 2017, doi:10.7554/eLife.26726, "degree-weighted
path count"): a step through a hub says little. Invariant: the answer depends only on arrays and filter, ties go by ids.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.errors import QueryTimeout
from graph.ontology import Ontology

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    _Graph = nx.Graph[int] | nx.DiGraph[int]

DAMPING = 0.4
ENUMERATED = 3_000  # simple paths looked at before the answer is called truncated
LISTED = 2_000  # up to so many simple paths are all listed (20 ms); Yen's search would go on through thousands of longer ones (3 s)
REACHED = 200_000  # nodes either side may reach before the answer is called truncated
_EPOCH = dt.date(1970, 1, 1)
_OPEN = np.iinfo(np.int32).min  # an unknown bound


@dataclass(frozen=True, slots=True)
class Filter:
    """What a path may use. Shared by search, neighbours, paths and views; defaults: done facts along path relations.

    `kinds` and `avoid` hold for nodes between the ends. With `certain`, edges of unknown bounds are left out under `as_of`.
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


@dataclass(frozen=True, slots=True)
class Route:
    """One path: ids of nodes and edges in order, and why it ranks where it does."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    score: float
    damping: float
    weakest: float
    chain_order: float
    undated: bool

    @property
    def hops(self) -> int:
        return len(self.edges)


@dataclass(frozen=True)
class Found:
    routes: list[Route] = field(default_factory=list)
    truncated: bool = False


# ---- searching -----------------------------------------------------------------------------------------------------


class Adjacency:
    """The arrays of one snapshot, loaded."""

    def __init__(self, folder: Path, ontology: Ontology) -> None:
        self.ontology = ontology
        with np.load(folder / "adjacency.npz") as arrays:
            self._: dict[str, NDArray[Any]] = {k: arrays[k] for k in arrays.files}
        self.kinds, self.relations = list(ontology.kinds), list(ontology.relations)
        self._by_key = np.argsort(self._["node_key"], kind="stable")  # to find an id by halving

    @property
    def size(self) -> int:
        return len(self._["node_key"])

    def number(self, node_id: str) -> int | None:
        """Row of a node id, or None."""
        kind = self.ontology.kind_of(node_id)
        if kind is None:
            return None
        code, key = self.kinds.index(kind), int(node_id.partition(":")[2], 16)
        keys = self._["node_key"]
        at = int(np.searchsorted(keys, np.uint64(key), sorter=self._by_key))
        while at < self.size and keys[self._by_key[at]] == key:
            if self._["node_kind"][self._by_key[at]] == code:
                return int(self._by_key[at])
            at += 1
        return None

    def node_id(self, n: int) -> str:
        return f"{self.ontology.kinds[self.kinds[self._['node_kind'][n]]].prefix}:{int(self._['node_key'][n]):016x}"

    def edge_id(self, e: int) -> str:
        return f"e{int(self._['edge_id'][e]):016x}"

    def paths(self, sources: Sequence[str], targets: Sequence[str], f: Filter, k: int = 5, rank: str = "score", seconds: float = math.inf) -> Found:
        """The k best simple paths from any source to any target. `rank`: score, or hops (then score).

        Raises QueryTimeout after `seconds`: a time must not decide which paths an answer holds.
        """
        starts = sorted({n for s in sources if (n := self.number(s)) is not None})
        ends = sorted({n for t in targets if (n := self.number(t)) is not None})
        if not starts or not ends:
            return Found()
        if both := sorted(set(starts) & set(ends)):
            return Found([Route((self.node_id(n),), (), 1.0, 1.0, 1.0, 1.0, False) for n in both[:k]])
        search = _Search(self, f, starts, ends, seconds)
        graph, cut = search.between()
        best: list[Route] = []
        for s in starts:
            for t in ends:
                found, more = search.ranked(graph, s, t, k, rank)
                best, cut = best + found, cut or more
        order: Callable[[Route], Any] = (lambda r: (r.hops, -r.score, r.nodes, r.edges)) if rank == "hops" else (
            lambda r: (-r.score, r.hops, r.nodes, r.edges))  # fmt: skip
        return Found(sorted(best, key=order)[:k], cut)


class _Search:
    """One search: which edges and nodes the filter lets through, what lies between, and the ranking."""

    def __init__(self, adjacency: Adjacency, f: Filter, starts: list[int], ends: list[int], seconds: float) -> None:
        self.adj, self.f, self.a = adjacency, f, adjacency._
        self.seconds, self.until = seconds, time.monotonic() + seconds
        self.starts, self.ends = starts, ends
        ontology = adjacency.ontology
        wanted = f.relations or tuple(r for r, d in ontology.relations.items() if d.path)
        self.relation_ok = np.isin(np.arange(len(adjacency.relations)), [adjacency.relations.index(r) for r in wanted])
        self.symmetric = np.array([r.symmetric for r in ontology.relations.values()])
        kinds = [adjacency.kinds.index(k) for k in f.kinds] or list(range(len(adjacency.kinds)))
        self.kind_ok = np.isin(np.arange(len(adjacency.kinds)), kinds)
        modalities = list(ontology.modalities)
        self.modality_ok = np.isin(np.arange(len(modalities)), [modalities.index(m) for m in f.modalities])
        self.avoid = np.array(sorted(n for i in f.avoid if (n := adjacency.number(i)) is not None), dtype=np.int64)
        self.day = (f.as_of - _EPOCH).days if f.as_of else None
        self.fixed = np.array(sorted({*starts, *ends}), dtype=np.int64)

    def in_time(self) -> None:
        if time.monotonic() > self.until:
            raise QueryTimeout(f"the paths took longer than {self.seconds:g} s; ask for fewer steps or paths, or name relations")

    def edges_of(self, nodes: NDArray[Any], backward: bool) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """(node, other, edge) of every step the filter allows from these nodes."""
        self.in_time()
        first, last = self.a["starts"][nodes], self.a["starts"][nodes + 1]
        counts = last - first
        rows = np.repeat(first - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
        node = np.repeat(nodes, counts)
        other, edge, out = self.a["other"][rows].astype(np.int64), self.a["edge"][rows], self.a["out"][rows]
        ok = self.relation_ok[self.a["edge_relation"][edge]] & self.modality_ok[self.a["edge_modality"][edge]]
        ok &= self.a["edge_confidence"][edge] >= self.f.min_confidence
        if self.f.direction == "out":
            ok &= (out != backward) | self.symmetric[self.a["edge_relation"][edge]]
        ok &= self._holds(self.a["edge_since"][edge], self.a["edge_until"][edge])
        ok &= self._node_ok(other)
        return node[ok], other[ok], edge[ok]

    def _holds(self, since: NDArray[Any], until: NDArray[Any]) -> NDArray[Any]:
        if self.day is None:
            return np.ones(len(since), dtype=bool)
        ok: NDArray[Any] = ((since == _OPEN) | (since <= self.day)) & ((until == _OPEN) | (until >= self.day))
        known: NDArray[Any] = ok & (since != _OPEN) & (until != _OPEN)
        return known if self.f.certain else ok

    def _node_ok(self, nodes: NDArray[Any]) -> NDArray[Any]:
        inner = self.kind_ok[self.a["node_kind"][nodes]] & self.modality_ok[self.a["node_modality"][nodes]]
        if self.day is not None:
            since, until = self.a["node_since"][nodes], self.a["node_until"][nodes]
            inner &= ((since == _OPEN) | (since <= self.day)) & ((until == _OPEN) | (until >= self.day))
        inner |= np.isin(nodes, self.fixed)
        kept: NDArray[Any] = inner & ~np.isin(nodes, self.avoid)
        return kept

    def between(self) -> tuple[_Graph, bool]:
        """The subgraph of nodes that lie on some walk of at most max_hops; and whether it had to be cut."""
        import networkx as nx

        ahead, back = self._fresh(self.starts), self._fresh(self.ends)
        fronts = {False: np.array(self.starts), True: np.array(self.ends)}
        depth, cut = {False: 0, True: 0}, False
        while depth[False] + depth[True] < self.f.max_hops and (len(fronts[False]) or len(fronts[True])):
            side = len(fronts[True]) < len(fronts[False]) if len(fronts[True]) and len(fronts[False]) else bool(len(fronts[True]))
            depth[side] += 1
            fronts[side] = self._step(fronts[side], back if side else ahead, depth[side], side)
            cut |= int((ahead >= 0).sum() + (back >= 0).sum()) > REACHED
            if cut:
                break
        # each side goes on, only into what the other has seen, so that both distances are known for every node between
        for side, mine, theirs in ((False, ahead, back), (True, back, ahead)):
            front, at = np.flatnonzero(mine == depth[side]), depth[side]
            while len(front) and at < self.f.max_hops:
                at += 1
                front = self._step(front, mine, at, side, only=theirs >= 0)
        keep = np.flatnonzero((ahead >= 0) & (back >= 0) & (ahead.astype(int) + back <= self.f.max_hops))
        graph: _Graph = nx.DiGraph() if self.f.direction == "out" else nx.Graph()
        if len(keep):
            node, other, edge = self.edges_of(keep, False)
            inside = np.isin(other, keep)
            self._fill(graph, node[inside], other[inside], edge[inside])
        return graph, cut

    def _fresh(self, nodes: list[int]) -> NDArray[np.int16]:
        distance = np.full(self.adj.size, -1, dtype=np.int16)
        distance[nodes] = 0
        return distance

    def _step(self, front: NDArray[Any], distance: NDArray[Any], at: int, backward: bool, only: NDArray[Any] | None = None) -> NDArray[Any]:
        _, other, _ = self.edges_of(front, backward)
        new = np.unique(other[distance[other] < 0])
        if only is not None:
            new = new[only[new]]
        distance[new] = at
        return new

    def _fill(self, graph: _Graph, node: NDArray[Any], other: NDArray[Any], edge: NDArray[Any]) -> None:
        """One graph edge a pair of nodes, with every parallel one as (cost, confidence, id, row) under `ways`; it costs what the cheapest does.

        Which of them a path takes depends on the path's weakest evidence, so `_choose` decides it for the whole path.
        """
        relation, confidence = self.a["edge_relation"][edge], self.a["edge_confidence"][edge]
        for u, v, e, r, c in zip(node.tolist(), other.tolist(), edge.tolist(), relation.tolist(), confidence.tolist(), strict=True):
            cost = DAMPING * math.log(self._degree(u, r) * self._degree(v, r))
            way = (cost, c, int(self.a["edge_id"][e]), e)
            held = graph.get_edge_data(u, v)
            if held is None:
                graph.add_edge(u, v, cost=cost, ways=[way])
            elif way not in held["ways"]:  # between two kept nodes an edge is met from both
                held["ways"].append(way)
                held["cost"] = min(cost, held["cost"])

    def _degree(self, node: int, relation: int) -> int:
        rows = slice(int(self.a["starts"][node]), int(self.a["starts"][node + 1]))
        return max(1, int((self.a["edge_relation"][self.a["edge"][rows]] == relation).sum()))

    def ranked(self, graph: _Graph, s: int, t: int, k: int, rank: str) -> tuple[list[Route], bool]:
        """The k best between two nodes. Exact: a later path costs more, and a score is at most exp(-cost)."""
        import networkx as nx

        if s not in graph or t not in graph:
            return [], False
        best: list[Route] = []
        through = self.adj.kinds.index(self.f.through) if self.f.through else None
        listed = self._listed(graph, s, t)
        try:
            by_cost = nx.shortest_simple_paths(graph, s, t, weight=None if rank == "hops" else "cost")
            for n, nodes in enumerate(by_cost if listed is None else sorted(listed, key=len)):
                self.in_time()
                cost = sum(graph[u][v]["cost"] for u, v in pairwise(nodes))
                if listed is None and n >= ENUMERATED:
                    return best, True
                if rank == "hops" and len(nodes) - 1 > self.f.max_hops:
                    break
                if len(best) >= k and (len(nodes) - 1 > best[-1].hops if rank == "hops" else round(math.exp(-cost), 9) < best[-1].score):
                    if listed is None or rank == "hops":
                        break
                    continue
                inner = nodes[1:-1]
                if len(nodes) - 1 > self.f.max_hops or (through is not None and not any(self.a["node_kind"][i] == through for i in inner)):
                    continue
                best.append(self._route(graph, nodes))
                best.sort(key=(lambda r: (r.hops, -r.score, r.nodes)) if rank == "hops" else (lambda r: (-r.score, r.hops, r.nodes)))
                del best[k:]
        except nx.NetworkXNoPath:
            pass
        return best, False

    def _listed(self, graph: _Graph, s: int, t: int) -> list[list[int]] | None:
        """Every simple path of at most max_hops, or None when there are more than LISTED. No step leads where t is out of reach."""
        import networkx as nx

        left = nx.single_source_shortest_path_length(graph.reverse(copy=False) if isinstance(graph, nx.DiGraph) else graph, t, cutoff=self.f.max_hops)
        found: list[list[int]] = []
        open_: list[list[int]] = [[s]]
        steps = 0
        while open_:
            self.in_time()
            nodes = open_.pop()
            for v in graph[nodes[-1]]:
                steps += 1
                if v == t:
                    found.append([*nodes, v])
                elif v not in nodes and len(nodes) + left.get(v, self.f.max_hops) <= self.f.max_hops:
                    open_.append([*nodes, v])
            if len(found) > LISTED or steps > 100 * LISTED:
                return None
        return found

    @staticmethod
    def _choose(steps: list[list[tuple[float, float, int, int]]]) -> tuple[float, float, list[int]]:
        """(cost, weakest, edges) of the best way through parallel edges: for each possible weakest evidence, the cheapest that hold it."""
        best: tuple[float, float, list[int]] | None = None
        for floor in sorted({way[1] for step in steps for way in step}, reverse=True):
            held = [[way for way in step if way[1] >= floor] for step in steps]
            if not all(held):
                continue
            taken = [min(step, key=lambda way: (way[0], -way[1], way[2])) for step in held]
            cost, weakest = sum(w[0] for w in taken), min(w[1] for w in taken)
            if best is None or math.exp(-cost) * weakest > math.exp(-best[0]) * best[1] + 1e-12:
                best = (cost, weakest, [w[3] for w in taken])
        assert best is not None  # the lowest floor holds every edge
        return best

    def _route(self, graph: _Graph, nodes: list[int]) -> Route:
        cost, confidence, edges = self._choose([graph[u][v]["ways"] for u, v in pairwise(nodes)])
        weakest = round(float(confidence), 4)
        damping, order = math.exp(-cost), chain_order([int(self.a["node_stage"][n]) for n in nodes])
        undated = any(self.a[c][e] == _OPEN for e in edges for c in ("edge_since", "edge_until"))
        return Route(tuple(map(self.adj.node_id, nodes)), tuple(map(self.adj.edge_id, edges)), round(damping * weakest * order, 9),
                     round(damping, 9), weakest, order, undated)  # fmt: skip


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
    return {"zh": zh, "en": en}


def degrees(adjacency: Adjacency, ids: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Number of relations of each node, all types."""
    starts = adjacency._["starts"]
    for i in ids:
        if (n := adjacency.number(i)) is not None:
            yield i, int(starts[n + 1] - starts[n])
