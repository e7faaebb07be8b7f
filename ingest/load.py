"""Runs sources into the ledger: one run a source, whole or not at all, with a report of what became of every row.

Nothing is removed on a doubt: a run with refused rows only adds, and so does one that lacks more of what its source
stated before than `max_shrink`, until somebody has confirmed it. A run that says what was already said writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import BadFile, TooBad, WorkspaceMismatch
from graph.ledger import Changes, Ledger, writing
from ingest import quarantine
from ingest.files import write_csv
from ingest.quarantine import Refused
from ingest.source import Source
from ingest.text.mask import mask

REJECTED = "rejected.csv"  # all refused rows of the last ingest; what is to be mended stands in quarantine/
HEADS = ("source", "line", "field", "value", "reason_zh", "reason_en", "row")
MAX_SHRINK = 0.5  # a source that lost a larger share of its facts is asked about
Progress = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """What became of one source. Rows: read, accepted, rejected, notes. Facts: new, unchanged, removed, kept (would go)."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    notes: int = 0
    new: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    complete: bool = True
    encoding: str = "utf-8"
    quarantine: Path | None = None
    first: list[str] = field(default_factory=list)  # the first refused rows, as sentences


@dataclass
class Report:
    """What an ingest did, by source."""

    sources: dict[str, Outcome] = field(default_factory=dict)
    rejected_file: Path | None = None

    @property
    def rejected(self) -> int:
        return sum(o.rejected for o in self.sources.values())

    @property
    def kept(self) -> int:
        return sum(o.kept for o in self.sources.values())


@dataclass(frozen=True)
class Rules:
    """How a run is taken: `max_bad` refused rows at most ("20" or "5%"), `dry` = write nothing, `confirm` = may these facts go?"""

    max_bad: str = ""
    dry: bool = False
    max_shrink: float = MAX_SHRINK
    confirm: Callable[[str], bool] = lambda _: False

    def too_bad(self, rejected: int, read: int) -> bool:
        if not self.max_bad:
            return False
        number = self.max_bad.removesuffix("%")
        if not number.replace(".", "", 1).isdigit():
            raise BadFile(f"--max-bad {self.max_bad!r}: write a number of rows, or a share such as 5%")
        return rejected > (float(number) / 100 * read if self.max_bad.endswith("%") else float(number))


def ingest(workspace: Path, sources: Iterable[Source], progress: Progress = lambda *_: None, rules: Rules = Rules()) -> Report:
    """Read every source and append its run. Raises Busy, BadFile, TooBad, WorkspaceMismatch; the runs finished before stay."""
    sources, ledger, report = list(sources), Ledger(workspace), Report()
    refused: list[dict[str, object]] = []
    with writing(workspace):
        if ledger.synthetic():
            raise WorkspaceMismatch(f"{workspace} holds a synthetic province; facts are ingested into another --workspace")
        try:
            for n, source in enumerate(sources):
                progress(source.name, n, len(sources))
                report.sources[source.name] = _one(workspace, ledger, source, progress, rules, refused)
        finally:  # a source that cannot be read must not hide what was refused before it
            if refused and not rules.dry:
                write_csv(workspace / REJECTED, HEADS, refused)
                report.rejected_file = workspace / REJECTED
        if not refused and not rules.dry:
            (workspace / REJECTED).unlink(missing_ok=True)
    progress("", len(sources), len(sources))
    return report


def _one(workspace: Path, ledger: Ledger, source: Source, progress: Progress, rules: Rules, listed: list[dict[str, object]]) -> Outcome:
    _same_origin(ledger, source)
    with ledger.run(source.name) as run:
        reading = source.read()
        reading.write(run, lambda rows: progress(f"{source.name}: {rows:,}", rows, 0))
        refused = reading.refused
        out = Outcome(reading.read, reading.read - len(refused), len(refused), reading.notes, encoding=reading.encoding,
                      first=[f"{r.sheet}:{r.row}: {r.why.detail}" for r in refused[:10]])  # fmt: skip
        too_bad = rules.too_bad(len(refused), reading.read)

        def set_aside() -> None:
            listed.extend(_line(source.name, r) for r in refused)
            if not rules.dry:
                out.quarantine = quarantine.write(workspace, source.name, reading.mapping, [*refused, *reading.secret])

        if too_bad:
            set_aside()
            raise TooBad(f"{source.name}: {len(refused)} of {reading.read} rows were refused, more than --max-bad {rules.max_bad}; nothing was "
                         f"written{f'; see {out.quarantine}' if out.quarantine else ''}", errors=[{"row": f} for f in out.first])  # fmt: skip
        changes = run.changes()
        if not changes.new + changes.unchanged and not refused:
            raise BadFile(f"{source.name} states nothing")
        out.new, out.unchanged, out.removed = changes.new, changes.unchanged, changes.missing
        out.complete = not refused and reading.whole and (reading.replaces or _may_shrink(source.name, changes, rules))
        if not out.complete:
            out.removed, out.kept = 0, changes.missing if reading.whole else 0
        if not rules.dry and (changes.new or out.removed or source.private != _was_private(ledger, source.name)):
            run.close(complete=out.complete, read=reading.read, rejected=len(refused), private=source.private, origin=source.origin)
        set_aside()
    return out


def _line(source: str, r: Refused) -> dict[str, object]:
    told = {"field": r.why.field, "value": "" if r.secret else r.why.value or r.cells.get(r.why.field, ""), "reason_zh": r.why.reason_zh,
            "reason_en": r.why.detail, "row": " | ".join(f"{k}={v}" for k, v in r.cells.items() if v)}  # fmt: skip
    return {"source": source, "line": r.row, **{k: mask(str(v)) for k, v in told.items()}}


def _may_shrink(name: str, changes: Changes, rules: Rules) -> bool:
    share = changes.missing / changes.held if changes.held else 0.0
    return share <= rules.max_shrink or rules.confirm(
        f"{name}: {changes.missing:,} of the {changes.held:,} facts it stated before ({share:.0%}) are no longer there. Take them for gone?"
    )


def _was_private(ledger: Ledger, name: str) -> bool:
    return next((r.private for r in reversed(ledger.runs(name))), False)


def _same_origin(ledger: Ledger, source: Source) -> None:
    """Two files of one name in different folders are two sources: the second must not take the first one's facts for gone."""
    before = next((r.origin for r in reversed(ledger.runs(source.name)) if r.origin), "")
    if source.origin and source.guessed and before and before != source.origin:
        raise BadFile(f"{source.origin}: facts of another file of this name ({before}) are there already; "
                      f"--as {source.name} if this file replaces it, --as ANOTHER-NAME if both hold")  # fmt: skip
