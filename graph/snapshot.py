"""The snapshot: one canonical graph computed from the ledger, as Parquet tables and one SQLite file, under its version.

Invariant: a snapshot is a pure function of ontology, live claims and live judgements (and of ids published before, where
they keep an id against the natural order). Its folder appears whole by one rename and never changes.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph import adjacency, search
from graph.errors import BadInput, Empty, WorkspaceMismatch
from graph.identity import Resolution, resolve
from graph.ledger import IDENTITY, Ledger, write_atomically
from graph.lookup import write_lookup
from graph.ontology import Kind, Ontology, Property, Relation, load
from graph.places import write_places
from graph.records import UNCONFIRMED, claim
from graph.values import TYPES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Progress = Callable[[str], None]
_PHYSICAL = {"STRING": "VARCHAR", "INTEGER": "BIGINT", "FLOAT": "DOUBLE", "BOOLEAN": "BOOLEAN", "DATE": "DATE"}
FORM = 4  # of what a snapshot's folder holds; part of the version, so that a workspace is built anew when it changes
KEPT = 3  # snapshots kept: the current one, the one a server may still read, one to go back to

BEGINS, ENDS = ("event_date", "transfer_date"), ("valid_until",)  # days of a relation that bound when it can have held


# ---- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Snapshot:
    """A finished snapshot. Safe to share between threads; each thread gets its own SQLite connection."""

    folder: Path

    @functools.cached_property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        return found

    @property
    def version(self) -> str:
        return str(self.manifest["version"])

    def sqlite(self) -> sqlite3.Connection:
        """A read-only connection."""
        uri = f"file:{(self.folder / 'snapshot.sqlite').as_posix()}?mode=ro&immutable=1"
        return sqlite3.connect(uri, uri=True, check_same_thread=False)

    def node_tables(self) -> list[tuple[str, Path]]:
        """(kind, file) of every kind that has nodes."""
        return [(k, self.folder / f"nodes_{k}.parquet") for k in sorted(self.manifest["nodes_by_kind"])]

    def edge_tables(self) -> list[tuple[str, str, str, Path]]:
        """(relation, source kind, target kind, file) of every combination that has edges."""
        return [(r, a, b, self.folder / f"edges_{r}_{a}_{b}.parquet") for r, a, b, _ in self.manifest["edge_tables"]]


def open_current(workspace: Path, version: str | None = None) -> Snapshot:
    """The workspace's current snapshot, or the one of a version. Raises Empty or WorkspaceMismatch."""
    pointer = workspace / "snapshots" / "current"
    if version is None and not pointer.exists():
        raise Empty(f"nothing has been built in {workspace} yet; run `innochain ingest`, then `innochain build`")
    snapshot = Snapshot(workspace / "snapshots" / (version or pointer.read_text().strip()))
    if not snapshot.folder.exists():
        raise Empty(f"the snapshot {snapshot.folder.name} is not in {workspace}; run `innochain build`")
    if snapshot.manifest["ontology"] != load().hash:
        raise WorkspaceMismatch(f"{workspace} was built with another version of the ontology; run `innochain build` to bring it up to date")
    if snapshot.manifest.get("form") != FORM:
        raise WorkspaceMismatch(f"{workspace} was built by another version of Innochain; run `innochain build` to bring it up to date")
    return snapshot


# ---- SQL from the ontology -----------------------------------------------------------------------------------------


def _column(prop: Property, suffix: str, source: str, shown: str) -> str:
    """SQL of one store column out of a JSON value and its stated words."""
    kind = TYPES[prop.is_]
    path = kind.path(suffix)
    text = shown if path is None else f"json_extract_string({source}, '{path}')"
    return f"CAST({text} AS {_PHYSICAL[kind.columns[suffix]]})"


