"""An empty store of each kind, and an empty world to state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.settings import Settings
from graph.store.contract import Store
from graph.store.open import open_store
from tests.contract.world import ENGINES, World, empty, settings_for


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "neo4j":
        empty(request.getfixturevalue("neo4j_url"))
    return settings_for(request.param, tmp_path, request)


@pytest.fixture
def neo4j_settings(request: pytest.FixtureRequest, neo4j_url: Any, tmp_path: Path) -> Settings:
    empty(neo4j_url)
    return settings_for("neo4j", tmp_path, request)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with closing(open_store(settings)) as opened:
        yield opened


@pytest.fixture
def neo4j_store(neo4j_settings: Settings) -> Iterator[Store]:
    with closing(open_store(neo4j_settings)) as opened:
        yield opened
