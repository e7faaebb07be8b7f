"""Figures of documents that do not agree: plan against report, report against report, and how many are stated against how many are named.

Pure. Precision over recall: two figures are compared only when they are about one subject and their metrics are the same but for
words that say how they count (累计, 新增, 数量 …). A series that grows is no contradiction; figures that agree within their bounds are none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from graph.criteria import span
from graph.records import UNCONFIRMED
from graph.values import nfkc

_HOW = re.compile(r"累计|新增|增加|数量|总数|总量|个数|数目|的|共有|共计|合计|全省|全市|全国|[“”‘’\"'《》()()、,，\s]")
_CUMULATIVE, _NEW = re.compile(r"累计|总数|总量|共"), re.compile(r"新增|增加")
_SAME_UNIT = {**dict.fromkeys("家户所", "家"), **dict.fromkeys("个项条", "个"), **dict.fromkeys("名人位", "名")}
DIFFERS = {
    "value": ("数值", "value"), "unit": ("单位", "unit"), "period": ("期间", "period"), "counting": ("累计或新增", "cumulative or new"),
    "scope": ("范围", "scope"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A figure as one document states it. `period`: a report's period, or a target's beginning and due day."""

    node: str
    kind: str  # Observation or Target
    name: str
    about: tuple[str, ...]
    about_names: tuple[str, ...]
    metric: str
    amount: Mapping[str, Any]
    shown: str
    period: tuple[dt.date | None, dt.date | None]
    counts: str  # cumulative, new, stock, or "" where it is not stated
    document: str
    document_name: str
    published: dt.date | None
    claims: tuple[str, ...] = ()
    confidence: float = 1.0

    @property
    def unit(self) -> str:
        unit = str(self.amount.get("unit") or "")
        return _SAME_UNIT.get(unit, unit)

    @property
    def counting(self) -> str:
        """cumulative or new, from the mark or from the words of the metric; "" where neither says."""
        if self.counts:
            return "cumulative" if self.counts == "stock" else self.counts
        return "cumulative" if _CUMULATIVE.search(self.metric) else "new" if _NEW.search(self.metric) else ""


def core(metric: str) -> str:
    """A metric without the words that only say how it counts: two metrics with one core are one."""
    return _HOW.sub("", nfkc(metric))


@dataclass(frozen=True)
class Named:
    """A set of which one document states a number: its members named there, and what else of the kind the document names outside any set."""

    batch: str
    name: str
    document: str
    document_name: str
    kind: str
    stated: float | None
    shown: str
    members: tuple[tuple[str, str], ...]  # (id, name)
    outside: tuple[tuple[str, str], ...] = ()
    claims: tuple[str, ...] = ()
    member_claims: tuple[str, ...] = ()
    outside_claims: tuple[str, ...] = ()
    confidence: float = 1.0
    year: int | None = None
    about: frozenset[str] = field(default_factory=frozenset)


def disagreements(said: Iterable[Said]) -> list[dict[str, Any]]:
    """`[{type, subject, metric, left, right, differs, unconfirmed, sentence, evidence}]`, confirmed first, by subject and metric."""
    groups: dict[tuple[str, str], dict[str, Said]] = {}
    for s in said:
        for about in s.about:
            groups.setdefault((about, core(s.metric)), {}).setdefault(f"{s.node}|{s.document}", s)
    out = []
    for (about, _), members in sorted(groups.items()):
        rows = sorted(members.values(), key=lambda s: (s.kind != "Target", s.period[1] or dt.date.max, s.node, s.document))
        for a, b in combinations(rows, 2):
            if a.node != b.node and (differs := _differ(a, b)):
                out.append(_pair(about, a, b, differs))
    return sorted(out, key=lambda x: (x["unconfirmed"], x["subject"]["name"], x["metric"], x["left"]["node"], x["right"]["node"]))


def _differ(a: Said, b: Said) -> list[str]:
    """In what two figures differ, empty where they can both hold."""
    if a.kind == b.kind == "Target":
        return _targets(a, b)
    if a.unit != b.unit:
        return ["unit"] if _overlap(a, b) and a.kind == b.kind else []
    if a.kind == "Target":
        return _planned(a, b)
    return _reported(a, b)


def _targets(a: Said, b: Said) -> list[str]:
    """Two targets for one metric due on the same day."""
    if a.period[1] != b.period[1] or a.document == b.document:
        return []
    found = [] if a.unit == b.unit else ["unit"]
    if not found and _apart(a, b):
        found.append("value")
    return [*found, *(["counting"] if a.counting != b.counting and found else [])]


def _planned(plan: Said, report: Said) -> list[str]:
    """A report that stands above the plan before its day, where the plan does not say what it counts: they cannot count alike."""
    low, high = span(plan.amount)[0], span(report.amount)[0]
    early = report.period[1] or report.published
    if high <= low or plan.period[1] is None or early is None or early >= plan.period[1]:
        return []
    if plan.counting and plan.counting == report.counting and (plan.counting == "cumulative" or plan.period[0]):
        return []  # both say what they count: reached early
    return ["value", "period", *(["counting"] if plan.counting != report.counting or not plan.counting else [])]


def _reported(a: Said, b: Said) -> list[str]:
    if not _apart(a, b):
        return []
    if a.period != b.period:
        if "cumulative" == a.counting == b.counting and a.period[1] and b.period[1]:
            first, last = (a, b) if a.period[1] < b.period[1] else (b, a)
            return ["value", "period"] if first.period[1] != last.period[1] and span(first.amount)[0] > span(last.amount)[1] else []
        return []  # a series
    if not any(a.period) and a.document != b.document:
        return []  # both undated: of two different days, as far as anyone knows
    return ["value", *(["counting"] if a.counting != b.counting else [])]


