"""Hard conditions of a pair: met, not met or unknown, each with a sentence and the claims it rests on.

Invariant: only what a confirmed source states can be "not met"; what is not stated is unknown and rejects nothing. Every
condition that is not met carries the changes that would flip it, smallest first, as functions of the pair.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from graph.matching.facts import Candidate, Claims, Held, Offer, Said, Wish
from graph.matching.scale import Scale, scale_of, shown, unit_of
from graph.matching.standard import Standard
from graph.matching.text import said_in
from graph.records import fold

Status = Literal["met", "not_met", "unknown"]
Pair = tuple[Wish, Candidate]
ANSWERS = {"contacted": ("已接洽", "contacted"), "signed": ("已签约", "signed"), "refused": ("已谢绝", "refused")}


@dataclass(frozen=True)
class Change:
    """What would flip a condition: on whose side, in words, as parameters of the question where it is the asker's, and done to a pair."""

    side: Literal["achievement", "candidate"]
    zh: str
    en: str
    apply: Callable[[Wish, Candidate], Pair]
    query: dict[str, Any] | None = None


@dataclass(frozen=True)
class Condition:
    name: str
    status: Status
    zh: str
    en: str
    evidence: Claims = ()
    changes: tuple[Change, ...] = ()
    missing: tuple[str, str] | None = None  # the fact that is missing, zh and en


def conditions(wish: Wish, c: Candidate, standard: Standard) -> list[Condition]:
    """Every condition that this wish puts to this candidate, in the standard's order."""
    found = (_process, _scale, _maturity, _open, _secrecy, _qualifications, _park, _answer)
    return [x for one in found for x in one(wish, c, standard)]


# ---- what it can make ------------------------------------------------------------------------------------------------


def _processes(c: Candidate) -> list[tuple[str, Claims]]:
    out = [(str(p), s.evidence) for s in [c.get("processes")] if s for p in s.value]
    for o in c.offers:
        if s := o.said.get("process"):
            out += [(str(p), s.evidence) for p in s.value]
    return out


def _process(wish: Wish, c: Candidate, standard: Standard) -> Iterator[Condition]:
    stated = _processes(c)
    named = [(o.name, o.evidence) for o in c.offers if o.kind == "Service"]
    for process in wish.processes:
        ours = wish.claims("process")
        hit = next(((p, e) for p, e in [*stated, *named] if said_in(process, p, standard)), None)
        if hit:
            yield Condition("process", "met", f"工艺“{process}”：其列有“{hit[0]}”", f"process {process!r}: it lists {hit[0]!r}", (*hit[1], *ours))
        elif not stated:
            yield Condition("process", "unknown", f"工艺“{process}”：未见其列出所做工艺", f"process {process!r}: its processes are not stated", ours,
                            missing=(f"是否做{process}", f"whether it does {process}"))  # fmt: skip
        else:
            listed = list(dict.fromkeys(p for p, _ in stated))[:5]

            def taken_up(w: Wish, k: Candidate, process: str = process) -> Pair:
                held = k.get("processes")
                return w, replace(k, said={**k.said, "processes": Said([*(held.value if held else ()), process])})

            yield Condition("process", "not_met", f"工艺“{process}”：其所列为{'、'.join(listed)}，没有这一项",
                            f"process {process!r}: it lists {', '.join(listed)}, not this one", (*(x for _, e in stated for x in e), *ours),
                            (Change("candidate", f"该方开设或确认工艺“{process}”", f"it takes up, or confirms, the process {process!r}", taken_up),
                                    ))  # fmt: skip


def _fitting(wish: Wish, c: Candidate, standard: Standard) -> list[Offer]:
    """Services whose scale counts: those of the process wanted; those that name no process, where none of it is named."""
    services = [o for o in c.offers if o.kind == "Service"]
    if not wish.processes:
        return services

    own = [o for o in services if any(said_in(p, t, standard) for p in wish.processes for t in o.texts)]
    return own or [o for o in services if "process" not in o.said]


