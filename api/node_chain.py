"""A node among its neighbours along the chain, as boxes and lines for a small SVG: every box is a link, nothing runs in it.

Numbers are pixels of a picture WIDE across. What stands in the picture are the first neighbours of each relation in turn,
so that one relation of thousands does not push the others out; what is left out is counted, a column at a time.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.view import View
from graph.picture import SHAPES, look, wrapped
from graph.store.contract import Node

WIDE, STEP, BOX, HIGH, GAP = 1040, 264, 248, 46, 10  # of the picture; from column to column; a box; between boxes
TOP, MOST, BESIDE = 40, 5, 8  # below the headings; boxes of a column; boxes beside the chain
NAME = 27  # half-width columns of a name that fit a box


@dataclass(frozen=True)
class Box:
    """One node in the picture. `by` = the relation it is shown for."""

    node: Node
    name: str
    by: str
    x: int
    y: int
    css: str
    shape: str


def around(view: View, center: Node, groups: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """`{height, center, boxes, lines, more, empty, beside}`; None when the node has no neighbours."""
    if not groups:
        return None
    own = _stage(view, center.kind, center.types)
    columns: dict[int | None, list[tuple[Node, str]]] = {s: [] for s in (0, 1, 2, 3, None)}
    for near, by in _in_turn(groups):
        column = columns[_stage(view, near.kind, near.types)]
        if near.id != center.id and len(column) < (MOST if column is not columns[None] else BESIDE):
            column.append((near, by))
    left = _left_out(view, center, columns)
    top = TOP + (HIGH + 34 if own is None else 0)  # a node that has no stage stands above the chain
    deep = max(len(columns[s]) + (s == own) + bool(left[s]) for s in range(4))
    foot = top + max(1, deep) * (HIGH + GAP) + 26
    middle = _box(view, center, "", (WIDE - BOX) // 2 if own is None else own * STEP, 6 if own is None else top)
    boxes, more, empty = list[Box](), list[dict[str, Any]](), list[int]()
    for s in range(4):
        y = top + (HIGH + GAP if s == own else 0)
        boxes += [_box(view, n, by, s * STEP, y + i * (HIGH + GAP)) for i, (n, by) in enumerate(columns[s])]
        if left[s]:
            more.append({"n": left[s], "stage": s, "x": s * STEP, "y": y + len(columns[s]) * (HIGH + GAP), "labels": _labels(view, s)})
        if not columns[s] and s != own:
            empty.append(s * STEP)
    lines = [_line(middle, b) for b in boxes]
    boxes += [_box(view, n, by, i % 4 * STEP, foot + 14 + i // 4 * (HIGH + GAP)) for i, (n, by) in enumerate(columns[None])]
    height = foot + 14 + -(-len(columns[None]) // 4) * (HIGH + GAP) if columns[None] else foot - 26
    return {"height": height, "center": middle, "boxes": boxes, "lines": lines, "more": more, "empty": empty, "top": top, "own": own,
            "beside": foot if columns[None] else None, "beside_more": left[None]}  # fmt: skip


def _in_turn(groups: Sequence[Mapping[str, Any]]) -> list[tuple[Node, str]]:
    """The first of each relation, then the second of each …; a node once, for the relation that brings it first."""
    arrows = {"out": "→", "in": "←", "both": "↔"}
    rows = itertools.zip_longest(*([(r["neighbour"], f"{arrows[g['direction']]} {g['label']}") for r in g["rows"]] for g in groups))
    seen: dict[str, tuple[Node, str]] = {}
    for pair in itertools.chain.from_iterable(rows):
        if pair:
            seen.setdefault(pair[0].id, pair)
    return list(seen.values())


def _stage(view: View, kind: str, types: Sequence[str]) -> int | None:
    return look(view.ontology, Node("", kind, tuple(types), {}))[2]


def _left_out(view: View, center: Node, columns: Mapping[int | None, Sequence[Any]]) -> Counter[int | None]:
    """How many neighbours of each stage are not drawn."""
    kinds = {k.prefix: k.name for k in view.ontology.kinds.values()}
    every = Counter[int | None]()
    for r in view.reader.ask("neighbour_kinds", {"node": center.id, "modalities": list(view.ontology.modalities)}).rows:
        every[_stage(view, kinds[r["kind"]], r["types"])] += r["nodes"]
    return Counter({s: every[s] - len(column) for s, column in columns.items()})


def _labels(view: View, stage: int) -> list[str]:
    """Kinds and types that stand at a stage: what the question for the rest is asked with."""
    return [name for k in view.ontology.kinds.values() for name, at in [(k.name, k.stage), *((t, d.get("stage")) for t, d in k.types.items())]
            if at == stage]  # fmt: skip


def _box(view: View, node: Node, by: str, x: int, y: int) -> Box:
    _, shape, _, css = look(view.ontology, node)
    return Box(node, wrapped(node.name, NAME, 1), wrapped(by, NAME + 4, 1), x, y, css, SHAPES[shape])


def _line(a: Box, b: Box) -> str:
    """From the node to a neighbour: between facing sides; within a column along its outer edge; from above, down."""
    ay, by = a.y + HIGH // 2, b.y + HIGH // 2
    if a.x == b.x:
        edge, out = (a.x, -7) if a.x else (BOX, 7)
        return f"M{edge} {ay}h{out}V{by}h{-out}"
    if a.x % STEP:  # it stands above the chain
        return f"M{a.x + BOX // 2} {a.y + HIGH}C{a.x + BOX // 2} {a.y + HIGH + 30} {b.x + 40} {b.y - 40} {b.x + 40} {b.y}"
    start, end, bend = (a.x + BOX, b.x, 12) if b.x > a.x else (a.x, b.x + BOX, -12)
    return f"M{start} {ay}C{start + bend} {ay} {end - bend} {by} {end} {by}"
