"""Readers on both stores of a workspace that a test module made: published once, closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from graph.snapshot import open_current
from queries.reader import Reader
from tests.contract.world import empty, quiet, settings_for


@contextmanager
def published(workspace: Path, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader of the engine that `request.param` names."""
    snapshot = open_current(workspace)
    with closing(Reader(settings_for(request.param, workspace, request))) as reader:
        if request.param == "neo4j":
            empty(request.getfixturevalue("neo4j_url"))
        reader.store.apply(snapshot, quiet)
        yield reader
