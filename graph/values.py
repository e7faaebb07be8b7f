"""Value types: how a stated text is cleaned, checked, stored and shown.

A cleaned value is a JSON scalar, or for dates `{"earliest", "latest"}` (ISO days) and for amounts
`{"value", "high", "bound", "unit"}`. The stated words are kept beside it as `shown`, so nothing is lost.
In a store one property becomes one or more columns (`columns`): `due` → `due_earliest`, `due_latest`, `due_shown`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from urllib.parse import urlsplit

Physical = Literal["STRING", "INTEGER", "FLOAT", "BOOLEAN", "DATE"]
Cleaned = Any


class BadValue(ValueError):
    """A text that is no value of its type. args: (English sentence, Chinese sentence)."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


def nfkc(text: str) -> str:
    """Compatibility-normalised text with single inner spaces: full-width digits and brackets become plain."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class ValueType:
    """One type. `clean(text, anchor)` raises BadValue; `columns` maps a suffix to the physical type of a store column."""

    name: str
    columns: Mapping[str, Physical]
    clean: Callable[[str, dt.date | None], Cleaned]

    def path(self, suffix: str) -> str | None:
        """JSON path of a column inside the cleaned value; None for the stated words."""
        if suffix == "_shown":
            return None
        return "$" + (suffix.replace("_", ".", 1) or (".value" if "_bound" in self.columns else ""))


# ---- dates ---------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"^(\d{4})(?:年|[-/.])(?:(\d{1,2})(?:(?:月|[-/.])(?:(\d{1,2})日?)?)?)?$")
_PARTS = {"底": (12, 12), "末": (12, 12), "初": (1, 1), "年初": (1, 1), "上半年": (1, 6), "下半年": (7, 12), "中": (1, 12)}
_QUARTER = {"一": 1, "二": 4, "三": 7, "四": 10, "1": 1, "2": 4, "3": 7, "4": 10}


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _interval(text: str) -> tuple[dt.date, dt.date]:
    if re.fullmatch(r"\d{4}", text):
        return dt.date(int(text), 1, 1), dt.date(int(text), 12, 31)
    if found := re.fullmatch(r"(\d{4})年?(上半年|下半年|年初|底|末|初)", text):
        first, last = _PARTS[found[2]]
        return dt.date(int(found[1]), first, 1), _month_end(int(found[1]), last)
    if found := re.fullmatch(r"(\d{4})年?(?:第)?([一二三四1-4])季度", text):
        first = _QUARTER[found[2]]
        return dt.date(int(found[1]), first, 1), _month_end(int(found[1]), first + 2)
    if (found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)) is None:
        found = _DATE.match(text)
    if not found:
        raise ValueError(text)
    year, month, day = int(found[1]), found[2], found[3]
    if day:
        exact = dt.date(year, int(month), int(day))
        return exact, exact
    if month:
        return dt.date(year, int(month), 1), _month_end(year, int(month))
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def clean_date(text: str, anchor: dt.date | None = None) -> dict[str, str | None]:
    """'2024年8月', '2026年底', '2023年以来', '2024-2026年', '2025-01..09' → earliest and latest day.

    '以来' runs from the first day named to `anchor` (the document's date), open when that is unknown;
    '前' leaves the first day open.
    """
    plain = nfkc(text).replace(" ", "")
    plain = re.sub(r"^(自|从|到|至|截至|截止)", "", plain)
    try:
        if plain.endswith(("以来", "起", "至今", "后")):
            first, _ = _interval(re.sub(r"(以来|起|至今|以后|后)$", "", plain))
            return {"earliest": first.isoformat(), "latest": anchor.isoformat() if anchor and anchor >= first else None}
        if plain.endswith(("前", "以前", "之前")):
            _, last = _interval(re.sub(r"(以前|之前|前)$", "", plain))
            return {"earliest": None, "latest": last.isoformat()}
        if found := re.fullmatch(r"(\d{4})[-年](\d{1,2})(?:月)?(?:\.\.|~|至|—|–|-(?=\d+月))(\d{1,2})月?", plain):
            first, last = dt.date(int(found[1]), int(found[2]), 1), _month_end(int(found[1]), int(found[3]))
        elif found := re.fullmatch(r"(\d{4})年?(?:-|~|至|—|–)(\d{4})年?", plain):
            first, last = dt.date(int(found[1]), 1, 1), dt.date(int(found[2]), 12, 31)
        else:
            first, last = _interval(plain)
    except (ValueError, TypeError):
        raise BadValue(
            f"{text!r} is no date; write 2024-08-14, 2024年8月, 2024, 2026年底 or 2023年以来",
            f"“{text}”不是日期；可写 2024-08-14、2024年8月、2024、2026年底、2023年以来",
        ) from None
    if last < first:
        raise BadValue(f"{text!r} ends before it begins", f"“{text}”的结束早于开始")
    return {"earliest": first.isoformat(), "latest": last.isoformat()}


# ---- amounts -------------------------------------------------------------------------------------------------------

_SCALE = {"": 1, "十": 10, "百": 100, "千": 1_000, "万": 10_000, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "百亿": 10**10,
          "千亿": 10**11, "万亿": 10**12}
_CN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_BOUND_WORDS = {
    **dict.fromkeys(("约", "近", "大约", "左右", "上下"), "about"),
    **dict.fromkeys(("超过", "超", "突破", "逾", "多于", "大于", "高于", "不少于", "不低于", "不小于", "至少", "最低", "≥", ">", "以上"), "over"),
    **dict.fromkeys(("不超过", "不高于", "不多于", "不大于", "最高", "最多", "低于", "少于", "小于", "不足", "不到", "≤", "<", "以下", "以内",
                     "至多"), "under"),
}
_LONGEST_FIRST = sorted(_BOUND_WORDS, key=len, reverse=True)  # 不少于 before 少于
_AMOUNT = re.compile(
    r"^(?P<pre>\D*?)(?P<low>[\d.,]+|[零〇一二两三四五六七八九十百千]+)(?P<low_scale>万亿|千亿|百亿|千万|百万|十万|亿|万|千|百)?"
    r"(?:(?:-|~|—|–|至|到)(?P<high>[\d.,]+)(?P<high_scale>万亿|千亿|百亿|千万|百万|十万|亿|万|千|百)?)?(?P<more>余|多)?"
    r"(?P<late_scale>万亿|亿|万)?(?P<rest>.*)$"
)


def _chinese_number(text: str) -> Decimal:
    total, digit = 0, 0
    for c in text:
        if c in _CN:
            if digit:  # 二〇二六 is a year or a number, not an amount
                raise ValueError(text)
            digit = _CN[c]
        else:
            total += (digit or 1) * _SCALE[c]
            digit = 0
    return Decimal(total + digit)


def _number(text: str) -> Decimal:
    try:
        return _chinese_number(text) if text[0] in _CN or text[0] in "十百千" else Decimal(text.replace(",", ""))
    except (InvalidOperation, KeyError):
        raise ValueError(text) from None


def _bound(before: str, more: bool, after: str) -> str:
    stated = next((w for w in _LONGEST_FIRST if w in before or w in after), None)
    return "over" if more else _BOUND_WORDS.get(stated or "", "exact")


def clean_quantity(text: str, units: Mapping[str, float] | None = None) -> dict[str, Any]:
    """'约50家左右', '180余项', '超4亿元', '1000-1400万元' → value, high, bound (exact/about/over/under/range), unit.

    With `units` the value is converted to the unit whose factor is 1, and other units are refused.
    """
    plain = nfkc(text).replace(" ", "")
    found = _AMOUNT.match(plain)
    problem = BadValue(f"{text!r} is no amount; write 500万元, 约50家, 180余项, 超4亿元 or 10-20亩",
                       f"“{text}”不是数量；可写 500万元、约50家、180余项、超4亿元、10-20亩")
    if not found or found["pre"].endswith(("-", "−")):  # a sign would be lost
        raise problem
    after = found["rest"]
    try:
        # in "1000-1400万" and "3万多亿" the later scale word holds for both ends
        scale = _SCALE[found["low_scale"] or found["high_scale"] or ""] * _SCALE[found["late_scale"] or ""]
        low = _number(found["low"]) * scale
        high = _number(found["high"]) * _SCALE[found["high_scale"] or ""] * _SCALE[found["late_scale"] or ""] if found["high"] else None
    except ValueError:
        raise problem from None
    unit = after
    for word in (*_LONGEST_FIRST, "余", "多"):
        unit = unit.replace(word, "")
    if units is not None:
        factor = next((f for u, f in units.items() if u == unit), None)
        if factor is None:
            raise BadValue(f"{text!r}: unit {unit!r} is not one of {', '.join(u for u in units if u)}",
                           f"“{text}”的单位“{unit}”不在 {'、'.join(u for u in units if u)} 之中")
        low, high, unit = low * Decimal(str(factor)), high and high * Decimal(str(factor)), next(iter(units))
    if high is not None and high < low:
        raise BadValue(f"{text!r} ends below where it begins", f"“{text}”的上限小于下限")
    bound = "range" if high is not None else _bound(found["pre"], bool(found["more"]), after)
    return {"value": float(low), "high": None if high is None else float(high), "bound": bound, "unit": unit}


_MONEY = {"元": 1, "": 1, "元人民币": 1, "人民币": 1}
_AREA = {"m²": 1, "m2": 1, "平方米": 1, "㎡": 1, "平米": 1, "亩": 666.6667, "公顷": 10_000, "平方公里": 1_000_000}


def clean_money(text: str, _: dt.date | None = None) -> dict[str, Any]:
    """'500万元', '超4亿', in yuan. A bare number is refused: in a column of 万元 it would be wrong by ten thousand."""
    if re.fullmatch(r"[\d.,\s~—–-]+", nfkc(text)):
        raise BadValue(f"{text!r} has no unit; write {text}元 or {text}万元", f"“{text}”没有单位；请写 {text}元 或 {text}万元")
    return clean_quantity(text, _MONEY)


def clean_percent(text: str, _: dt.date | None = None) -> dict[str, Any]:
    """'65%', '超65%', '三成' is refused: only what is written as percent."""
    plain = nfkc(text).replace(" ", "")
    if not re.search(r"\d%|百分之", plain):
        raise BadValue(f"{text!r} is no percentage; write 65%", f"“{text}”不是百分数；请写 65%")
    return {**clean_quantity(re.sub(r"百分之", "", plain).replace("%", "")), "unit": "%"}


# ---- codes ---------------------------------------------------------------------------------------------------------

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {c: n for n, c in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def clean_uscc(text: str, _: dt.date | None = None) -> str:
    """统一社会信用代码, GB 32100-2015: 18 characters, the last a check character."""
    code = nfkc(text).replace(" ", "").upper()
    numbers = [_USCC_VALUES.get(c, -1) for c in code]
    if len(numbers) != 18 or min(numbers) < 0 or (sum(map(operator.mul, _USCC_WEIGHTS, numbers)) + numbers[17]) % 31:
        raise BadValue(f"{text!r} is no 统一社会信用代码: 18 characters with a right check character are needed",
                       f"“{text}”不是有效的统一社会信用代码(18 位且校验位正确)")
    return code


def _pattern(name_en: str, name_zh: str, pattern: str) -> Callable[[str, dt.date | None], str]:
    def clean(text: str, _: dt.date | None = None) -> str:
        code = nfkc(text).replace(" ", "").upper()
        if not re.fullmatch(pattern, code):
            raise BadValue(f"{text!r} is no {name_en}", f"“{text}”不是{name_zh}")
        return code

    return clean


clean_registration_no = _pattern("成果登记号 (3 digits of place, 4 of year, Y, 4 in series: 12 characters)", "成果登记号(3位地方码+4位年+Y+4位流水)",
                                 r"\d{3}(19|20)\d{2}Y\d{4}")
clean_contract_no = _pattern("技术合同登记编号 (16 digits)", "16 位技术合同登记编号", r"\d{16}")
clean_adcode = _pattern("adcode (6 digits, GB/T 2260)", "6 位行政区划代码", r"[1-9]\d{5}")


def clean_text(text: str, _: dt.date | None = None) -> str:
    """Text with its outer space gone; inside it stays as stated."""
    if not (stripped := text.strip()):
        raise BadValue("the value is empty", "值为空")
    return stripped


def clean_url(text: str, _: dt.date | None = None) -> str:
    """An http or https address; anything else (javascript:, data:) would be a link that runs."""
    url = text.strip()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadValue(f"{text!r} is no http(s) address", f"“{text}”不是 http(s) 网址")
    return url


def clean_bool(text: str, _: dt.date | None = None) -> bool:
    plain = nfkc(text).casefold()
    if plain in ("true", "yes", "1", "是", "有"):
        return True
    if plain in ("false", "no", "0", "否", "无"):
        return False
    raise BadValue(f"{text!r} is neither yes nor no (是/否)", f"“{text}”既不是“是”也不是“否”")


def clean_number(text: str, _: dt.date | None = None) -> float:
    try:
        number = float(nfkc(text).replace(",", ""))
    except ValueError:
        number = float("nan")
    if number != number or number in (float("inf"), float("-inf")):
        raise BadValue(f"{text!r} is no number", f"“{text}”不是数")
    return number


def clean_integer(text: str, _: dt.date | None = None) -> int:
    number = clean_number(text)
    if not number.is_integer() or abs(number) > 2**53:
        raise BadValue(f"{text!r} is no whole number", f"“{text}”不是整数")
    return int(number)


_AMOUNT_COLUMNS: Mapping[str, Physical] = {"": "FLOAT", "_high": "FLOAT", "_bound": "STRING", "_unit": "STRING", "_shown": "STRING"}
_DAY_COLUMNS: Mapping[str, Physical] = {"_earliest": "DATE", "_latest": "DATE", "_shown": "STRING"}

TYPES: dict[str, ValueType] = {
    t.name: t
    for t in (
        *(ValueType(n, {"": "STRING"}, c) for n, c in (
            ("text", clean_text), ("choice", clean_text), ("kind", clean_text), ("url", clean_url), ("uscc", clean_uscc),
            ("registration_no", clean_registration_no), ("contract_no", clean_contract_no), ("adcode", clean_adcode))),
        ValueType("bool", {"": "BOOLEAN"}, clean_bool),
        ValueType("integer", {"": "INTEGER"}, clean_integer),
        ValueType("number", {"": "FLOAT"}, clean_number),
        ValueType("date", _DAY_COLUMNS, clean_date),
        ValueType("quantity", _AMOUNT_COLUMNS, lambda t, _: clean_quantity(t)),
        ValueType("count", _AMOUNT_COLUMNS, lambda t, _: clean_quantity(t)),
        ValueType("money", _AMOUNT_COLUMNS, clean_money),
        ValueType("area", _AMOUNT_COLUMNS, lambda t, _: clean_quantity(t, _AREA)),
        ValueType("percent", _AMOUNT_COLUMNS, clean_percent),
    )
}  # fmt: skip
