"""What comes in over HTTP: the reader, the filter object, lists, and answers as bytes with their version."""

from __future__ import annotations

import contextvars
import datetime as dt
import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request, Response

from graph.errors import BadParameter
from graph.reach import Filter
from graph.records import KindName, Modality, RelationName
from queries.reader import Reader, plain

API = "/api/v1"


def reader(request: Request) -> Reader:
    """The opened graph of this server."""
    found: Reader = request.app.state.reader
    return found


async def only_declared(request: Request) -> None:
    """A parameter that a route does not have is said, not passed over: `fields=` for `field=` would change the answer in silence.

    On the event loop, where FastAPI finds its routes: what it works out of them at the first request is not worked out by two threads at once.
    """
    method = "get" if request.method == "HEAD" else request.method.lower()
    declared = request.app.openapi()["paths"].get(API + request.scope["route"].path, {}).get(method, {}).get("parameters", ())
    known = {x["name"] for x in declared if x["in"] == "query"}
    for key in request.query_params:
        if key not in known:
            raise BadParameter(f"there is no parameter {key!r} here; there are {', '.join(sorted(known)) or 'none'}", errors=[{"parameter": key}])


OpenGraph = Annotated[Reader, Depends(reader)]
Limit = Annotated[int, Query(ge=1, le=200, description="Most items in one answer")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the answer before")]
Explain = Annotated[str | None, Query(pattern="^cypher$", description="`cypher`: also answer what was run")]
Kinds = Annotated[list[str], Query(description="Kinds, groups or types of organisations")]


AsOf = Annotated[dt.date | None, Query(description="Only what may have held on this day")]
FOR_TODAY = "for today"  # marks a parameter: without it a route answers for today, so the graph version alone does not name its answer
Today = Annotated[dt.date | None, Query(description="The day it is asked for; none = today"), FOR_TODAY]
Certain = Annotated[bool, Query(description="With as_of: leave out what has unknown dates")]
Confidence = Annotated[float, Query(ge=0, le=1, description="Leave out what is stated with less confidence")]
Modalities = Annotated[list[Modality], Query(description="How firmly it was stated")]
Avoid = Annotated[list[str], Query(description="Ids of nodes to keep away from", max_length=200)]
DONE = Modality.done  # type: ignore[attr-defined]


def node_filter(modalities: Annotated[list[Modality], Query(description="How firmly it was stated; empty = all")] = [],  # noqa: B006
                as_of: AsOf = None, certain: Certain = False, min_confidence: Confidence = 0.0, avoid: Avoid = []) -> Filter:  # noqa: B006  # fmt: skip
    """Of the one filter object what bears on single nodes: search takes these. (It has `kinds` of its own, with groups and types.)"""
    return Filter(modalities=tuple(map(str, modalities)), as_of=as_of, certain=certain, min_confidence=min_confidence, avoid=tuple(avoid))


def step_filter(
    relations: Annotated[list[RelationName], Query(description="Relations to use; empty = all, for paths those the ontology marks")] = [],  # noqa: B006
    kinds: Annotated[list[KindName], Query(description="Kinds of neighbours, of nodes between the ends of a path; empty = all")] = [],  # noqa: B006
    direction: Annotated[str, Query(pattern="^(any|out|in)$", description="`out`: along the relations only; `in`: neighbours")] = "any",
    as_of: AsOf = None, certain: Certain = False, min_confidence: Confidence = 0.0, modalities: Modalities = [DONE], avoid: Avoid = [],  # noqa: B006
) -> Filter:  # fmt: skip
    """Of the one filter object what bears on one step: neighbours take these."""
    return Filter(tuple(map(str, relations)), tuple(map(str, kinds)), direction, 4, as_of, certain, min_confidence, tuple(map(str, modalities)),
                  tuple(avoid))  # fmt: skip


NodeFilter = Annotated[Filter, Depends(node_filter)]
StepFilter = Annotated[Filter, Depends(step_filter)]


def path_filter(step: StepFilter, max_hops: Annotated[int, Query(ge=1, le=8)] = 4,
                through: Annotated[KindName | None, Query(description="A kind that must lie between")] = None,
                chain_only: Annotated[bool, Query(description="Never back along the chain; what has no stage may lie between")] = False,
                ) -> Filter:  # fmt: skip
    """The whole filter object."""
    return replace(step, max_hops=max_hops, through=str(through) if through else None, chain_only=chain_only)


PathFilter = Annotated[Filter, Depends(path_filter)]


SYNTHETIC = contextvars.ContextVar("synthetic", default=False)  # is this request answered from made-up data? set for every request


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer by orjson: 9 times faster than a plain dict through FastAPI for big bodies. Says so where the data is made up."""
    if SYNTHETIC.get() and isinstance(body, dict):
        body = {**body, "synthetic": True}
    return Response(orjson.dumps(plain(body)), status, media_type="application/json")


def listed(items: Sequence[Any], version: str, next_cursor: str | None = None, **more: Any) -> Response:
    """The shape of every list."""
    return answer({"items": items, "next_cursor": next_cursor, "graph_version": version, **more})


def loopback(host: str | None) -> bool:
    """Is this the address of this very machine?"""
    try:
        return host in ("localhost", "testclient") or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def held_key(request: Request, keys: Iterable[str]) -> bool:
    """Is the key of this request one of these (given as their sha256)?"""
    key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    digest = hashlib.sha256(key.encode()).hexdigest()
    return any(hmac.compare_digest(digest, k) for k in keys)
