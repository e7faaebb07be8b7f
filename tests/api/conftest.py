"""A workspace with every shipped fact, built once, a copy of it to change, and a client of its service."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.settings import Settings
from tests.shipped import Once, ship


@pytest.fixture(scope="session")
def shipped_workspace(once: Once) -> Path:
    """Read only: tests that change something ask for `workspace`."""
    return once("shipped", ship)


@pytest.fixture(scope="session")
def client(shipped_workspace: Path) -> Iterator[TestClient]:
    app = create_app(Settings(workspace=shipped_workspace, store="embedded"))
    with TestClient(app, follow_redirects=False) as made:
        yield made


@pytest.fixture
def workspace(tmp_path: Path, shipped_workspace: Path) -> Path:
    """A copy of it that a test may change."""
    made = tmp_path / "ws"
    shutil.copytree(shipped_workspace, made)
    return made


@pytest.fixture
def writer(workspace: Path) -> Iterator[TestClient]:
    """A client of the copy, on this machine, so that it may write."""
    with TestClient(create_app(Settings(workspace=workspace, store="embedded")), base_url="http://localhost", follow_redirects=False) as made:
        yield made
