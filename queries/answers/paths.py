"""Paths between things: ids from the snapshot's arrays, nodes and edges fetched by Cypher, each path explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from graph.errors import BadParameter, StoreUnavailable, Unknown
from graph.reach import Filter
from graph.routes import Found, Route, best_paths, sentences
from graph.store.contract import Version
from queries.answers.instead import instead
from queries.reader import Reader, plain

MOST = 200  # members of a set
MOST_HOPS = 8


def paths(reader: Reader, sources: Sequence[str], targets: Sequence[str], f: Filter, k: int = 5, rank: str = "score",
          explain: bool = False) -> dict[str, Any]:  # fmt: skip
    """`{nodes, edges, paths, truncated, graph_version}`: nodes and edges once, paths as their ids, best first.

    Each end is a set: current ids, or `KIND@REGION` for all of a kind, group or type there (`KIND@`: everywhere), 200 at most.
    `rank`: score, or hops. With `explain`, `cypher` says what was asked of the store.
    Where there is none, `instead` says which part of the filter hides what there is.
    Raises BadParameter for a filter that names what the ontology lacks or a set that is too large, Unknown, Merged.
    """
    check(reader, f, MOST_HOPS)
    known("rank", (rank,), ("score", "hops"))
    within("k", k, 1, 50)
    with reader.watched() as ran:
        found = reader.steady(lambda version: _paths(reader, version, sources, targets, f, k, rank))
    return {**found, "cypher": plain(ran)} if explain else found


def named(reader: Reader, text: str) -> str:
    """A name, an id, or `KIND@REGION` with the region's name, as `paths` wants it."""
    label, at, where = text.partition("@")
    if at and reader.ontology.expand(label):
        return f"{label}@{reader.resolve(where, ['Region']) if where else ''}"
    return reader.resolve(text)


def members(reader: Reader, given: Sequence[str], modalities: Sequence[str] = ("done",)) -> list[str]:
    """Ids of a set, each once. Raises BadParameter when it has more than 200, Unknown when it has none."""
    found = list(dict.fromkeys(i for text in given for i in _one(reader, text, modalities)))
    if len(found) > MOST:
        raise BadParameter(f"{', '.join(given)}: {len(found)} nodes; a set has {MOST} at most, name fewer", errors=[{"parameter": "set"}])
    return found


def _one(reader: Reader, text: str, modalities: Sequence[str]) -> Iterable[str]:
    label, at, region = text.partition("@")
    if not at:
        return [reader.canonical(text)]
    if not (kinds := reader.ontology.expand(label)):
        raise BadParameter(f"{text!r}: {label!r} is no kind, group or type", errors=[{"parameter": "set", "value": text}])
    labels = reader.ontology.groups.get(label, (label,)) if label != "Any" else kinds
    if region:
        ids = _inside(reader, region, kinds, [x for x in labels if x not in reader.ontology.kinds], modalities)
    elif label in reader.ontology.kinds and len(range(*reader.adjacency().rows_of(label))) > 100 * MOST:
        ids = None  # not worth a scan
    else:
        pages = [reader.ask("of_kind", {"label": x, "modalities": list(modalities), "limit": MOST}) for x in labels]
        ids = None if any(p.next_cursor for p in pages) else [row["node"].id for p in pages for row in p.rows]
    if ids is None:
        raise BadParameter(f"{text!r} has more than {MOST} members; name a smaller region or a narrower type, or ids",
                           errors=[{"parameter": "set", "value": text}])  # fmt: skip
    if not ids:
        raise Unknown(f"{text!r} has no members: no {label} is known {'there' if region else 'at all'}", suggestions=[])
    return ids


