"""The snapshot's one SQLite file: facts with their evidence, documents, ids that were joined, what rests on little, the search index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph import search
from graph.identity import Resolution
from graph.ontology import Ontology
from graph.records import UNCONFIRMED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SQLITE = """
CREATE TABLE facts (subject TEXT NOT NULL, predicate TEXT NOT NULL, value TEXT, shown TEXT, claim TEXT NOT NULL, won INTEGER NOT NULL,
  sure INTEGER NOT NULL); -- sure: 0 where this claim was seen only on an unconfirmed source
CREATE TABLE evidence (claim TEXT PRIMARY KEY, document TEXT NOT NULL, start INTEGER, "end" INTEGER, sheet TEXT, row INTEGER, "column" TEXT,
  quote_sha256 TEXT, note TEXT, source TEXT NOT NULL, licence TEXT, confidence REAL NOT NULL, modality TEXT NOT NULL, recorded_at TEXT NOT NULL);
CREATE TABLE documents (id TEXT PRIMARY KEY, name TEXT NOT NULL, issuer TEXT, document_no TEXT, published TEXT, publisher TEXT, url TEXT,
  licence TEXT, standing TEXT, read_sha256 TEXT, text_sha256 TEXT, text TEXT);
CREATE TABLE referents (id TEXT PRIMARY KEY, canonical TEXT NOT NULL, name TEXT, why TEXT NOT NULL);
CREATE TABLE thin (kind TEXT NOT NULL, node TEXT NOT NULL, claims INTEGER NOT NULL, documents INTEGER NOT NULL, confidence REAL NOT NULL,
  PRIMARY KEY (kind, node)) WITHOUT ROWID;
CREATE TABLE ambiguous (kind TEXT NOT NULL, name TEXT NOT NULL, ids TEXT NOT NULL, why TEXT NOT NULL);
"""
DOCUMENT_FACTS = ("issuer", "document_no", "published", "publisher", "url", "licence", "standing", "read_sha256", "text_sha256", "text")
INDEXES = """
CREATE INDEX facts_subject ON facts(subject, predicate, value);
CREATE INDEX facts_claim ON facts(claim);
CREATE INDEX facts_lost ON facts(subject, predicate) WHERE won = 0;
CREATE INDEX evidence_document ON evidence(document, start);
CREATE INDEX referents_canonical ON referents(canonical);
"""



def _rows(db: DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    cursor = db.cursor().execute(sql)
    while rows := cursor.fetchmany(20_000):
        yield from rows


def write_lookup(db: DuckDBPyConnection, ontology: Ontology, path: Path, resolution: Resolution) -> None:
    many = ", ".join(f"('{k.name}', '{p.name}')" for k in ontology.kinds.values() for p in k.properties.values() if p.many)
    sure = f"({{0}}document IS NULL OR {{0}}confidence > {UNCONFIRMED})::INT"
    queries = {
        "facts": f"""
            SELECT f.subject, f.predicate, f.value, f.shown, f.claim_id,
                   (w.value = f.value OR (k.kind, f.predicate) IN ({many}))::INT, {sure.format("f.")}
            FROM facts f JOIN facts w ON w.subject = f.subject AND w.predicate = f.predicate AND w.rn = 1
            JOIN nodes k ON k.id = f.subject WHERE (k.kind, f.predicate) <> ('Document', 'text')
            QUALIFY row_number() OVER (PARTITION BY f.subject, f.predicate, f.claim_id ORDER BY f.rn) = 1
            UNION ALL SELECT source, predicate, target, shown, claim_id, 1, {sure.format("")} FROM edges ORDER BY ALL""",
        "evidence": """
            SELECT claim_id, document, (evidence->>'$.start')::INT, (evidence->>'$.end')::INT, evidence->>'$.sheet', (evidence->>'$.row')::INT,
                   evidence->>'$.column', evidence->>'$.quote_sha256', evidence->>'$.note', source, licence, confidence, modality, recorded_at
            FROM best WHERE document IS NOT NULL ORDER BY claim_id""",
        "documents": "SELECT n.id, k.name, "
        + ", ".join(f"max(f.value->>'$') FILTER (f.predicate = '{p}' AND f.rn = 1)" if p != "published"
                    else "max(f.shown) FILTER (f.predicate = 'published' AND f.rn = 1)"
                    for p in DOCUMENT_FACTS)
        + """ FROM nodes n JOIN sort_keys k USING (id) LEFT JOIN facts f ON f.subject = n.id
              WHERE n.kind = 'Document' GROUP BY n.id, k.name ORDER BY 1""",
        "referents": """
            SELECT c.id, c.canonical, min(l.value->>'$'), c.why FROM canon c LEFT JOIN live l ON l.subject = c.id AND l.predicate = 'name'
            GROUP BY ALL ORDER BY 1""",
        # what rests on little, said by all that names it: its own facts and the relations at either end
        "thin": f"""
            SELECT n.kind, n.id, count(DISTINCT s.claim_id), count(DISTINCT s.document), max(s.confidence)
            FROM (SELECT subject AS id, claim_id, document, confidence FROM facts UNION ALL SELECT source, claim_id, document, confidence FROM edges
                  UNION ALL SELECT target, claim_id, document, confidence FROM edges) s
            JOIN nodes n ON n.id = s.id WHERE n.kind <> 'Document' AND s.document IS NOT NULL GROUP BY n.kind, n.id
            HAVING count(DISTINCT s.document) = 1 OR max(s.confidence) <= {UNCONFIRMED} ORDER BY ALL""",
    }  # fmt: skip
    lite = sqlite3.connect(path)
    lite.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SQLITE)
    for table, sql in queries.items():
        width = len(lite.execute(f"PRAGMA table_info({table})").fetchall())
        lite.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", _rows(db, sql))
    lite.executemany("INSERT INTO ambiguous VALUES (?, ?, ?, ?)",
                     [(a["kind"], a["name"], json.dumps(a["ids"]), a["why"]) for a in resolution.ambiguous])
    codes = ", ".join(f"('{k.name}', '{c}')" for k in ontology.kinds.values() for c in k.codes)
    search.index(lite, _rows(db, f"""
        SELECT n.id, n.kind, f.value->>'$', f.predicate NOT IN ('name', 'name_en'), k.name, k.sort_key, n.modality
        FROM facts f JOIN nodes n ON n.id = f.subject JOIN sort_keys k ON k.id = n.id
        WHERE (f.predicate = 'name' AND f.rn = 1) OR f.predicate IN ('aliases', 'name_en') OR (n.kind, f.predicate) IN ({codes})
        UNION SELECT n.id, n.kind, k.name, false, k.name, k.sort_key, n.modality FROM nodes n JOIN sort_keys k ON k.id = n.id"""))  # fmt: skip
    lite.executescript(INDEXES)
    lite.commit()
    lite.execute("VACUUM")
    lite.close()
