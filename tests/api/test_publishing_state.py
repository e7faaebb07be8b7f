"""While a publication to Neo4j runs, answers say so and nobody may keep them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from neo4j import GraphDatabase

from api.app import API, create_app
from graph import schema
from graph.settings import Settings
from graph.snapshot import open_current
from graph.store.open import open_store


def test_answers_during_a_publication_name_both_versions(tmp_path: Path, shipped_workspace: Path, neo4j_url: Any) -> None:
    workspace = tmp_path / "ws"
    shutil.copytree(shipped_workspace, workspace)
    settings = Settings(workspace=workspace, store=neo4j_url.url, neo4j_user=neo4j_url.user, neo4j_password=neo4j_url.password)
    with GraphDatabase.driver(neo4j_url.url, auth=(neo4j_url.user, neo4j_url.password)) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        snapshot = open_current(workspace)
        store = open_store(settings)
        store.load(snapshot, lambda *_: None)
        store.close()
        with TestClient(create_app(settings)) as client:
            settled = client.get(f"{API}/stages")
            driver.execute_query(schema.BEGIN, version="0123456789abcdef")
            moving = client.get(f"{API}/stages")
            assert moving.json()["graph_version"] == f"{snapshot.version}→0123456789abcdef" and "etag" not in moving.headers
            assert moving.headers["cache-control"] == "no-store" and client.get("/readyz").json()["status"] == "publishing"
            driver.execute_query(schema.COMMIT, version=snapshot.version, ontology=snapshot.manifest["ontology"])
            assert client.get(f"{API}/stages").headers["etag"] == settled.headers["etag"]
