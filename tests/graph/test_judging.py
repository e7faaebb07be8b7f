"""Criteria worked by hand: bounds, windows, rates, hosts; what is unknown, unconfirmed or planned decides nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from graph.criteria import Fact, Figure, Link, Thing, span
from graph.judging import judge, side_by_side
from graph.rulebooks import HERE, Standard, read, standards
from graph.values import clean_date, clean_quantity

DAY = dt.date(2026, 6, 30)


def amount(text: str, **how: Any) -> Fact:
    value = clean_quantity(text)
    return Fact(value, text, ("c1",), **how)


def money(text: str, **how: Any) -> Fact:
    return amount(text, **how)


def figure(metric: str, text: str, first: str, last: str = "", **how: Any) -> Figure:
    period = (dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))
    return Figure(metric, Fact(clean_quantity(text), text, (f"c-{text}",), **how), period)


def base(**more: Any) -> Thing:
    return Thing("pilot-base:1", "PilotBase", "某基地", **more)


def host(name: str, founded: str = "", codes: tuple[str, ...] = ()) -> Thing:
    facts = {"founded": Fact(clean_date(founded), founded, ("cf",))} if founded else {}
    return Thing(f"organization:{name}", "Organization", name, facts, codes=[Fact(c, c, ("cr",)) for c in codes])


def made(tmp_path: Path, *tests: str, total: str = "", standing: str = "issuer", force: str = "must", weights: tuple[float, ...] = ()) -> Standard:
    lines = ["kind: performance", "zh: 试", "en: trial", "for: [PilotBase]", f"source: {{document: 办法, standing: {standing}}}", total, "criteria:"]
    for n, test in enumerate(tests):
        weight = f"weight: {weights[n]}, " if weights else ""
        lines.append(f"  - {{id: c{n}, zh: 条{n}, en: c{n}, force: {force}, {weight}test: {test}}}")
    path = tmp_path / "t.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read(path)
    assert found is not None
    return found


def verdicts(standard: Standard, thing: Thing) -> list[str]:
    return [c["verdict"] for c in judge(standard, thing, DAY)["criteria"]]


@pytest.mark.parametrize(("stated", "verdict"), [
    ("300万元", "pass"), ("299万元", "fail"), ("约320万元", "unknown"), ("约400万元", "pass"), ("约200万元", "fail"), ("超200万元", "unknown"),
    ("超300万元", "pass"), ("不超过200万元", "fail"), ("不超过500万元", "unknown"), ("200-400万元", "unknown"), ("300-400万元", "pass"),
])  # fmt: skip
def test_a_threshold_is_met_only_where_every_reading_of_the_words_meets_it(tmp_path: Path, stated: str, verdict: str) -> None:
    standard = made(tmp_path, "{property: equipment_value, at_least: 300万元}")
    assert verdicts(standard, base(facts={"equipment_value": money(stated)})) == [verdict]


def test_what_is_unknown_unconfirmed_or_planned_is_never_bad(tmp_path: Path) -> None:
    standard = made(tmp_path, "{property: equipment_value, at_least: 300万元}")
    assert verdicts(standard, base()) == ["unknown"]
    for how in ({"confidence": 0.4}, {"modality": "planned"}):
        found = judge(standard, base(facts={"equipment_value": money("1万元", **how)}), DAY)
        assert found["criteria"][0]["verdict"] == "unknown" and found["criteria"][0]["evidence"] == ["c1"] and found["rejected_by"] == []
    assert verdicts(standard, base(facts={"equipment_value": money("1万元", confidence=0.41)})) == ["fail"]


def test_a_breach_of_what_holds_in_principle_is_a_warning_and_rejects_nobody(tmp_path: Path) -> None:
    thing = base(facts={"legal_person": Fact(False, "否", ("c2",))})
    for force, verdict, rejected in (("must", "fail", ["c0"]), ("should", "warn", [])):
        found = judge(made(tmp_path, "{property: legal_person, is: true}", force=force), thing, DAY)
        assert ([c["verdict"] for c in found["criteria"]], found["rejected_by"]) == ([verdict], rejected)


def test_totals_are_over_what_is_known_with_coverage(tmp_path: Path) -> None:
    tests = ("{property: legal_person, is: true}", "{property: area, at_least: 100平方米}", "{property: open_to_outsiders, is: true}")
    thing = base(facts={"legal_person": Fact(True, "是"), "open_to_outsiders": Fact(False, "否")})
    found = judge(made(tmp_path, *tests, total="total: 100", weights=(50, 30, 20)), thing, DAY)
    assert found["total"] == {"points": 50, "of_known": 70, "of": 100, "coverage": 0.7} and found["coverage"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["counts"] == {"pass": 1, "warn": 0, "fail": 1, "unknown": 1}


def test_a_rule_of_a_mirror_is_judged_but_stays_out_of_totals_and_rejections(tmp_path: Path) -> None:
    thing = base(facts={"legal_person": Fact(False, "否")})
    found = judge(made(tmp_path, "{property: legal_person, is: true}", standing="mirror", total="total: 10", weights=(10,)), thing, DAY)
    assert found["criteria"][0]["verdict"] == "fail" and not found["criteria"][0]["rule_confirmed"]
    assert "未证实" in found["criteria"][0]["sentence"]["zh"] and "unconfirmed" in found["criteria"][0]["sentence"]["en"]
    assert (found["rejected_by"], found["coverage"], found["total"]["coverage"]) == ([], None, 0)
    assert sum(found["counts"].values()) == 0 and found["unconfirmed_counts"]["fail"] == 1


# ---- age, place, hosts


@pytest.mark.parametrize(("founded", "verdict"), [
    ("2020年", "pass"), ("2024年", "fail"), ("2023年", "unknown"), ("2023-06-29", "pass"), ("", "unknown")])  # fmt: skip
def test_years_run_to_the_day_asked_and_a_year_alone_may_leave_it_open(founded: str, verdict: str) -> None:
    thing = base(links=[Link("HOSTS", host("某公司", founded), "lead", ("ch",))])
    row = next(c for c in judge(standards()["shaanxi-2024"], thing, DAY)["criteria"] if c["id"] == "years")
    assert row["verdict"] == verdict
    assert ("ch" in row["evidence"]) == bool(founded) or verdict == "unknown"


@pytest.mark.parametrize(("codes", "verdict"), [
    (("610113",), "pass"), (("510100",), "fail"), (("100000",), "unknown"), ((), "unknown"), (("510100", "610000"), "pass")])  # fmt: skip
def test_a_place_may_be_inside_outside_or_only_roughly_known(codes: tuple[str, ...], verdict: str) -> None:
    thing = base(links=[Link("HOSTS", host("某公司", "2000年", codes))])
    assert next(c["verdict"] for c in judge(standards()["shaanxi-2024"], thing, DAY)["criteria"] if c["id"] == "registered") == verdict


def test_the_one_that_carries_it_is_asked_before_those_that_join(tmp_path: Path) -> None:
    standard = made(tmp_path, "{age: founded, of: host, at_least: 3}")
    young, old = host("新公司", "2026年"), host("老公司", "1990年")
    assert verdicts(standard, base(links=[Link("HOSTS", old, "lead"), Link("HOSTS", young, "joint")])) == ["pass"]
    assert verdicts(standard, base(links=[Link("HOSTS", old), Link("HOSTS", young)])) == ["unknown"], "hosts that do not agree"
    assert verdicts(standard, base(links=[Link("HOSTS", young, confidence=0.4)])) == ["unknown"], "who hosts it is unconfirmed"


# ---- records, figures, rates


def test_no_record_is_no_proof_and_a_title_may_run_out(tmp_path: Path) -> None:
    standard = made(tmp_path, "{has: HOLDS, of: any, named: [CNAS]}")
    title = Thing("credential:1", "Credential", "CNAS认可")
    assert verdicts(standard, base()) == ["unknown"]
    assert verdicts(standard, base(links=[Link("HOLDS", title)])) == ["pass"]
    assert verdicts(standard, base(links=[Link("HOLDS", title, until=dt.date(2026, 1, 1))])) == ["unknown"]
    assert verdicts(standard, base(links=[Link("HOLDS", Thing("credential:2", "Credential", "GMP"))])) == ["unknown"]
    holder = Thing("organization:h", "Organization", "某公司", links=[Link("HOLDS", title)])
    assert verdicts(standard, base(links=[Link("HOSTS", holder)])) == ["pass"], "its host holds it"


@pytest.mark.parametrize(("figures", "verdict"), [
    ([("150万元", "2024-07-01", "2025-06-30"), ("60万元", "2025-07-01", "2026-06-30")], "pass"),
    ([("150万元", "2024-07-01", "2025-06-30"), ("40万元", "2025-07-01", "2026-06-30")], "fail"),
    ([("150万元", "2025-01-01", "2025-12-31")], "unknown"), ([("250万元", "2025-01-01", "2025-12-31")], "pass"),
    ([("900万元", "2020-01-01", "2020-12-31")], "unknown"),
    ([("150万元", "2024-07-01", "2026-06-30"), ("150万元", "2025-01-01", "2025-12-31")], "fail"),
    ([], "unknown"),
])  # fmt: skip
def test_income_of_two_years_is_summed_once_and_fails_only_when_both_are_known(figures: list[tuple[str, str, str]], verdict: str) -> None:
    thing = base(figures=[figure("中试服务收入", *f) for f in figures])
    row = next(c for c in judge(standards()["linyi-filing"], thing, DAY)["criteria"] if c["id"] == "income")
    assert row["verdict"] == verdict, row["found"]


def test_a_figure_in_another_unit_decides_nothing() -> None:
    thing = base(figures=[figure("中试服务收入", "500项", "2025-01-01", "2025-12-31")])
    row = next(c for c in judge(standards()["linyi-filing"], thing, DAY)["criteria"] if c["id"] == "income")
    assert row["verdict"] == "unknown" and "单位" in row["found"]["zh"]


def test_sharing_rate_and_yield_as_the_table_prints_them(tmp_path: Path) -> None:
    text = (HERE / "instrument-sharing.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("standing: mirror", "standing: issuer"), encoding="utf-8")
    standard = read(tmp_path / "mine.yaml")
    assert standard is not None
    year = ("2025-01-01", "2025-12-31")
    figures = [figure("年校外机时", "80小时", *year), figure("有效机时", "1600小时", *year), figure("校内收入", "10万元", *year),
               figure("校外收入", "20万元", *year)]  # fmt: skip
    thing = base(facts={"equipment_value": money("800万元")}, figures=figures)
    rows = {c["id"]: c for c in judge(standard, thing, DAY)["criteria"]}
    assert rows["sharing"]["points"] == pytest.approx((80 / 1600) / 0.1 * 10) and rows["sharing"]["verdict"] == "warn"
    assert rows["yield"]["points"] == pytest.approx((10 + 1.5 * 20) / 800 / 0.2 * 15)
    assert rows["hours"]["verdict"] == "unknown", "effective hours are no mean, and no instrument states its hours"
    assert judge(standard, thing, DAY)["total"]["of_known"] == 25


def test_hours_of_instruments_count_only_when_every_one_states_them() -> None:
    def offered(*hours: float | None) -> Thing:
        made = [Thing(f"instrument:{n}", "Instrument", f"仪器{n}", {"hours": Fact(h, str(h), (f"ci{n}",))} if h else {}) for n, h in enumerate(hours)]
        return base(links=[Link("OFFERS", i) for i in made])

    def row(thing: Thing) -> dict[str, Any]:
        return next(c for c in judge(standards()["instrument-sharing"], thing, DAY)["criteria"] if c["id"] == "hours")

    assert row(offered(1000, 500))["points"] == pytest.approx(7.5) and row(offered(1000, 500))["evidence"] == ["ci0", "ci1"]
    assert row(offered(1000, None))["verdict"] == "unknown" and row(offered(2000))["verdict"] == "pass"


def test_a_service_counts_only_when_it_has_a_day(tmp_path: Path) -> None:
    standard = made(tmp_path, "{count: HELD_AT, to: Project, years: 2, at_least: 2}", "{count: HELD_AT, to: Project}")
    day = {"started": Fact(clean_date("2025年3月"), "2025年3月")}
    dated = [Link("HELD_AT", Thing(f"project:{n}", "Project", f"项目{n}", day)) for n in range(2)]
    undated = Link("HELD_AT", Thing("project:9", "Project", "项目九"))
    assert verdicts(standard, base(links=[*dated, undated])) == ["pass", "unknown"]
    assert verdicts(standard, base(links=[dated[0], undated])) == ["unknown", "unknown"], "a record may be missing"
    assert judge(standard, base(links=[*dated, undated]), DAY)["criteria"][1]["found"]["zh"].endswith("有日期的记录2项;来源未写门槛")


def test_side_by_side_marks_where_known_verdicts_part(tmp_path: Path) -> None:
    standard = made(tmp_path, "{property: legal_person, is: true}", "{property: area, at_least: 100平方米}")
    things = [base(facts={"legal_person": Fact(x, "")}) for x in (True, False)] + [base()]
    rows = side_by_side(standard, things, [judge(standard, t, DAY) for t in things])
    assert [r["differs"] for r in rows] == [True, False] and [c["verdict"] for c in rows[0]["cells"]] == ["pass", "fail", "unknown"]


def test_spans_of_stated_words() -> None:
    assert span(clean_quantity("约50家")) == pytest.approx((45, 55)) and span(clean_quantity("180余项")) == (180, float("inf"))
    assert span(clean_quantity("不超过20万元")) == (0, 200_000) and span(clean_quantity("20-30支")) == (20, 30)
