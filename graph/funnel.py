"""How far achievements of a chain came, where they stop, in which order its links feed each other, and what a gap is called.

Pure: works on numbers and ids that are given to it.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from graph.potential import STAGES

WAYMARKS = ("verified", "piloted", "industrialised")  # what of an achievement's way may be on record after the laboratory
VERDICTS = {"gap": ("缺口", "gap"), "suspected": ("疑似缺口", "suspected gap"), "no_data": ("无数据", "no data")}


def funnel(at: Mapping[str, int]) -> dict[str, Any]:
    """`{stages: [{stage, at, reached, passed}], break}` from the numbers by furthest stage.

    `reached`: that stage or a later one on record; `passed`: the share of those who reached the stage before, None where nobody
    did. `break`: the step with the smallest share, None where nothing is known.
    """
    reached = {s: sum(at.get(x, 0) for x in STAGES[n:]) for n, s in enumerate(STAGES)}
    out: list[dict[str, Any]] = []
    for n, stage in enumerate(STAGES):
        before = reached[STAGES[n - 1]] if n else 0
        out.append({"stage": stage, "at": at.get(stage, 0), "reached": reached[stage], "passed": reached[stage] / before if n and before else None})
    passed, n = min(((x["passed"], n) for n, x in enumerate(out) if x["passed"] is not None), default=(1.0, 0))
    found = {"from": STAGES[n - 1], "to": STAGES[n], "passed": passed} if passed < 1 else None
    return {"stages": out, "break": found}


def furthest(way: Mapping[str, Any]) -> str:
    """The furthest stage on record of an achievement with these waymarks."""
    return next((STAGES[n + 1] for n in reversed(range(len(WAYMARKS))) if way[WAYMARKS[n]]), STAGES[0])


def flows(ways: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`[{from, to, number}]` between stages on record, `to` None where no later one is. An achievement of which stages between two are
    not on record goes from the one to the other: nothing is said about what lies between. Stages in order, those without flow left out.
    """
    found: dict[tuple[int, int], int] = {}
    for way in ways:
        on_record = [0, *(n + 1 for n, mark in enumerate(WAYMARKS) if way[mark]), len(STAGES)]
        for pair in itertools.pairwise(on_record):
            if pair != (len(STAGES) - 1, len(STAGES)):  # industry is the end
                found[pair] = found.get(pair, 0) + way["achievements"]
    return [{"from": STAGES[a], "to": STAGES[b] if b < len(STAGES) else None, "number": n} for (a, b), n in sorted(found.items())]


def in_order(ids: Iterable[str], feeds: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Ids from upstream to downstream, ties by id; and those on or behind a circle, which have no order and come last."""
    ids = set(ids)
    feeds = {(a, b) for a, b in feeds if a in ids and b in ids and a != b}
    waiting = {i: sum(b == i for _, b in feeds) for i in ids}
    after: dict[str, list[str]] = {}
    for a, b in feeds:
        after.setdefault(a, []).append(b)
    ready = [i for i, n in waiting.items() if not n]
    heapq.heapify(ready)
    out = []
    while ready:
        out.append(heapq.heappop(ready))
        for b in after.get(out[-1], ()):
            waiting[b] -= 1
            if not waiting[b]:
                heapq.heappush(ready, b)
    circle = sorted(ids - set(out))
    return out + circle, circle


def ancestors(parents: Mapping[int, Iterable[int]]) -> tuple[dict[int, set[int]], set[int]]:
    """All that each thing is part of, directly or over others; and the things that are part of themselves: a circle, walked once."""
    out: dict[int, set[int]] = {}
    circle = set()
    for start in parents:
        seen: set[int] = set()
        front = list(parents[start])
        while front:
            at = front.pop()
            if at == start:
                circle.add(start)
            elif at not in seen:
                seen.add(at)
                front += parents.get(at, ())
        out[start] = seen
    return out, circle


def gap(direct: int, elsewhere: int, facilities: int, known: int) -> str | None:
    """None where somebody serves it; else what its lack is called.

    `elsewhere` serve what it is part of, or its parts; `known` of all `facilities` are those of which a source says what they
    serve. A lack is a gap only when all are known, and no data when none is.
    """
    if direct:
        return None
    if not known:
        return "no_data"
    return "suspected" if elsewhere or known < facilities else "gap"
