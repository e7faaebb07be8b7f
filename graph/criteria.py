"""One criterion tested on facts it is given: pass, fail or unknown, with what was found and the claims behind it.

Invariant: what is not known is never bad. A fact with confidence <= UNCONFIRMED, or one that was only planned, decides nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.records import UNCONFIRMED
from graph.rulebooks import Criterion

ABOUT = 0.1  # how far 约 may be off: a threshold nearer than this to an "about" is not decided
HOURS = ("h", "小时", "机时", "学时", "时")
YEAR = 365.25
COUNTRY = "100000"


@dataclass(frozen=True, slots=True)
class Fact:
    """A property's value (cleaned, see graph/values.py), its stated words, and what says so."""

    value: Any
    shown: str
    claims: tuple[str, ...] = ()
    confidence: float = 1.0
    modality: str = "done"

    @property
    def decides(self) -> bool:
        return self.confidence > UNCONFIRMED and self.modality == "done"


@dataclass(frozen=True, slots=True)
class Figure:
    """A reported number about the thing; `period` is its earliest and latest day."""

    metric: str
    amount: Fact
    period: tuple[dt.date, dt.date] | None = None


@dataclass(frozen=True)
class Thing:
    """What is judged, or one of its neighbours: facts by property, links, figures, region codes (`codes`: where it is registered or lies)."""

    id: str
    kind: str
    name: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    links: Sequence[Link] = ()
    figures: Sequence[Figure] = ()
    codes: Sequence[Fact] = ()


