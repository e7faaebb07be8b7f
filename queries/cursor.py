"""Cursors of paged questions: opaque, sealed, and good for one graph version only."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from graph.errors import BadParameter, CursorGone


def _mark(version: str, name: str, given: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps([name, {k: str(v) for k, v in sorted(given.items())}]) + version.encode()).hexdigest()[:16]


def make_cursor(version: str, name: str, given: Mapping[str, Any], skip: int) -> str:
    """An opaque cursor. It signs version, question, parameters and skip: changed anywhere, it is refused."""
    body = f"{version}.{_mark(version, name, given)}.{skip}"
    seal = hmac.new(version.encode(), body.encode(), "sha256").hexdigest()[:16]
    return base64.urlsafe_b64encode(f"{body}.{seal}".encode()).decode().rstrip("=")


def read_cursor(cursor: str, version: str, name: str, given: Mapping[str, Any]) -> int:
    """The skip of a cursor. Raises CursorGone after a new version, BadParameter when it was made for another question."""
    try:
        made, mark, skip, seal = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(".")
        good = hmac.compare_digest(seal.encode(), hmac.new(made.encode(), f"{made}.{mark}.{skip}".encode(), "sha256").hexdigest()[:16].encode())
    except ValueError:
        good, made, mark, skip = False, "", "", "0"
    if not good:
        raise BadParameter("cursor: this is none of ours; start again without a cursor", errors=[{"parameter": "cursor"}])
    if made != version:
        raise CursorGone("the graph has a new version since this cursor was made; start again without a cursor")
    if mark != _mark(version, name, given):
        raise BadParameter("cursor: it belongs to other parameters; start again without a cursor", errors=[{"parameter": "cursor"}])
    return int(skip)