def _inside(reader: Reader, region: str, kinds: Sequence[str], types: Sequence[str], modalities: Sequence[str]) -> list[str] | None:
    """Ids of what lies in a region, as `graph.places` defines it; None when there are too many."""
    if reader.ontology.kind_of(region) != "Region":
        raise BadParameter(f"{region!r} is no region", errors=[{"parameter": "set", "value": region}])
    g, reached = reader.arrays(), list(reader.ontology.modalities)
    found = g.located(int(reader.adjacency().number(reader.canonical(region))), kinds)  # type: ignore[arg-type]  # a current id has a row
    found &= np.isin(g.a["node_modality"], [reached.index(m) for m in modalities])
    rows = np.flatnonzero(found)
    if types:
        held, first = np.ma.filled(g.column(kinds[0], "types"), None), g.rows(kinds[0]).start
        rows = np.array([n for n in rows if set(types) & set(held[n - first] if held[n - first] is not None else ())], dtype=np.int64)
    return None if len(rows) > MOST else [reader.adjacency().node_id(int(n)) for n in rows]


def _paths(reader: Reader, version: Version, sources: Sequence[str], targets: Sequence[str], f: Filter, k: int, rank: str) -> dict[str, Any]:
    for node in f.avoid:
        reader.canonical(node)
    starts, ends = (members(reader, given, f.modalities) for given in (sources, targets))
    found: Found = best_paths(reader.adjacency(), starts, ends, f, k, rank, reader.settings.query_seconds)
    lacking = {} if found.routes else {"instead": instead(reader, starts, ends, f, MOST_HOPS)}
    return {**drawn(reader, found.routes), **lacking, "truncated": found.truncated, "graph_version": version.shown}


def drawn(reader: Reader, routes: Sequence[Route]) -> dict[str, Any]:
    """`{nodes, edges, paths}` of found routes: fetched once each, every path with why it ranks where it does."""
    adjacency = reader.adjacency()
    nodes = reader.nodes(n for r in routes for n in r.nodes)
    at: dict[str, list[str]] = {}  # edges by the node they start at
    for r in routes:
        for n, e, outward in zip(range(r.hops), r.edges, r.outward, strict=True):
            at.setdefault(r.nodes[n if outward else n + 1], []).append(e)
    edges = reader.edges(at)
    if any(n not in nodes for r in routes for n in r.nodes) or any(e not in edges for r in routes for e in r.edges):
        raise StoreUnavailable("the store is being published to and lacks what the paths lead through; ask again")
    degree = {n: adjacency.degree(adjacency.number(n) or 0) for r in routes for n in r.nodes[1:-1]}
    out = []
    for r in routes:
        busiest = max(r.nodes[1:-1], key=lambda n: (degree[n], n), default=None)
        why = sentences(r, (nodes[busiest].name, degree[busiest]) if busiest else None)
        out.append({"nodes": list(r.nodes), "edges": list(r.edges), "hops": r.hops, "score": r.score, "undated": bool(r.undated),
                    "undated_edges": list(r.undated),
                    "explained": {"damping": r.damping, "weakest_evidence": r.weakest, "chain_order": r.chain_order, "sentence": why}})
    return {"nodes": [plain(nodes[i]) for i in sorted(nodes)], "edges": [plain(edges[i]) for i in sorted(edges)], "paths": out}


# ---- what may be asked


def check(reader: Reader, f: Filter, most_hops: int) -> None:
    """Raises BadParameter for a filter of paths that names what the ontology lacks."""
    ontology = reader.ontology
    known("relations", f.relations, ontology.relations)
    known("kinds", f.kinds, ontology.kinds)
    known("modalities", f.modalities, ontology.modalities)
    known("through", (f.through,) if f.through else (), ontology.kinds)
    known("direction", (f.direction,), ("any", "out"))
    within("max_hops", f.max_hops, 1, most_hops)


def known(name: str, values: Iterable[str], choices: Iterable[str]) -> None:
    for value in values:
        if value not in choices:
            raise BadParameter(f"{name}: {value!r} is none of {', '.join(choices)}", errors=[{"parameter": name, "value": value}])


def within(name: str, number: int, low: int, high: int) -> None:
    if not low <= number <= high:
        raise BadParameter(f"{name}: {number} is not within {low}..{high}", errors=[{"parameter": name, "value": str(number)}])
