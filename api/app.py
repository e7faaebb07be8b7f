"""The HTTP service: routes put together, errors as problems, versions as ETags, closed by default off loopback."""

from __future__ import annotations

import contextlib
import inspect
import logging
import re
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api import (
    batch_pages,
    chain_pages,
    chain_routes,
    explore,
    explore_routes,
    graph_routes,
    judge_routes,
    match_pages,
    match_routes,
    pages,
    paths_routes,
    promise_pages,
    promise_routes,
    quality_routes,
    question_pages,
    questions,
    registry_pages,
    review_pages,
    review_routes,
    upload_routes,
)
from api.inputs import API as API
from api.inputs import FOR_TODAY, SYNTHETIC, answer, held_key, loopback, only_declared
from api.jobs import Jobs
from api.view import in_chinese
from graph.errors import BadParameter, Denied, InnochainError, Merged
from graph.settings import Settings
from queries.reader import Reader

UNVERSIONED = tuple(API + p for p in ("/review", "/jobs", "/uploads", "/quarantine", "/match/marks"))  # what changes between two graph versions
log = structlog.get_logger()
Next = Callable[[Request], Awaitable[Response]]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service of a workspace. Raises BadDeclaration when a question file does not hold."""
    settings = settings or Settings()
    graph = Reader(settings)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        graph.close()

    app = FastAPI(title="Innochain", version="1", summary="Paths, evidence and questions of the innovation chain", lifespan=life,
                  openapi_url=f"{API}/openapi.json", docs_url=None, redoc_url=None)  # fmt: skip
    app.state.reader, app.state.settings, app.state.jobs = graph, settings, Jobs()
    app.state.for_today = []
    for routes, tag in ((graph_routes.router, "graph"), (paths_routes.router, "paths"), (explore_routes.router, "views"),
                        (match_routes.router, "match"), (chain_routes.router, "chain"), (judge_routes.router(settings), "standards"),
                        (promise_routes.router, "promises"), (quality_routes.router, "quality"), (review_routes.router, "review"),
                        (review_pages.jobs_router, "review"), (upload_routes.router, "ingest")):  # fmt: skip
        app.include_router(routes, prefix=API, tags=[tag], dependencies=[Depends(only_declared)])
        app.state.for_today += _for_today(routes)
    app.include_router(questions.router(graph.catalogue), prefix=API)
    app.add_api_route(f"{API}/ontology", questions.ontology, methods=["GET"], summary="The ontology", tags=["graph"])
    app.add_api_route("/healthz", lambda: answer({"status": "alive"}), methods=["GET"], summary="The process answers", tags=["state"])
    app.add_api_route("/readyz", _ready, methods=["GET"], summary="The graph answers, and which version", tags=["state"])
    explore.mount(app)
    pages.mount(app)
    for shown in (match_routes.pages, match_pages.router, batch_pages.router, registry_pages.router, chain_pages.router, promise_pages.router,
                  question_pages.router, review_pages.router):  # fmt: skip
        app.include_router(shown)
    app.add_exception_handler(InnochainError, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)
    app.middleware("http")(_headers)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, allow_origins=list(settings.cors_origins), allow_methods=["GET", "POST"])
    return app


def _ready(request: Request) -> Response:
    """200 with the version; 503 while nothing can be answered; while a publication runs, says so."""
    held = request.app.state.reader.version()
    state = "publishing" if held.publishing_to else "ready"
    return answer({"status": state, "graph_version": held.shown})


def _for_today(routes: APIRouter) -> list[tuple[re.Pattern[str], str]]:
    """(path, parameter) of routes that answer for today unless that parameter is given."""
    return [(re.compile(API + r.path_regex.pattern.removeprefix("^")), name) for r in routes.routes if isinstance(r, APIRoute)
            for name, x in inspect.get_annotations(r.endpoint, eval_str=True).items() if FOR_TODAY in getattr(x, "__metadata__", ())]  # fmt: skip


# ---- every request


def _allowed(request: Request) -> bool:
    settings: Settings = request.app.state.settings
    if held_key(request, settings.private_keys):
        return True
    if _holds(request, "private"):
        return False
    if held_key(request, (*settings.api_keys, *settings.review_keys)):
        return True
    return settings.open_reads or (not settings.api_keys and loopback(request.client.host if request.client else None))


def _holds(request: Request, what: str) -> bool:
    """Does the graph hold private facts, or `synthetic` data?"""
    try:
        return bool(request.app.state.reader.snapshot().manifest.get(what))
    except InnochainError:  # there is nothing yet
        return False


async def _headers(request: Request, call_next: Next) -> Response:
    request.state.request_id = uuid.uuid4().hex[:12]
    began = time.perf_counter()
    SYNTHETIC.set(not request.url.path.startswith(("/healthz", "/static")) and _holds(request, "synthetic"))
    if not request.url.path.startswith(("/healthz", "/static")) and not _allowed(request):
        response: Response = _answer_problem(request, Denied("this server wants a key: Authorization: Bearer …"))
    elif (early := _not_modified(request)) is not None:
        response = early
    else:
        response = await call_next(request)
    _security(request, response)
    log.info("request", method=request.method, path=request.url.path, status=response.status_code, request_id=request.state.request_id,
             ms=round(1000 * (time.perf_counter() - began), 1))  # fmt: skip
    return response


def _not_modified(request: Request) -> Response | None:
    """304 when the caller holds this graph version. Sets what `_security` writes into the headers."""
    request.state.version = None
    if request.method != "GET" or not request.url.path.startswith(API) or request.url.path.startswith(UNVERSIONED):
        return None
    if any(name not in request.query_params and path.match(request.url.path) for path, name in request.app.state.for_today):
        return None
    try:
        held = request.app.state.reader.version()
    except InnochainError:
        return None
    if held.publishing_to:
        return None
    request.state.version = held.current
    return Response(status_code=304) if f'"{held.current}"' in request.headers.get("if-none-match", "") else None


def _security(request: Request, response: Response) -> None:
    settings: Settings = request.app.state.settings
    headers = response.headers
    headers["X-Request-Id"] = request.state.request_id
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if SYNTHETIC.get():
        headers["X-Innochain-Synthetic"] = "true"
    headers.setdefault("Content-Security-Policy",
                       f"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {settings.frame_ancestors}")
    version = getattr(request.state, "version", None)
    if request.url.path.startswith(API):
        good = version and response.status_code in (200, 304)
        headers["Cache-Control"] = "no-cache" if good else "no-store"
        if good:
            headers["ETag"] = f'"{version}"'


# ---- errors


def _answer_problem(request: Request, e: InnochainError) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "title": type(e).__name__, "status": e.status, "detail": e.detail,
                            "detail_zh": in_chinese(e.detail), "code": e.code, "errors": e.errors,
                            "request_id": getattr(request.state, "request_id", ""), **e.particulars}  # fmt: skip
    headers = {"Retry-After": "5"} if e.status in (429, 503) else {}
    if isinstance(e, Denied):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(e, Merged):
        old, new, query = str(e.particulars["old"]), str(e.particulars["id"]), f"?{request.url.query}" if request.url.query else ""
        headers["Location"] = (request.url.path + query).replace(old, new).replace(quote(old, safe=""), new)
    return Response(orjson.dumps(body, default=str), e.status, headers, "application/problem+json")


async def _problem(request: Request, e: Exception) -> Response:
    assert isinstance(e, InnochainError)
    return pages.problem(request, e) if _wants_page(request) and not isinstance(e, Merged) else _answer_problem(request, e)


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith((API, "/healthz", "/readyz"))


async def _invalid(request: Request, e: Exception) -> Response:
    assert isinstance(e, RequestValidationError)
    errors = [{"parameter": ".".join(str(x) for x in x["loc"][1:]), "what": x["msg"]} for x in e.errors()]
    return await _problem(request, BadParameter("; ".join(f"{x['parameter']}: {x['what']}" for x in errors), errors=errors))


async def _http(request: Request, e: Exception) -> Response:
    assert isinstance(e, HTTPException)
    found = InnochainError(f"{request.url.path}: {e.detail}")
    found_type = type("NotFound" if e.status_code == 404 else "HttpError", (InnochainError,), {"status": e.status_code})
    return await _problem(request, found_type(found.detail))


async def _broken(request: Request, e: Exception) -> Response:
    log.error("broken", path=request.url.path, request_id=getattr(request.state, "request_id", ""), exc_info=e)
    found = InnochainError("something broke here; the log of this server has the request id")
    response = _answer_problem(request, found)
    if _wants_page(request):
        with contextlib.suppress(Exception):  # what broke may break the page, too; it is logged already
            response = pages.problem(request, found)
    _security(request, response)  # this answer does not pass the middleware
    return response


def quiet_logs() -> None:
    """Logs as one line of key=value on stderr; never parameters, keys or bodies."""
    made = structlog.processors
    line = made.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    structlog.configure(processors=[made.TimeStamper(fmt="iso"), made.add_log_level, made.format_exc_info, line],
                        logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # fmt: skip
    logging.getLogger("uvicorn.access").disabled = True