def _node_select(kind: Kind) -> str:
    columns = []
    for prop in kind.properties.values():
        if prop.kept == "snapshot":
            continue
        for suffix in TYPES[prop.is_].columns:
            # CASE, not FILTER alone: the cast must not be tried on other properties' values
            expr = f"CASE WHEN f.predicate = '{prop.name}' THEN {_column(prop, suffix, 'f.value', 'f.shown')} END"
            if prop.many:
                got = f"list(DISTINCT {expr} ORDER BY {expr}) FILTER (f.predicate = '{prop.name}')"
            else:
                got = f"max({expr}) FILTER (f.rn = 1)"
            columns.append(f'{got} AS "{prop.name}{suffix}"')
    return f"""
        SELECT n.id, k.sort_key, n.modality, n.since, n.until, any_value(p.lies_in) AS lies_in, any_value(p.lies_in_by) AS lies_in_by,
               {', '.join(columns)}
        FROM nodes n JOIN sort_keys k USING (id) LEFT JOIN places p USING (id) LEFT JOIN facts f ON f.subject = n.id
        WHERE n.kind = '{kind.name}' GROUP BY n.id, k.sort_key, n.modality, n.since, n.until"""


def _edge_key(ontology: Ontology) -> str:
    """SQL of an edge's key: the properties its relation names tell parallel edges apart."""

    def parts(relation: Relation) -> str:
        return ", ".join(f"coalesce(json_extract(value, '$.{p}.v')::VARCHAR, '')" for p in relation.key)

    cases = " ".join(f"WHEN '{r.name}' THEN concat_ws('|', {parts(r)})" for r in ontology.relations.values() if r.key)
    return f"CASE predicate {cases} ELSE '' END"


def _edge_select(relation: Relation, source: str, target: str) -> str:
    columns = []
    for prop in relation.properties.values():
        for suffix in TYPES[prop.is_].columns:
            value, shown = f"json_extract(e.value, '$.{prop.name}.v')", f"json_extract_string(e.value, '$.{prop.name}.s')"
            columns.append(f'first({_column(prop, suffix, value, shown)} ORDER BY e.rn) FILTER ({value} IS NOT NULL) AS "{prop.name}{suffix}"')
    return f"""
        SELECT e.id, e.source AS "from", e.target AS "to", any_value(e.strongest) AS modality, max(e.confidence) AS confidence,
               min(e.valid_from) AS since, max(e.valid_to) AS until, list(e.claim_id ORDER BY e.claim_id) AS evidence
               {"".join(", " + c for c in columns)}
        FROM edges e WHERE e.predicate = '{relation.name}' AND e.source_kind = '{source}' AND e.target_kind = '{target}' GROUP BY ALL"""


def _prepare(db: DuckDBPyConnection, ontology: Ontology, resolution: Resolution) -> None:
    """Tables `stated` (live claims on canonical ids, ranked), `nodes`, `facts`, `edges` in DuckDB."""
    db.execute("CREATE TABLE canon (id VARCHAR, canonical VARCHAR, why VARCHAR)")
    if resolution.canonical:
        ids = sorted(resolution.canonical)  # as lists: row by row takes DuckDB a millisecond each
        db.execute("INSERT INTO canon SELECT unnest(?), unnest(?), unnest(?)",
                   [ids, [resolution.canonical[i] for i in ids], [resolution.why[i] for i in ids]])  # fmt: skip
    db.execute("CREATE TABLE kinds (prefix VARCHAR, kind VARCHAR)")
    db.executemany("INSERT INTO kinds VALUES (?, ?)", sorted(ontology.by_prefix.items()))

    def dates(which: str, names: tuple[str, ...]) -> str:
        return ", ".join(f"CASE WHEN l.object IS NOT NULL THEN try_cast(l.value->>'$.{n}.v.{which}' AS DATE) END" for n in names)

    modality = " ".join(f"WHEN '{m}' THEN {n}" for n, m in enumerate(ontology.modalities))
    # Who wins: a confirmed source over a mirror, then the issuer's own document, then the later document, then the smaller hash.
    db.execute(f"""
        CREATE TABLE papers AS
        SELECT coalesce(c.canonical, l.subject) AS id, min(value->>'$') FILTER (predicate = 'standing') AS standing,
               max(value->>'$.latest') FILTER (predicate = 'published') AS published, min(value->>'$') FILTER (predicate = 'licence') AS licence
        FROM live l LEFT JOIN canon c ON c.id = l.subject WHERE l.kind = 'Document' GROUP BY ALL;
        CREATE TABLE ranked AS
        SELECT l.* EXCLUDE (subject, object) REPLACE (coalesce(valid_from, {dates('earliest', BEGINS)}) AS valid_from,
                                                      coalesce(valid_to, {dates('latest', ENDS)}) AS valid_to),
               coalesce(s.canonical, l.subject) AS subject, coalesce(o.canonical, l.object) AS object,
               coalesce(d.canonical, l.evidence->>'$.document') AS document,
               CASE modality {modality} ELSE 99 END AS strength
        FROM live l LEFT JOIN canon s ON s.id = l.subject LEFT JOIN canon o ON o.id = l.object
        LEFT JOIN canon d ON d.id = (l.evidence->>'$.document');
        CREATE TABLE best AS
        SELECT r.*, row_number() OVER (ORDER BY (r.confidence <= {UNCONFIRMED})::INT, (p.standing IS DISTINCT FROM 'issuer')::INT,
                                       p.published DESC NULLS LAST, r.claim_id) AS place, p.licence
        FROM ranked r LEFT JOIN papers p ON p.id = r.document""")
    _facts(db)
    _nodes(db)
    _edges(db, ontology)
    write_places(db)


