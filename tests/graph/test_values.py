"""Value types: what a stated text becomes, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.values import TYPES, BadValue, clean_date, clean_percent, clean_quantity, clean_url, clean_uscc
from tests.world.making import OTHER_USCC, USCC

DOCUMENT_DAY = dt.date(2024, 8, 14)
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def interval(text: str, anchor: dt.date | None = DOCUMENT_DAY) -> tuple[str | None, str | None]:
    found = clean_date(text, anchor)
    return found["earliest"], found["latest"]


@pytest.mark.parametrize(("text", "earliest", "latest"), [
    ("2024-08-14", "2024-08-14", "2024-08-14"),
    ("2024年8月14日", "2024-08-14", "2024-08-14"),
    ("２０２４年８月１４日", "2024-08-14", "2024-08-14"),
    (" 2024 年 8 月 14 日 ", "2024-08-14", "2024-08-14"),
    ("2024/8/14", "2024-08-14", "2024-08-14"),
    ("2024.8.14", "2024-08-14", "2024-08-14"),
    ("20240814", "2024-08-14", "2024-08-14"),
    ("2024年8月", "2024-08-01", "2024-08-31"),
    ("2024年2月", "2024-02-01", "2024-02-29"),
    ("2023年2月", "2023-02-01", "2023-02-28"),
    ("2024", "2024-01-01", "2024-12-31"),
    ("2024年", "2024-01-01", "2024-12-31"),
    ("2024年初", "2024-01-01", "2024-01-31"),
    ("2024年上半年", "2024-01-01", "2024-06-30"),
    ("2024年下半年", "2024-07-01", "2024-12-31"),
    ("2024年第三季度", "2024-07-01", "2024-09-30"),
    ("2026年底", "2026-12-01", "2026-12-31"),
    ("到2026年底", "2026-12-01", "2026-12-31"),
    ("2026年末", "2026-12-01", "2026-12-31"),
    ("截至2024年8月", "2024-08-01", "2024-08-31"),
    ("2024-2026年", "2024-01-01", "2026-12-31"),
    ("2021年至2023年", "2021-01-01", "2023-12-31"),
    ("2025-01..09", "2025-01-01", "2025-09-30"),
    ("2025年1至9月", "2025-01-01", "2025-09-30"),
    ("2025年1-9月", "2025-01-01", "2025-09-30"),
])  # fmt: skip
def test_a_date_is_its_earliest_and_latest_day(text: str, earliest: str, latest: str) -> None:
    assert interval(text) == (earliest, latest)


@pytest.mark.parametrize("text", ["2023年以来", "2023年起", "自2023年起", "2023年至今", "2023年以后", "2023年后"])
def test_since_runs_from_the_first_day_named_to_the_day_of_the_document(text: str) -> None:
    assert interval(text) == ("2023-01-01", "2024-08-14")


def test_since_stays_open_where_the_document_has_no_date_or_an_earlier_one() -> None:
    assert interval("2023年以来", None) == ("2023-01-01", None)
    assert interval("2025年以来", DOCUMENT_DAY) == ("2025-01-01", None)


@pytest.mark.parametrize("text", ["2026年底前", "2026年12月31日以前", "2026年之前", "2026年前"])
def test_before_leaves_the_first_day_open(text: str) -> None:
    assert interval(text) == (None, "2026-12-31")


@pytest.mark.parametrize("text", [
    "", "昨天", "2024年13月", "2024年2月30日", "2023-02-29", "20241301", "0000", "24年8月", "2024-123", "2024-8-14-1", "2024年五季度",
])  # fmt: skip
def test_what_is_no_date_is_refused_in_both_languages_with_the_forms_to_use(text: str) -> None:
    with pytest.raises(BadValue, match="is no date; write 2024-08-14") as refused:
        clean_date(text)
    assert "不是日期" in refused.value.zh and repr(text) in str(refused.value)


@pytest.mark.parametrize("text", ["2026-2024年", "2025-09..01"])
def test_a_span_that_ends_before_it_begins_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="ends before it begins"):
        clean_date(text)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_every_day_written_any_way_is_that_one_day(day: dt.date) -> None:
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", day.strftime("%Y%m%d"), f"{day.year}/{day.month}/{day.day}"):
        assert interval(text) == (day.isoformat(), day.isoformat())


@given(st.text(max_size=30))
def test_no_text_makes_a_value_type_fail_otherwise_than_by_refusing(text: str) -> None:
    for kind in TYPES.values():
        try:
            kind.clean(text, DOCUMENT_DAY)
        except BadValue as refused:
            assert refused.zh and str(refused), kind.name


# ---- amounts


def amount(text: str, kind: str = "quantity") -> tuple[Any, ...]:
    found = TYPES[kind].clean(text, None)
    return found["value"], found["high"], found["bound"], found["unit"]


@pytest.mark.parametrize(("text", "value", "bound", "unit"), [
    ("50家", 50, "exact", "家"),
    ("约50家左右", 50, "about", "家"),
    ("约有50家左右", 50, "about", "家"),
    ("近30家", 30, "about", "家"),
    ("180余项", 180, "over", "项"),
    ("200多项", 200, "over", "项"),
    ("超4亿元", 4e8, "over", "元"),
    ("4.2亿余元", 4.2e8, "over", "元"),
    ("3万多亿元", 3e12, "over", "元"),
    ("不少于50家", 50, "over", "家"),
    ("15家以上", 15, "over", "家"),
    ("大于15家", 15, "over", "家"),
    ("最高500万元", 5e6, "under", "元"),
    ("不超过500万元", 5e6, "under", "元"),
    ("不足50家", 50, "under", "家"),
    ("不到50家", 50, "under", "家"),
    ("最多50家", 50, "under", "家"),
    ("5年以内", 5, "under", "年"),
    ("1,200家", 1200, "exact", "家"),
    ("１２家", 12, "exact", "家"),
    ("十个", 10, "exact", "个"),
    ("二十多家", 20, "over", "家"),
    ("一百零五家", 105, "exact", "家"),
    ("三千五百家", 3500, "exact", "家"),
    ("百余家", 100, "over", "家"),
    ("两千万元", 2e7, "exact", "元"),
    ("十万元", 1e5, "exact", "元"),
])  # fmt: skip
def test_an_amount_keeps_its_bound_and_its_unit(text: str, value: float, bound: str, unit: str) -> None:
    assert amount(text) == (value, None, bound, unit)


@pytest.mark.parametrize(("text", "low", "high", "unit"), [
    ("1000-1400万元", 1e7, 1.4e7, "元"),  # the scale word at the end holds for both ends
    ("1－2亿元", 1e8, 2e8, "元"),
    ("10至20亩", 10, 20, "亩"),
    ("3万-5万元", 3e4, 5e4, "元"),
])  # fmt: skip
def test_a_range_keeps_both_ends(text: str, low: float, high: float, unit: str) -> None:
    assert amount(text) == (low, high, "range", unit)


@pytest.mark.parametrize("text", ["", "家", "若干家", "1.2.3家", ",", "二〇二六", "-5家", "约-5家"])
def test_what_is_no_amount_is_refused_rather_than_guessed(text: str) -> None:
    with pytest.raises(BadValue, match="is no amount") as refused:
        clean_quantity(text)
    assert "不是数量" in refused.value.zh


def test_a_range_that_ends_below_where_it_begins_is_refused() -> None:
    with pytest.raises(BadValue, match="ends below where it begins"):
        clean_quantity("20-10亩")


def test_money_is_kept_in_yuan() -> None:
    assert amount("500万元", "money") == amount("500万", "money") == (5e6, None, "exact", "元")
    assert amount("超20亿元", "money") == (2e9, None, "over", "元")


@pytest.mark.parametrize("text", ["5万美元", "50家", "3亩"])
def test_money_in_another_unit_is_refused_naming_the_units_to_use(text: str) -> None:
    with pytest.raises(BadValue, match="is not one of 元"):
        amount(text, "money")


@pytest.mark.parametrize(("text", "square_metres"), [
    ("1.2万平方米", 12_000), ("5 m²", 5), ("5㎡", 5), ("3亩", 2000.0001), ("2公顷", 20_000), ("1.5平方公里", 1_500_000),
])  # fmt: skip
def test_an_area_is_kept_in_square_metres(text: str, square_metres: float) -> None:
    value, _, _, unit = amount(text, "area")
    assert (value, unit) == (pytest.approx(square_metres), "m²")


def test_an_area_in_another_unit_is_refused() -> None:
    with pytest.raises(BadValue, match="is not one of m²"):
        amount("5家", "area")


@pytest.mark.parametrize(("text", "expected"), [
    ("65%", (65, None, "exact", "%")), ("超65%", (65, None, "over", "%")), ("60-70%", (60, 70, "range", "%")),
    ("60%-70%", (60, 70, "range", "%")), ("百分之六十", (60, None, "exact", "%")), ("65%以上", (65, None, "over", "%")),
])  # fmt: skip
def test_a_percentage_is_what_is_written_as_percent(text: str, expected: tuple[Any, ...]) -> None:
    assert amount(text, "percent") == expected


@pytest.mark.parametrize("text", ["三成", "65", "六成五", "百分点"])
def test_a_share_not_written_as_percent_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="is no percentage"):
        clean_percent(text)


# ---- codes


def test_a_social_credit_code_is_cleaned_to_capitals_without_spaces() -> None:
    assert clean_uscc(f" {USCC[:8].lower()} {USCC[8:].lower()} ") == USCC
    assert clean_uscc(OTHER_USCC) == OTHER_USCC != USCC


@given(st.integers(0, 17), st.sampled_from(USCC_CHARACTERS + "IOSVZ-校"))
def test_any_one_changed_character_of_a_social_credit_code_is_refused(place: int, other: str) -> None:
    changed = USCC[:place] + other + USCC[place + 1 :]
    if changed == USCC:
        assert clean_uscc(changed) == USCC
    else:
        with pytest.raises(BadValue, match="right check character"):
            clean_uscc(changed)


@given(st.text(USCC_CHARACTERS, min_size=17, max_size=17))
def test_every_social_credit_code_has_exactly_one_check_character(body: str) -> None:
    def fits(check: str) -> bool:
        try:
            return clean_uscc(body + check) == body + check
        except BadValue:
            return False

    assert sum(map(fits, USCC_CHARACTERS)) == 1


@pytest.mark.parametrize(("kind", "good", "clean"), [
    ("registration_no", "610 2024 Y 0123", "6102024Y0123"), ("registration_no", "6102024y0123", "6102024Y0123"),
    ("contract_no", "2024610100000123", "2024610100000123"), ("adcode", "６１００００", "610000"),
])  # fmt: skip
def test_a_code_is_cleaned(kind: str, good: str, clean: str) -> None:
    assert TYPES[kind].clean(good, None) == clean


@pytest.mark.parametrize(("kind", "bad"), [
    ("registration_no", "610202Y01234"), ("registration_no", "6102124Y0123"), ("registration_no", "6102024Y01234"),
    ("contract_no", "202461010000012"), ("contract_no", "20246101000001234"), ("contract_no", "2024610100000I23"),
    ("adcode", "61000"), ("adcode", "010000"), ("adcode", "61000A"), ("adcode", "6100000"),
])  # fmt: skip
def test_a_code_of_another_shape_is_refused(kind: str, bad: str) -> None:
    with pytest.raises(BadValue, match="is no ") as refused:
        TYPES[kind].clean(bad, None)
    assert "不是" in refused.value.zh


@pytest.mark.parametrize("text", [
    "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "ftp://a.cn", "http://", "//a.cn/x", "a.cn", "",
])  # fmt: skip
def test_only_http_addresses_become_links(text: str) -> None:
    with pytest.raises(BadValue, match="is no http"):
        clean_url(text)


def test_an_http_address_is_kept_as_it_is() -> None:
    assert clean_url(" https://kjt.shaanxi.gov.cn/a?b=1 ") == "https://kjt.shaanxi.gov.cn/a?b=1"


@pytest.mark.parametrize(("text", "expected"), [("是", True), ("有", True), ("TRUE", True), ("1", True), ("否", False), ("无", False), ("No", False)])
def test_yes_and_no_in_both_languages(text: str, expected: bool) -> None:
    assert TYPES["bool"].clean(text, None) is expected


@pytest.mark.parametrize(("kind", "text"), [
    ("bool", "也许"), ("integer", "1.5"), ("integer", "1e400"), ("integer", "十"), ("number", "nan"), ("number", "inf"), ("text", " \u3000 "),
])  # fmt: skip
def test_other_wrong_values_are_refused(kind: str, text: str) -> None:
    with pytest.raises(BadValue):
        TYPES[kind].clean(text, None)
