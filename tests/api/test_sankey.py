"""The geometry of the Sankey and of a target's lines: nothing overlaps, widths conserve, what is unknown has no bar."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.progress import WIDTH, bar, line
from api.sankey import TALL, THICK, WIDE, Drawing, Frame, draw
from graph.funnel import WAYMARKS, flows, furthest
from graph.potential import STAGES

WAYS = [dict(zip(WAYMARKS, marks, strict=True)) for marks in product((False, True), repeat=len(WAYMARKS))]


def worlds(numbers: list[int]) -> list[dict[str, Any]]:
    return [{**way, "achievements": n} for way, n in zip(WAYS, numbers, strict=True)]


MANY = st.lists(st.integers(0, 5_000), min_size=len(WAYS), max_size=len(WAYS))


def test_a_way_with_holes_goes_over_them_and_says_nothing_of_what_lies_between() -> None:
    ways = [{"verified": False, "piloted": True, "industrialised": False, "achievements": 3},
            {"verified": True, "piloted": False, "industrialised": True, "achievements": 2},
            {"verified": False, "piloted": False, "industrialised": False, "achievements": 5}]  # fmt: skip
    assert [(f["from"], f["to"], f["number"]) for f in flows(ways)] == [
        ("laboratory", "verification", 2), ("laboratory", "pilot", 3), ("laboratory", None, 5), ("verification", "industry", 2), ("pilot", None, 3)]
    assert [furthest(w) for w in ways] == ["pilot", "industry", "laboratory"]


@given(MANY)
def test_what_enters_a_stage_leaves_it(numbers: list[int]) -> None:
    moved = flows(worlds(numbers))
    assert sum(f["number"] for f in moved if f["from"] == "laboratory") == sum(numbers)
    for stage in STAGES[1:-1]:
        assert sum(f["number"] for f in moved if f["to"] == stage) == sum(f["number"] for f in moved if f["from"] == stage)
    ends = sum(f["number"] for f in moved if f["to"] in (None, "industry"))
    assert ends == sum(numbers), "every achievement ends once"


@pytest.mark.parametrize("frame", [WIDE, TALL], ids=["wide", "tall"])
@given(numbers=MANY)
def test_nodes_do_not_overlap_and_widths_conserve(frame: Frame, numbers: list[int]) -> None:
    drawn = draw(flows(worlds(numbers)), frame)
    columns: dict[float, list[tuple[float, float]]] = {}
    for n in drawn.nodes:
        along, start, size = (n.y, n.x, n.width) if frame.tall else (n.x, n.y, n.height)
        assert size == pytest.approx(n.number * drawn.scale)
        columns.setdefault(along, []).append((start, start + size))
    for spans in columns.values():
        assert all(a[1] + frame.gap <= b[0] + 1e-6 for a, b in pairwise(sorted(spans)))
        assert spans[0][0] >= 0 and max(s[1] for s in spans) <= frame.across + 1e-6
    for stage in STAGES:
        node = next(n for n in drawn.nodes if n.stage == stage and not n.stop)
        size = node.width if frame.tall else node.height
        left = sum(b.width for b in drawn.bands if b.source == stage)
        entered = sum(b.width for b in drawn.bands if b.to == stage)
        assert stage == "industry" or left == pytest.approx(size)
        assert stage == "laboratory" or entered == pytest.approx(size)
    assert all(b.width == pytest.approx(b.number * drawn.scale) for b in drawn.bands)
    assert all(b.skips == (b.to is not None and STAGES.index(b.to) - STAGES.index(b.source) > 1) for b in drawn.bands)


@given(MANY)
def test_bands_begin_and_end_at_their_nodes_side_by_side(numbers: list[int]) -> None:
    drawn = draw(flows(worlds(numbers)))
    for stage in STAGES:
        node = next(n for n in drawn.nodes if n.stage == stage and not n.stop)
        spans = sorted(ends(b.path)[0] for b in drawn.bands if b.source == stage)
        arrived = sorted(ends(b.path)[1] for b in drawn.bands if b.to == stage)
        for edge, found in ((node.x + THICK, spans), (node.x, arrived)):
            assert all(at == pytest.approx(edge, abs=0.02) for at, _, _ in found)
            assert all(one[2] == pytest.approx(two[1], abs=0.05) for one, two in pairwise(found)), "side by side, without holes"
            assert not found or (found[0][1] == pytest.approx(node.y, abs=0.05) and found[-1][2] == pytest.approx(node.y + node.height, abs=0.05))


def ends(path: str) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """(x, near, far) where a band begins and where it arrives: of its first and last point there, and back."""
    points = [tuple(map(float, p)) for p in re.findall(r"([\d.-]+) ([\d.-]+)(?= [LC]|Z)", path)]  # the ends of its pieces, not what bends them
    half = len(points) // 2
    (x0, near0), (x1, near1) = points[0], points[half - 1]
    (_, far1), (_, far0) = points[half], points[-1]
    return (x0, near0, far0), (x1, near1, far1)


def test_the_golden_drawing_of_a_small_chain() -> None:
    ways = [{"verified": True, "piloted": True, "industrialised": True, "achievements": 2},
            {"verified": False, "piloted": False, "industrialised": True, "achievements": 1},
            {"verified": False, "piloted": False, "industrialised": False, "achievements": 5}]  # fmt: skip
    frame = Frame(1000, 108, 10)
    drawn: Drawing = draw(flows(ways), frame)
    assert drawn.scale == (108 - 20) / 8 == 11 and drawn.box == (1000, 108)
    assert [(n.stage, n.stop, n.number, round(n.x), n.y, n.height) for n in drawn.nodes] == [
        ("laboratory", False, 8, 0, 0.0, 88.0), ("verification", False, 2, 329, 0.0, 22.0), ("laboratory", True, 5, 329, 53.0, 55.0),
        ("pilot", False, 2, 657, 0.0, 22.0), ("industry", False, 3, 986, 0.0, 33.0)]  # fmt: skip
    skipping = next(b for b in drawn.bands if b.skips)
    assert (skipping.source, skipping.to, skipping.number, skipping.width) == ("laboratory", "industry", 1, 11.0)
    assert "L342.67 32.00" in skipping.path, "past the verification column in a lane of its own, below its node and a gap"


def test_nothing_flows_is_drawn_without_size() -> None:
    drawn = draw([])
    assert [n.number for n in drawn.nodes] == [0] * 4 and drawn.bands == ()


# ---- a target's lines


def promise(**more: Any) -> dict[str, Any]:
    return {"value": {"value": 60.0}, "observed": 15, "reported": [], "due": "2026-12-31", "begins": None, "counted": [], **more}


def test_what_is_not_observable_has_no_bar_and_is_not_a_nought() -> None:
    unseen, none = bar(promise(observed=None)), bar(promise(observed=0))
    assert unseen and unseen.observed is None
    assert none and none.observed == 0.0
    assert bar(promise(value=None)) is None


def test_the_bar_holds_the_target_ours_and_what_is_reported() -> None:
    said = [{"share": 1.2, "shown": "72家", "unconfirmed": True, "day": "2025-12-31", "period": "2025年"},
            {"share": 40.0, "shown": "2400家", "unconfirmed": False, "day": None, "period": None}]  # fmt: skip
    drawn = bar(promise(reported=said))
    assert drawn and drawn.target == WIDTH / 2 and drawn.observed == WIDTH / 8
    assert [(round(s.x), s.doubt, s.beyond) for s in drawn.said] == [(round(WIDTH * 0.6), True, False), (WIDTH, False, True)]


def test_the_line_holds_every_day_in_order() -> None:
    counted = [{"day": ["2026-03-01", "2026-03-01"]}, {"day": [None, None]}, {"day": None}]
    drawn = line(promise(begins="2025-01-01", counted=counted), dt.date(2027, 1, 31))
    assert drawn and drawn.begins == 0.0 and drawn.today == WIDTH and 0 < drawn.ticks[0] < drawn.due < WIDTH and len(drawn.ticks) == 1
    assert line(promise(due=None), dt.date(2027, 1, 31)) is None
