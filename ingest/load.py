"""Runs sources into the ledger: one run a source, whole or not at all, with a report of what became of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import BadFile
from graph.ledger import Ledger, writing
from ingest.files import write_csv
from ingest.source import Source
from ingest.text.mask import mask

REJECTED = "rejected.csv"
HEADS = ("source", "line", "field", "value", "reason_zh", "reason_en", "row")


@dataclass
class Report:
    """What an ingest did. `rejected_file` lists the refused rows with their reasons."""

    sources: dict[str, dict[str, object]] = field(default_factory=dict)
    read: int = 0
    rejected: int = 0
    claims: int = 0
    rejected_file: Path | None = None


def ingest(workspace: Path, sources: Iterable[Source], progress: Callable[[str, int, int], None] = lambda *_: None) -> Report:
    """Read every source and append its run. Raises Busy, BadFile; other sources' runs that were finished stay.

    A run with refused rows is incomplete: it adds, and nothing is taken for gone because its row was refused.
    """
    sources, ledger, report = list(sources), Ledger(workspace), Report()
    refused: list[dict[str, object]] = []
    with writing(workspace):
        try:
            for n, source in enumerate(sources):
                progress(source.name, n, len(sources))
                _one(source, ledger, report, refused)
        finally:  # a source that cannot be read must not hide what was refused before it
            if refused:
                write_csv(workspace / REJECTED, HEADS, refused)
                report.rejected_file = workspace / REJECTED
        if not refused:
            (workspace / REJECTED).unlink(missing_ok=True)
    progress("", len(sources), len(sources))
    return report


def _one(source: Source, ledger: Ledger, report: Report, refused: list[dict[str, object]]) -> None:
    reading = source.read()
    if not reading.claims and not reading.rejected:
        raise BadFile(f"{source.name} states nothing")
    with ledger.run(source.name) as run:
        run.add(reading.claims)
        info = run.close(complete=not reading.rejected, read=reading.read, rejected=len(reading.rejected), private=source.private)
    for line, cells, e in reading.rejected:
        told = {"field": e.field, "value": e.value or cells.get(e.field, ""), "reason_zh": e.reason_zh, "reason_en": e.detail,
                "row": " | ".join(f"{k}={v}" for k, v in cells.items() if v)}
        refused.append({"source": source.name, "line": line, **{k: mask(str(v)) for k, v in told.items()}})
    report.sources[source.name] = {"read": reading.read, "rejected": len(reading.rejected), "claims": info.claims,
                                   "encoding": getattr(source, "encoding", "utf-8"), "complete": info.complete}
    report.read += reading.read
    report.rejected += len(reading.rejected)
    report.claims += info.claims
