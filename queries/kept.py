"""Answers that took the store long, kept while their graph version is the one in use: the next person gets them at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from queries.catalogue import Result

LONG = 0.05  # seconds; what is quicker is asked again
ROWS = 50_000  # kept in all, about 100 MB at worst; the longest unused go first


class Kept:
    """Answers of one version, by question, what was given, and where the page begins. Safe for threads."""

    def __init__(self) -> None:
        self._version: str | None = None
        self._held: dict[tuple[str, str, int], Result] = {}
        self._lock = threading.Lock()

    def get(self, version: str | None, name: str, given: Mapping[str, Any], skip: int, run: Callable[[], Result]) -> Result:
        """The kept answer, or what `run` gives. Its rows are the caller's own."""
        at = (name, repr(sorted(given.items())), skip)
        with self._lock:
            if self._version != version:
                self._version, self._held = version, {}
            found = self._held.pop(at, None)
            if found is not None:
                self._held[at] = found  # the last used stands last
        if found is None:
            began = time.perf_counter()
            found = run()
            if time.perf_counter() - began < LONG:
                return found
            self._keep(version, at, found)
        return replace(found, answer=replace(found.answer, rows=[dict(r) for r in found.answer.rows]))

    def _keep(self, version: str | None, at: tuple[str, str, int], found: Result) -> None:
        with self._lock:
            if self._version != version:  # published meanwhile
                return
            self._held[at] = found
            rows = sum(len(r.answer.rows) for r in self._held.values())
            for old in list(self._held):
                if rows <= ROWS:
                    break
                rows -= len(self._held.pop(old).answer.rows)
