"""Review over HTTP: what may be one thing, people's decisions on it, and taking one. Never cached: decisions come between builds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.inputs import Cursor, Limit, OpenGraph, answer, held_key, listed, loopback
from api.jobs import PROPOSING, Jobs, proposing
from graph.errors import BadParameter, Denied, InnochainError
from graph.records import KindName
from graph.review import decide, decisions, open_proposals
from ingest.publications import region_names
from queries.cursor import make_cursor, read_cursor

router = APIRouter(prefix="/review")
FORM = "application/x-www-form-urlencoded"  # what a page sends without its module


class Judgement(BaseModel):
    """A decision: on two ids, or `wrong` on one claim; `withdrawn` takes back what was decided on the same."""

    model_config = ConfigDict(extra="forbid")
    verdict: Literal["same", "different", "unsure", "wrong", "withdrawn"]
    subject: Annotated[str, Field(min_length=1, max_length=200)]
    object: Annotated[str | None, Field(max_length=200)] = None
    who: Annotated[str, Field(min_length=1, max_length=100, description="Who decides")]
    why: Annotated[str, Field(max_length=2000, description="The reason, for those who ask later")] = ""


@router.get("/proposals", summary="Pairs of nodes that may be one, likeliest first, each with its reasons",
            responses={202: {"description": "They are being found: the job, as /jobs shows it; ask again after Retry-After seconds"}})  # fmt: skip
def proposals(request: Request, graph: OpenGraph, kind: KindName | None = None, limit: Limit = 50, cursor: Cursor = None,
              undecided: Annotated[bool, Query(description="Leave out what was marked unsure")] = True,
              again: Annotated[bool, Query(description="Try once more what failed")] = False) -> Response:  # fmt: skip
    jobs: Jobs = request.app.state.jobs
    if not proposing(jobs, graph, again or jobs.state.state == "cancelled"):
        if jobs.state.what == PROPOSING and jobs.state.state == "failed":
            raise InnochainError(f"the pairs could not be found: {jobs.state.error}; ask with again=true to try once more")
        at = request.url.path.replace("/review/proposals", "/jobs")
        waits = answer({"job": jobs.shown(), "jobs": at, "graph_version": graph.version().shown}, 202)
        waits.headers["Retry-After"], waits.headers["Link"] = "1", f'<{at}>; rel="monitor"'
        return waits
    version, given = str(graph.version().current), {"kind": kind, "undecided": undecided, "limit": limit}
    skip = read_cursor(cursor, version, "proposals", given) if cursor else 0
    waiting = open_proposals(graph.settings.workspace, graph.snapshot(), region_names(), undecided=undecided)
    found = [p for p in waiting if kind in (None, p.kind)]
    following = make_cursor(version, "proposals", given, skip + limit) if len(found) > skip + limit else None
    return listed([asdict(p) for p in found[skip : skip + limit]], graph.version().shown, following, total=len(found))


@router.get("/decisions", summary="People's decisions that hold, latest first")
def taken(graph: OpenGraph, limit: Limit = 100) -> Response:
    found = decisions(graph.settings.workspace)
    return listed([asdict(d) for d in found[:limit]], graph.version().shown, truncated=len(found) > limit, total=len(found))


@router.post("/decisions", status_code=201, summary="Take a decision; it changes the graph at the next build")
def take(request: Request, graph: OpenGraph, judgement: Judgement) -> Response:
    may_write(request)
    made = decide(graph.settings.workspace, graph.snapshot(), **judgement.model_dump())
    return answer({"claim": made.claim_id, **judgement.model_dump(), "graph_version": graph.version().shown}, 201)


def may_write(request: Request, content: str = "application/json") -> None:
    """Only with a review key, or from this machine while no key is set. A page of another site cannot make a browser do it: JSON it may
    not send, and a form of it comes with its origin.

    Raises Denied, BadParameter.
    """
    if not request.headers.get("content-type", "").startswith(content):  # a form of another site could be sent without asking
        raise BadParameter(f"this is sent as {content}", errors=[{"parameter": "content-type"}])
    keys = request.app.state.settings.review_keys
    if held_key(request, keys):
        return
    origin = request.headers.get("origin")
    here = loopback(request.client.host if request.client else None) and loopback(request.url.hostname)
    if keys or not here or (origin and urlsplit(origin).netloc != request.url.netloc):
        raise Denied("writing wants a review key: Authorization: Bearer … (INNOCHAIN_REVIEW_KEYS)")