def _facts(db: DuckDBPyConnection) -> None:
    # A name that the same thing also has as an alias is a short form: it names the thing only if nothing else does.
    db.execute("""
        CREATE TABLE facts AS
        WITH own AS (SELECT * FROM best WHERE object IS NULL),
        short AS (SELECT DISTINCT subject, value FROM own WHERE predicate = 'aliases')
        SELECT own.*, row_number() OVER (PARTITION BY own.subject, predicate
                                         ORDER BY (predicate = 'name' AND short.value IS NOT NULL)::INT, place) AS rn
        FROM own LEFT JOIN short ON short.subject = own.subject AND short.value = own.value;
        INSERT INTO facts BY NAME
        SELECT f.* REPLACE ('aliases' AS predicate, 1 AS rn) FROM facts f
        JOIN (SELECT subject, value FROM facts WHERE predicate = 'name' AND rn = 1) w ON w.subject = f.subject
        WHERE f.predicate = 'name' AND f.value <> w.value
          AND NOT EXISTS (FROM facts a WHERE a.subject = f.subject AND a.predicate = 'aliases' AND a.value = f.value);
        DELETE FROM facts a USING facts w WHERE a.predicate = 'aliases' AND w.predicate = 'name' AND w.rn = 1
          AND w.subject = a.subject AND w.value = a.value""")


def _nodes(db: DuckDBPyConnection) -> None:
    db.execute("""
        CREATE TABLE nodes AS
        WITH ids AS (SELECT subject AS id FROM best UNION SELECT object FROM best WHERE object IS NOT NULL)
        SELECT i.id, k.kind, coalesce(arg_min(b.modality, b.strength) FILTER (b.predicate = 'name'), 'done') AS modality,
               min(b.valid_from) FILTER (b.predicate = 'name') AS since, max(b.valid_to) FILTER (b.predicate = 'name') AS until
        FROM ids i JOIN kinds k ON k.prefix = split_part(i.id, ':', 1) LEFT JOIN best b ON b.subject = i.id AND b.object IS NULL
        GROUP BY i.id, k.kind""")
    db.execute("""
        CREATE TABLE shown_names AS
        SELECT n.id, coalesce(max(f.value->>'$') FILTER (f.predicate = 'name' AND f.rn = 1),
                              max(f.value->>'$') FILTER (list_contains(?, f.predicate) AND f.rn = 1), n.id) AS name
        FROM nodes n LEFT JOIN facts f ON f.subject = n.id GROUP BY n.id""", [sorted({"code", *(c for k in load().kinds.values() for c in k.codes)})])
    db.create_function("sort_key", search.sort_key, ["VARCHAR"], "VARCHAR")
    db.execute("CREATE TABLE sort_keys AS SELECT id, name, sort_key(name) AS sort_key FROM shown_names")


