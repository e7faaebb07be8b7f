"""Data quality over HTTP: how long each list is, and the lists, page by page."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.inputs import FOR_TODAY, Cursor, Limit, OpenGraph, answer
from graph.records import KindName
from queries.answers.quality import DAYS, LISTS, overview, quality

router = APIRouter(prefix="/quality")
Kind = Annotated[KindName | None, Query(description="Only things of this kind")]
Days = Annotated[int, Query(ge=0, le=100_000, description="What was last said so many days ago is old")]
Before = Annotated[dt.date | None, Query(description="Instead of days: what was last said before this day is old"), FOR_TODAY]
Which = Annotated[str, Path(description=", ".join(LISTS), pattern=f"^({'|'.join(LISTS)})$")]


@router.get("", summary="How many facts disagree or are old, how many nodes rest on little, and so on")
def counts(graph: OpenGraph, kind: Kind = None, days: Days = DAYS, before: Before = None) -> Response:
    return answer(overview(graph, str(kind) if kind else None, days, before))


@router.get("/{which}", summary="One list of doubtful data, each row with its evidence and a sentence")
def listed(graph: OpenGraph, which: Which, limit: Limit = 20, cursor: Cursor = None, kind: Kind = None, days: Days = DAYS,
           before: Before = None) -> Response:  # fmt: skip
    return answer(quality(graph, which, limit, cursor, str(kind) if kind else None, days, before))