def offered_scale(o: Offer, standard: Standard) -> tuple[Scale, str, float, Claims] | None:
    """A service's scale: (in the dimension's unit, in words, factor of its unit, claims)."""
    low, high, unit = (o.said.get(f"scale_{x}") for x in ("min", "max", "unit"))
    if unit is None or (low is None and high is None):
        return None
    if (known := unit_of(str(unit.value), standard)) is None:
        return None
    dimension, factor, per = known
    least, most = (low.value if low else 0.0), (high.value if high else float("inf"))
    evidence = tuple(x for s in (low, high, unit) if s for x in s.evidence)
    return Scale(least * factor, most * factor, dimension, per), shown(least, most, str(unit.value)), factor, evidence


def _scale(wish: Wish, c: Candidate, standard: Standard) -> Iterator[Condition]:
    if not wish.scale:
        return
    ours, said = wish.claims("scale_wanted"), f"规模“{wish.scale}”"
    wanted = scale_of(wish.scale, standard)
    if wanted is None:
        yield Condition("scale", "unknown", f"{said}：读不出数值与单位", f"scale {wish.scale!r}: no number and unit can be read from it", ours,
                        missing=("成果所需规模的数值与单位", "number and unit of the scale wanted"))  # fmt: skip
        return
    stated = [(o, s) for o in _fitting(wish, c, standard) if (s := offered_scale(o, standard))]
    like = [(o, s) for o, s in stated if s[0].dimension == wanted.dimension and (not wanted.per or not s[0].per or s[0].per == wanted.per)
            and not (not wanted.per and s[0].per not in ("", "批"))]  # fmt: skip
    if not like:
        other = f"（所列为{stated[0][1][1]}，单位不可比）" if stated else ""
        yield Condition("scale", "unknown", f"{said}：未见其说明可比的规模{other}",
                        f"scale {wish.scale!r}: no comparable scale is stated{f' (it states {stated[0][1][1]})' if stated else ''}",
                        (*ours, *(stated[0][1][3] if stated else ())), missing=("可承接的规模", "the scale it can take"))  # fmt: skip
        return
    fits = next(((o, s) for o, s in like if s[0].low <= wanted.high and wanted.low <= s[0].high), None)
    if fits:
        yield Condition("scale", "met", f"{said}：“{fits[0].name}”可做{fits[1][1]}", f"scale {wish.scale!r}: {fits[0].name} takes {fits[1][1]}",
                        (*fits[1][3], *ours))  # fmt: skip
        return
    o, s = min(like, key=lambda x: (_gap(x[1][0], wanted), x[0].name))
    bound = s[0].high if s[0].high < wanted.low else s[0].low
    text = f"{bound / s[2]:g}{o.said['scale_unit'].value}"
    change = Change("achievement", f"所需规模改为{text}", f"the scale wanted becomes {text}", lambda w, k: (replace(w, scale=text), k),
            {"scale": text})
    yield Condition("scale", "not_met", f"{said}：“{o.name}”只做{s[1]}", f"scale {wish.scale!r}: {o.name} takes {s[1]} only", (*s[3], *ours),
            (change,))


def _gap(a: Scale, b: Scale) -> float:
    """How many times apart two scales are."""
    return max(b.low / max(a.high, 1e-12), a.low / max(b.high, 1e-12))


