"""A small world stated through the real ledger and built into a snapshot; what the tests need of each store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph import snapshot
from graph.ledger import Ledger, writing
from graph.records import Claim, Evidence, check, claim, node_id
from graph.settings import Settings
from graph.snapshot import Snapshot

ENGINES = ["embedded", "neo4j"]  # "neo4j" marks and groups a test, see tests/conftest.py


class World:
    """Collects claims of one source; `build` states them as one complete run and makes the snapshot."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.claims: list[Claim] = []
        self.document = node_id("Document", (("name", "测试文件"),))
        self.node("Document", "测试文件")

    def node(self, kind: str, name: str, *, modality: str = "done", since: str | None = None, until: str | None = None, **texts: Any) -> str:
        """A thing with properties as a source would write them ('约50家', '2024年8月'); its id."""
        made = node_id(kind, (("name", name),))
        for prop, value in check(kind, {"name": name, **texts}).items():
            for one in value if isinstance(value, list) else [value]:
                self._say(made, prop, value=one.value, shown=one.shown, modality=modality, valid_from=since, valid_to=until)
        return made

    def edge(self, source: str, relation: str, target: str, *, modality: str = "done", confidence: float = 1.0,
             since: str | None = None, until: str | None = None, **texts: str) -> None:  # fmt: skip
        value = {k: {"v": v.value, "s": v.shown} for k, v in check(relation, texts).items()}
        self._say(source, relation, object=target, value=value or None, modality=modality, confidence=confidence, valid_from=since, valid_to=until)

    def _say(self, subject: str, predicate: str, **how: Any) -> None:
        self.claims.append(claim("world", subject, predicate, Evidence(self.document, note="合成").json(), **how))

    def build(self) -> Snapshot:
        with writing(self.workspace):
            with Ledger(self.workspace).run("world") as run:
                run.add(self.claims)
                run.close(complete=True)
            return snapshot.build(self.workspace)


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def empty(server: Any) -> None:
    """Delete every node in batches; constraints stay, they are the next test's too."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()


def settings_for(engine: str, workspace: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of an engine; a Neo4j is not emptied."""
    if engine == "embedded":
        return Settings(workspace=workspace, store="embedded")
    server = request.getfixturevalue("neo4j_url")
    return Settings(workspace=workspace, store=server.url, neo4j_user=server.user, neo4j_password=server.password)
