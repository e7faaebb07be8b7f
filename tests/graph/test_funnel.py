"""Funnels, order and gaps on numbers worked by hand; a circle ends and is said."""

from __future__ import annotations

import datetime as dt

import pytest

from graph.eligibility import addressed
from graph.funnel import ancestors, funnel, gap, in_order
from graph.standing import Event, standing

D = dt.date


def test_a_funnel_counts_who_reached_each_stage_and_names_the_narrowest_step() -> None:
    found = funnel({"laboratory": 6, "verification": 2, "pilot": 1, "industry": 1})
    assert [(s["at"], s["reached"], s["passed"]) for s in found["stages"]] == [(6, 10, None), (2, 4, 0.4), (1, 2, 0.5), (1, 1, 0.5)]
    assert found["break"] == {"from": "laboratory", "to": "verification", "passed": 0.4}


def test_a_funnel_of_nothing_and_one_of_what_all_passed_have_no_break() -> None:
    assert funnel({})["break"] is None
    assert funnel({"industry": 3})["break"] is None
    assert [s["passed"] for s in funnel({})["stages"]] == [None] * 4


def test_links_come_from_upstream_to_downstream_and_a_circle_comes_last() -> None:
    assert in_order("abc", [("c", "b"), ("b", "a")]) == (["c", "b", "a"], [])
    assert in_order("abcd", [("a", "b"), ("b", "c"), ("c", "b")]) == (["a", "d", "b", "c"], ["b", "c"])


def test_ancestors_end_on_a_circle_and_say_it() -> None:
    above, circle = ancestors({1: [2], 2: [3], 3: [2], 4: [1]})
    assert above[4] == {1, 2, 3} and circle == {2, 3}


@pytest.mark.parametrize(("numbers", "wanted"), [((1, 0, 5, 2), None), ((0, 0, 5, 5), "gap"), ((0, 1, 5, 5), "suspected"),
                                                 ((0, 0, 5, 2), "suspected"), ((0, 0, 5, 0), "no_data"), ((0, 0, 0, 0), "no_data")])  # fmt: skip
def test_a_lack_is_a_gap_only_when_every_base_is_known(numbers: tuple[int, int, int, int], wanted: str | None) -> None:
    assert gap(*numbers) == wanted


def event(what: str, day: D | None, until: D | None = None) -> Event:
    return Event(what, day, "省级", until, 1)


@pytest.mark.parametrize(("events", "wanted"), [
    ([], "unknown"),
    ([event("proposed", D(2024, 1, 1))], "proposed"),
    ([event("recognised", D(2024, 1, 1))], "in_force"),
    ([event("recognised", D(2020, 1, 1), D(2023, 1, 1))], "expired"),
    ([event("recognised", D(2020, 1, 1), D(2023, 1, 1)), event("recognised", D(2023, 5, 1))], "in_force"),
    ([event("recognised", D(2020, 1, 1)), event("revoked", D(2024, 1, 1))], "revoked"),
    ([event("revoked", D(2022, 1, 1)), event("recognised", D(2024, 1, 1))], "in_force"),
    ([event("recognised", D(2026, 1, 1))], "unknown"),
    ([event("recognised", D(2020, 1, 1)), event("revoked", D(2026, 1, 1))], "in_force"),
])  # fmt: skip
def test_status_follows_from_the_acts_up_to_the_day(events: list[Event], wanted: str) -> None:
    found = standing(events, D(2025, 6, 1))
    assert found.status == wanted and all(found.sentence(D(2025, 6, 1)).values())


def test_an_undated_act_that_could_change_the_order_is_marked() -> None:
    found = standing([event("recognised", None), event("revoked", D(2024, 1, 1))], D(2025, 6, 1))
    assert found.status == "revoked" and found.undated
    assert not standing([event("recognised", D(2020, 1, 1))], D(2025, 6, 1)).undated


@pytest.mark.parametrize(("whom", "condition", "kind", "size", "wanted"), [
    (None, None, "Enterprise", "", "may_apply"), ("企业", None, "Enterprise", "", "applies"), ("高校", None, "Enterprise", "", "does_not_apply"),
    ("有关单位", None, "Enterprise", "", "may_apply"), ("中小企业", None, "Enterprise", "large", "does_not_apply"),
    ("中小企业", None, "Enterprise", "small", "applies"), ("中小企业", None, "Enterprise", "", "may_apply"),
    ("企业", "投资额500万元以上", "Enterprise", "small", "may_apply"),
])  # fmt: skip
def test_a_measure_is_for_whom_its_words_name(whom: str | None, condition: str | None, kind: str, size: str, wanted: str) -> None:
    assert addressed(whom, condition, kind, size).verdict == wanted
