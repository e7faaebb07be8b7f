"""Sleeping achievements, the chain with its gaps, a policy's cascade, the register, the sharing lists, measures for me."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.inputs import Cursor, Limit, OpenGraph, Today, answer
from graph.eligibility import ADDRESSED, SIZES
from graph.potential import TESTS
from graph.registry import SORTS
from graph.standing import STATUSES
from queries.answers.cascade import LEVELS, cascade
from queries.answers.chain import chain as chain_funnel
from queries.answers.gaps import SERVERS, gaps
from queries.answers.measures import measures_for
from queries.answers.registry import KINDS, OFFERS, offers, registry
from queries.answers.sleeping import sleeping

router = APIRouter()
NodeId = Annotated[str, Query(max_length=100, description="An id")]
Facet = Annotated[str, Query(max_length=100, description="An id or a word; `unknown` = where it is not known")]


def one_of(values: object, empty: bool = True) -> str:
    return f"^({'|'.join(values)}){'?' if empty else ''}$"  # type: ignore[arg-type]


@router.get("/sleeping", summary="Sleeping achievements, the most promising first, each with its reasons")
def sleepers(graph: OpenGraph, owner: NodeId = "", field: NodeId = "", region: NodeId = "",
             min_age: Annotated[int, Query(ge=0, le=100, description="Years since registration")] = 0,
             maturity: Annotated[str, Query(pattern=r"^([1-9](\.\.[1-9])?)?$", description="A level, or levels: 4..6")] = "",
             moved_by: Annotated[list[str], Query(description=f"What wakes one: {', '.join(TESTS)}")] = list(TESTS),  # noqa: B006
             as_of: Today = None, limit: Limit = 20, cursor: Cursor = None) -> Response:  # fmt: skip
    return answer(sleeping(graph, owner=owner, field=field, region=region, min_age=min_age, maturity=maturity, moved_by=moved_by, as_of=as_of,
                           limit=limit, cursor=cursor))  # fmt: skip


@router.get("/chains/{chain}/funnel", summary="An industry chain link by link: where achievements stop, who stands beside them")
def funnel(graph: OpenGraph, chain: str, region: NodeId = "", as_of: Today = None) -> Response:
    return answer(chain_funnel(graph, chain, as_of, region or None))


@router.get("/gaps", summary="Where achievements and demands wait and no base or centre serves, with how much is known")
def lacking(graph: OpenGraph, chain: NodeId = "", region: NodeId = "", stage: Annotated[str, Query(pattern=one_of(SERVERS))] = "",
            as_of: Today = None, limit: Limit = 20, cursor: Cursor = None) -> Response:  # fmt: skip
    return answer(gaps(graph, chain=chain, region=region, stage=stage, as_of=as_of, limit=limit, cursor=cursor))


@router.get("/policies/{policy}/cascade", summary="Policies based on one, and the cities or districts without one on record")
def below(graph: OpenGraph, policy: str, level: Annotated[str, Query(pattern=one_of(LEVELS))] = "") -> Response:
    return answer(cascade(graph, policy, level))


@router.get("/registry", summary="Bases and centres with facets, their status computed for a day")
def register(graph: OpenGraph, kind: Annotated[str, Query(pattern=one_of(KINDS, False))] = "base", region: Facet = "", level: Facet = "",
             field: Facet = "", chain: Facet = "", host_type: Facet = "", year: Annotated[str, Query(pattern=r"^([0-9]{4}|unknown)?$")] = "",
             status: Annotated[str, Query(pattern=one_of(STATUSES))] = "", as_of: Today = None,
             sort: Annotated[str, Query(pattern=one_of(SORTS, False))] = "id", limit: Limit = 20, cursor: Cursor = None) -> Response:  # fmt: skip
    return answer(registry(graph, kind=kind, region=region, level=level, field=field, chain=chain, host_type=host_type, year=year, status=status,
                           as_of=as_of, sort=sort, limit=limit, cursor=cursor))  # fmt: skip


@router.get("/offers", summary="The four open-sharing lists across bases: who has what, at which scale and price, free when")
def shared(graph: OpenGraph, what: Annotated[str, Query(max_length=100)] = "",
           kinds: Annotated[list[str], Query(description=", ".join(OFFERS))] = [], process: Annotated[str, Query(max_length=100)] = "",  # noqa: B006
           scale: Annotated[float | None, Query(ge=0, allow_inf_nan=False)] = None, scale_unit: Annotated[str, Query(max_length=20)] = "",
           max_price: Annotated[float | None, Query(ge=0, allow_inf_nan=False, description="Yuan")] = None, free_by: dt.date | None = None,
           region: NodeId = "", sure: Annotated[bool, Query(description="Leave out what is not stated")] = False, limit: Limit = 20,
           cursor: Cursor = None) -> Response:  # fmt: skip
    return answer(offers(graph, what=what, kinds=kinds, process=process, scale=scale, scale_unit=scale_unit, max_price=max_price, free_by=free_by,
                         region=region, sure=sure, limit=limit, cursor=cursor))  # fmt: skip


@router.get("/measures-for", summary="Measures that apply, or may apply, to a kind of organisation in a region")
def for_me(graph: OpenGraph, kind: Annotated[str, Query(pattern=one_of(ADDRESSED, False))], region: NodeId = "",
           size: Annotated[str, Query(pattern=one_of(SIZES))] = "", limit: Limit = 50) -> Response:  # fmt: skip
    return answer(measures_for(graph, region=region, kind=kind, size=size, limit=limit))
