"""Matching over HTTP: bases, centres and funds for an achievement, achievements for a base, batches, marks; the certificate's page."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.certificate import certificate
from api.inputs import OpenGraph, answer, listed
from api.match_sheet import workbook
from api.review_routes import FORM, may_write
from api.view import Here
from graph.errors import BadParameter
from graph.marks import mark, marks, withdraw
from queries.answers.match import achievements, match, pair
from queries.answers.match_table import MOST, match_many
from queries.answers.wishes import Description
from queries.reader import Reader

router = APIRouter(prefix="/match")
pages = APIRouter(include_in_schema=False)
BACK = re.compile(r"/(?:match/batch|match)(\?\S*)?")  # the pages that marks are noted on
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Target = Literal["base", "centre", "fund", "achievements"]
Weights = dict[str, Annotated[float, Field(ge=0, le=1_000_000)]]


class Asked(Description):
    """A description, or `queries`: up to 200 named ones. `for` says what is looked for; `weights` override the standard's."""

    for_: Annotated[Target, Field(alias="for")] = "base"
    base: Annotated[str, Field(max_length=200, description="The base, when achievements are looked for")] = ""
    weights: Weights = {}
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    queries: Annotated[dict[Annotated[str, Field(max_length=200)], Description], Field(max_length=MOST)] = {}

    def description(self) -> Description:
        return Description(**{k: getattr(self, k) for k in Description.model_fields})


class Note(BaseModel):
    """What came of a pair; `withdrawn` takes back every mark of it."""

    model_config = ConfigDict(extra="forbid")
    achievement: Annotated[str, Field(min_length=1, max_length=200)]
    base: Annotated[str, Field(min_length=1, max_length=200)]
    answer: Literal["contacted", "signed", "refused", "withdrawn"]
    reason: Annotated[str, Field(max_length=2000)] = ""
    date: Annotated[str, Field(max_length=40, description="When it was answered; empty = today")] = ""
    who: Annotated[str, Field(min_length=1, max_length=100, description="Who notes it")]


def weights_of(texts: list[str]) -> dict[str, float]:
    """`field=0.5` … Raises BadParameter."""
    out = {}
    for text in texts:
        name, sep, value = text.partition("=")
        try:
            out[name.strip()] = float(value) if sep else float("nan")
        except ValueError:
            out[name.strip()] = float("nan")
        if out[name.strip()] != out[name.strip()]:
            raise BadParameter(f"weights: {text!r}: write criterion=number, as field=0.5", errors=[{"parameter": "weights", "value": text}])
    return out


def known_only(asked: Asked) -> Asked:
    """Raises BadParameter where achievements are looked for and something is described that would be left aside: each says itself what it wants."""
    if asked.for_ == "achievements" and (more := [k for k, v in asked.description().model_dump().items() if v]):
        raise BadParameter(f"{more[0]}: achievements of the graph are looked for, each by what is stated of it; only base, weights and limit can be "
                           "given", errors=[{"parameter": k} for k in more])  # fmt: skip
    return asked


def found_for(graph: Reader, asked: Asked) -> dict[str, Any]:
    """The answer to what is asked. Raises BadParameter, Unknown, Ambiguous."""
    if asked.for_ == "achievements":
        if not asked.base:
            raise BadParameter("base: achievements are looked for: name the base", errors=[{"parameter": "base"}])
        return achievements(graph, graph.resolve(asked.base, ["PilotBase", "VerificationCentre"]), asked.weights, asked.limit)
    return match(graph, asked.description(), asked.for_, asked.weights, asked.limit)