def _edges(db: DuckDBPyConnection, ontology: Ontology) -> None:
    symmetric = [r.name for r in ontology.relations.values() if r.symmetric]
    db.execute(f"""
        CREATE TABLE edges AS
        WITH turned AS (
            SELECT * EXCLUDE (source), CASE WHEN list_contains(?, predicate) THEN least(subject, object) ELSE subject END AS source,
                   CASE WHEN list_contains(?, predicate) THEN greatest(subject, object) ELSE object END AS target
            FROM best WHERE object IS NOT NULL AND subject <> object
        ), keyed AS (
            SELECT *, 'e' || substr(sha256(concat_ws(chr(31), predicate, source, target, {_edge_key(ontology)})), 1, 16) AS id FROM turned
        )
        SELECT k.*, a.kind AS source_kind, b.kind AS target_kind, row_number() OVER (PARTITION BY k.id ORDER BY k.place) AS rn,
               first(k.modality) OVER (PARTITION BY k.id ORDER BY k.strength, k.place) AS strongest
        FROM keyed k JOIN nodes a ON a.id = k.source JOIN nodes b ON b.id = k.target""", [symmetric, symmetric])  # fmt: skip


# ---- building ------------------------------------------------------------------------------------------------------


def version_of(db: DuckDBPyConnection, ontology: Ontology, choices: list[tuple[str, str]]) -> str:
    """sha256 over the ontology, the sorted hashes of live claims and judgements, and ids kept against the natural order."""
    h = hashlib.sha256(f"{ontology.hash}.{FORM}".encode())
    cursor = db.execute("""
        SELECT claim_id AS x FROM live UNION ALL SELECT concat_ws('|', verdict, subject, object) FROM judgements
        WHERE verdict NOT IN ('withdrawn', 'unsure') ORDER BY x""")
    while rows := cursor.fetchmany(50_000):
        h.update("".join(r[0] for r in rows).encode())
    for kept, natural in choices:
        h.update(f"{kept}<{natural}".encode())
    return h.hexdigest()[:16]


