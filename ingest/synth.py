"""`innochain synth`: a made-up province in a workspace of its own, for tests and measurements. Nothing in it is a fact.

Every name begins with 合成, every run is marked synthetic, and so is everything answered from it. Claims are written as
columns, a part of the run every PART of them, so that memory does not grow with the province but for its ids.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from graph.errors import BadParameter, WorkspaceMismatch
from graph.ledger import CURATION, IDENTITY, MEMORY, Ledger, Run, RunInfo, write_atomically, writing
from graph.records import Evidence, node_id
from ingest.sql import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SOURCE = "synthetic"
PLANTED = "planted.json"  # what was planted and has to be found again; beside the ledger
LEAST, MOST = 2_000, 10_000_000
PART = 200_000
COLUMNS = ("subject", "kind", "predicate", "object", "value", "shown", "evidence", "modality", "confidence", "since", "until")


class Told(NamedTuple):
    """A value as the ledger keeps it: canonical JSON, the words, and the JSON it has inside a relation's value."""

    json: str
    shown: str
    nested: str


def text(value: str) -> Told:
    made = json.dumps(value, ensure_ascii=False)
    return Told(made, value, made)


def number(value: int | float) -> Told:
    return Told(json.dumps(value), f"{value:g}", json.dumps(value))


def flag(value: bool) -> Told:
    return Told(json.dumps(value), "是" if value else "否", json.dumps(value))


def day(value: dt.date) -> Told:
    made = f'{{"earliest":"{value}","latest":"{value}"}}'
    return Told(made, str(value), made)


def amount(value: float, unit: str, shown: str) -> Told:
    """An exact money, area, count or quantity."""
    u, v = json.dumps(unit, ensure_ascii=False), json.dumps(float(value))
    return Told(f'{{"bound":"exact","unit":{u},"value":{v}}}', shown, f'{{"bound":"exact","high":null,"unit":{u},"value":{v}}}')


def money(wan: float) -> Told:
    return amount(wan * 10_000, "元", f"{wan:g}万元")


class Teller:
    """States nodes and edges of one run; use as a context, so that the last part is written."""

    def __init__(self, run: Run, db: DuckDBPyConnection) -> None:
        self.run, self.db = run, db
        self.rows: list[tuple[str | None, ...]] = []
        self.claims = self.nodes = 0
        self.evidence = ""

    def document(self, name: str, published: dt.date) -> str:
        """A made-up publication; what is told after it, it states."""
        made = node_id("Document", (("name", name),))
        self.evidence = Evidence(made, note="合成").json()
        self.node("Document", made, name, published=day(published), publisher=text("合成发布者"), standing=text("issuer"))
        return made

    def node(self, kind: str, made: str, name: str, modality: str = "done", **values: Told | list[Told]) -> str:
        self.nodes += 1
        self._say(made, kind, "name", None, text(name), modality)
        for prop, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                self._say(made, kind, prop, None, one, modality)
        return made

    def edge(self, source: str, kind: str, relation: str, target: str, since: dt.date | None = None, until: dt.date | None = None,
             modality: str = "done", confidence: float = 1.0, **values: Told) -> None:  # fmt: skip
        parts = (f'"{p}":{{"s":{json.dumps(v.shown, ensure_ascii=False)},"v":{v.nested}}}' for p, v in sorted(values.items()))
        value = f"{{{','.join(parts)}}}" if values else None
        self._row(source, kind, relation, target, value, None, modality, confidence, since, until)

    def _say(self, subject: str, kind: str, predicate: str, target: str | None, value: Told, modality: str) -> None:
        self._row(subject, kind, predicate, target, value.json, value.shown, modality, 1.0, None, None)

    def _row(self, subject: str, kind: str, predicate: str, target: str | None, value: str | None, shown: str | None, modality: str,
             confidence: float, since: dt.date | None, until: dt.date | None) -> None:  # fmt: skip
        self.rows.append((subject, kind, predicate, target, value, shown, self.evidence, modality, json.dumps(confidence),
                          since.isoformat() if since else None, until.isoformat() if until else None))  # fmt: skip
        if len(self.rows) >= PART:
            self.flush()

    def flush(self) -> None:
        """The rows so far as a part of the run; claim ids as `graph.records.claim` makes them."""
        if not self.rows:
            return
        import pandas as pd

        self.db.register("told", pd.DataFrame({c: pd.Series(v, dtype=object) for c, v in zip(COLUMNS, zip(*self.rows, strict=True), strict=True)}))
        cells = ", ".join(c if c == "confidence" else f"coalesce(to_json({c}::VARCHAR)::VARCHAR, 'null')" for c in COLUMNS)
        self.db.execute(f"""COPY (
            SELECT 'c' || left(sha256('["{SOURCE}", ' || concat_ws(', ', {cells}) || ']'), 24) AS claim_id, '{SOURCE}' AS source,
                   '{self.run.run}' AS run, subject::VARCHAR AS subject, kind::VARCHAR AS kind, predicate::VARCHAR AS predicate,
                   object::VARCHAR AS object, value::VARCHAR AS value, shown::VARCHAR AS shown, evidence::VARCHAR AS evidence,
                   modality::VARCHAR AS modality, confidence::DOUBLE AS confidence, since::DATE AS valid_from, until::DATE AS valid_to
            FROM told QUALIFY row_number() OVER (PARTITION BY claim_id) = 1)
            TO {quoted(str(self.run.part()))} (FORMAT parquet, COMPRESSION zstd)""")  # fmt: skip
        self.db.unregister("told")
        self.claims += len(self.rows)
        self.rows.clear()

    def __enter__(self) -> Teller:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.flush()


def synth(workspace: Path, nodes: int, seed: int) -> tuple[RunInfo, dict[str, Any]]:
    """State a province of about `nodes` nodes in the workspace; always the same for the same numbers. Gives the run and what was planted.

    Raises BadParameter for a size out of bounds, WorkspaceMismatch where facts are, Busy.
    """
    import duckdb

    from ingest.province import Province

    if not LEAST <= nodes <= MOST:
        raise BadParameter(f"--nodes {nodes}: a province has {LEAST:,} to {MOST:,} nodes", errors=[{"parameter": "nodes", "value": str(nodes)}])
    ledger = Ledger(workspace)
    with writing(workspace):
        if real := {r.source for r in ledger.runs() if not r.synthetic} - {IDENTITY, CURATION}:
            raise WorkspaceMismatch(f"{workspace} holds facts ({', '.join(sorted(real)[:3])}); give a synthetic province a --workspace of its own")
        with ledger.run(SOURCE) as run, duckdb.connect(config={"memory_limit": MEMORY}) as db:
            with Teller(run, db) as teller:
                planted = Province(teller, nodes, seed).tell()
            info = run.close(complete=True, read=teller.claims, synthetic=True)
        write_atomically(workspace / PLANTED, json.dumps(planted, ensure_ascii=False, indent=1))
    return info, planted
