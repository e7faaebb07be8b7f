"""What comes in over HTTP: the reader, the filter object, lists, and answers as bytes with their version."""

from __future__ import annotations

import contextvars
import datetime as dt
import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request, Response

from graph.records import KindName, Modality, RelationName
from graph.routes import Filter
from queries.reader import Reader, plain


def reader(request: Request) -> Reader:
    """The opened graph of this server."""
    found: Reader = request.app.state.reader
    return found


OpenGraph = Annotated[Reader, Depends(reader)]
Limit = Annotated[int, Query(ge=1, le=200, description="Most items in one answer")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the answer before")]
Explain = Annotated[str | None, Query(pattern="^cypher$", description="`cypher`: also answer what was run")]
Kinds = Annotated[list[str], Query(description="Kinds, groups or types of organisations")]


def path_filter(
    relations: Annotated[list[RelationName], Query(description="Relations a path may use; empty = those the ontology marks")] = [],  # noqa: B006
    kinds: Annotated[list[KindName], Query(description="Kinds allowed between the ends; empty = all")] = [],  # noqa: B006
    direction: Annotated[str, Query(pattern="^(any|out|in)$", description="`out`: along the relations only; `in`: neighbours")] = "any",
    max_hops: Annotated[int, Query(ge=1, le=8)] = 4,
    as_of: Annotated[dt.date | None, Query(description="Only what may have held on this day")] = None,
    certain: Annotated[bool, Query(description="With as_of: leave out relations of unknown dates")] = False,
    min_confidence: Annotated[float, Query(ge=0, le=1)] = 0.0,
    modalities: Annotated[list[Modality], Query(description="How firmly it was stated")] = [Modality.done],  # type: ignore[attr-defined]  # noqa: B006
    avoid: Annotated[list[str], Query(description="Ids of nodes to keep away from")] = [],  # noqa: B006
    through: Annotated[KindName | None, Query(description="A kind that must lie between")] = None,
) -> Filter:
    """The one filter object: search, neighbours, paths and views take the same names."""
    return Filter(tuple(map(str, relations)), tuple(map(str, kinds)), direction, max_hops, as_of, certain, min_confidence,
                  tuple(map(str, modalities)), tuple(avoid), str(through) if through else None)  # fmt: skip


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
