"""What a graph's facts rest on, read from the snapshot's SQLite: facts of a node, places where they are said, documents."""

from __future__ import annotations

import hashlib
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import orjson

from graph.errors import Unknown
from graph.ontology import Ontology
from graph.records import UNCONFIRMED

_EVIDENCE_COLUMNS = ("claim", "subject", "predicate", "value", "shown", "start", "end", "sheet", "row", "column", "quote_sha256", "note", "source",
                     "confidence", "modality", "recorded_at", "text", "document_id", "document_name", "document_issuer", "document_published",
                     "document_publisher", "document_url", "document_licence", "document_standing")
_EVIDENCE = """
SELECT e.claim, f.subject, f.predicate, f.value, f.shown, e.start, e."end", e.sheet, e.row, e."column", e.quote_sha256, e.note, e.source,
       e.confidence, e.modality, e.recorded_at, d.text, e.document, d.name, d.issuer, d.published, d.publisher, d.url, d.licence, d.standing
FROM evidence e LEFT JOIN documents d ON d.id = e.document
LEFT JOIN facts f ON f.rowid = (SELECT min(rowid) FROM facts WHERE claim = e.claim)  -- an indexed look-up a claim
"""


CITED = 5_000  # claims of one document that are read: a register has millions


class Sourced(ABC):
    """The part of a reader that answers from facts and evidence."""

    ontology: Ontology

    @abstractmethod
    def sqlite(self) -> sqlite3.Connection:
        """This thread's connection to the snapshot's SQLite file."""

    @abstractmethod
    def canonical(self, node_id: str) -> str:
        """The id itself when it is current. Raises Merged, Unknown."""

    def facts(self, node_id: str) -> list[dict[str, Any]]:
        """Property facts of a node: value, stated words, claim, and whether it won; losing ones are conflicts."""
        properties = self.ontology.kinds[str(self.ontology.kind_of(node_id))].properties
        rows = self.sqlite().execute("SELECT predicate, value, shown, claim, won FROM facts WHERE subject = ? ORDER BY predicate, won DESC, claim",
                                     [node_id])  # fmt: skip
        return [{"predicate": p, "label": {"zh": properties[p].zh, "en": properties[p].en}, "value": orjson.loads(v), "shown": s or "",
                 "claim": c, "won": bool(w)} for p, v, s, c, w in rows if p in properties]  # fmt: skip

    def merged_from(self, node_id: str) -> list[dict[str, str]]:
        """Ids that were joined into this node: the name each was stated under, and why it was joined (code, name, alias, judged)."""
        rows = self.sqlite().execute("SELECT id, coalesce(name, ''), why FROM referents WHERE canonical = ? ORDER BY why, name, id", [node_id])
        return [dict(zip(("id", "name", "why"), r, strict=True)) for r in rows]

    def evidence(self, claims: Sequence[str]) -> list[dict[str, Any]]:
        """Where each claim is said: document, place, our note, and the sentence where the text is loaded. Raises Unknown."""
        out = []
        for c in claims:
            row = self.sqlite().execute(_EVIDENCE + "WHERE e.claim = ?", [c]).fetchone()
            if row is None:
                raise Unknown(f"there is no claim {c!r} in this version", suggestions=[])
            out.append(self._evidence(row))
        return out

    def _evidence(self, row: Sequence[Any]) -> dict[str, Any]:
        e = dict(zip(_EVIDENCE_COLUMNS, row, strict=True))
        text, quote = e.pop("text"), None
        held = text is not None and e["start"] is not None
        if held:
            quote = text[e["start"] : e["end"]]
        document = {k: e.pop(f"document_{k}") for k in ("id", "name", "issuer", "published", "publisher", "url", "licence", "standing")}
        value = e.pop("value")
        relation = e["predicate"] in self.ontology.relations
        return {
            "claim": e["claim"], "subject": e["subject"], "predicate": e["predicate"], "object": value if relation else None,
            "value": None if relation or value is None else orjson.loads(value), "shown": e["shown"], "document": document,
            "place": {k: e[k] for k in ("start", "end", "sheet", "row", "column") if e[k] is not None}, "note": e["note"], "quote": quote,
            "quote_holds": hashlib.sha256(quote.encode()).hexdigest() == e["quote_sha256"] if quote is not None else None,
            "confidence": e["confidence"], "unconfirmed": e["confidence"] <= UNCONFIRMED, "modality": e["modality"], "source": e["source"],
            "recorded_at": e["recorded_at"],
        }  # fmt: skip

    def document(self, node_id: str) -> dict[str, Any]:
        """A document with its text, if it is loaded, and the first CITED claims that cite it, in the order of the text."""
        self.canonical(node_id)
        db = self.sqlite()
        row = db.execute("SELECT * FROM documents WHERE id = ?", [node_id]).fetchone()
        if row is None:
            raise Unknown(f"{node_id!r} is no document", suggestions=[])
        names = [d[0] for d in db.execute("SELECT * FROM documents LIMIT 0").description]
        claims: list[str] = []
        for placed, order in (("NOT NULL", 'start, "end", claim'), ("NULL", "rowid")):  # rows stand by claim; the index holds both orders
            claims += [c for (c,) in db.execute(
                f"SELECT claim FROM evidence WHERE document = ? AND start IS {placed} AND claim NOT IN (SELECT claim FROM facts WHERE subject = ?) "
                f"ORDER BY {order} LIMIT ?", [node_id, node_id, CITED - len(claims)])]  # fmt: skip
        return {**dict(zip(names, row, strict=True)), "evidence": self.evidence(claims)}

    def documents(self, limit: int = 200, skip: int = 0) -> list[dict[str, Any]]:
        """Documents with how many claims cite each, latest first."""
        rows = self.sqlite().execute(  # claims are counted for the page alone, from the index: a register's millions take a third of a second
            "SELECT d.id, d.name, d.issuer, d.published, d.publisher, d.url, d.licence, d.standing, d.text IS NOT NULL, "
            "(SELECT count(*) FROM evidence e WHERE e.document = d.id) - (SELECT count(DISTINCT f.claim) FROM facts f "
            "JOIN evidence e ON e.claim = f.claim WHERE f.subject = d.id AND e.document = d.id) "
            "FROM (SELECT * FROM documents ORDER BY published DESC, name, id LIMIT ? OFFSET ?) d ORDER BY d.published DESC, d.name, d.id",
            [limit, skip])  # fmt: skip
        keys = ("id", "name", "issuer", "published", "publisher", "url", "licence", "standing", "has_text", "claims")
        return [{**dict(zip(keys, r, strict=True)), "has_text": bool(r[8])} for r in rows]

    def document_numbers(self, ids: Sequence[str]) -> dict[str, str]:
        """文号 of those documents that have one."""
        marks = ", ".join("?" * len(ids))
        rows = self.sqlite().execute(f"SELECT id, document_no FROM documents WHERE document_no IS NOT NULL AND id IN ({marks})", list(ids))
        return dict(rows.fetchall())
