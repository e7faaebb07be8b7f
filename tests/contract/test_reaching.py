"""A store that cannot be reached says so in one clear sentence, and no secret travels in an address."""

from __future__ import annotations

import socket
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from graph.errors import StoreUnavailable
from graph.settings import Settings
from graph.store.open import open_store
from tests.contract.world import World, quiet


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_a_server_that_is_down(tmp_path: Path, scheme: str) -> None:
    with socket.socket() as probe:  # a port that was free a moment ago: nothing listens there
        probe.bind(("127.0.0.1", 0))
        address = f"{scheme}://127.0.0.1:{probe.getsockname()[1]}"
    settings = Settings(workspace=tmp_path, store=address, neo4j_password=SecretStr("unseen-secret"))
    began = time.monotonic()
    with closing(open_store(settings)) as store:
        for action in (store.version, lambda: store.ask("RETURN 1 AS one", {}, 1, 1), lambda: store.define(store.ontology)):
            with pytest.raises(StoreUnavailable) as e:
                action()
            assert str(e.value) == f"no Neo4j server answers at {address}; start it, or correct --store"
            assert e.value.status == 503
    assert time.monotonic() - began < 10, "the first contact is not retried"


def test_a_wrong_password(neo4j_url: Any, tmp_path: Path) -> None:
    # a user that does not exist: three wrong passwords for a real one would lock out the other tests
    settings = Settings(workspace=tmp_path, store=neo4j_url.url, neo4j_user="nobody", neo4j_password=SecretStr("unseen-secret"))
    with closing(open_store(settings)) as store:
        for action in (store.version, lambda: store.ask("RETURN 1 AS one", {}, 1, 1), lambda: store.apply(World(tmp_path).build(), quiet)):
            with pytest.raises(StoreUnavailable) as e:
                action()
            assert "refuses the user or the password; set INNOCHAIN_NEO4J_USER and INNOCHAIN_NEO4J_PASSWORD" in str(e.value)
            assert "unseen-secret" not in str(e.value)


@pytest.mark.parametrize("address", ["neo4j://neo4j:secret@localhost:7687", "bolt://:secret@localhost", "neo4j+s://somebody@host:7687"])
def test_a_password_inside_the_address_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValidationError, match="no user or password inside the address: set INNOCHAIN_NEO4J_USER"):
        Settings(workspace=tmp_path, store=address)


@pytest.mark.parametrize("address", ["http://localhost:7687", "neo4j://", "Embedded", "localhost:7687", ""])
def test_what_is_no_store_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValidationError, match="a store is `embedded` or an address such as neo4j://host:7687"):
        Settings(workspace=tmp_path, store=address)


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path, store="neo4j://localhost:7687", neo4j_password=SecretStr("unseen-secret"))
    assert "unseen-secret" not in repr(settings)


def test_a_lost_embedded_file_is_said(tmp_path: Path) -> None:
    """The pointer names a file that is gone or spoilt: publish again, and it is there."""
    world = World(tmp_path)
    made, settings = world.build(), Settings(workspace=tmp_path, store="embedded")
    with closing(open_store(settings)) as store:
        store.apply(made, quiet)
    held = tmp_path / "embedded" / f"{made.version}.kgl"
    for spoil in (held.unlink, lambda: held.write_bytes(b"spoilt")):
        spoil()
        with closing(open_store(settings)) as store:
            with pytest.raises(StoreUnavailable, match="run `innochain build`"):
                store.version()
            store.load(made, quiet)
            assert store.version().current == made.version
