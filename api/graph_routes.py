"""Nodes, names, and where every fact is said."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response

from api.inputs import Cursor, Explain, Kinds, Limit, NodeFilter, OpenGraph, StepFilter, answer, listed
from graph.errors import BadParameter
from queries.cursor import make_cursor, read_cursor

router = APIRouter()


@router.get("/nodes/{node}", summary="One node with its facts and the numbers of its relations")
def node(graph: OpenGraph, node: str) -> Response:
    found = graph.node(node)
    counts = graph.ask("neighbour_counts", {"node": node})
    return answer({"node": found, "facts": graph.facts(node), "merged_from": graph.merged_from(node), "relations": counts.rows,
                   "graph_version": counts.version})  # fmt: skip


@router.get("/nodes/{node}/neighbours", summary="What a node is related to")
def neighbours(graph: OpenGraph, node: str, f: StepFilter, limit: Limit = 25, cursor: Cursor = None, explain: Explain = None) -> Response:
    given = {"node": node, "relations": list(f.relations) or None, "kinds": list(f.kinds) or None, "as_of": f.as_of,
             "direction": "both" if f.direction == "any" else f.direction, "certain": f.certain, "min_confidence": f.min_confidence,
             "modalities": list(f.modalities), "avoid": list(f.avoid) or None, "limit": limit}  # fmt: skip
    page = graph.ask("neighbours", given, cursor)
    more: dict[str, Any] = {"undated_edges": [r["edge"].id for r in page.rows if r["edge"].undated]} if f.as_of else {}
    return listed(page.rows, page.version, page.next_cursor, **more, **({"cypher": page.cypher} if explain else {}))


@router.post("/nodes/lookup", summary="What up to 1,000 names, codes or ids stand for")
def lookup(graph: OpenGraph, queries: Annotated[list[str], Body(embed=True, max_length=1000)]) -> Response:
    return listed(graph.lookup(queries), graph.version().shown)


@router.get("/search", summary="Nodes by name, alias, pinyin or initials")
def search(graph: OpenGraph, q: Annotated[str, Query(max_length=200)], f: NodeFilter, kinds: Kinds = [], limit: Limit = 20) -> Response:  # noqa: B006
    unknown = [k for k in kinds if not graph.ontology.expand(k)]
    if unknown:
        raise BadParameter(f"kinds: {unknown[0]!r} is no kind, group or type", errors=[{"parameter": "kinds", "value": unknown[0]}])
    found = graph.search(q, kinds, limit + 1, f)
    return listed(found[:limit], graph.version().shown, truncated=len(found) > limit)


@router.get("/suggest", summary="The best few fits while typing")
def suggest(graph: OpenGraph, q: Annotated[str, Query(max_length=100)],
            kind: Annotated[str, Query(max_length=60, description="A kind, group or type")] = "") -> Response:  # fmt: skip
    if kind and not graph.ontology.expand(kind):
        raise BadParameter(f"kind: {kind!r} is no kind, group or type", errors=[{"parameter": "kind", "value": kind}])
    return listed(graph.search(q, [kind] if kind else [], 8), graph.version().shown)


@router.get("/documents", summary="Documents with how many claims cite each")
def documents(graph: OpenGraph, limit: Limit = 100, cursor: Cursor = None) -> Response:
    version = str(graph.version().current)
    skip = read_cursor(cursor, version, "documents", {"limit": limit}) if cursor else 0
    found = graph.documents(limit + 1, skip)
    following = make_cursor(version, "documents", {"limit": limit}, skip + limit) if len(found) > limit else None
    return listed(found[:limit], graph.version().shown, following)


@router.get("/documents/{document}", summary="A document, its text where loaded, and every claim that cites it")
def document(graph: OpenGraph, document: str) -> Response:
    return answer({**graph.document(document), "graph_version": graph.version().shown})


@router.get("/evidence/{claim}", summary="Where one claim is said")
def evidence(graph: OpenGraph, claim: str) -> Response:
    return answer({**graph.evidence([claim])[0], "graph_version": graph.version().shown})


@router.get("/evidence", summary="Where several claims are said")
def evidences(graph: OpenGraph, claims: Annotated[list[str], Query(max_length=200)]) -> Response:
    return listed(graph.evidence(claims), graph.version().shown)


@router.get("/changes", summary="Ids of what was added, changed and removed since a version")
def changes(graph: OpenGraph, since: Annotated[str, Query(max_length=64)]) -> Response:
    return listed(graph.changes(since), graph.version().shown)


@router.get("/stats", summary="Numbers of the graph")
def stats(graph: OpenGraph) -> Response:
    found = graph.stats()
    return answer({**found, "graph_version": found["version"]})
