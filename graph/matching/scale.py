"""Scales in words: 百公斤级, 500千克/批, 10-20吨/年; levels of maturity in words and numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.errors import BadParameter
from graph.matching.standard import Levels, Standard, read_once
from graph.values import BadValue, clean_quantity, nfkc


@dataclass(frozen=True, slots=True)
class Scale:
    """From low to high in the dimension's own unit (kg, litre, piece), per batch, day, year or nothing stated."""

    low: float
    high: float
    dimension: str
    per: str = ""


@read_once
def unit_of(text: str, standard: Standard) -> tuple[str, float, str] | None:
    """(dimension, factor, per) of 千克/批; None for a unit the standard does not know."""
    unit, _, per = nfkc(text).replace(" ", "").lower().partition("/")
    unit = unit.removesuffix("级")
    per = per.removeprefix("每")
    if found := re.fullmatch(r"(.+?)(?:每|per)(.+)", unit):
        unit, per = found[1], found[2]
    known = {u.lower(): v for u, v in standard.units.items()}
    if unit not in known or (per and per not in standard.per):
        return None
    return (*known[unit], standard.per[per] if per else "")


@read_once
def scale_of(text: str, standard: Standard) -> Scale | None:
    """A scale in words; None where it is not one. A 级 is an order of magnitude: 百公斤级 = 100 to under 1000 kg."""
    plain = nfkc(text).replace(" ", "").removesuffix("规模")
    order = "级" in plain
    plain = plain.replace("级", "")
    if plain and not re.match(r"^\D{0,4}?[\d零一二两三四五六七八九十百千]", plain):
        plain = "1" + plain.removeprefix("万") if not plain.startswith(("万", "亿")) else "1" + plain
    try:
        found = clean_quantity(plain)
    except BadValue:
        return None
    unit = unit_of(found["unit"], standard)
    if unit is None:
        return None
    dimension, factor, per = unit
    low = found["value"] * factor
    high = (found["high"] or found["value"]) * factor
    if order:
        high = max(high, low * 10 * (1 - 1e-9))
    elif found["bound"] == "over":
        high = float("inf")
    elif found["bound"] == "under":
        low = 0.0
    return Scale(low, high, dimension, per)


def levels_of(text: str, standard: Standard) -> Levels | None:
    """4, 4-6, TRL5 or a stage in words (中期(中试), 小试) as levels 1 to 9; None for words the standard does not know.

    Raises BadParameter for numbers outside 1..9.
    """
    plain = nfkc(text).replace(" ", "")
    if found := re.fullmatch(r"(?:TRL|trl|成熟度)?(\d+)级?(?:(?:-|~|—|–|至|到|\.\.)(?:TRL|trl)?(\d+)级?)?", plain):
        low, high = int(found[1]), int(found[2] or found[1])
        if not 1 <= low <= high <= 9:
            raise BadParameter(f"maturity: {text!r} must lie within 1 to 9, the lower first", errors=[{"parameter": "maturity", "value": text}])
        return low, high
    outer, inner = plain.split("(")[0], plain.partition("(")[2]
    for part in (inner, outer):  # 初期(小试): what stands in brackets is the more exact
        hits = [v for w, v in standard.maturity.items() if w in part]
        if hits:
            return min(h[0] for h in hits), max(h[1] for h in hits)
    return None


def focus_of(texts: Sequence[str], standard: Standard) -> Levels | None:
    """Levels at which a fund invests, from words of its stage focus and its kind."""
    hits = [v for t in texts for w, v in standard.stages.items() if w in t]
    return (min(h[0] for h in hits), max(h[1] for h in hits)) if hits else None


def shown(low: float, high: float, unit: str) -> str:
    """1.5–20 千克/批, with what is open left out."""
    if low == high:
        return f"{low:g}{unit}"
    if high == float("inf"):
        return f"≥{low:g}{unit}"
    return f"{low:g}–{high:g}{unit}" if low > 0 else f"≤{high:g}{unit}"
