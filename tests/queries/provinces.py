"""Readers on both stores of a workspace that a test module made: published once, closed at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from graph.ledger import writing
from graph.snapshot import build, open_current
from ingest.synth import PLANTED, synth
from queries.reader import Reader
from tests.contract.world import empty, quiet, settings_for


def made_up(workspace: Path, nodes: int, seed: int) -> Path:
    """A synthetic province, built; what was planted stands in its `planted.json`."""
    synth(workspace, nodes, seed)
    with writing(workspace):
        build(workspace)
    return workspace


def planted_in(workspace: Path) -> dict[str, Any]:
    """What has to be found again."""
    found: dict[str, Any] = json.loads((workspace / PLANTED).read_text(encoding="utf-8"))
    return found


@contextmanager
def published(workspace: Path, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader of the engine that `request.param` names."""
    snapshot = open_current(workspace)
    with closing(Reader(settings_for(request.param, workspace, request))) as reader:
        if request.param == "neo4j":
            empty(request.getfixturevalue("neo4j_url"))
        reader.store.apply(snapshot, quiet)
        yield reader


def some(reader: Reader, kind: str, relation: str, like: str = "") -> list[str]:
    """Ids of a kind that have a relation (`<`: that it leads to), at the other end of which stands something like that."""
    mine, other = ("value", "subject") if relation.startswith("<") else ("subject", "value")
    rows = reader.sqlite().execute(f"SELECT DISTINCT {mine} FROM facts WHERE predicate = ? AND {mine} LIKE ? AND {other} LIKE ? ORDER BY 1",
                                   [relation.removeprefix("<"), f"{kind}:%", f"{like}%"]).fetchall()  # fmt: skip
    return [r[0] for r in rows]