def _answer(request: Request, graph: Reader, asked: Asked, form: str | None) -> Response:
    sheet = form == "xlsx" or (form is None and XLSX in request.headers.get("accept", ""))
    if not asked.queries and not sheet:
        return answer(found_for(graph, known_only(asked)))
    if asked.for_ == "achievements":
        raise BadParameter("for: a batch and a table look for bases, centres or funds", errors=[{"parameter": "for"}])
    one = asked.description()
    queries = asked.queries or {one.name or one.achievement or "、".join(one.field) or "成果": one}
    found = match_many(graph, queries, asked.for_, asked.weights, asked.limit)
    if not sheet:
        return answer(found)
    return Response(workbook(found), media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="match.xlsx"'})


Form = Annotated[str | None, Query(pattern="^(json|xlsx)$", description="`xlsx`: the table as an Excel file")]
Some = Annotated[list[str], Query(max_length=20)]
One = Annotated[str, Query(max_length=200)]


@router.get("", summary="Bases, centres or funds for an achievement, or achievements for a base, each with reasons and why not")
def matched(request: Request, graph: OpenGraph, achievement: One = "", name: One = "", field: Some = [], process: Some = [], scale: One = "",  # noqa: B006
            maturity: One = "", region: One = "", qualification: Some = [], budget: One = "", start: One = "", secrecy: One = "",  # noqa: B006
            hazard: Some = [], chemical_park: One = "", owner: Some = [], base: One = "", weights: Some = [],  # noqa: B006
            for_: Annotated[Target, Query(alias="for")] = "base", limit: Annotated[int, Query(ge=1, le=50)] = 10,
            format: Form = None) -> Response:  # fmt: skip
    asked = described(achievement=achievement, name=name, field=field, process=process, scale=scale, maturity=maturity, region=region,
                      qualification=qualification, budget=budget, start=start, secrecy=secrecy, hazard=hazard, chemical_park=chemical_park,
                              owner=owner,
                      base=base, limit=limit, weights=weights_of(weights), **{"for": for_})  # fmt: skip
    return _answer(request, graph, asked, format)


def described(**given: Any) -> Asked:
    """Raises BadParameter naming what does not fit."""
    from pydantic import ValidationError

    try:
        return Asked(**given)
    except ValidationError as e:
        errors = [{"parameter": ".".join(map(str, x["loc"])), "what": x["msg"]} for x in e.errors(include_url=False)]
        raise BadParameter("; ".join(f"{x['parameter']}: {x['what']}" for x in errors), errors=errors) from e


@router.post("", summary="The same from a body; up to 200 named `queries` at once with a table, also as .xlsx")
def matched_many(request: Request, graph: OpenGraph, asked: Asked, format: Form = None) -> Response:
    return _answer(request, graph, asked, format)


@router.get("/pair", summary="One achievement and one base, judged")
def judged(graph: OpenGraph, achievement: Annotated[str, Query(max_length=200)], base: Annotated[str, Query(max_length=200)]) -> Response:
    return answer(pair(graph, Description(achievement=achievement), graph.resolve(base, ["PilotBase", "VerificationCentre"])))


# ---- marks


@router.get("/marks", summary="What people have noted of pairs: contacted, signed, refused; latest first")
def noted(graph: OpenGraph, limit: Annotated[int, Query(ge=1, le=200)] = 100, achievement: One = "") -> Response:
    found = [m for m in marks(graph.settings.workspace) if achievement in ("", m.achievement)]
    return listed([asdict(m) for m in found[:limit]], graph.version().shown, truncated=len(found) > limit, total=len(found))


@router.post("/marks", status_code=201, summary="Note what came of a pair; it enters the graph at the next build")
def note(request: Request, graph: OpenGraph, given: Note) -> Response:
    may_write(request)
    made = noted_pair(graph, given)
    return answer({"claims": made, **given.model_dump(), "graph_version": graph.version().shown}, 201)


@pages.post("/match/marks")
async def note_by_form(view: Here) -> Response:
    """The same from a form; back to the page of matches it stood on."""
    may_write(view.request, FORM)
    given = {k: v[-1] for k, v in parse_qs((await view.request.body()).decode("utf-8", "replace")).items()}
    back = given.pop("back", "")
    try:
        asked = Note(**given)
    except ValidationError as e:
        errors = [{"parameter": str(x["loc"][0]), "what": x["msg"]} for x in e.errors(include_url=False)]
        raise BadParameter("; ".join(f"{x['parameter']}: {x['what']}" for x in errors), errors=errors) from e
    await run_in_threadpool(noted_pair, view.reader, asked)
    return RedirectResponse(back if BACK.fullmatch(back) else view.url("/match"), 303)


def noted_pair(graph: Reader, given: Note) -> list[str]:
    """Note, or take back; the claims. Raises what `graph.marks` does, Unknown, Ambiguous."""
    achievement = graph.resolve(given.achievement, ["Achievement"])
    base = graph.resolve(given.base, list(graph.ontology.relations["CONSIDERED_AT"].targets))
    if given.answer == "withdrawn":
        return withdraw(graph.settings.workspace, achievement, base, given.who, given.reason)
    return [mark(graph.settings.workspace, graph.snapshot(), achievement, base, given.answer, given.reason, given.who, given.date).claim_id]


# ---- the certificate's page


@pages.get("/match/certificate")
def certificate_page(view: Here, base: Annotated[str, Query(max_length=200)], achievement: One = "", name: One = "", field: Some = [],  # noqa: B006
                     process: Some = [], scale: One = "", maturity: One = "", region: One = "", qualification: Some = [], budget: One = "",  # noqa: B006
                     start: One = "", secrecy: One = "", hazard: Some = [], chemical_park: One = "", owner: Some = []) -> Response:  # noqa: B006  # fmt: skip
    given = described(achievement=achievement, name=name, field=field, process=process, scale=scale, maturity=maturity, region=region,
                      qualification=qualification, budget=budget, start=start, secrecy=secrecy, hazard=hazard, chemical_park=chemical_park,
                              owner=owner)
    facility = view.reader.resolve(base, ["PilotBase", "VerificationCentre"])
    found = pair(view.reader, given.description(), facility)
    return Response(certificate(view.reader, found, view.lang), media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})
