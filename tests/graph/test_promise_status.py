"""Targets worked by hand: what counts, the gap, the pace, and every status on the day asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from graph.promises import STATUS, Definition, Record, assess, tally
from graph.values import clean_date, clean_quantity

DAY = dt.date(2025, 7, 1)
DUE = dt.date(2026, 12, 31)


def target(value: str = "100项", metric: str = "中试服务", kinds: tuple[str, ...] = ("Project",), **more: Any) -> Definition:
    base: dict[str, Any] = {"stock": None, "begins": None, "due": DUE, "where": ("某省",)}
    return Definition(metric, clean_quantity(value) if value else None, kinds, **(base | more))


def record(name: str, day: str | None = None, **more: Any) -> Record:
    when = None
    if day:
        d = clean_date(day)
        when = tuple(dt.date.fromisoformat(d[k]) if d[k] else None for k in ("earliest", "latest"))
    return Record(f"project:{name}", "Project", name, when, (f"c-{name}",), **more)  # type: ignore[arg-type]


def status(definition: Definition, records: list[Record], as_of: dt.date = DAY) -> dict[str, Any]:
    return assess(definition, tally(definition, records, as_of), as_of)


def monthly(n: int, first: dt.date = dt.date(2024, 7, 1)) -> list[Record]:
    """n records spread over the twelve months before the day asked."""
    return [record(f"r{i}", (first + dt.timedelta(days=round(i * 364 / max(1, n - 1)))).isoformat()) for i in range(n)]


def test_on_pace_behind_reached_and_overdue() -> None:
    needed = {n: status(target(), monthly(n)) for n in (30, 60, 100)}
    months = (DUE - DAY).days / 30.4375
    assert [needed[n]["status"] for n in (30, 60, 100)] == ["behind", "on_pace", "reached"]
    assert needed[60]["gap"] == 40 and needed[60]["needed"] == {"per_month": round(40 / months, 2), "per_year": round(480 / months, 2)}
    assert needed[60]["pace"]["per_month"] == pytest.approx(60 / 12, abs=0.05) and needed[60]["months_left"] == round(months, 2)
    assert needed[100]["gap"] == 0 and needed[100]["needed"] is None
    late = status(target(), monthly(60), dt.date(2027, 1, 1))
    assert (late["status"], late["gap"], late["months_left"], late["needed"]) == ("overdue", 40, 0, None)
    assert status(target(), monthly(100), dt.date(2027, 1, 1))["status"] == "reached"


def test_the_status_is_of_the_day_asked() -> None:
    records = monthly(100)
    assert [status(target(), records, d)["observed"] for d in (dt.date(2024, 7, 1), dt.date(2025, 1, 1), DAY)] == [1, 51, 100]
    assert status(target(due=dt.date(2025, 1, 1)), records, DAY)["observed"] == 51, "what came after its day does not count"


def test_no_record_is_not_observable_and_never_zero() -> None:
    found = status(target(), [])
    assert (found["status"], found["observed"], found["gap"], found["needed"]) == ("not_observable", None, None, None)
    assert found["label"] == {"zh": "不可观测", "en": "not observable"} and "0" not in found["sentence"]["zh"]
    assert status(target(), [], dt.date(2030, 1, 1))["status"] == "not_observable", "nor overdue"


@pytest.mark.parametrize(("definition", "wanted", "reason"), [
    (target("100"), "unknown_unit", "单位"), (target(""), "unknown_value", "目标值"), (target("65%"), "not_observable", "“%”不是可数的"),
    (target("6000亿元", "技术合同成交额", ("Contract",)), "not_observable", "“元”"), (target(kinds=()), "not_observable", "计入什么"),
    (target(metric="高新技术企业数量", kinds=("Organization",), value="100家"), "not_observable", "记录方式"),
    (target(metric="重点中试服务"), "not_observable", "重点"), (target(where=()), "not_observable", "在哪里"),
    (target("不超过100项"), "not_observable", "上限"),
])  # fmt: skip
def test_what_cannot_be_counted_says_why(definition: Definition, wanted: str, reason: str) -> None:
    found = status(definition, monthly(10))
    assert found["status"] == wanted and reason in found["reason"]["zh"] and found["reason"]["en"]
    assert found["observed"] is None and found["label"] == STATUS[wanted]


def test_unconfirmed_and_planned_records_are_listed_and_not_counted() -> None:
    weak = [record("二", "2025-01-01", confidence=0.4), record("三", "2025-01-01", modality="planned")]
    found = tally(target(), [record("一", "2025-01-01"), *weak], DAY)
    assert [r.name for r in found.counted] == ["一"] and {r.name for r in found.unconfirmed} == {"二", "三"}


def test_a_day_that_may_lie_outside_is_undecided_and_new_ones_need_a_day_after_the_beginning() -> None:
    records = [record("年内", "2025年"), record("以前", "2023-05-01"), record("跨年", "2024年"), record("以后", "2025-03-01"), record("无日期")]
    counted = tally(target(), records, DAY)
    assert {r.name for r in counted.counted} == {"以前", "跨年", "以后", "无日期"} and [r.name for r in counted.undecided] == ["年内"]
    new = tally(target(stock=False, begins=dt.date(2024, 6, 1)), records, DAY)
    assert {r.name for r in new.counted} == {"以后"} and {r.name for r in new.undecided} == {"年内", "跨年", "无日期"}


def test_a_count_that_was_cut_is_no_verdict_unless_it_suffices() -> None:
    few, enough = tally(target(), monthly(60), DAY), tally(target(), monthly(100), DAY)
    assert [assess(target(), t, DAY, truncated=True)["status"] for t in (few, enough)] == ["open", "reached"]


def test_undated_things_count_but_give_no_pace() -> None:
    found = status(target("60家", "认定的中试基地", ("PilotBase",)), [record(f"基地{n}") for n in range(10)])
    assert (found["status"], found["observed"], found["gap"], found["pace"]) == ("open", 10, 50, None) and "10家没有日期" in found["sentence"]["zh"]


def test_a_thing_counts_once_and_not_when_revoked_or_run_out() -> None:
    bases = target("60家", "认定的中试基地", ("PilotBase",))
    events = [record("甲", "2022年", event="filed"), record("甲", "2024-05-01", event="recognised"), record("乙", "2022年", event="approved"),
              record("乙", "2024-01-01", event="revoked"), record("丙", "2022-01-01", event="recognised", until=dt.date(2025, 1, 1)),
              record("丁", "2025-01-01", event="proposed"), record("戊", "2023-01-01", event="revoked"),
              record("戊", "2024-01-01", event="recognised")]  # fmt: skip
    assert [r.name for r in tally(bases, events, DAY).counted] == ["甲", "戊"]
    assert {r.name for r in tally(bases, events, dt.date(2023, 6, 1)).counted} == {"甲", "乙", "丙"}


def test_a_level_in_the_metric_is_asked_of_the_recognition() -> None:
    bases = target("6家", "省级概念验证中心", ("VerificationCentre",))
    events = [record("省", "2024-01-01", event="recognised", level="省级"), record("市", "2024-01-01", event="recognised", level="市级"),
              record("区", "2024-01-01", event="recognised", level="自治区级"), record("未写", "2024-01-01", event="recognised")]
    found = tally(bases, events, DAY)
    assert {r.name for r in found.counted} == {"省", "区"} and [r.name for r in found.undecided] == ["未写"]


def test_a_joint_target_counts_all_its_kinds_or_nothing() -> None:
    assert len(target(kinds=("PilotBase", "VerificationCentre"), metric="认定的概念验证中心和中试基地").ways()) == 1
    assert target(kinds=("PilotBase", "Contract")).ways() == []


def test_the_definition_says_what_is_not_stated() -> None:
    told = target().told(DAY)
    assert "存量或新增未写" in told["zh"] and "起：未写" in told["zh"] and "有日期" in told["zh"] and "from not stated until 2026-12-31" in told["en"]
