"""A workspace with every shipped fact, built once a worker, and a client of its service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.ledger import writing
from graph.settings import Settings
from graph.snapshot import build
from graph.store.open import open_store
from ingest.load import ingest
from ingest.source import chosen


@pytest.fixture(scope="session")
def shipped_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: tests that change something copy it."""
    workspace = tmp_path_factory.mktemp("shipped")
    ingest(workspace, chosen([]))
    with writing(workspace):
        snapshot = build(workspace)
        store = open_store(Settings(workspace=workspace, store="embedded"))
        store.apply(snapshot, lambda *_: None)
        store.close()
    return workspace


@pytest.fixture(scope="session")
def client(shipped_workspace: Path) -> Iterator[TestClient]:
    app = create_app(Settings(workspace=shipped_workspace, store="embedded"))
    with TestClient(app, follow_redirects=False) as made:
        yield made
