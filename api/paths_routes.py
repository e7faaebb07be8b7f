"""Paths over HTTP: the best between two sets, and the kinds of route between two nodes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.inputs import Cursor, Explain, Limit, OpenGraph, PathFilter, answer
from queries.answers.paths import paths
from queries.answers.routes import route_paths, routes

router = APIRouter()
Ends = Annotated[list[str], Query(description="Ids, or KIND@REGION for all of a kind, group or type in a region (KIND@: everywhere); 200 at most",
                                  min_length=1, max_length=200)]  # fmt: skip


@router.get("/paths", summary="The best paths between two nodes or sets of nodes, each explained")
def path_between(graph: OpenGraph, f: PathFilter, source: Annotated[Ends, Query(alias="from")], target: Annotated[Ends, Query(alias="to")],
                 k: Annotated[int, Query(ge=1, le=50)] = 5, rank: Annotated[str, Query(pattern="^(score|hops)$")] = "score",
                 explain: Explain = None) -> Response:  # fmt: skip
    return answer(paths(graph, source, target, f, k, rank, explain is not None))


@router.get("/routes", summary="The kinds of route between two nodes, with path counts and degree-weighted counts")
def kinds_of_route(graph: OpenGraph, f: PathFilter, source: str, target: str, limit: Limit = 20, cursor: Cursor = None,
                   explain: Explain = None) -> Response:  # fmt: skip
    return answer(routes(graph, source, target, f, limit, cursor, explain is not None))


@router.get("/routes/paths", summary="The paths of one kind of route, the weightiest first")
def paths_of_a_route(graph: OpenGraph, f: PathFilter, source: str, target: str, route: Annotated[str, Query(max_length=60)], limit: Limit = 20,
                     cursor: Cursor = None, explain: Explain = None) -> Response:  # fmt: skip
    return answer(route_paths(graph, source, target, route, f, limit, cursor, explain is not None))