@dataclass(frozen=True)
class Link:
    """One relation of a thing to another."""

    relation: str
    other: Thing
    role: str = ""
    claims: tuple[str, ...] = ()
    confidence: float = 1.0
    modality: str = "done"
    until: dt.date | None = None

    @property
    def decides(self) -> bool:
        return self.confidence > UNCONFIRMED and self.modality == "done"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a test found: a verdict, what there is (both languages), the claims behind it, and for a rate the share of full marks."""

    verdict: str
    zh: str
    en: str
    claims: tuple[str, ...] = ()
    share: float | None = None


# ---- amounts -------------------------------------------------------------------------------------------------------


def span(amount: Mapping[str, Any]) -> tuple[float, float]:
    """The least and most an amount as stated can be: 'about' by a tenth either way, 'over' and 'under' open to one side."""
    low, high, bound = float(amount["value"]), amount.get("high"), amount.get("bound", "exact")
    if bound == "range" and high is not None:
        return low, float(high)
    if bound == "about":
        return low * (1 - ABOUT), low * (1 + ABOUT)
    return {"over": (low, float("inf")), "under": (0.0, low)}.get(bound, (low, low))


def measured(low: float, high: float, test: Mapping[str, Any]) -> str:
    """pass, fail or unknown of a number known to lie in low..high. A threshold of its own may be stated with a bound; its value counts."""
    for key in ("at_least", "at_most"):
        if key in test:
            wanted = test[key]["value"] if isinstance(test[key], Mapping) else float(test[key])
            sure, never = (low >= wanted, high < wanted) if key == "at_least" else (high <= wanted, low > wanted)
            return "pass" if sure else "fail" if never else "unknown"
    return "unknown"


def same_unit(one: str, other: str) -> bool:
    return one == other or (one in HOURS and other in HOURS)


# ---- the tests -----------------------------------------------------------------------------------------------------


def owners(thing: Thing, of: str) -> list[tuple[Thing, tuple[str, ...]]]:
    """Who a test is about, with the claims that make it so: the thing, those that lead or carry it (else all its hosts), or both."""
    hosts = [x for x in thing.links if x.relation == "HOSTS" and x.decides]
    first = [x for x in hosts if x.role in ("relied_on", "lead")] or hosts
    chosen = {x.other.id: (x.other, x.claims) for x in first}
    me: list[tuple[Thing, tuple[str, ...]]] = [] if of == "host" else [(thing, ())]
    return me if of == "self" else [*me, *chosen.values()]


def _nothing(what_zh: str, what_en: str) -> Finding:
    return Finding("unknown", f"{what_zh}未知", f"{what_en} is unknown")


def _weak(fact: Fact | Link) -> Finding:
    shown = fact.shown if isinstance(fact, Fact) else fact.other.name
    if fact.modality != "done":
        return Finding("unknown", f"{shown}只是计划", f"{shown} is only planned", fact.claims)
    return Finding("unknown", f"{shown}未证实", f"{shown} is unconfirmed", fact.claims)


def _property(test: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    fact = thing.facts.get(test["property"])
    if fact is None:
        return _nothing(f"{thing.name}的这一项", f"{test['property']} of {thing.name}")
    if not fact.decides:
        return _weak(fact)
    if "is" in test:
        verdict = "pass" if test["is"] in (fact.value if isinstance(fact.value, list) else [fact.value]) else "fail"
    else:
        low, high = span(fact.value) if isinstance(fact.value, Mapping) else (float(fact.value), float(fact.value))
        verdict = measured(low, high, test)
    shown = fact.shown or str(fact.value)
    return Finding(verdict, f"{thing.name}：{shown}", f"{thing.name}: {shown}", fact.claims)


def _age(test: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    fact = thing.facts.get(test["age"])
    if fact is None:
        return _nothing(f"{thing.name}成立时间", f"the founding date of {thing.name}")
    if not fact.decides:
        return _weak(fact)
    days = [fact.value.get("latest"), fact.value.get("earliest")]
    low, high = ((as_of - dt.date.fromisoformat(d)).days / YEAR if d else e for d, e in zip(days, (0.0, float("inf")), strict=True))
    return Finding(measured(low, high, test), f"{thing.name}成立于{fact.shown}", f"{thing.name} was founded in {fact.shown}", fact.claims)


def _within(test: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    known = [f for f in thing.codes if f.decides]
    if not known:
        return _weak(thing.codes[0]) if thing.codes else _nothing(f"{thing.name}所在地", f"the place of {thing.name}")
    prefix = code_prefix(str(test["within"]))
    inside = [f for f in known if str(f.value).startswith(prefix)]
    if not inside and all(prefix.startswith(code_prefix(str(f.value))) for f in known):
        return Finding("unknown", f"只知{thing.name}在{known[0].shown}", f"{thing.name} is only known to be in {known[0].shown}", known[0].claims)
    where = (inside or known)[0]
    return Finding("pass" if inside else "fail", f"{thing.name}在{where.shown}", f"{thing.name} is in {where.shown}", where.claims)


def code_prefix(adcode: str) -> str:
    """The digits that the codes of everything inside a region begin with; none for the whole country."""
    short = adcode.rstrip("0")
    return "" if adcode == COUNTRY else short + "0" * (len(short) % 2)


def _fits(x: Link, relation: str, test: Mapping[str, Any]) -> bool:
    named = test.get("named") or ()
    return x.relation == relation and x.other.kind == test.get("to", x.other.kind) and (not named or any(n in x.other.name for n in named))


def _has(test: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    found = [x for x in thing.links if _fits(x, test["has"], test)]
    held = [x for x in found if x.decides and (x.until is None or x.until >= as_of)]
    if held:
        names = "、".join(dict.fromkeys(x.other.name for x in held[:5]))
        return Finding("pass", f"{thing.name}：{names}", f"{thing.name}: {names}", tuple(c for x in held[:5] for c in x.claims))
    if ended := [x for x in found if x.decides]:
        name = ended[0].other.name
        return Finding("unknown", f"{name}已过期,有无新的未知", f"{name} has run out; whether there is a new one is unknown", ended[0].claims)
    if found:
        return _weak(found[0])
    return Finding("unknown", f"{thing.name}没有这样的记录(没有记录不等于没有)", f"nothing like it is recorded of {thing.name}, which is no proof")


def _window(as_of: dt.date, years: float | None) -> dt.date:
    return as_of - dt.timedelta(days=round(years * YEAR)) if years else dt.date.min


def _count(test: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    """Dated things linked to it. A record more may always be missing, so a count below the threshold stays unknown."""
    begin = _window(as_of, test.get("years"))
    found = [x for x in thing.links if _fits(x, test["count"], test) and x.decides]
    dated = [x for x in found if (day := day_of(x.other)) is not None and begin <= day <= as_of]
    claims = tuple(c for x in dated[:20] for c in x.claims)
    zh, en = f"{thing.name}：有日期的记录{len(dated)}项", f"{thing.name}: {len(dated)} dated records"
    if "at_least" not in test:
        return Finding("unknown", f"{zh};来源未写门槛", f"{en}; the source states no threshold", claims)
    return Finding("pass" if len(dated) >= test["at_least"] else "unknown", zh, en, claims)


def day_of(thing: Thing) -> dt.date | None:
    """The last day something can have begun (or ended): what makes it a dated record."""
    for name in ("ended", "started", "launched"):
        fact = thing.facts.get(name)
        if fact and fact.decides and (stated := fact.value.get("latest") or fact.value.get("earliest")):
            return dt.date.fromisoformat(stated)
    return None


def _figure(test: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    unit = next(test[k]["unit"] for k in ("at_least", "at_most") if k in test)
    return _summed(thing, test["figure"], unit, as_of, test.get("years"), test)


def _summed(thing: Thing, metrics: Iterable[str], unit: str, as_of: dt.date, years: float | None, test: Mapping[str, Any]) -> Finding:
    found = [f for f in thing.figures if any(m in f.metric for m in metrics)]
    what = next(iter(metrics))
    if not found:
        return _nothing(f"{thing.name}的{what}", f"{what} of {thing.name}")
    right = [f for f in found if f.amount.decides and same_unit(str(f.amount.value.get("unit", "")), unit)]
    if not right:
        odd = found[0].amount
        if not odd.decides:
            return _weak(odd)
        return Finding("unknown", f"{odd.shown}的单位不是{unit or '所要的'}", f"{odd.shown} is not in {unit or 'the unit wanted'}", odd.claims)
    begin, covered = _window(as_of, years), True
    if years:
        timed = [f for f in right if f.period and f.period[1] >= begin and f.period[0] <= as_of]
        # a figure that reaches out of the window may hold money of before it
        inside = [f for f in timed if f.period and f.period[0] >= begin and f.period[1] <= as_of]
        right, covered = _apart(inside), sum((f.period[1] - f.period[0]).days + 1 for f in _apart(inside) if f.period) >= years * 365 - 2
        if not right:
            return _nothing(f"{thing.name}近{years:g}年的{what}", f"{what} of {thing.name} in the last {years:g} years")
    else:
        right = sorted(right, key=lambda f: (f.period[1] if f.period else dt.date.min, f.amount.shown))[-1:]
    spans = [span(f.amount.value) for f in right]
    low, high = sum(s[0] for s in spans), sum(s[1] for s in spans) if covered else float("inf")
    shown = "、".join(f.amount.shown for f in right)
    return Finding(measured(low, high, test), f"{thing.name}：{what}{shown}", f"{thing.name}: {what} {shown}",
                   tuple(c for f in right for c in f.amount.claims), low if low == high else None)  # fmt: skip


def _apart(figures: Iterable[Figure]) -> list[Figure]:
    """Figures whose periods do not overlap, the longest first taken: a year's sum and its quarters count once."""
    out: list[Figure] = []
    for f in sorted(figures, key=lambda f: (f.period[0] - f.period[1] if f.period else dt.timedelta(), str(f.period))):
        if f.period and all(g.period and (f.period[1] < g.period[0] or f.period[0] > g.period[1]) for g in out):
            out.append(f)
    return out


