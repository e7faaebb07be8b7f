"""Long work of a server: one job at a time, in a thread of its own, its state readable while it runs.

A job writes into the workspace under the ledger's lock, so a command line at work meanwhile makes it fail with Busy and
nothing else. The server answers on; it takes up what was published between two requests. A job is cancelled where it
reports its progress, until what it writes has begun to count: nothing is ever left half written.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from api.view import in_chinese
from graph.errors import Busy, InnochainError
from graph.ledger import writing
from graph.proposals import is_kept, kept
from graph.settings import Settings
from graph.snapshot import build
from graph.store.open import open_store
from ingest.publications import region_names
from queries.reader import Reader

PROPOSING, AT_ONCE = "proposals", 0.5  # the job that finds what may be one thing; seconds a caller waits without being told
log = structlog.get_logger()


class Cancelled(BaseException):
    """Ends a job from inside its report; no `except Exception` of the work itself holds it up."""


@dataclass
class State:
    """What a job is doing or has done: idle, running, cancelling, done, failed or cancelled. `result` is its answer, `error` a sentence."""

    what: str = ""
    state: str = "idle"
    running: bool = False
    cancellable: bool = False
    step: str = ""
    done: int = 0
    total: int = 0
    began: str = ""
    ended: str = ""
    result: Any = None
    error: str = ""


@dataclass(frozen=True)
class Report:
    """What a job calls to say how far it is: `step, done, total`. Ends it there when it is to be cancelled."""

    state: State

    def __call__(self, step: str, done: int, total: int) -> None:
        if self.state.state == "cancelling":
            raise Cancelled
        self.state.step, self.state.done, self.state.total = step, done, total

    def see_through(self) -> None:
        """From here on the job ends by itself: what it has written counts already."""
        self.state.cancellable, self.state.state = False, "running"


class Jobs:
    """The jobs of one server."""

    def __init__(self) -> None:
        self.state, self._lock = State(), threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, what: str, work: Callable[[Report], Any]) -> dict[str, Any]:
        """Begin a job. Raises Busy while another one runs."""
        with self._lock:
            if self.state.running:
                raise Busy(f"{self.state.what} is running since {self.state.began}; wait until it is done")
            self.state = State(what, "running", True, True, began=_now())
            self._thread = threading.Thread(target=self._run, args=(work,), name=f"innochain-{what}", daemon=True)
            self._thread.start()
        return self.shown()

    def cancel(self) -> dict[str, Any]:
        """Ask the running job to end; it does at its next report. Raises Busy where it has to be seen through."""
        with self._lock:
            if self.state.running:
                if not self.state.cancellable:
                    raise Busy(f"{self.state.what} has gone too far to be cancelled; it ends by itself")
                self.state.state = "cancelling"
        return self.shown()

    def wait(self, seconds: float) -> None:
        """Until the job is done, at most so long: what is quick needs no page that says wait."""
        if self._thread:
            self._thread.join(seconds)

    def _run(self, work: Callable[[Report], Any]) -> None:
        state, ended = self.state, "done"
        try:
            state.result = work(Report(state))
        except Cancelled:
            ended = "cancelled"
        except InnochainError as e:
            ended, state.error = "failed", e.detail
        except Exception as e:
            log.error("job failed", what=state.what, exc_info=e)
            ended, state.error = "failed", f"{type(e).__name__}; nothing that was there before has changed (the server's log says more)"
        state.ended, state.state, state.cancellable, state.running = _now(), ended, False, False

    def shown(self) -> dict[str, Any]:
        return asdict(self.state) | {"error_zh": in_chinese(self.state.error)}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def proposing(jobs: Jobs, reader: Reader, again: bool = False) -> bool:
    """Are the proposals of the version in use at hand? If not, the job that finds them is begun and given half a second.

    What failed or was cancelled is begun anew only with `again`; while something else runs, it is not begun.
    """
    workspace, snapshot = reader.settings.workspace, reader.snapshot()
    if is_kept(workspace, snapshot):
        return True
    if not jobs.state.running and (again or not (jobs.state.what == PROPOSING and jobs.state.state in ("failed", "cancelled"))):
        with contextlib.suppress(Busy):  # another one has just begun: whoever asks waits for that
            jobs.start(PROPOSING, lambda report: len(kept(workspace, snapshot, region_names(), report)))
        jobs.wait(AT_ONCE)
    return is_kept(workspace, snapshot)


def rebuild(settings: Settings, private: bool, report: Report) -> dict[str, Any]:
    """Ledger → snapshot → the store in use. Cancelled before the snapshot is current, it leaves the former one; publishing is seen through."""
    with writing(settings.workspace):
        steps = iter(range(1, 100))
        snapshot = build(settings.workspace, progress=lambda step: report(step, next(steps), 6), private=private)
        report.see_through()
        store = open_store(settings)
        try:
            store.apply(snapshot, report)
        finally:
            store.close()
    return {"version": snapshot.version, "nodes": snapshot.manifest["nodes"], "edges": snapshot.manifest["edges"]}
