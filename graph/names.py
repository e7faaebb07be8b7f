"""Are two names one thing's? An explained score for people to judge; it decides nothing and joins nothing.

A name is taken apart (place, core, legal form, number), then compared by what such names differ in. Every feature has its
values and its share of the score's logit, so that a proposal says why in a sentence (`names.yaml` has the words).
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from graph.values import nfkc

HERE = Path(__file__).with_name("names.yaml")
PROPOSED = 0.5  # from here on a pair is shown to a person
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBERED = re.compile(r"(?P<before>.*?)第?(?P<n>[零〇一二三四五六七八九十百\d]+)(?:研究)?[所院]")
_BRACKET = re.compile(r"\(([^()]*)\)")
_DRAFT = re.compile(r"\([^()]*(?:试行|暂行|修订|征求意见稿)[^()]*\)")
_DIVISION = re.compile(r"(?:省|市|区|县|(?:壮族|回族|维吾尔)?自治区)$")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}


@functools.cache
def words() -> dict[str, Any]:
    """`names.yaml` as it is written."""
    read: dict[str, Any] = yaml.safe_load(HERE.read_text(encoding="utf-8"))
    return read


@functools.cache
def _simplify() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@functools.lru_cache(maxsize=200_000)
def plain(name: str) -> str:
    """A name as it is compared: NFKC, simplified characters, no spaces between Chinese, no outer 《》, lower case."""
    text = str(_simplify().convert(nfkc(name))).casefold().strip()
    text = re.sub(r"(?<=[\u3400-\u9fff)(])\s+|\s+(?=[\u3400-\u9fff()])", "", text)
    return text[1:-1] if text.startswith("《") and text.endswith("》") and text.count("《") == 1 else text


def number_of(text: str) -> int:
    """三十九 → 39, 二〇五 → 205, 一百零一 → 101."""
    if text.isdigit():
        return int(text)
    if not set(text) & set("十百"):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, last = 0, 0
    for c in text:
        if c in "十百":
            total, last = total + (last or 1) * (10 if c == "十" else 100), 0
        else:
            last = _DIGITS.get(c, 0)
    return total + last


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. `body` is all but legal form and brackets, `core` is the body without its place."""

    text: str
    place: str
    body: str
    core: str
    legal: str
    sort: str  # company, university, institute … of a complete name; empty for a short form
    part: str  # 分公司, 校区 …: it names a part of what the rest names
    number: int | None  # of a numbered institute
    group: str
    latin: bool

    @property
    def letters(self) -> str:
        """The core without words that say nothing about which one it is."""
        return re.sub(f"(?:{'|'.join(words()['holding'])})+$", "", self.core) or self.core


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing seen: its values and what it adds to the score's logit."""

    name: str
    weight: float
    values: tuple[str, ...] = ()

    def told(self, lang: str) -> str:
        return str(words()["told"][self.name][lang]).format(*self.values)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`score` is below 1 always; `features` come strongest first."""

    score: float
    features: tuple[Feature, ...]

    def sentence(self, lang: str) -> str:
        """Why, with each feature's share."""
        return ("；" if lang == "zh" else "; ").join(f"{f.told(lang)} ({f.weight:+.1f})" for f in self.features if f.weight)

    def also(self, *more: Feature) -> Comparison:
        """The same with more seen."""
        return scored([*self.features, *more]) if more else self


def scored(features: Iterable[Feature]) -> Comparison:
    """The comparison these features make."""
    seen = sorted(features, key=lambda f: -abs(f.weight))
    total = max(-30.0, min(30.0, sum(f.weight for f in seen)))
    return Comparison(round(min(1 / (1 + math.exp(-total)), 0.995), 4), tuple(seen))