def _term(term: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    """One term of a rate; `share` is its number."""
    if "property" in term:
        fact = thing.facts.get(term["property"])
        if fact is None:
            return _nothing(f"{thing.name}的{term['zh']}", f"{term['en']} of {thing.name}")
        low, high = span(fact.value)
        if not fact.decides or low != high:
            return _weak(fact) if not fact.decides else Finding("unknown", f"{fact.shown}不是确数", f"{fact.shown} is not exact", fact.claims)
        return Finding("pass", fact.shown, fact.shown, fact.claims, low * term["times"])
    found = _summed(thing, term["figure"], term["unit"], as_of, None, {})
    if found.share is not None:
        return Finding("pass", found.zh, found.en, found.claims, found.share * term["times"])
    if term["instruments"] and not any(m in f.metric for f in thing.figures for m in term["figure"]):
        return _instruments(term, thing) or found
    return found


def _instruments(term: Mapping[str, Any], thing: Thing) -> Finding | None:
    """Hours of the instruments it offers, if every one states them."""
    offered = [x.other for x in thing.links if x.relation == "OFFERS" and x.other.kind == "Instrument" and x.decides]
    hours = [f for i in offered if (f := i.facts.get("hours")) and f.decides]
    if not hours or len(hours) < len(offered):
        return None
    total = sum(float(f.value) for f in hours) / (len(hours) if term["instruments"] == "mean" else 1)
    return Finding("pass", f"{len(hours)}台仪器的机时", f"hours of {len(hours)} instruments", tuple(c for f in hours for c in f.claims),
                   total * term["times"])  # fmt: skip


def _rate(test: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    tops, unders = ([_term(t, thing, as_of) for t in test[side]] for side in ("rate", "over"))
    missing = [f for f in (*tops, *unders) if f.share is None]
    claims = tuple(c for f in (*tops, *unders) for c in f.claims)
    if missing:
        return Finding("unknown", "；".join(f.zh for f in missing), "; ".join(f.en for f in missing), claims)
    under = sum(f.share or 0 for f in unders)
    if unders and not under:
        return Finding("unknown", "分母为零", "nothing to divide by", claims)
    rate = sum(f.share or 0 for f in tops) / (under or 1)
    zh, en = f"{thing.name}：{rate:.4g}", f"{thing.name}: {rate:.4g}"
    if "at_least" in test:
        return Finding(measured(rate, rate, test), zh, en, claims)
    if "full_at" not in test:
        return Finding("unknown", f"{zh};来源未写满分值", f"{en}; the source states no full mark", claims)
    share = min(1.0, rate / test["full_at"])
    return Finding("pass" if share == 1 else "warn", f"{zh},满分需{test['full_at']:g}", f"{en}, full marks at {test['full_at']:g}", claims, share)


def _unobserved(test: Mapping[str, Any], thing: Thing, as_of: dt.date) -> Finding:
    """What the source names without a threshold, or what no graph can hold: what is known of it is shown, nothing is judged."""
    facts = [f for name in test["seen"] if (f := thing.facts.get(name))]
    links = [x for x in thing.links if x.relation in test["seen"]]
    seen = [*(f.shown or str(f.value) for f in facts), *dict.fromkeys(x.other.name for x in links[:5])]
    claims = (*(c for f in facts for c in f.claims), *(c for x in links[:5] for c in x.claims))
    zh, en = ("已知：" + "、".join(seen), "known: " + ", ".join(seen)) if seen else ("没有可据的记录", "nothing recorded bears on it")
    return Finding("unknown", f"{zh};不能由此判定", f"{en}; that decides nothing", claims)


FORMS = {"property": _property, "age": _age, "within": _within, "has": _has, "figure": _figure, "count": _count, "rate": _rate,
         "unobserved": _unobserved}  # fmt: skip


def tested(c: Criterion, thing: Thing, as_of: dt.date) -> Finding:
    """The test on everyone it is about: any one will do for `any`; several hosts must agree."""
    chosen = owners(thing, c.test.get("of", "self"))
    if not chosen:
        return _nothing(f"{thing.name}的依托单位", f"the host of {thing.name}")
    found = [(FORMS[c.form](c.test, who, as_of), why) for who, why in chosen]
    verdicts = [f.verdict for f, _ in found]
    if c.test.get("of") == "any":
        verdict = "pass" if "pass" in verdicts else "fail" if set(verdicts) == {"fail"} else "unknown"
        found = [x for x in found if x[0].verdict == verdict] or found
    else:
        verdict = verdicts[0] if len(set(verdicts)) == 1 else "unknown"
    return Finding(verdict, "；".join(f.zh for f, _ in found), "; ".join(f.en for f, _ in found),
                   tuple(dict.fromkeys(claim for f, why in found for claim in (*f.claims, *why))), found[0][0].share)  # fmt: skip
