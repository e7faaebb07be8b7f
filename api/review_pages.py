"""Pages that change something: judging what may be one thing, side by side and with sources; bringing material in; building."""

from __future__ import annotations

import contextlib
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from api.inputs import answer
from api.jobs import AT_ONCE, PROPOSING, Jobs, proposing, rebuild
from api.review_routes import FORM, may_write
from api.view import Here, View
from graph.errors import BadParameter, Busy
from graph.review import decisions, open_proposals
from ingest import quarantine
from ingest.forms import forms
from ingest.publications import region_names

VERDICTS = {"same": {"zh": "同一个", "en": "same"}, "different": {"zh": "不同", "en": "different"}, "unsure": {"zh": "不能定", "en": "unsure"},
            "wrong": {"zh": "不对", "en": "wrong"}, "withdrawn": {"zh": "已撤回", "en": "withdrawn"}}  # fmt: skip
SHOWN, LISTED = 14, 50  # facts of a side; decisions listed
router = APIRouter(include_in_schema=False)
jobs_router = APIRouter(tags=["review"])


@router.get("/review")
def review(view: Here, kind: Annotated[str, Query(max_length=60)] = "", at: Annotated[int, Query(ge=0)] = 0,
           again: bool = False) -> Response:  # fmt: skip
    """`again` = try once more what went wrong."""
    if kind and kind not in view.ontology.kinds:
        raise BadParameter(f"kind: {kind!r} is no kind", errors=[{"parameter": "kind", "value": kind}])
    workspace, reader = view.reader.settings.workspace, view.reader
    if not proposing(view.request.app.state.jobs, reader, again):
        return _not_yet(view)
    waiting = open_proposals(workspace, reader.snapshot(), region_names())
    kinds: dict[str, int] = {}
    for one in waiting:
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    matching = [one for one in waiting if kind in ("", one.kind)]
    at = min(at, max(0, len(matching) - 1))
    p = matching[at] if matching else None
    decided = decisions(workspace)[:LISTED]
    named = view.names({i for d in decided for i in (d.subject, d.object) if i and ":" in i})
    return view.page("review.html", p=p, at=at, matching=len(matching), total=len(waiting), kind=kind, kinds=sorted(kinds.items()), decided=decided,
                     sides=[_side(view, p.a, p.name_a), _side(view, p.b, p.name_b)] if p else [], verdicts=VERDICTS,
                     names={i: n.name for i, n in named.items()}, job=view.request.app.state.jobs.state)  # fmt: skip


def _not_yet(view: View) -> Response:
    """A page that waits for the proposals and asks again by itself, with or without JavaScript."""
    jobs: Jobs = view.request.app.state.jobs
    ours, failed, cancelled = jobs.state.what == PROPOSING, jobs.state.state == "failed", jobs.state.state == "cancelled"
    page = view.page("waiting.html", 500 if failed else 200 if cancelled else 202, job=jobs.state, ours=ours, failed=failed, cancelled=cancelled)
    page.headers["Cache-Control"] = "no-store"
    if not (failed or cancelled):  # also where the job has ended just now
        page.headers["Refresh"] = f"1; url={view.here(again=None)}"  # named: Chromium does not load a page with a # anew by itself
    return page


def _side(view: View, node_id: str, name: str) -> dict[str, Any]:
    """One of the two: its telling facts first, its relations by number."""
    node = view.reader.node(node_id)
    kind = view.ontology.kinds[node.kind]
    first = ("name", "aliases", *kind.codes)
    facts = [{"label": f["label"][view.lang], "claim": f["claim"], "text": view.said(kind.properties[f["predicate"]], f["value"], f["shown"])}
             for f in sorted(view.reader.facts(node_id), key=lambda f: f["predicate"] not in first)]  # fmt: skip
    counts = view.reader.ask("neighbour_counts", {"node": node_id}).rows
    relations = [(view.relation(c["relation"], c["direction"] == "in"), c["edges"]) for c in counts]
    return {"node": node, "name": name, "facts": facts[:SHOWN], "merged": view.reader.merged_from(node_id), "relations": relations}


@router.get("/upload")
def upload(view: Here) -> Response:
    """Where a department brings its tables and documents."""
    waiting = quarantine.waiting(view.reader.settings.workspace)
    return view.page("upload.html", forms=[(n, m.title) for n, m in forms().items()], waiting=waiting,
                     job=view.request.app.state.jobs.state)


# ---- building from the page


@jobs_router.get("/jobs", summary="What this server is working on, or worked on last")
def job(request: Request) -> Response:
    held: Jobs = request.app.state.jobs
    return answer(held.shown())


@jobs_router.post("/jobs/cancel", status_code=202, summary="End the running job; nothing is left half written")
def cancel(request: Request) -> Response:
    may_write(request)
    held: Jobs = request.app.state.jobs
    return answer(held.cancel(), 202)


@router.post("/jobs/cancel")
async def cancelled(view: Here) -> Response:
    """The same from a form; back to the page it stood on."""
    may_write(view.request, FORM)
    jobs: Jobs = view.request.app.state.jobs
    with contextlib.suppress(Busy):  # the page says that it has gone too far
        jobs.cancel()
    await run_in_threadpool(jobs.wait, AT_ONCE)
    back = parse_qs((await view.request.body()).decode("utf-8", "replace")).get("back", [""])[0]
    return RedirectResponse(view.url("/upload" if back == "upload" else "/review"), 303)


@jobs_router.post("/build", status_code=202, summary="Build the graph from the ledger and publish it")
def build(request: Request) -> Response:
    may_write(request)
    held: Jobs = request.app.state.jobs
    settings = request.app.state.settings
    private = bool(request.app.state.reader.snapshot().manifest.get("private"))
    return answer(held.start("build", lambda report: rebuild(settings, private, report)), 202)
