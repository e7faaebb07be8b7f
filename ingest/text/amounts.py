"""Dates, sums, counts and shares, with the words that bound them (约, 超, 以上), and the groups of people or patents they count."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.text.found import Link, Mention

_MORE = r"(?:不少于|不低于|不超过|不高于|超过|突破|至少|最高|接近|达到|[约近超逾](?:有)?)?"
_DIGITS = r"\d[\d,]{0,15}(?:\.\d{1,6})?"  # every repetition has a bound: a text of a million digits is read, too
_FROM_TO = rf"{_DIGITS}(?:[-~—至到]{_DIGITS})?"
_NUMBER = rf"(?:{_FROM_TO}|[二三四五六七八九]?[十百千][一二三四五六七八九十百]{{0,4}}|[三四五六七八九])"  # 一批, 二次 count nothing
_UNIT = "[家个项名人件所支条批位台套种款次亩篇吨辆户户艘只座类]"
_CURRENCY = r"(?:人民币|美元|欧元|港元|港币|日元|英镑|元)"
DATE = re.compile(
    r"(?:20|19)\d{2}年?[-—~至](?:(?:20|19)\d{2})年?(?!\d)|"
    r"(?:20|19)\d{2}年(?:\d{1,2}月(?:\d{1,2}日)?(?:[-—~至]\d{1,2}月(?:\d{1,2}日)?)?|第?[一二三四1-4]季度|上半年|下半年|年?[底末初]|年底)?(?:以来|之?前|起)?|"
    r"(?<!\d)(?:20|19)\d{2}-\d{2}-\d{2}(?!\d)|(?<![\d年])\d{1,2}月\d{1,2}日|“?(?<!十)十[一二三四五六]五”?(?:末|期间|时期)"
)
MONEY = re.compile(
    rf"{_MORE}(?:人民币)?(?:[数近上超]|几)?(?:{_FROM_TO}|[一二两三四五六七八九十百千]{{0,4}})?(?:余|多)?"
    rf"(?:[百千]?[万亿]|万亿)(?:余|多)?{_CURRENCY}(?:人民币)?(?:以上|左右)?|{_MORE}{_DIGITS}{_CURRENCY}(?:以上|左右)?|"
    r"\d[\d,.]{0,15}[万亿](?=的?(?:经费|资金|补助|奖励|支持))"
)
PERCENT = re.compile(rf"{_MORE}(?:{_DIGITS}%|百分之[一二三四五六七八九十百零\d]{{1,6}})(?:以上|左右|股权|股份)?")
COUNT = re.compile(rf"{_MORE}{_NUMBER}(?:余|多)?(?:[万亿])?(?:余|多)?{_UNIT}(?:左右|以上)?")
_TEAM = re.compile(rf"(?P<n>{COUNT.pattern})的?(?P<what>[^,。;、的“”]{{2,12}}?队伍)")
_COHORT = re.compile(
    rf"(?P<n>(?:约|超过?|近)?{_DIGITS}(?:余|多)?[名位])"
    r"(?P<what>(?:[省市]级|国家级|高级|中级|初级)?(?:技术|科技)?(?:经理人|经纪人|特派员|专员))"
)
_PATENTS = re.compile(rf"(?P<n>{_MORE}{_DIGITS}(?:余|多)?[项件])(?P<what>(?:发明|实用新型)?专利(?:技术)?|科技成果|成果)(?=[以通作转评入许授])")
GROUPS = (("Team", "team", _TEAM, 0.8), ("Cohort", "cohort", _COHORT, 0.85), ("PatentSet", "patents", _PATENTS, 0.8))


def amounts(text: str) -> Iterator[Mention]:
    """Dates, money, percentages, counts; overlapping ones are left for the longest to win."""
    for label, pattern, weight in (("Date", DATE, 0.95), ("Money", MONEY, 0.9), ("Percent", PERCENT, 0.9), ("Count", COUNT, 0.9)):
        for found in pattern.finditer(text):
            if found[0].strip():
                yield Mention(found.start(), found.end(), label, label.lower(), weight, found[0])


def groups(text: str) -> Iterator[tuple[Mention, Link]]:
    """Teams, cohorts and sets of patents (77人的…队伍, 621名…经理人) with the number they have."""
    for label, rule, pattern, weight in GROUPS:
        for found in pattern.finditer(text):
            group = Mention(found.start(), found.end(), label, rule, weight, found["what"])
            number = Mention(*found.span("n"), "Count", "count", 0.9, found["n"])
            yield group, Link("Observation.value", group, number, rule, weight, "人数" if label != "PatentSet" else "数量",
                              start=found.start(), end=found.end())  # fmt: skip
