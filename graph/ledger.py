"""The ledger: claims as immutable Parquet, one folder a run, under `ledger/SOURCE/RUN/`.

Invariant: a run's folder appears whole by one rename or not at all, and is never changed afterwards. What is live is a
pure function of the folders: a complete run of a source replaces what it stated before, an incomplete one only adds.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from filelock import FileLock, Timeout

from graph.errors import BadInput, Busy, Contradiction
from graph.ontology import load
from graph.records import Claim, claim
from graph.scan import scan

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CURATION, IDENTITY = "curation", "identity"  # what people judge and note; ids that a snapshot has published
VERDICTS = ("same", "different", "wrong", "unsure", "withdrawn")
COLUMNS = {  # fixed: every reader of the ledger relies on these names and types
    "claim_id": "VARCHAR", "source": "VARCHAR", "run": "VARCHAR", "subject": "VARCHAR", "kind": "VARCHAR", "predicate": "VARCHAR",
    "object": "VARCHAR", "value": "VARCHAR", "shown": "VARCHAR", "evidence": "VARCHAR", "modality": "VARCHAR", "confidence": "DOUBLE",
    "valid_from": "DATE", "valid_to": "DATE",
}  # fmt: skip


MEMORY = "1GB"  # of DuckDB while a run is written; what does not fit is spilt beside the run
SMALL = 16_000_000  # bytes, at most, of a run and of what it is compared with that need neither limit nor spill


@dataclass(frozen=True, slots=True)
class Changes:
    """Claims of a run against what its source stated before: new, said again, no longer said, and how many there were."""

    new: int
    unchanged: int
    missing: int
    held: int


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What is known of a run. `complete` means: the source was read whole, so absence means gone."""

    source: str
    run: str
    complete: bool
    claims: int
    read: int = 0
    rejected: int = 0
    private: bool = False
    origin: str = ""  # the file it was read from, where it was one
    synthetic: bool = False  # made up, to test with: nothing it states is a fact


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file so that a reader sees the old or the new one, also after a power cut."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as f:
        f.write(text)
        f.flush()
        os.fsync(f.fileno())
    beside.replace(path)


@contextlib.contextmanager
def writing(workspace: Path) -> Iterator[None]:
    """The workspace's one writer. The lock dies with its process, so a killed writer blocks nobody."""
    workspace.mkdir(parents=True, exist_ok=True)
    lock, holder = FileLock(workspace / "lock"), workspace / "lock.holder"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        who = holder.read_text() if holder.exists() else "unknown"
        raise Busy(f"another innochain process (pid {who}) is writing in {workspace}; wait until it is done") from None
    try:
        holder.write_text(str(os.getpid()))
        yield
    finally:
        lock.release()


class Run:
    """Collects one run's claims on disk; nothing is visible before `close`."""

    def __init__(self, folder: Path, source: str, run: str, before: list[Path]) -> None:
        self.source, self.run, self.claims, self.parts = source, run, 0, 0
        self.before = before  # what the source states so far: its last complete run and what came after it
        self.final = folder / source / run
        self.beside = folder / f".{source}.{run}.partial"
        self.beside.mkdir(parents=True)
        self._lines = (self.beside / "claims.ndjson").open("wb")

    def add(self, claims: Iterable[Claim]) -> None:
        for c in claims:
            self._lines.write(orjson.dumps({**c._asdict(), "run": self.run}, option=orjson.OPT_APPEND_NEWLINE))
            self.claims += 1

    def part(self) -> Path:
        """Where to write the next claims as Parquet, with the columns of the ledger; no claim twice."""
        self.parts += 1
        return self.beside / f"claims-{self.parts:04}.parquet"

    def changes(self) -> Changes:
        """Turn what was collected into Parquet and compare it with what the source states so far."""
        import duckdb

        self._lines.close()
        lines, now = self.beside / "claims.ndjson", f"read_parquet({str(self.beside / 'claims*.parquet')!r})"
        limits = {"memory_limit": MEMORY, "temp_directory": str(self.beside / "spill")}
        small = not self.parts and sum(p.stat().st_size for p in (lines, *self.before)) < SMALL
        with scan() if small else duckdb.connect(config=limits) as db:  # type: ignore[arg-type]
            if lines.stat().st_size:
                spec = json.dumps(COLUMNS).replace('"', "'")
                db.execute(f"CREATE TEMP TABLE c AS SELECT * FROM read_json(?, format='newline_delimited', columns={spec})", [str(lines)])
                db.execute("COPY (SELECT * FROM c QUALIFY row_number() OVER (PARTITION BY claim_id) = 1 ORDER BY claim_id) TO "
                           f"{str(self.beside / 'claims.parquet')!r} (FORMAT parquet, COMPRESSION zstd)")  # fmt: skip
            elif not self.parts:
                return Changes(0, 0, 0, 0)
            self.claims = int((db.execute(f"SELECT count(*) FROM {now}").fetchone() or (0,))[0])
            held = shared = 0
            if self.before:
                live = f"(SELECT DISTINCT claim_id FROM read_parquet({[str(p) for p in self.before]!r}))"
                held, shared = (int((db.execute(f"SELECT count(*) FROM {text}").fetchone() or (0,))[0])
                                for text in (live, f"{live} JOIN (SELECT claim_id FROM {now}) USING (claim_id)"))  # fmt: skip
        lines.unlink()
        shutil.rmtree(self.beside / "spill", ignore_errors=True)
        return Changes(self.claims - shared, shared, held - shared, held)

    def close(self, *, complete: bool, read: int = 0, rejected: int = 0, private: bool = False, origin: str = "",
              synthetic: bool = False) -> RunInfo:  # fmt: skip
        """Make the run visible."""
        if (self.beside / "claims.ndjson").exists():
            self.changes()
        info = RunInfo(self.source, self.run, complete, self.claims, read, rejected, private, origin, synthetic)
        write_atomically(self.beside / "run.json", json.dumps(asdict(info), indent=1))
        self.final.parent.mkdir(parents=True, exist_ok=True)
        self.beside.rename(self.final)
        return info

    def drop(self) -> None:
        with contextlib.suppress(OSError):  # on a full disk the last lines cannot be written, and need not be
            self._lines.close()
        shutil.rmtree(self.beside, ignore_errors=True)


