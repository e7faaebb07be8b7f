"""The evidence check: does every fact that cites a loaded text still stand there, character by character?

It reads the ledger, not the snapshot, so that a text edited a moment ago is judged without a build.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from graph.errors import Empty
from graph.identity import resolve
from graph.ledger import Ledger
from graph.ontology import load


def check_evidence(workspace: Path) -> dict[str, Any]:
    """`{documents: [{document, name, text, cited, holds, failed: [...]}], holds, failed, without_text}`.

    A failed fact carries its claim, what it says, its place and what now stands there.
    """
    import duckdb

    ontology = load()
    with duckdb.connect() as db:
        Ledger(workspace).load(db)
        if not (db.execute("SELECT count(*) FROM live").fetchone() or (0,))[0]:
            raise Empty(f"no claim is live in {workspace}; run `innochain ingest` first")
        canonical = resolve(db, ontology).canonical
        texts = {canonical.get(i, i): (t, h) for i, t, h in db.execute("""
            SELECT subject, max(value->>'$') FILTER (predicate = 'text'), max(value->>'$') FILTER (predicate = 'text_sha256')
            FROM live WHERE kind = 'Document' GROUP BY subject""").fetchall() if t}  # fmt: skip
        read = {canonical.get(i, i): h for i, h in db.execute(
            "SELECT subject, max(value->>'$') FROM live WHERE predicate = 'read_sha256' GROUP BY subject").fetchall()}  # fmt: skip
        names = {canonical.get(i, i): n for i, n in db.execute(
            "SELECT subject, min(value->>'$') FROM live WHERE predicate = 'name' GROUP BY subject").fetchall()}  # fmt: skip
        cited = db.execute("""
            SELECT claim_id, subject, predicate, coalesce(object, shown), evidence->>'$.document', (evidence->>'$.start')::INT,
                   (evidence->>'$.end')::INT, evidence->>'$.quote_sha256', evidence->>'$.note'
            FROM live WHERE evidence->>'$.quote_sha256' IS NOT NULL ORDER BY 5, 6, 7, 1""").fetchall()
    by_document: dict[str, list[Any]] = {}
    for row in cited:
        by_document.setdefault(canonical.get(row[4], row[4]), []).append(row)
    documents = [_document(d, rows, texts.get(d), read.get(d), names, canonical) for d, rows in sorted(by_document.items())]
    held = [d for d in documents if d["text"] != "not loaded"]
    return {"documents": documents, "holds": sum(d["holds"] for d in held), "failed": sum(len(d["failed"]) for d in held),
            "without_text": sum(d["cited"] for d in documents if d["text"] == "not loaded")}


def _document(document: str, rows: list[Any], text: tuple[str, str] | None, read: str | None, names: dict[str, str],
              canonical: dict[str, str]) -> dict[str, Any]:  # fmt: skip
    failed = []
    for claim, subject, predicate, what, _, start, end, quote_sha256, note in rows if text else ():
        found = text[0][start:end] if text else ""
        if hashlib.sha256(found.encode()).hexdigest() != quote_sha256:
            failed.append({"claim": claim, "subject": names.get(canonical.get(subject, subject), subject), "predicate": predicate,
                           "says": names.get(canonical.get(what, what), what), "start": start, "end": end, "found": found, "note": note})  # fmt: skip
    state = "not loaded" if text is None else "as read" if text[1] == read else "changed"
    return {"document": document, "name": names.get(document, document), "text": state, "cited": len(rows),
            "holds": len(rows) - len(failed) if text else 0, "failed": failed}
