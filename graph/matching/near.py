"""Steps over the snapshot's arrays, many nodes at once: what a few thousand nodes are related to, and the nearest ties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.adjacency import Adjacency
from graph.matching.facts import Tie
from graph.records import UNCONFIRMED

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIES = ("OWNS", "HOSTS", "BUILDS", "PROTECTED_BY", "TRIED_IN", "HELD_AT", "FOR_CLIENT", "TRANSFERRED_TO", "SPUN_OUT", "INCUBATED_BY", "INVESTS_IN",
        "FOUNDS", "MANAGES", "WORKS_AT", "BROKERED", "COOPERATES_WITH", "HOLDS_SHARES_IN", "PRODUCES", "YIELDS")  # not places, fields, agencies
REACHED = 100_000  # nodes after which ties are no longer looked for


def steps(adjacency: Adjacency, nodes: NDArray[Any], relations: Sequence[str], out: bool | None = None,
          planned: bool = False) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:  # fmt: skip
    """(node, other, edge) of the confirmed relations of these nodes; `out` keeps one direction, `planned` also what is not done."""
    a = adjacency._
    first, last = a["starts"][nodes], a["starts"][nodes + 1]
    counts = last - first
    rows = np.repeat(first - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
    node, other, edge = np.repeat(nodes, counts), a["other"][rows].astype(np.int64), a["edge"][rows]
    ok = np.isin(a["edge_relation"][edge], [adjacency.relations.index(r) for r in relations])
    ok &= a["edge_confidence"][edge] > UNCONFIRMED + 1e-6
    if not planned:
        ok &= a["edge_modality"][edge] == 0
    if out is not None:
        ok &= a["out"][rows] == out
    return node[ok], other[ok], edge[ok]


def of_kind(adjacency: Adjacency, kind: str, planned: bool = False) -> NDArray[Any]:
    """Rows of all nodes of a kind."""
    ok = adjacency._["node_kind"] == adjacency.kinds.index(kind)
    if not planned:
        ok &= adjacency._["node_modality"] == 0
    return np.flatnonzero(ok)


def ties(adjacency: Adjacency, sources: Iterable[str], targets: Sequence[str], hops: int) -> dict[str, Tie]:
    """The shortest tie of each target, nearest first; of equal ones that through the smaller ids."""
    starts = sorted({n for s in sources if (n := adjacency.number(s)) is not None})
    wanted = {n: t for t in targets if (n := adjacency.number(t)) is not None}
    seen = np.zeros(adjacency.size, dtype=bool)
    seen[starts] = True
    came: dict[int, tuple[int, int]] = {}
    found: dict[str, Tie] = {}
    front = np.array(starts, dtype=np.int64)
    for _ in range(hops):
        if not len(front) or len(came) > REACHED:
            break
        node, other, edge = steps(adjacency, front, TIES)
        fresh = ~seen[other]
        node, other, edge = node[fresh], other[fresh], edge[fresh]
        order = np.lexsort((adjacency._["edge_id"][edge], node, other))
        new, first = np.unique(other[order], return_index=True)
        came.update(zip(new.tolist(), zip(node[order][first].tolist(), edge[order][first].tolist(), strict=True), strict=True))
        seen[new] = True
        for n in new.tolist():
            if n in wanted:
                found[wanted[n]] = _way(adjacency, n, came)
        front = new
    return found


def _way(adjacency: Adjacency, n: int, came: dict[int, tuple[int, int]]) -> Tie:
    nodes, edges = [n], list[int]()
    while nodes[-1] in came:
        before, edge = came[nodes[-1]]
        nodes.append(before)
        edges.append(edge)
    weakest = min((float(adjacency._["edge_confidence"][e]) for e in edges), default=1.0)
    return Tie(tuple(map(adjacency.node_id, reversed(nodes))), tuple(map(adjacency.edge_id, reversed(edges))), weakest=round(weakest, 4))
