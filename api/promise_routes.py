"""Promises over HTTP: targets counted and timed, and figures that do not agree."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.inputs import Cursor, OpenGraph, Today, answer
from queries.answers.contradictions import contradictions as find
from queries.answers.promises import promise, promises

router = APIRouter()


@router.get("/promises", summary="Targets with count, gap, pace needed, status on a day, reported figures and measures")
def every(graph: OpenGraph, region: Annotated[str | None, Query(max_length=100, description="Id of a region")] = None, as_of: Today = None,
          limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: Cursor = None) -> Response:  # fmt: skip
    return answer(promises(graph, as_of or dt.date.today(), region, limit, cursor))


@router.get("/promises/{target}", summary="One target with the evidence of each thing it counts")
def one(graph: OpenGraph, target: str, as_of: Today = None) -> Response:
    return answer(promise(graph, target, as_of or dt.date.today()))


@router.get("/contradictions", summary="Figures of documents that do not agree, with both places and what differs")
def contradictions(graph: OpenGraph, about: Annotated[str | None, Query(max_length=100, description="Id of a thing")] = None) -> Response:
    return answer(find(graph, about))