def build(workspace: Path, *, known_at: dt.datetime | None = None, progress: Progress = lambda _: None, private: bool = False) -> Snapshot:
    """Compute the snapshot of what is live and make it current. The caller holds `writing()`.

    The facts of private sources are left out unless `private`; the manifest then says so, and the server asks for the scope.
    Raises Empty when nothing is live, Contradiction on judgements that cannot all hold, BadInput when claims of an older
    ontology no longer fit. With `known_at`, replays what was known then; such a snapshot is not made current.
    """
    import duckdb

    ontology, ledger, folder = load(), Ledger(workspace), workspace / "snapshots"
    with duckdb.connect() as db:
        progress("reading the ledger")
        ledger.load(db, known_at, private)
        resolution = _resolved(db, ontology, workspace)
        version = version_of(db, ontology, resolution.choices)
        final, beside = folder / version, folder / f".{version}.{os.getpid()}"
        for left in folder.glob(".*"):  # of a killed build: folders, or a pointer that was not yet moved into place
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        if not (final / "manifest.json").exists():
            beside.mkdir(parents=True)
            try:
                progress("joining identities")
                _prepare(db, ontology, resolution)
                progress("writing tables")
                counts = _write(db, ontology, beside)
                progress("writing evidence and the search index")
                write_lookup(db, ontology, beside / "snapshot.sqlite", resolution)
                adjacency.write_arrays(db, ontology, beside, [(k, beside / f"nodes_{k}.parquet") for k in counts["nodes_by_kind"]],
                                       [beside / f"edges_{r}_{a}_{b}.parquet" for r, a, b, _ in counts["edge_tables"]])
                progress("making it current")
                manifest = {"version": version, "form": FORM, "ontology": ontology.hash, "private": private and bool(ledger.private()),
                            "synthetic": ledger.synthetic(), **counts, "choices": resolution.choices}
                (beside / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
                beside.rename(final)
            except BaseException:
                shutil.rmtree(beside, ignore_errors=True)
                raise
        snapshot = Snapshot(final)
        if known_at is None:
            _publish_ids(db, ledger, snapshot)
            write_atomically(folder / "current", version)
            _forget(folder, version)
    return snapshot


def _resolved(db: DuckDBPyConnection, ontology: Ontology, workspace: Path) -> Resolution:
    if not (db.execute("SELECT count(*) FROM live").fetchone() or (0,))[0]:
        raise Empty(f"no claim is live in {workspace}; run `innochain ingest` first")
    known = {*ontology.relations, *(p for k in ontology.kinds.values() for p in k.properties)}
    strange = [r for r in db.execute("SELECT DISTINCT kind, predicate, source FROM live ORDER BY ALL").fetchall()
               if r[0] not in ontology.kinds or r[1] not in known]  # fmt: skip
    if strange:
        raise BadInput("claims of an older ontology no longer fit; ingest their sources again: "
                       + "; ".join(f"{k}.{p} of {s}" for k, p, s in strange[:10]))
    return resolve(db, ontology)


def _write(db: DuckDBPyConnection, ontology: Ontology, folder: Path) -> dict[str, Any]:
    def out(select: str, name: str) -> int:
        db.execute(f"CREATE OR REPLACE TABLE t AS {select}")
        # a content hash a row: publishing compares these, not the rows
        hashed = "SELECT *, substr(sha256(to_json(t)::VARCHAR), 1, 16) AS hash FROM t ORDER BY id"
        db.execute(f"COPY ({hashed}) TO ? (FORMAT parquet, COMPRESSION zstd)", [str(folder / name)])
        return int((db.execute("SELECT count(*) FROM t").fetchone() or (0,))[0])

    nodes = {}
    for (name,) in db.execute("SELECT DISTINCT kind FROM nodes ORDER BY 1").fetchall():
        select = f"SELECT t.* REPLACE (coalesce(t.name, k.name) AS name) FROM ({_node_select(ontology.kinds[name])}) t JOIN sort_keys k USING (id)"
        nodes[name] = out(select, f"nodes_{name}.parquet")
    tables = []
    for relation, source, target in db.execute("SELECT DISTINCT predicate, source_kind, target_kind FROM edges ORDER BY ALL").fetchall():
        if not ontology.allows(relation, source, target):
            raise BadInput(f"the ontology does not allow {source} {relation} {target}; ingest the source that states it again")
        select = _edge_select(ontology.relations[relation], source, target)
        tables.append((relation, source, target, out(select, f"edges_{relation}_{source}_{target}.parquet")))
    relations: dict[str, int] = {}
    for relation, _, _, n in tables:
        relations[relation] = relations.get(relation, 0) + n
    return {"nodes": sum(nodes.values()), "edges": sum(relations.values()), "nodes_by_kind": nodes, "edges_by_relation": relations,
            "edge_tables": tables}


def _publish_ids(db: DuckDBPyConnection, ledger: Ledger, snapshot: Snapshot) -> None:
    """Write into the ledger the ids that this snapshot is the first to publish, so that they are kept from now on."""
    tables = [str(p) for _, p in snapshot.node_tables()]
    fresh = db.execute("SELECT id FROM read_parquet(?, union_by_name=true) WHERE id NOT IN (SELECT id FROM published) ORDER BY id", [tables])
    ids = [r[0] for r in fresh.fetchall()]
    if ids:
        with ledger.run(IDENTITY) as run:
            run.add(claim(IDENTITY, i, "published", "{}") for i in ids)
            run.close(complete=False)


def _forget(folder: Path, current: str) -> None:
    others = sorted((p for p in folder.iterdir() if p.is_dir() and p.name != current), key=lambda p: p.stat().st_mtime)
    for old in others[: -(KEPT - 1)]:
        shutil.rmtree(old, ignore_errors=True)