class Names:
    """Takes names apart and compares them. `places`: names and short names of the divisions of China, with their adcodes."""

    def __init__(self, places: Mapping[str, str]) -> None:
        w = words()
        self.places = {p: code for p, code in places.items() if len(p) > 1} | dict.fromkeys(w["wide_places"], "")
        self.widest = max(map(len, self.places))
        self.listing = re.compile(w["listing"], re.IGNORECASE)
        self.endings = {e: s for s, many in w["classes"].items() for e in many}
        self.groups = {other: g for g, many in w["groups"].items() for other in (g, *many)}
        self._taken: dict[str, Name] = {}

    # ---- taking apart

    def take(self, name: str) -> Name:
        """A name taken apart; kept, since a name is compared many times."""
        if name not in self._taken:
            self._taken[name] = self._take(plain(name))
        return self._taken[name]

    def _take(self, text: str) -> Name:
        if not _HAN.search(text):
            return Name(text, "", text, text, "", "", "", None, "", True)
        bare = self.listing.sub("", text) or text
        inside = _BRACKET.findall(bare)
        body = _BRACKET.sub("", bare)
        legal = next((x for x in words()["legal"] if body.endswith(x) and len(body) > len(x)), "")
        body = body.removesuffix(legal)
        legal = legal or ("合伙" if any("合伙" in i for i in inside) else "")
        place, core = self._placed(body)
        if core in words()["holding"]:  # 沙河股份: the place is the name
            place, core = "", body
        if not place and core[:1] in ("省", "市") and len(core) > 3:  # 省科技厅: which one's, the text around it says
            core = core[1:]
        place = place or next((i for i in inside if i in self.places), "")
        sort = "company" if legal else next((s for e, s in self.endings.items() if body.endswith(e) and len(body) > len(e) + 1), "")
        campus = next((i for i in inside if i in self.places and not legal), "")  # 哈尔滨工业大学(威海)
        part = next((p for p in words()["parts"] if p in text[2:]), campus)
        number, group = (None, "") if legal else self._numbered(body)
        return Name(text, place, body, core, legal, sort, part, number, group, False)

    def _placed(self, body: str) -> tuple[str, str]:
        """(the places a name begins with, each within the one before; the rest, two letters at least)."""
        at, within = 0, ""
        while True:
            end = next((at + n for n in range(min(self.widest, len(body) - at - 2), 1, -1)
                        if (code := self.places.get(body[at : at + n])) is not None and code.startswith(within)), at)  # fmt: skip
            if end == at:
                return body[:at], body[at:]
            within = self.places[body[at:end]].rstrip("0")
            at = end

    def _numbered(self, body: str) -> tuple[int | None, str]:
        found = _NUMBERED.fullmatch(body)
        if not found or (found["before"] and found["before"] not in self.groups):
            return None, ""
        return number_of(found["n"]), self.groups.get(found["before"], "")

    # ---- organisations

    def compare(self, a: str, b: str) -> Comparison:
        """How likely two names are one organisation's. Symmetric."""
        x, y = sorted((self.take(a), self.take(b)), key=lambda n: (bool(n.sort), len(n.body), n.text))
        if x.latin != y.latin:
            return scored([_spelt(x, y) if x.latin else _spelt(y, x)])
        if x.text == y.text:
            return scored([Feature("equal", 5.0)])
        if x.body in self.places:  # 陕西省 is no short form of 陕西省委
            return scored([Feature("differ", -6.0, (x.body, y.body))])
        if x.number is not None or y.number is not None:
            return scored(_numbers(x, y))
        return scored([*_apart(x, y), *(_complete(x, y) if x.sort and y.sort else _short(x, y))])

    # ---- titles: policies, bases, funds

    def compare_titles(self, a: str, b: str) -> Comparison:
        """How likely two titles are one thing's. Symmetric. What one says more weighs less than what each says alone."""
        (place, one), (other_place, other) = (self.title(t) for t in sorted((a, b)))
        share = _share(one, other)
        seen = [Feature("shared", round(12 * (share - 0.62), 1), (f"{share:.0%}",))]
        alone = ["".join(c for c in x if c not in y) for x, y in ((one, other), (other, one))]
        if all(alone):
            seen.append(Feature("alone", -5.0, tuple(alone)))
        return scored([*seen, *_places(place, other_place, -6.0)])

    def title(self, title: str) -> tuple[str, str]:
        """(its place, its letters without the words that titles add)."""
        place, rest = self._placed(_DRAFT.sub("", plain(title)))
        for filler in words()["filler"]:
            rest = rest.replace(filler, "")
        return place, re.sub(r"[^\w]", "", rest)


def _share(one: str, other: str) -> float:
    """Of all pairs of neighbouring letters, the share that both have (Dice)."""
    bags = [Counter(itertools.pairwise(t)) for t in (one, other)]
    total = sum(bag.total() for bag in bags)
    return 2 * (bags[0] & bags[1]).total() / total if total else float(one == other)


def _places(a: str, b: str, weight: float, nation: bool = True) -> list[Feature]:
    """Places that cannot be the same; 西安 and 陕西省西安市 can. Without `nation`, 中国 and the like are only part of a name."""
    shorter, longer = sorted((_DIVISION.sub("", p) for p in (a, b)), key=len)
    if not shorter or longer.endswith(shorter):
        return []
    if not nation and not {a, b}.isdisjoint(words()["wide_places"]):
        return []
    return [Feature("place", weight, (a, b))]


def _apart(x: Name, y: Name) -> list[Feature]:
    """What sets two names apart whatever they share: place, one a part of the other, different sorts of thing."""
    office = y.sort == "agency"
    seen = _places(x.place, y.place, -7.0 if x.sort and y.sort else -2.0 if y.sort else -3.0, nation=office or y.sort == "university")
    if office and bool(x.place) != bool(y.place):
        seen.append(Feature("unplaced", -1.5))
    if x.part != y.part:
        seen.append(Feature("part", -6.0, (x.part or y.part,)))
    if x.sort and y.sort and x.sort != y.sort and {x.sort, y.sort} != {"company", "institute"}:
        seen.append(Feature("sort", -4.0))
    return seen