def _maturity(wish: Wish, c: Candidate, standard: Standard) -> Iterator[Condition]:
    low, high = c.get("maturity_min"), c.get("maturity_max")
    ours = (*wish.claims("maturity_min"), *wish.claims("maturity_max"), *wish.claims("stage_stated"))
    if wish.levels is None and not wish.stage and low is None and high is None:
        return
    if low is None and high is None:
        yield Condition("maturity", "unknown", "未见其说明承接的成熟度", "which maturity it takes is not stated", ours,
                        missing=("承接的成熟度范围", "the maturity it takes"))  # fmt: skip
        return
    takes = (int(low.value) if low else 1, int(high.value) if high else 9)
    theirs = tuple(x for s in (low, high) if s for x in s.evidence)
    span = shown(*takes, "")
    if wish.levels is None:
        yield Condition("maturity", "unknown", f"其承接成熟度 {span}；成果的成熟度未说明",
                f"it takes levels {span}; the achievement's level is not stated",
                        theirs, missing=("成果的成熟度", "the achievement's maturity"))  # fmt: skip
        return
    a, b = wish.levels
    at = shown(a, b, "")
    is_zh, is_en = f"成果成熟度 {at}，其承接 {span}", f"the achievement stands at {at}, it takes {span}"
    if takes[0] <= a and b <= takes[1]:
        yield Condition("maturity", "met", is_zh, is_en, (*theirs, *ours))
    elif b < takes[0] or takes[1] < a:
        level = takes[0] if b < takes[0] else takes[1]
        grows = b < takes[0]
        yield Condition("maturity", "not_met", is_zh, is_en, (*theirs, *ours), (Change(
            "achievement", f"成果先做到成熟度 {level}" if grows else f"按成熟度 {level} 的工作委托（成果已更成熟）",
            f"the achievement first reaches level {level}" if grows else f"the work asked for is that of level {level}; the achievement is past it",
            lambda w, k: (replace(w, levels=(level, level)), k), {"maturity": str(level)}),))  # fmt: skip
    else:
        yield Condition("maturity", "unknown", f"{is_zh}：只有一部分重合，要看确切等级", f"{is_en}: they overlap in part, the exact level decides",
                        (*theirs, *ours), missing=("成果的确切成熟度", "the achievement's exact level"))  # fmt: skip


# ---- whether it may ----------------------------------------------------------------------------------------------------


def _open(wish: Wish, c: Candidate, _: Standard) -> Iterator[Condition]:
    if c.kind not in ("PilotBase", "VerificationCentre"):
        return
    if host := next((h for h in c.hosts if h.id in wish.owners), None):
        yield Condition("open", "met", f"成果所有者{host.name}就是其依托或建设单位", f"the owner {host.name} is one of its hosts or builders",
                host.evidence)
        return
    said = c.get("open_to_outsiders")
    if said is None:
        yield Condition("open", "unknown", "未见其说明是否对外开放", "whether it is open to outsiders is not stated",
                        missing=("是否对外开放", "whether it is open to outsiders"))  # fmt: skip
    elif said.value:
        yield Condition("open", "met", "对外开放", "it is open to outsiders", said.evidence)
    else:
        opened = Change("candidate", "该方对外开放", "it opens to outsiders", lambda w,
                k: (w, replace(k, said={**k.said, "open_to_outsiders": Said(True)})))
        yield Condition("open", "not_met", "不对外开放，成果所有者也不是其依托单位",
                "it is not open to outsiders, and the owner is not one of its hosts",
                        said.evidence, (opened,))  # fmt: skip


def is_secret(text: str, standard: Standard) -> bool | None:
    """A stated 密级 as yes or no; None where nothing, or nothing known, is stated."""
    if any(w in text for w in standard.words["public"]):
        return False
    return True if any(w in text for w in standard.words["secret"]) else None


def _secrecy(wish: Wish, c: Candidate, standard: Standard) -> Iterator[Condition]:
    secret, ours = is_secret(wish.secrecy, standard), wish.claims("secrecy")
    if not wish.secrecy or secret is False:
        return
    if secret is None:
        yield Condition("secrecy", "unknown", f"密级“{wish.secrecy}”不明：不知是否需要保密资质",
                        f"secrecy {wish.secrecy!r} is not understood: whether a clearance is needed is unknown", ours,
                        missing=("成果的密级", "the achievement's secrecy"))  # fmt: skip
        return
    word = standard.words["clearance"][0]
    held = [h for h in c.held if any(w in h.name for w in standard.words["clearance"])]
    yield from _held("secrecy", f"{word}资质", "security clearance", held, "", wish, standard, ours)


def _qualifications(wish: Wish, c: Candidate, standard: Standard) -> Iterator[Condition]:
    for wanted in wish.qualifications:
        name, _, scope = wanted.replace("：", ":").partition(":")
        held = [h for h in c.held if said_in(name, h.name, standard)]
        yield from _held("qualification", name.strip(), name.strip(), held, scope.strip(), wish, standard, ())


