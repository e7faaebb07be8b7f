"""All shipped facts and the synthetic chain, built once a session for all workers; a reader of it on each store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from graph.snapshot import Snapshot, open_current
from queries.reader import Reader
from tests.contract.world import ENGINES, empty, quiet, settings_for
from tests.golden.renew import build
from tests.shipped import Once


@pytest.fixture(scope="session")
def whole(once: Once) -> Snapshot:
    return open_current(once("whole", build))


@pytest.fixture(scope="module", params=ENGINES)
def opened(request: pytest.FixtureRequest, whole: Snapshot) -> Iterator[Reader]:
    settings = settings_for(request.param, whole.folder.parent.parent, request)
    with closing(Reader(settings)) as reader:
        if request.param == "neo4j" and reader.store.version().current != whole.version:
            empty(request.getfixturevalue("neo4j_url"))
        with FileLock(Path(f"{whole.folder}.publishing.lock")):
            reader.store.apply(whole, quiet)
        yield reader


@pytest.fixture
def reader(opened: Reader, whole: Snapshot) -> Any:
    opened.store.apply(whole, quiet)  # nothing to do, unless another module used the server in between
    return opened
