"""Claims, runs and snapshots made by hand, through the real ledger: what tests of the ledger and after stand on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from graph import snapshot
from graph.identity import Resolution, resolve
from graph.ledger import Ledger, RunInfo, writing
from graph.ontology import load
from graph.records import Claim, Evidence, check, claim, node_id
from graph.snapshot import Snapshot

USCC = "91610131MA6KKKKK1A"  # made up, with a right check character
OTHER_USCC = "91610131MA6KKKKK2D"


def named(kind: str, name: str) -> str:
    """The id that a name alone gives."""
    return node_id(kind, (("name", name),))


def coded(kind: str, prop: str, code: str) -> str:
    """The id that a code gives."""
    return node_id(kind, ((prop, code),))


PAPER = named("Document", "测试文件")


def facts(source: str, kind: str, subject: str, document: str = PAPER, confidence: float = 1.0, modality: str = "done",
          start: int | None = None, **texts: Any) -> list[Claim]:  # fmt: skip
    """Checked facts of one thing, as texts a source would write."""
    evidence = Evidence(document, note="合成") if start is None else Evidence(document, start, start + 1, "0" * 64)
    out = []
    for prop, value in check(kind, texts).items():
        for one in value if isinstance(value, list) else [value]:
            out.append(claim(source, subject, prop, evidence.json(), value=one.value, shown=one.shown, confidence=confidence, modality=modality))
    return out


def thing(source: str, kind: str, name: str, document: str = PAPER, **texts: Any) -> list[Claim]:
    """A thing known by its name."""
    return facts(source, kind, named(kind, name), document, name=name, **texts)


def edge(source: str, start: str, relation: str, end: str, document: str = PAPER, confidence: float = 1.0, modality: str = "done",
         since: str | None = None, until: str | None = None, **texts: str) -> Claim:  # fmt: skip
    value = {k: {"v": v.value, "s": v.shown} for k, v in check(relation, texts).items()}
    return claim(source, start, relation, Evidence(document, note="合成").json(), object=end, value=value or None, confidence=confidence,
                 modality=modality, valid_from=since, valid_to=until)  # fmt: skip


def paper(source: str, title: str, **texts: Any) -> tuple[str, list[Claim]]:
    """A document to cite: (its id, its claims)."""
    me = named("Document", title)
    return me, thing(source, "Document", title, me, **texts)


def day(n: int) -> dt.datetime:
    """The n-th of January 2026, noon: run times that stand in an order a reader can see."""
    return dt.datetime(2026, 1, n, 12, tzinfo=dt.UTC)


def state(workspace: Path, source: str, claims: Iterable[Claim], *, complete: bool = True, at: dt.datetime | None = None) -> RunInfo:
    """One finished run of a source."""
    with writing(workspace), Ledger(workspace).run(source, at) as run:
        run.add(claims)
        return run.close(complete=complete)


def judge(workspace: Path, verdict: str, one: str, other: str | None = None, at: dt.datetime | None = None) -> Claim:
    with writing(workspace):
        return Ledger(workspace).judge(verdict, one, other, "测试者", "看过原文", at)


def build(workspace: Path, known_at: dt.datetime | None = None) -> Snapshot:
    with writing(workspace):
        return snapshot.build(workspace, known_at=known_at)


def live(workspace: Path, known_at: dt.datetime | None = None) -> dict[str, str]:
    """Live claims: id → recorded_at."""
    with duckdb.connect() as db:
        Ledger(workspace).load(db, known_at)
        return dict(db.execute("SELECT claim_id, recorded_at FROM live").fetchall())


def resolved(workspace: Path) -> Resolution:
    with duckdb.connect() as db:
        Ledger(workspace).load(db)
        return resolve(db, load())


def rows(made: Snapshot, kind_or_relation: str) -> list[dict[str, Any]]:
    """All rows of a kind or of a relation, as the parquet tables hold them."""
    stem = f"nodes_{kind_or_relation}" if kind_or_relation in load().kinds else f"edges_{kind_or_relation}_*"
    files = sorted(map(str, made.folder.glob(f"{stem}.parquet")))
    if not files:
        return []
    with duckdb.connect() as db:
        got = db.execute("SELECT * FROM read_parquet(?, union_by_name=true) ORDER BY id", [files])
        heads = [d[0] for d in got.description or ()]
        return [dict(zip(heads, r, strict=True)) for r in got.fetchall()]


def node(made: Snapshot, kind: str, node_id_: str) -> Mapping[str, Any]:
    """The row of one id. Fails where there is none."""
    (found,) = [r for r in rows(made, kind) if r["id"] == node_id_]
    return found


def asked(made: Snapshot, sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Rows of the snapshot's SQLite."""
    db = made.sqlite()
    try:
        return db.execute(sql, params).fetchall()
    finally:
        db.close()