def _held(which: str, zh: str, en: str, held: list[Held], scope: str, wish: Wish, standard: Standard, ours: Claims) -> Iterator[Condition]:
    """One needed credential: the best of those held decides."""
    if not held:
        yield Condition(which, "unknown", f"需要{zh}：未见其是否持有", f"{en} is needed: whether it is held is not stated", ours,
                        missing=(f"是否持有{zh}", f"whether it holds {en}"))  # fmt: skip
        return
    judged = [_one(which, zh, en, h, scope, wish, standard) for h in held]
    order = {"met": 0, "unknown": 1, "not_met": 2}
    best = min(judged, key=lambda x: (order[x.status], len(x.changes)))
    yield replace(best, evidence=(*best.evidence, *ours))


def _one(which: str, zh: str, en: str, h: Held, scope: str, wish: Wish, standard: Standard) -> Condition:
    who_zh, who_en = (f"（由{h.holder}持有）", f" (held by {h.holder})") if h.holder else ("", "")
    head_zh, head_en = f"需要{zh}：持有“{h.name}”{who_zh}", f"{en} is needed: {h.name} is held{who_en}"
    covers = _covers(h.scope, scope, wish, standard)
    if covers is False:
        widened = _granted(which, zh, en, scope, f"{zh}的范围扩大到“{scope}”", f"the scope of {en} is widened to {scope!r}")
        return Condition(which, "not_met", f"{head_zh}，但范围是“{h.scope}”，不含“{scope}”", f"{head_en}, but for {h.scope!r}, not {scope!r}",
                h.evidence, (widened,))
    start = wish.start
    if start and h.until and h.until < start:
        renewed = _granted(which, zh, en, scope, f"{zh}延期到 {start} 之后", f"{en} is renewed beyond {start}")
        early = _start(h.until)
        near = (start - h.until).days <= standard.numbers["shift_days"] and (h.since is None or h.since <= h.until)
        return Condition(which, "not_met", f"{head_zh}，但 {h.until} 到期，早于开始日 {start}",
                f"{head_en}, but it expires on {h.until}, before the start {start}",
                         h.evidence, (early, renewed) if near else (renewed, early))  # fmt: skip
    if start and h.since and h.since > start:
        late = _start(h.since)
        return Condition(which, "not_met", f"{head_zh}，但 {h.since} 才生效，晚于开始日 {start}",
                f"{head_en}, but only from {h.since}, after the start {start}",
                         h.evidence, (late,))  # fmt: skip
    if covers is None:
        return Condition(which, "unknown", f"{head_zh}，范围{f'是“{h.scope}”，' if h.scope else '未说明，'}是否涵盖待核", f"{head_en}; its scope "
                         f"{f'is {h.scope!r}' if h.scope else 'is not stated'}: whether it covers this is to be checked", h.evidence,
                         missing=(f"{zh}的范围", f"the scope of {en}"))  # fmt: skip
    if h.until is None:
        return Condition(which, "unknown", f"{head_zh}，有效期未说明", f"{head_en}; until when is not stated", h.evidence,
                         missing=(f"{zh}的有效期", f"until when {en} is valid"))  # fmt: skip
    if start is None:
        return Condition(which, "unknown", f"{head_zh}，有效至 {h.until}；未给开始日", f"{head_en} until {h.until}; no start date is given",
                h.evidence,
                         missing=("开始日", "the start date"))  # fmt: skip
    scoped = f"，范围“{h.scope}”" if h.scope else ""
    return Condition(which, "met", f"{head_zh}{scoped}，有效至 {h.until}", f"{head_en}{f' for {h.scope!r}' if h.scope else ''} until {h.until}",
            h.evidence)