class Ledger:
    """All runs of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / "ledger"

    def runs(self, source: str = "") -> list[RunInfo]:
        """Every finished run, or those of one source, by source and time."""
        files = (self.folder / source).glob("*/run.json") if source else self.folder.glob("*/*/run.json")
        found = (json.loads(p.read_bytes()) for p in sorted(files))
        return [RunInfo(**r) for r in found]

    @contextlib.contextmanager
    def run(self, source: str, at: dt.datetime | None = None) -> Iterator[Run]:
        """A new run; an exception inside leaves nothing behind. The caller holds `writing()`."""
        for left in self.folder.glob(".*.partial"):  # of a killed process: we hold the lock, so nobody is using it
            shutil.rmtree(left, ignore_errors=True)
        stamp = _stamp(at or dt.datetime.now(dt.UTC))
        run = Run(self.folder, source, stamp, self._standing(source))
        try:
            yield run
        except BaseException:
            run.drop()
            raise
        if run.beside.exists():
            run.drop()

    def _standing(self, source: str) -> list[Path]:
        """Claim files of the source's last complete run and of the incomplete ones after it."""
        runs = self.runs(source)
        first = max((n for n, r in enumerate(runs) if r.complete), default=0)
        return [f for r in runs[first:] for f in self.files(r)]

    def files(self, run: RunInfo) -> list[Path]:
        """The Parquet files of a run."""
        return sorted((self.folder / run.source / run.run).glob("claims*.parquet"))

    def judge(self, verdict: str, subject: str, object: str | None, who: str, why: str, when: dt.datetime | None = None) -> Claim:
        """Record a person's decision: same/different/unsure/withdrawn on two ids, wrong/withdrawn on one claim id."""
        judgeable(verdict, subject, object)
        if object is not None:
            subject, object = sorted((subject, object))
        at = (when or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
        made = claim(CURATION, subject, verdict, "{}", object=object, value={"who": who, "when": at.isoformat(), "why": why})
        with self.run(CURATION, at) as run:
            run.add([made])
            run.close(complete=False)
        return made

    def private(self) -> frozenset[str]:
        """Sources whose last run says they are private."""
        return frozenset(s for s, p in {r.source: r.private for r in self.runs()}.items() if p)

    def synthetic(self) -> bool:
        """Was this workspace made up? Facts and made-up ones never share one: each refuses the other's workspace."""
        return any(r.synthetic for r in self.runs())

    def load(self, db: DuckDBPyConnection, known_at: dt.datetime | None = None, private: bool = True, about: Sequence[str] | None = None) -> None:
        """Create in `db`: runs, live (claims with recorded_at), judgements (the live ones), published (ids).

        Without `private`, as if the private sources had never been read. `about`: only what `curation` said, and what anybody says of
        these ids: the whole of a big ledger takes gigabytes.
        """
        stamp = _stamp(known_at) if known_at else "9"
        hidden = frozenset() if private else self.private()
        runs = [r for r in self.runs() if r.run <= stamp and r.source not in hidden]
        self._stated(db, runs, about)
        db.execute(_LIVE, [IDENTITY, list(VERDICTS)])
        db.execute(_JUDGEMENTS, [CURATION, list(VERDICTS)])
        db.execute("DELETE FROM live WHERE claim_id IN (SELECT subject FROM judgements WHERE verdict = 'wrong')")
        if any(r.source == CURATION for r in runs):
            db.execute(_WAITING, [CURATION])
        db.execute("CREATE TABLE published AS SELECT DISTINCT subject AS id FROM stated WHERE source = ?", [IDENTITY])

    def judgements(self, db: DuckDBPyConnection) -> None:
        """Create in `db` the live judgements only: what `curation` said is read, however long the rest of the ledger is."""
        self._stated(db, self.runs(CURATION))
        db.execute(_JUDGEMENTS, [CURATION, list(VERDICTS)])

    def noted(self, predicate: str) -> list[str]:
        """Ids that any claim of `curation` with this predicate joins, live or not."""
        files = [str(f) for r in self.runs(CURATION) for f in self.files(r)]
        if not files:
            return []
        with scan() as db:
            text = "SELECT DISTINCT unnest([subject, object]) FROM read_parquet(?) WHERE predicate = ? ORDER BY 1"
            return [i for (i,) in db.execute(text, [files, predicate]).fetchall()]

    def _stated(self, db: DuckDBPyConnection, runs: Sequence[RunInfo], about: Sequence[str] | None = None) -> None:
        """Create in `db` the tables of these runs and of what they stated."""
        db.execute("CREATE TABLE runs (source VARCHAR, run VARCHAR, complete BOOLEAN, private BOOLEAN)")
        if runs:
            db.executemany("INSERT INTO runs VALUES (?, ?, ?, ?)", [(r.source, r.run, r.complete, r.private) for r in runs])
        columns = ", ".join(f"{c} {t}" for c, t in COLUMNS.items())
        db.execute(f"CREATE TABLE stated ({columns})")
        files = [str(f) for r in runs for f in self.files(r)]
        if files:
            of = " WHERE source = ? OR list_contains(?, subject) OR list_contains(?, object)" if about is not None else ""
            db.execute(f"INSERT INTO stated SELECT {', '.join(COLUMNS)} FROM read_parquet(?){of}",
                       [files, *([CURATION, list(about), list(about)] if about is not None else [])])  # fmt: skip


# A series of statements is broken where a complete run lies between two runs that state the claim.
# `before` counts the complete runs up to and including a run, so that is one subtraction instead of a self-join.
_LIVE = """
CREATE TABLE live AS
WITH ordered AS (
    SELECT *, sum(complete::INT) OVER (PARTITION BY source ORDER BY run) AS before FROM runs WHERE source <> ?
), named AS (
    SELECT s.*, o.before, o.complete,
           lag(o.before) OVER (PARTITION BY s.claim_id ORDER BY s.run) AS previous
    FROM stated s JOIN ordered o USING (source, run) WHERE NOT list_contains(?, s.predicate)
), series AS (
    SELECT *, sum((previous IS NULL OR before - complete::INT > previous)::INT)
              OVER (PARTITION BY claim_id ORDER BY run) AS nth FROM named
), latest AS (
    SELECT claim_id, max(nth) AS nth FROM series GROUP BY claim_id
), last_run AS (
    SELECT source, max(before) AS completes FROM ordered GROUP BY source
)
SELECT s.* EXCLUDE (run, before, previous, nth, complete), min(s.run) OVER (PARTITION BY s.claim_id) AS recorded_at
FROM series s JOIN latest USING (claim_id, nth) JOIN last_run l USING (source)
QUALIFY row_number() OVER (PARTITION BY s.claim_id ORDER BY s.run DESC) = 1 AND s.before >= l.completes
"""

_JUDGEMENTS = """
CREATE TABLE judgements AS
SELECT claim_id, subject, object, predicate AS verdict, value FROM stated WHERE source = ? AND list_contains(?, predicate)
QUALIFY row_number() OVER (PARTITION BY subject, object ORDER BY value->>'$.when' DESC, claim_id) = 1
"""

# What people noted between two things is live like any claim, but makes no thing: once no source states an end, it waits.
_WAITING = """
DELETE FROM live l WHERE source = $1 AND object IS NOT NULL AND EXISTS (
    SELECT 1 FROM (VALUES (l.subject), (l.object)) ends(id)
    WHERE id NOT IN (SELECT unnest([subject, coalesce(object, subject)]) FROM live WHERE source <> $1))
"""


def _stamp(at: dt.datetime) -> str:
    """A run's name: its time in UTC, so that names sort as times do."""
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def judgeable(verdict: str, subject: str, object: str | None) -> None:
    """Refuse a judgement that every later build would stumble over."""
    if verdict not in VERDICTS:
        raise BadInput(f"no verdict {verdict!r}; there are {', '.join(VERDICTS)}")
    if object is None:
        if verdict in ("same", "different") or ":" in subject:
            raise BadInput(f"{verdict} on {subject!r} alone: same and different need two ids, the others one claim id or two ids")
    elif verdict == "wrong" or subject == object or not (kind := load().kind_of(subject)) or kind != load().kind_of(object):
        raise BadInput(f"{verdict} on {subject!r} and {object!r}: two different ids of one kind are needed; wrong takes one claim id")


def contradictions(same: dict[str, str], different: list[tuple[str, str]]) -> None:
    """Refuse judgements that cannot all hold: two ids judged different that a chain of `same` makes one."""
    clash = [(a, b) for a, b in different if a in same and same.get(a) == same.get(b)]
    if clash:
        pairs = "; ".join(f"{a} and {b}" for a, b in clash)
        raise Contradiction(f"judged different, yet a chain of 'same' makes them one: {pairs}; withdraw one of the judgements",
                            errors=[{"subject": a, "object": b} for a, b in clash])
