"""Long work of a server: one job at a time, in a thread of its own, its state readable while it runs.

A job writes into the workspace under the ledger's lock, so a command line at work meanwhile makes it fail with Busy and
nothing else. The server answers on; it takes up what was published between two requests.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from graph.errors import Busy, InnochainError
from graph.ledger import writing
from graph.settings import Settings
from graph.snapshot import build
from graph.store.open import open_store

log = structlog.get_logger()
Report = Callable[[str, int, int], None]


@dataclass
class State:
    """What a job is doing or has done. `result` is its answer, `error` a sentence for people with `errors` beside it."""

    what: str = ""
    running: bool = False
    step: str = ""
    done: int = 0
    total: int = 0
    began: str = ""
    ended: str = ""
    result: Any = None
    error: str = ""


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
            self.state = State(what, True, began=_now())
            self._thread = threading.Thread(target=self._run, args=(work,), name=f"innochain-{what}", daemon=True)
            self._thread.start()
        return self.shown()

    def wait(self, seconds: float) -> None:
        """Until the job is done, at most so long: what is quick needs no page that says wait."""
        if self._thread:
            self._thread.join(seconds)

    def _run(self, work: Callable[[Report], Any]) -> None:
        state = self.state

        def report(step: str, done: int, total: int) -> None:
            state.step, state.done, state.total = step, done, total

        try:
            state.result = work(report)
        except InnochainError as e:
            state.error = e.detail
        except Exception as e:
            log.error("job failed", what=state.what, exc_info=e)
            state.error = f"{type(e).__name__}; nothing that was there before has changed (the server's log says more)"
        state.ended, state.running = _now(), False

    def shown(self) -> dict[str, Any]:
        return asdict(self.state)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def rebuild(settings: Settings, private: bool, report: Report) -> dict[str, Any]:
    """Ledger → snapshot → the store in use."""
    with writing(settings.workspace):
        steps = iter(range(1, 100))
        snapshot = build(settings.workspace, progress=lambda step: report(step, next(steps), 6), private=private)
        store = open_store(settings)
        try:
            store.apply(snapshot, report)
        finally:
            store.close()
    return {"version": snapshot.version, "nodes": snapshot.manifest["nodes"], "edges": snapshot.manifest["edges"]}
