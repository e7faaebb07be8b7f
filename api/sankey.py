"""The Sankey of a chain: where its nodes and bands lie. Pure geometry on numbers; the template draws it.

Invariants: the stages are columns in their order; a band is as wide everywhere as its number, on one scale; what enters a stage
and what leaves it fill the same node; nodes of a column do not overlap; a band that skips a stage passes that column in a lane of
its own. `along` runs with the chain, `across` at right angles to it: a wide drawing takes (along, across), a tall one turns it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.potential import STAGES

THICK = 14.0  # of a node, along the chain


@dataclass(frozen=True)
class Frame:
    """Sizes of a drawing without its margins; `gap` lies between what stands in one column; `tall`: the chain runs downwards."""

    along: float
    across: float
    gap: float
    tall: bool = False

    def column(self, n: int) -> float:
        return n * (self.along - THICK) / (len(STAGES) - 1)


WIDE, TALL = Frame(1000, 290, 34), Frame(560, 330, 14, tall=True)


@dataclass(frozen=True)
class Node:
    """A stage, or where what came as far as the stage before ends (`stop`). `number` of `scale` units make its `size`."""

    stage: str
    stop: bool
    number: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Band:
    """What goes from a stage to another; `to` None: no further stage is on record; `skips`: stages between are not on record."""

    source: str
    to: str | None
    number: int
    skips: bool
    width: float
    path: str
    x: float
    y: float  # where a label stands in it: its middle, or its lane in the first stage it passes


@dataclass(frozen=True)
class Drawing:
    frame: Frame
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    scale: float  # length across of one achievement

    @property
    def box(self) -> tuple[float, float]:
        return (self.frame.across, self.frame.along) if self.frame.tall else (self.frame.along, self.frame.across)


Lane = tuple[int, int, int]  # column, from, to: a stage is (n, n, n), a passing band (column, from, to), an end (column, column - 1, END)
END = len(STAGES)


def draw(flows: Sequence[Mapping[str, Any]], frame: Frame = WIDE) -> Drawing:
    """The drawing of `graph.funnel.flows`. Nothing flows: nodes without size."""
    moves = {(STAGES.index(f["from"]), END if f["to"] is None else STAGES.index(f["to"])): int(f["number"]) for f in flows if f["number"]}
    held = [sum(n for (a, _), n in moves.items() if a == s) for s in range(END)]
    held[-1] = sum(n for (_, b), n in moves.items() if b == END - 1)
    lanes: list[list[Lane]] = [[(s, s, s)] for s in range(END)]
    for a, b in sorted(moves, key=lambda m: (m[1], -m[0])):
        for passed in range(a + 1, a + 2 if b == END else b):
            lanes[passed].append((passed, a, b))
    size = {lane: held[lane[1]] if lane[1] == lane[2] else moves[lane[1], lane[2]] for column in lanes for lane in column}
    most_gaps = max(len(column) - 1 for column in lanes) * frame.gap
    scale = (frame.across - most_gaps) / max(held[0], 1)
    start: dict[Lane, float] = {}
    for column in lanes:
        at = 0.0
        for lane in column:
            start[lane] = at
            at += size[lane] * scale + frame.gap
    nodes = (_node(frame, lane, size[lane], start[lane], scale) for lane in start if lane[1] == lane[2] or lane[2] == END)
    return Drawing(frame, tuple(nodes), tuple(_bands(frame, moves, start, scale)), scale)


def _node(frame: Frame, lane: Lane, number: int, across: float, scale: float) -> Node:
    column, source, to = lane
    along, length = frame.column(column), number * scale
    x, y, width, height = (across, along, length, THICK) if frame.tall else (along, across, THICK, length)
    return Node(STAGES[source], to == END, number, x, y, width, height)


def _bands(frame: Frame, moves: Mapping[tuple[int, int], int], start: Mapping[Lane, float], scale: float) -> list[Band]:
    left = {s: start[s, s, s] for s in range(END)}  # where the next band leaves a stage, and enters it
    entered = dict(left)
    out = []
    stops: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for a, b in sorted(moves):
        width = moves[a, b] * scale
        stops[a, b] = [(frame.column(a) + THICK, left[a])]
        left[a] += width
        for column in range(a + 1, a + 2 if b == END else b):
            at = frame.column(column), start[column, a, b]
            stops[a, b] += [at] if b == END else [at, (at[0] + THICK, at[1])]
    for a, b in sorted((m for m in moves if m[1] < END), key=lambda m: (m[1], -m[0])):
        stops[a, b].append((frame.column(b), entered[b]))
        entered[b] += moves[a, b] * scale
    for (a, b), line in sorted(stops.items()):
        width = moves[a, b] * scale
        (x0, y0), (x1, y1) = line[0], line[1]
        skips = b < END and b > a + 1
        x, y = (x1 + THICK / 2, y1 + width / 2) if skips else ((x0 + x1) / 2, (y0 + y1 + width) / 2)
        out.append(Band(STAGES[a], None if b == END else STAGES[b], moves[a, b], skips, width, _path(frame, line, width),
                        *((y, x) if frame.tall else (x, y))))  # fmt: skip
    return out


def _path(frame: Frame, line: Sequence[tuple[float, float]], width: float) -> str:
    """A closed outline: the near edge there, the far edge back."""

    def at(along: float, across: float) -> str:
        a, b = (across, along) if frame.tall else (along, across)
        return f"{a:.2f} {b:.2f}"

    def edge(points: Sequence[tuple[float, float]]) -> str:
        out = ""
        for (p, q), (r, s) in itertools.pairwise(points):
            middle = (p + r) / 2
            out += f" C{at(middle, q)} {at(middle, s)} {at(r, s)}" if q != s else f" L{at(r, s)}"
        return out

    far = [(p, q + width) for p, q in reversed(line)]
    return f"M{at(*line[0])}{edge(line)} L{at(*far[0])}{edge(far)}Z"
