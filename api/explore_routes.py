"""Views over HTTP: what stands among some nodes, what they share, how much hangs on each, and the sources they rest on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from api.inputs import Cursor, Explain, Limit, OpenGraph, StepFilter, answer, listed
from queries.answers import views

router = APIRouter()
Ids = Annotated[list[str], Body(embed=True, max_length=views.MOST, description="Ids of up to 500 nodes, in the order they came")]


@router.post("/views", summary="Some nodes with the relations among them, and where each stands by the stage of the chain")
def view(graph: OpenGraph, nodes: Ids, f: StepFilter, explain: Explain = None) -> Response:
    found = views.view(graph, nodes, f)
    return answer(found if explain else {k: v for k, v in found.items() if k != "cypher"})


@router.post("/views/counts", summary="How many relations of each type and direction hang on each of some nodes")
def counts(graph: OpenGraph, nodes: Ids, f: StepFilter, explain: Explain = None) -> Response:
    found = views.counts(graph, nodes, f)
    return answer(found if explain else {k: v for k, v in found.items() if k != "cypher"})


@router.post("/views/common-neighbours", summary="What several nodes are all, or mostly, related to")
def common_neighbours(graph: OpenGraph, nodes: Ids, f: StepFilter, least: Annotated[int, Query(ge=1, le=50)] = 2, limit: Limit = 25,
                      cursor: Cursor = None, explain: Explain = None) -> Response:  # fmt: skip
    page = views.common_neighbours(graph, nodes, f, least, limit, cursor)
    return listed(page.rows, page.version, page.next_cursor, **({"cypher": page.cypher} if explain else {}))


@router.post("/views/sources", summary="The documents a view rests on, numbered, and the numbers of each node and relation")
def sources(graph: OpenGraph, nodes: Ids, f: StepFilter) -> Response:
    found = views.view(graph, nodes, f)
    return answer({**views.appendix(graph, found["nodes"], found["edges"]), "graph_version": found["graph_version"]})