def _covers(held: str, wanted: str, wish: Wish, standard: Standard) -> bool | None:
    """Does a scope leave the work in? Without a scope asked for, the wish's own processes and fields are looked for in it."""
    if any(w in held for w in standard.words["everything"]):
        return True
    if wanted:
        return None if not held else fold(wanted) in fold(held)
    if not held:
        return True
    return True if any(said_in(t, held, standard) for t in (*wish.processes, *wish.fields)) else None


def _start(day: dt.date) -> Change:
    return Change("achievement", f"开始日改为 {day}", f"the start becomes {day}", lambda w, k: (replace(w, start=day), k), {"start": day.isoformat()})


def _granted(which: str, zh: str, en: str, scope: str, told_zh: str, told_en: str) -> Change:
    name = "保密资质" if which == "secrecy" else zh

    def apply(w: Wish, k: Candidate) -> Pair:
        return w, replace(k, held=(*k.held, Held(name, scope or "全部", None, dt.date.max)))

    return Change("candidate", told_zh, told_en, apply)


def needs_park(wish: Wish, standard: Standard) -> bool | None:
    """Stated, or told by a stated hazard; None where neither."""
    if wish.chemical_park is not None:
        return wish.chemical_park
    return True if any(w in h for h in wish.hazards for w in standard.words["hazards"]) else None


def _park(wish: Wish, c: Candidate, standard: Standard) -> Iterator[Condition]:
    if not needs_park(wish, standard):
        return
    ours = (*wish.claims("needs_chemical_park"), *wish.claims("hazards"))
    why_zh, why_en = ("工艺需在认定化工园区", "a recognised chemical park is needed")
    if wish.chemical_park is None:
        why_zh, why_en = f"{why_zh}（危险性：{'、'.join(wish.hazards)}）", f"{why_en} (hazards: {', '.join(wish.hazards)})"
    if good := next((p for p in c.parks if p[1]), None):
        yield Condition("chemical_park", "met", f"{why_zh}：位于{good[0]}，是认定化工园区", f"{why_en}: it lies in {good[0]}, which is one",
                (*good[2], *ours))
    elif not c.parks or any(p[1] is None for p in c.parks):
        where = next((p for p in c.parks if p[1] is None), None)
        yield Condition("chemical_park", "unknown", f"{why_zh}：{f'位于{where[0]}，是否认定化工园区未说明' if where else '未见其所在园区'}",
                        f"{why_en}: {f'it lies in {where[0]}; whether that is one is not stated' if where else 'its park is not stated'}",
                        (*(where[2] if where else ()), *ours),
                                missing=("所在园区是否认定化工园区", "whether its park is a recognised chemical park"))  # fmt: skip
    else:
        p = c.parks[0]
        moved = Change("candidate", "在认定化工园区内设点，或所在园区获认定", "it works inside a recognised chemical park, or its park is recognised",
                       lambda w, k: (w, replace(k, parks=(("认定化工园区", True, ()),))))  # fmt: skip
        yield Condition("chemical_park", "not_met", f"{why_zh}：位于{p[0]}，不是认定化工园区", f"{why_en}: it lies in {p[0]}, which is not one",
                        (*p[2], *ours), (moved,))  # fmt: skip


def _answer(wish: Wish, c: Candidate, _: Standard) -> Iterator[Condition]:
    own = [m for m in c.marks if wish.id and m.achievement == wish.id]
    if not own:
        return
    last = max(own, key=lambda m: (m.date or dt.date.min, m.answer))
    on = f" {last.date}" if last.date else ""
    zh, en = ANSWERS.get(last.answer, (last.answer, last.answer))
    told_zh, told_en = f"{zh}{on}{f'：{last.reason}' if last.reason else ''}", f"{en}{on}{f': {last.reason}' if last.reason else ''}"
    if last.answer != "refused":
        yield Condition("answer", "met", told_zh, told_en, last.evidence)
        return
    again = Change("candidate", "再次接洽并改变答复", "it is asked again and changes its answer",
                   lambda w, k: (w, replace(k, marks=tuple(m for m in k.marks if m.achievement != w.id))))  # fmt: skip
    yield Condition("answer", "not_met", told_zh, told_en, last.evidence, (again,))
