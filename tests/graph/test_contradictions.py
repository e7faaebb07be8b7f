"""Figures that cannot both hold are found; a growing series, rounded figures and different things are not taken for them."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from graph.contradictions import Named, Said, core, countings, disagreements
from graph.values import clean_date, clean_quantity

COUNT = iter(range(10_000))


def said(value: str, period: str = "2024年", kind: str = "Observation", metric: str = "转化的成果", about: str = "region:1", **more: Any) -> Said:
    day = clean_date(period) if period else {"earliest": None, "latest": None}
    first, last = (dt.date.fromisoformat(day[k]) if day[k] else None for k in ("earliest", "latest"))
    n = next(COUNT)
    base: dict[str, Any] = {"counts": "", "document": f"document:{n}", "document_name": f"文件{n}", "published": None, "claims": (f"c{n}",)}
    return Said(f"{kind.lower()}:{n}", kind, f"数{n}", (about,), ("某省",), metric, clean_quantity(value), value,
                (None, last) if kind == "Target" else (first, last), **(base | more))  # fmt: skip


def plan(value: str, due: str = "2026年", **more: Any) -> Said:
    return said(value, due, "Target", **more)


def differs(*figures: Said) -> list[list[str]]:
    return [x["differs"] for x in disagreements(figures)]


def test_a_plan_below_what_is_already_reported() -> None:
    assert differs(plan("3万项"), said("3.6万项", "2024年底", counts="cumulative")) == [["value", "period", "counting"]]
    (x,) = disagreements([plan("3万项"), said("3.6万项", "2024年底", counts="cumulative", confidence=0.4)])
    assert x["unconfirmed"] and "有一方未证实" in x["sentence"]["zh"] and "3.6万项" in x["sentence"]["en"] and len(x["evidence"]) == 2
    assert (x["left"]["kind"], x["right"]["kind"]) == ("Target", "Observation")


@pytest.mark.parametrize("pair", [
    (plan("4万项"), said("3.6万项", "2024年底")), (plan("3万项"), said("3.6万项", "2027年")),
    (plan("3万项", counts="stock"), said("3.6万项", "2024年底", counts="cumulative")),  # both say what they count: reached early
    (plan("3万项"), said("3.6万项", "2024年底", about="region:2")), (plan("3万项"), said("3.6万项", "2024年底", metric="参改单位")),
    (plan("突破3万项"), said("约3.1万家", "")),
], ids=["below", "after its day", "both cumulative", "another place", "another metric", "when is unknown"])  # fmt: skip
def test_a_plan_and_a_report_that_can_both_hold(pair: tuple[Said, Said]) -> None:
    assert differs(*pair) == []


def test_reports_of_one_period_that_differ() -> None:
    assert differs(said("100家"), said("150家")) == [["value"]]
    assert differs(said("100家", counts="cumulative"), said("150家", counts="new")) == [["value", "counting"]]
    assert differs(said("100家", metric="累计转化成果"), said("150家", metric="新增转化成果")) == [["value", "counting"]], "the words say how"
    assert differs(said("100家"), said("3亿元")) == [["unit"]]


@pytest.mark.parametrize("pair", [
    (said("100家", "2023年"), said("150家", "2024年")), (said("约100家"), said("105家")), (said("1.15万户"), said("约1.15万家")),
    (said("超100家"), said("150家")), (said("100家", ""), said("150家", "")), (said("100个"), said("100项")), (said("100家"), said("100.4家")),
], ids=["a series", "about", "rounded", "over", "both undated", "units that say the same", "a hundredth"])  # fmt: skip
def test_reports_that_can_both_hold(pair: tuple[Said, Said]) -> None:
    assert differs(*pair) == []


def test_a_cumulative_figure_does_not_fall() -> None:
    assert differs(said("150家", "2023年", counts="cumulative"), said("100家", "2024年", counts="cumulative")) == [["value", "period"]]
    assert differs(said("150家", "2023年", counts="new"), said("100家", "2024年", counts="new")) == []


def test_two_targets_of_one_day() -> None:
    assert differs(plan("60家"), plan("80家")) == [["value"]] and differs(plan("60家"), plan("80家", "2027年")) == []
    assert differs(plan("60家", document="document:x"), plan("80家", document="document:x")) == [], "one document's two goals"


def test_the_core_of_a_metric() -> None:
    assert core("促成转移转化的成果") == core("累计促成转移转化成果数量") != core("完成转移转化的科技成果")


@pytest.mark.parametrize("seed", range(5))
def test_planted_contradictions_are_found_with_full_precision(seed: int) -> None:
    dice, figures, planted = random.Random(seed), list[Said](), set[frozenset[str]]()
    for n in range(80):
        metric, value = f"指标{chr(0x4E00 + n)}", dice.randint(20, 500)
        sort = dice.choice(["plan", "same", "falls", "series", "agrees", "about", "early"])
        a, b = {
            "plan": lambda m=metric, v=value: (plan(f"{v}项", metric=m), said(f"{v * 2}项", "2024年", metric=m, counts="cumulative")),
            "same": lambda m=metric, v=value: (said(f"{v}项", metric=m), said(f"{v * 2}项", metric="累计" + m)),
            "falls": lambda m=metric, v=value: (said(f"{v * 2}项", "2022年", metric=m, counts="cumulative"),
                                                said(f"{v}项", "2024年", metric=m, counts="cumulative")),
            "series": lambda m=metric, v=value: (said(f"{v}项", "2022年", metric=m), said(f"{v * 2}项", "2024年", metric=m)),
            "agrees": lambda m=metric, v=value: (said(f"{v}项", metric=m), said(f"{v}项", metric=m)),
            "about": lambda m=metric, v=value: (said(f"约{v}项", metric=m), said(f"{round(v * 1.05)}项", metric=m)),
            "early": lambda m=metric, v=value: (plan(f"{v}项", metric=m, counts="stock"),
                                                said(f"{v * 2}项", "2024年", metric=m, counts="cumulative")),
        }[sort]()  # fmt: skip
        figures += [a, b]
        if sort in ("plan", "same", "falls"):
            planted.add(frozenset((a.node, b.node)))
    dice.shuffle(figures)
    called = {frozenset((x["left"]["node"], x["right"]["node"])) for x in disagreements(figures)}
    assert planted and called == planted


# ---- stated and named


def batch(n: int, stated: float | None, members: list[str], outside: list[str] = [], **more: Any) -> Named:  # noqa: B006
    shown = f"{stated:g}家" if stated else ""
    base: dict[str, Any] = {"document": "document:1", "document_name": "答复", "kind": "PilotBase", "shown": shown, "confidence": 1.0}
    return Named(f"batch:{n}", f"第{n}批", stated=stated, members=tuple((f"pilot-base:{m}", m) for m in members),
                 outside=tuple((f"pilot-base:{m}", m) for m in outside), claims=(f"b{n}",), **(base | more))  # fmt: skip


def test_ten_unnamed_ten_named_and_twelve_in_the_text() -> None:
    ten, two = [f"基地{n}" for n in range(10)], ["稀有金属", "光子"]
    (x,) = countings([batch(1, 10, [], two), batch(2, 10, ten, two)])
    assert [(r["count"], r["named"]) for r in x["readings"]] == [(10, 0), (10, 10), (12, 12)]
    assert [m["name"] for m in x["readings"][-1]["outside"]] == ["光子", "稀有金属"] and x["differs"] == ["scope"]


def test_a_shorter_list_and_a_full_one_are_no_contradiction() -> None:
    assert countings([batch(1, 10, ["甲"])]) == [] and countings([batch(1, 2, ["甲", "乙"])]) == []
    assert countings([batch(1, 20, ["甲"], ["乙"])]) == [] and countings([batch(1, None, ["甲"], ["乙"])]) == []


def test_more_named_than_stated() -> None:
    (x,) = countings([batch(1, 2, ["甲", "乙", "丙"])])
    assert x["readings"][0]["count"] == 2 and x["readings"][0]["named"] == 3
