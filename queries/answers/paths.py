"""Paths between things: ids from the snapshot's arrays, nodes and edges fetched by Cypher, each path explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.errors import BadParameter, StoreUnavailable
from graph.routes import Filter, Found, degrees, sentences
from graph.store.contract import Version
from queries.reader import Reader, plain


def paths(reader: Reader, sources: Sequence[str], targets: Sequence[str], f: Filter, k: int = 5, rank: str = "score") -> dict[str, Any]:
    """`{nodes, edges, paths, truncated, graph_version}`: nodes and edges once, paths as their ids, best first.

    Ids must be current ones (`Reader.resolve`). Raises BadParameter for a filter that names what the ontology lacks.
    """
    _check(reader, f, k, rank)
    return reader.steady(lambda version: _paths(reader, version, sources, targets, f, k, rank))


def _paths(reader: Reader, version: Version, sources: Sequence[str], targets: Sequence[str], f: Filter, k: int, rank: str) -> dict[str, Any]:
    sources, targets = [reader.canonical(s) for s in sources], [reader.canonical(t) for t in targets]
    adjacency = reader.adjacency()
    found: Found = adjacency.paths(sources, targets, f, k, rank, reader.settings.query_seconds)
    nodes = reader.nodes(n for r in found.routes for n in r.nodes)
    starts: dict[str, list[str]] = {}
    for route in found.routes:  # an edge starts at one of its two ends: ask at both
        for u, v, e in zip(route.nodes, route.nodes[1:], route.edges, strict=False):
            starts.setdefault(u, []).append(e)
            starts.setdefault(v, []).append(e)
    edges = reader.edges(starts)
    if any(n not in nodes for r in found.routes for n in r.nodes) or any(e not in edges for r in found.routes for e in r.edges):
        raise StoreUnavailable("the store is being published to and lacks what the paths lead through; ask again")
    degree = dict(degrees(adjacency, sorted({n for r in found.routes for n in r.nodes[1:-1]})))
    out = []
    for r in found.routes:
        busiest = max(r.nodes[1:-1], key=lambda n: (degree[n], n), default=None)
        why = sentences(r, (nodes[busiest].name, degree[busiest]) if busiest else None)
        out.append({"nodes": list(r.nodes), "edges": list(r.edges), "hops": r.hops, "score": r.score, "undated": r.undated,
                    "explained": {"damping": r.damping, "weakest_evidence": r.weakest, "chain_order": r.chain_order, "sentence": why}})
    return {"nodes": [plain(nodes[i]) for i in sorted(nodes)], "edges": [plain(edges[i]) for i in sorted(edges)], "paths": out,
            "truncated": found.truncated, "graph_version": version.shown}


def _check(reader: Reader, f: Filter, k: int, rank: str) -> None:
    ontology = reader.ontology
    for name, values, known in (("relations", f.relations, ontology.relations), ("kinds", f.kinds, ontology.kinds),
                                ("modalities", f.modalities, ontology.modalities), ("through", (f.through,) if f.through else (), ontology.kinds),
                                ("direction", (f.direction,), ("any", "out")), ("rank", (rank,), ("score", "hops"))):  # fmt: skip
        for value in values:
            if value not in known:
                raise BadParameter(f"{name}: {value!r} is none of {', '.join(known)}", errors=[{"parameter": name, "value": value}])
    for name, number, low, high in (("max_hops", f.max_hops, 1, 8), ("k", k, 1, 50)):
        if not low <= number <= high:
            raise BadParameter(f"{name}: {number} is not within {low}..{high}", errors=[{"parameter": name, "value": str(number)}])
