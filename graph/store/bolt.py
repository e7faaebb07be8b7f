"""A Neo4j server over Bolt. The other of the two modules that import an engine.

Publishing writes `publishing_to` first and the version last; every batch is idempotent, so a killed publication is
finished by running it again. Reads are routed, so a cluster or a managed service is a change of address.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import neo4j
from neo4j.exceptions import AuthError, ClientError, DriverError, Neo4jError, ServiceUnavailable

from graph import schema
from graph.errors import BadInput, InnochainError, QueryTimeout, ReadOnly, StoreRefused, StoreUnavailable
from graph.ontology import Ontology
from graph.scan import scan
from graph.settings import Settings
from graph.snapshot import Snapshot
from graph.store.contract import Answer, Progress, Version, edge, node, shape

BATCH = 2_000  # rows a transaction: 5,000 was no faster and held twice the memory


class BoltStore:
    """See `contract.Store`."""

    def __init__(self, settings: Settings, ontology: Ontology) -> None:
        self.ontology, self.database, self.address = ontology, settings.neo4j_database, settings.store
        auth = (settings.neo4j_user, settings.neo4j_password.get_secret_value())
        logging.getLogger("neo4j").addHandler(logging.NullHandler())  # our one error says it; its own lines would only frighten
        self._reached = False
        self._driver = neo4j.GraphDatabase.driver(settings.store, auth=auth, connection_timeout=5, max_transaction_retry_time=8,
                                                  notifications_min_severity="OFF", user_agent="innochain")  # fmt: skip

    def define(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self._write(*schema.constraints(ontology))  # 76 of them: one transaction takes 1.2 s, one each 9 s
        self._write(schema.AWAIT_INDEXES)

    def load(self, snapshot: Snapshot, progress: Progress) -> None:
        self.apply(snapshot, progress)

    def apply(self, snapshot: Snapshot, progress: Progress) -> None:
        held = self.version()
        if held.current == snapshot.version and not held.publishing_to:
            return
        first = held.current is None and held.publishing_to is None
        if first and (foreign := self._read(schema.FOREIGN)[0]["n"]):
            raise StoreRefused(f"{self.address} holds {foreign} nodes that are not Innochain's; publish to an empty database")
        self.define(self.ontology)
        publication = _Publication(self, snapshot, progress, first)
        self._write(schema.BEGIN, version=snapshot.version)
        publication.run()
        self._write(schema.COMMIT, version=snapshot.version, ontology=snapshot.manifest["ontology"])

    def ask(self, text: str, params: Mapping[str, Any], timeout: float, limit: int) -> Answer:
        @neo4j.unit_of_work(timeout=timeout)
        def work(tx: neo4j.ManagedTransaction) -> tuple[list[str], list[neo4j.Record]]:
            found = tx.run(text, dict(params))
            return list(found.keys()), found.fetch(limit + 1)

        try:
            with self._session(neo4j.READ_ACCESS) as session:
                keys, records = session.execute_read(work)
        except (Neo4jError, DriverError) as e:
            raise self._error(e, timeout) from e
        rows = [{k: shape(self._plain(r[k])) for k in keys} for r in records]
        return Answer(tuple(keys), rows[:limit], len(rows) > limit)

    def version(self) -> Version:
        found = self._read(schema.READ_META)
        return Version(found[0]["version"], found[0]["publishing_to"]) if found else Version(None)

    def close(self) -> None:
        self._driver.close()

    def _session(self, mode: str) -> neo4j.Session:
        if not self._reached:  # the first time without retries: a wrong address is said at once, not after 16 s
            self._driver.verify_connectivity()
            self._reached = True
        return self._driver.session(database=self.database, default_access_mode=mode)

    def _read(self, text: str) -> list[dict[str, Any]]:
        try:
            with self._session(neo4j.READ_ACCESS) as session:
                return session.execute_read(lambda tx: tx.run(text).data())
        except (Neo4jError, DriverError) as e:
            raise self._error(e, 0) from e

    def _write(self, *texts: str, **params: Any) -> None:
        def work(tx: neo4j.ManagedTransaction) -> None:
            for text in texts:
                tx.run(text, params).consume()

        try:
            with self._session(neo4j.WRITE_ACCESS) as session:
                session.execute_write(work)
        except (Neo4jError, DriverError) as e:
            raise self._error(e, 0) from e

    def _error(self, e: Exception, timeout: float) -> InnochainError:
        code = getattr(e, "code", "") or ""
        if isinstance(e, AuthError):
            return StoreUnavailable(f"{self.address} refuses the user or the password; set INNOCHAIN_NEO4J_USER and INNOCHAIN_NEO4J_PASSWORD")
        if isinstance(e, ServiceUnavailable | DriverError):
            return StoreUnavailable(f"no Neo4j server answers at {self.address}; start it, or correct --store")
        if "TransactionTimedOut" in code:
            return QueryTimeout(f"the query did not finish within {timeout:g} s; ask for less, or raise INNOCHAIN_QUERY_SECONDS")
        if "AccessMode" in code or "Forbidden" in code:
            return ReadOnly("only reads are allowed here: the graph is changed by ingesting and building")
        if isinstance(e, ClientError):
            return BadInput(f"the store refused the query: {e}")
        return StoreUnavailable(f"{self.address} failed: {e}")

    def _plain(self, value: Any) -> Any:
        if isinstance(value, neo4j.graph.Node):
            return node(self.ontology, value.labels, {k: self._plain(v) for k, v in value.items()})
        if isinstance(value, neo4j.graph.Relationship):
            return edge(self.ontology, value.type, {k: self._plain(v) for k, v in value.items()})
        if isinstance(value, neo4j.time.Date | neo4j.time.DateTime):
            return value.to_native()
        if isinstance(value, list):
            return [self._plain(v) for v in value]
        if isinstance(value, dict):
            return {k: self._plain(v) for k, v in value.items()}
        return value


class _Publication:
    """One publication: deletes edges, writes nodes and edges that differ, deletes nodes, counts."""

    def __init__(self, store: BoltStore, snapshot: Snapshot, progress: Progress, first: bool) -> None:
        self.store, self.snapshot, self.progress, self.first = store, snapshot, progress, first
        self.done, self.total = 0, snapshot.manifest["nodes"] + snapshot.manifest["edges"]
        kinds, relations = store.ontology.kinds, store.ontology.relations
        self.nodes: dict[str, dict[str, str]] = {k: {} if first else self._held(schema.node_hashes(k)) for k in kinds}
        self.edges: dict[str, dict[str, str]] = {r: {} if first else self._held(schema.edge_hashes(r)) for r in relations}

    def run(self) -> None:
        held_nodes, held_edges = self.nodes, self.edges
        gone_edges, gone_nodes = {r: set(h) for r, h in held_edges.items()}, {k: set(h) for k, h in held_nodes.items()}
        for relation, _, _, path in self.snapshot.edge_tables():
            gone_edges[relation] -= {i for (i,) in _rows(path, ("id",))}
        for relation, ids in gone_edges.items():
            self._batches(schema.delete_edges(relation), sorted(ids), relation)
        for kind, path in self.snapshot.node_tables():
            gone_nodes[kind] -= {i for (i,) in _rows(path, ("id",))}
            self._nodes(kind, path, held_nodes[kind])
        for relation, source, target, path in self.snapshot.edge_tables():
            self._edges(relation, source, target, path, held_edges[relation])
        for kind, ids in gone_nodes.items():
            self._batches(schema.delete_nodes(kind), sorted(ids), kind)
        self._count()

    def _held(self, text: str) -> dict[str, str]:
        held = {r["id"]: r["hash"] for r in self.store._read(text)}
        if None in held:
            raise StoreRefused(f"{self.store.address} holds nodes or edges under our names but without an id; remove them, then publish again")
        return held

    def _nodes(self, kind: str, path: Path, held: Mapping[str, str]) -> None:
        all_types = tuple(self.store.ontology.kinds[kind].types)
        changed = [r for r in _records(path) if held.get(r["id"]) != r["hash"]]
        for types, rows in groupby(sorted(changed, key=lambda r: tuple(r.get("types") or ())), key=lambda r: tuple(r.get("types") or ())):
            text = schema.create_nodes(kind, types) if self.first else schema.merge_nodes(kind, types, all_types)
            self._batches(text, list(rows), kind)

    def _edges(self, relation: str, source: str, target: str, path: Path, held: Mapping[str, str]) -> None:
        rows = [{"from": r.pop("from"), "to": r.pop("to"), "p": r} for r in _records(path) if held.get(r["id"]) != r["hash"]]
        self._batches(schema.write_edges("CREATE" if self.first else "MERGE", relation, source, target), rows, relation)

    def _batches(self, text: str, rows: Sequence[Any], what: str) -> None:
        for i in range(0, len(rows), BATCH):
            self.store._write(text, rows=list(rows[i : i + BATCH]))
            self.done += len(rows[i : i + BATCH])
            self.progress(what, min(self.done, self.total), self.total)

    def _count(self) -> None:
        nodes = sum(len(self._held(schema.node_hashes(k))) for k in self.store.ontology.kinds)
        edges = sum(len(self._held(schema.edge_hashes(r))) for r in self.store.ontology.relations)
        wanted = (self.snapshot.manifest["nodes"], self.snapshot.manifest["edges"])
        if (nodes, edges) != wanted:
            raise StoreRefused(f"the server holds {nodes} nodes and {edges} edges, the snapshot {wanted[0]} and {wanted[1]}; publish again")


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    with scan() as db:
        cursor = db.execute(f"SELECT {', '.join(columns)} FROM read_parquet(?) ORDER BY id", [str(path)])
        while rows := cursor.fetchmany(10_000):
            yield from rows


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with scan() as db:
        cursor = db.execute("SELECT * FROM read_parquet(?) ORDER BY id", [str(path)])
        names = [d[0] for d in cursor.description or ()]
        while rows := cursor.fetchmany(10_000):
            for row in rows:
                yield {k: v for k, v in zip(names, row, strict=True) if v is not None}