def _complete(x: Name, y: Name) -> list[Feature]:
    """Two names that both say what they are: one letter more is another thing (浙江大学, 浙江工业大学)."""
    if x.core == y.core:
        return [Feature("core", 4.0 if x.legal == y.legal else 2.5, (x.core,))]
    if x.letters == y.letters:
        return [Feature("holding", 1.0, (x.letters,))]
    at = _positions(x.core, y.body)
    if x.sort not in ("university", "company") and len(at) == len(x.core) and x.core[0] in (y.body[0], y.core[0]):
        return [Feature("shortened", 2.2 if y.sort == "agency" else 0.6, (x.core, y.body))]
    return [Feature("differ", -4.0, (x.core, y.core))]


def _numbers(x: Name, y: Name) -> list[Feature]:
    if x.number != y.number:
        return [Feature("numbers", -6.0, tuple(n.body if n.number is None else str(n.number) for n in (x, y)))]
    same = Feature("number", 1.5, (str(x.number),))
    if not (x.group and y.group):
        return [same, Feature("ungrouped", -0.5)]
    return [same, Feature("group", 3.0, (x.group,)) if x.group == y.group else Feature("groups", -6.0, (x.group, y.group))]


def _positions(letters: str, text: str) -> list[int]:
    """Where the letters stand in the text in their order; those that do not are left out."""
    at, out = 0, []
    for c in letters:
        found = text.find(c, at)
        if found >= 0:
            out.append(found)
            at = found + 1
    return out


def _short(x: Name, y: Name) -> list[Feature]:
    """`x` may be a short form of `y`. The weights are a logistic fit to 4,948 pairs of listed companies' names, rounded."""
    letters = x.core if x.place and y.body.startswith(x.place) else x.body
    generic = next((h for h in words()["holding"] if letters.endswith(h) and len(letters) - len(h) >= 2), "")
    letters = letters.removesuffix(generic)
    place = words()["abbreviations"].get(letters[:1], "")
    seen = [Feature("base", -1.2)]
    if place and len(letters) > 2 and letters[0] != y.body[:1] and y.body.startswith(place):
        seen.append(Feature("abbreviated", 0.7, (place,)))
        letters = letters[1:]
    equal = letters in (y.letters, y.core, y.body) or x.body in (y.core, y.body)
    at = _positions(letters, y.body)
    if missing := len(letters) - len(at):
        seen.append(Feature("uncovered", round(0.5 - 3.0 * missing + len(at) / len(letters), 1), (letters, str(len(at)))))
    else:
        seen.append(Feature("covered", 5.2, (letters,)))
    if equal:
        seen.append(Feature("whole", 0.8, (letters,)))
    if at and (at[0] == 0 or y.core.startswith(letters[:1])):
        seen.append(Feature("head", 1.6 if y.core.startswith(letters) else 0.8))
    if generic:
        seen.append(Feature("generic", -2.2 if equal else -3.0 if generic == "股份" else -4.5, (generic,)))
        if y.sort not in ("company", ""):
            seen.append(Feature("sort", -4.0))
    left = len(y.letters) - sum(p >= len(y.body) - len(y.core) for p in at)
    if left > 4 and not equal:
        seen.append(Feature("left", -0.2 * min(left - 4, 5), (str(left),)))
    if len(letters) == 2 and not generic and not equal:
        seen.append(Feature("letters", -2.0))
    if len(letters) == 3 and any(b - a > 1 for a, b in itertools.pairwise(at)):
        seen.append(Feature("gaps", -0.8))
    return seen


def spoken(name: Name) -> str:
    """A Chinese name's pinyin, or an English name's letters, without the generic words at its end (大学, University)."""
    from pypinyin import lazy_pinyin

    if name.latin:
        generic = {w for many in words()["english"].values() for w in many}
        text = re.sub(r"[^a-z0-9 ]+", "", re.sub(r"[,.()]", " ", name.text.replace("'", "")))
        return "".join(w for w in text.split() if w not in generic)
    ending = next((e for e in words()["english"] if e and name.body.endswith(e)), "")
    return "".join(lazy_pinyin(name.body.removesuffix(ending)))


def _spelt(latin: Name, han: Name) -> Feature:
    """A name in Latin letters against a Chinese one. 西安交通大学 is Xi'an Jiaotong University; what is translated is not seen."""
    a, b = spoken(latin), spoken(han)
    return Feature("spelling", 3.0 if len(b) > 5 else 1.0, (b,)) if a and a == b else Feature("spellings", -6.0, (a, b))
