"""Standards over HTTP: the rulebooks, judging by them, and hosts that apply twice."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.inputs import OpenGraph, Today, answer, listed
from graph.rulebooks import standards
from graph.settings import Settings
from queries.answers import judge as judging

Standards = Annotated[list[str], Query(alias="standard", max_length=20,
                                        description="Names of standards; none: all that judge such things, but for those of other regions")]


def router(settings: Settings) -> APIRouter:
    """The routes. Raises BadDeclaration when a standard does not hold, so that the service does not start with one."""
    standards(settings.standards)
    return routes


routes = APIRouter()


@routes.get("/standards", summary="Standards: what they judge, where they were seen, whether that confirms them")
def listing(graph: OpenGraph) -> Response:
    return listed(judging.known(graph), graph.version().shown)


@routes.get("/standards/{name}", summary="One standard with its criteria, thresholds, weights and the places that state them")
def one(graph: OpenGraph, name: str) -> Response:
    return answer(judging.one(graph, name))


@routes.get("/standards/{name}/conflicts", summary="Hosts that apply twice under a standard's rules, also through subsidiaries")
def conflicts(graph: OpenGraph, name: str) -> Response:
    return answer(judging.conflicts(graph, name))


@routes.get("/judge", summary="One thing judged by standards, criterion by criterion, with evidence")
def judge(graph: OpenGraph, node: Annotated[str, Query(max_length=100)], standard: Standards = [], as_of: Today = None) -> Response:  # noqa: B006
    return answer(judging.judge(graph, [node], standard, as_of or dt.date.today()))


@routes.get("/judge/compare", summary="Up to 20 things side by side under standards")
def compare(graph: OpenGraph, node: Annotated[list[str], Query(min_length=2, max_length=judging.COMPARED)],
            standard: Standards = [], as_of: Today = None) -> Response:  # noqa: B006
    return answer(judging.judge(graph, node, standard, as_of or dt.date.today()))