def _apart(a: Said, b: Said) -> bool:
    """Cannot both be right, with a hundredth for rounding (约 and 超 are already wider)."""
    (low, high), (low2, high2) = span(a.amount), span(b.amount)
    return high * 1.01 < low2 or high2 * 1.01 < low


def _overlap(a: Said, b: Said) -> bool:
    return a.period == b.period and any(a.period)


def _pair(about: str, a: Said, b: Said, differs: Sequence[str]) -> dict[str, Any]:
    name = a.about_names[a.about.index(about)]
    unconfirmed = min(a.confidence, b.confidence) <= UNCONFIRMED
    counted = {"cumulative": ("累计", "cumulative"), "new": ("新增", "new"), "": ("累计或新增未写", "cumulative or new not stated")}

    def told(s: Said, n: int) -> str:
        kind = {"Target": ("计划", "planned"), "Observation": ("报告", "reported")}[s.kind][n]
        when = "–".join(d.isoformat() for d in dict.fromkeys(s.period) if d) or ("期间未写", "no period stated")[n]
        return f"{s.document_name}{kind}{s.shown}（{when}，{counted[s.counting][0]}）" if n == 0 else \
            f"{s.document_name} {kind} {s.shown} ({when}, {counted[s.counting][1]})"  # fmt: skip

    zh = f"{name}·{a.metric}：{told(a, 0)}；{told(b, 0)}。不同处：{'、'.join(DIFFERS[d][0] for d in differs)}{'；有一方未证实' * unconfirmed}"
    en = f"{name}, {a.metric}: {told(a, 1)}; {told(b, 1)}. They differ in {', '.join(DIFFERS[d][1] for d in differs)}" \
         f"{'; one side is unconfirmed' * unconfirmed}"  # fmt: skip
    return {"type": "figures", "subject": {"id": about, "name": name}, "metric": a.metric, "left": _side(a), "right": _side(b),
            "differs": list(differs), "unconfirmed": unconfirmed, "sentence": {"zh": zh, "en": en}, "evidence": [*a.claims, *b.claims]}


def _side(s: Said) -> dict[str, Any]:
    return {"node": s.node, "kind": s.kind, "name": s.name, "metric": s.metric, "value": dict(s.amount), "shown": s.shown,
            "period": [d.isoformat() if d else None for d in s.period], "counting": s.counting or None,
            "document": {"id": s.document, "name": s.document_name}, "evidence": list(s.claims)}  # fmt: skip


# ---- stated and named ------------------------------------------------------------------------------------------------------------


def countings(sets: Iterable[Named]) -> list[dict[str, Any]]:
    """Documents whose own numbers for one kind of thing do not name one set: several sets, unnamed members, more named than stated."""
    by_document: dict[tuple[str, str], list[Named]] = {}
    for s in sets:
        by_document.setdefault((s.document, s.kind), []).append(s)
    out = []
    for (document, kind), mine in sorted(by_document.items()):
        mine = sorted(mine, key=lambda s: (s.year or 9999, s.batch))
        named = {i: n for s in mine for i, n in (*s.members, *s.outside)}
        more = [s for s in mine if s.stated is not None and len(s.members) > s.stated]
        beyond = any(s.outside for s in mine) and any(s.stated is not None and len(named) > s.stated for s in mine)
        # one set of which some are not named is a shorter list, not a contradiction
        if more or beyond:
            out.append(_counted(document, kind, mine, named))
    return out


def _counted(document: str, kind: str, mine: list[Named], named: Mapping[str, str]) -> dict[str, Any]:
    readings = [{"what": s.name, "batch": s.batch, "count": s.stated, "shown": s.shown, "named": len(s.members), "evidence": list(s.claims),
                 "members": [{"id": i, "name": n} for i, n in s.members], "member_evidence": list(s.member_claims)} for s in mine]  # fmt: skip
    outside = {i: n for s in mine for i, n in s.outside}
    told_zh = "；".join(f"{s.name}：称{s.shown or '未写'}，{f'点名{len(s.members)}个' if s.members else '未点名'}" for s in mine)
    told_en = "; ".join(f"{s.name}: states {s.shown or 'no number'}, names {len(s.members) or 'none'}" for s in mine)
    extra = "、".join(outside.values())
    zh = f"{mine[0].document_name}：{told_zh}；全文共点名{len(named)}个，其中不属任何一批的有{len(outside)}个（{extra}）。不同处：范围"
    en = f"{mine[0].document_name}: {told_en}; the text names {len(named)} in all, {len(outside)} of them in no batch ({extra}). They differ in scope"
    claims = [c for s in mine for c in (*s.claims, *s.member_claims, *s.outside_claims)]
    text = {"what": "text", "batch": None, "count": float(len(named)), "shown": str(len(named)), "named": len(named),
            "evidence": list(dict.fromkeys(c for s in mine for c in (*s.member_claims, *s.outside_claims))),
            "members": [{"id": i, "name": n} for i, n in sorted(named.items(), key=lambda x: (x[0] in outside, x[1]))],
            "outside": [{"id": i, "name": n} for i, n in sorted(outside.items(), key=lambda x: x[1])]}  # fmt: skip
    return {"type": "counts", "document": {"id": document, "name": mine[0].document_name}, "kind": kind, "readings": [*readings, text],
            "differs": ["scope"], "unconfirmed": min(s.confidence for s in mine) <= UNCONFIRMED, "sentence": {"zh": zh, "en": en},
            "evidence": list(dict.fromkeys(claims))}  # fmt: skip
