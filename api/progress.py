"""Where the marks of a target's two lines lie: how much of the figure is counted, and where in its time a day stands. Pure geometry.

Invariant: what is not observable has no bar at all, so that it can never look like zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTH = 720.0
WHOLE = 2  # a reported figure beyond this many times the target stands at the end of the bar


@dataclass(frozen=True)
class Said:
    """A figure a document reports for the same metric."""

    x: float
    shown: str
    doubt: bool
    beyond: bool


@dataclass(frozen=True)
class Bar:
    """`target` and `observed` in units of the drawing; `observed` None: not observable."""

    target: float
    observed: float | None
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Line:
    """Days on a line from `first` to `last`; positions in units of the drawing."""

    first: dt.date
    last: dt.date
    begins: float | None
    due: float
    today: float
    ticks: tuple[float, ...]
    said: tuple[Said, ...]


def bar(promise: Mapping[str, Any]) -> Bar | None:
    """None where the document states no number to measure by."""
    wanted = (promise["value"] or {}).get("value")
    if not wanted:
        return None
    reported = [r for r in promise["reported"] if r["share"] is not None]
    most = max(1.0, (promise["observed"] or 0) / wanted, *(min(WHOLE, r["share"]) for r in reported))
    unit = WIDTH / most
    said = tuple(Said(min(WIDTH, r["share"] * unit), r["shown"], r["unconfirmed"], r["share"] > most) for r in reported)
    return Bar(unit, None if promise["observed"] is None else promise["observed"] / wanted * unit, said)


def line(promise: Mapping[str, Any], as_of: dt.date) -> Line | None:
    """None where no due day is stated."""
    if not promise["due"]:
        return None
    due, begins = dt.date.fromisoformat(promise["due"]), _day(promise["begins"])
    counted = [d for r in promise["counted"] if (d := _day((r["day"] or [None, None])[1] or (r["day"] or [None])[0]))]
    reported = [(d, r) for r in promise["reported"] if (d := _day(r["day"]))]
    known = [due, as_of, *([begins] if begins else []), *counted, *(d for d, _ in reported)]
    first, last = min(known), max(known)
    days = max((last - first).days, 1)

    def at(day: dt.date) -> float:
        return (day - first).days / days * WIDTH

    return Line(first, last, at(begins) if begins else None, at(due), at(as_of), tuple(sorted({at(d) for d in counted})),
                tuple(Said(at(d), f"{r['shown']} {r['period']}", r["unconfirmed"], False) for d, r in reported))  # fmt: skip


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
