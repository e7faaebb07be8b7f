"""Targets as executable definitions: what is counted, where, from when until when; the gap, the pace, the status on a day. Pure.

Invariant: a count is a lower bound, and nothing counted is "not observable", never zero. Unconfirmed and planned records, and
records whose day may lie outside, are listed and not counted.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.criteria import span
from graph.records import UNCONFIRMED

MONTH = 30.4375
COUNTERS = frozenset([*"家个项名人件条户所支种款台套次座", "家次", "人次"])
LEVELS = {w: w.removesuffix("级") for w in ("国家级", "省级", "市级", "优秀", "金牌")}  # word in a metric → what a recognition's level must hold
READ = re.compile("概念验证中心|中试基地|中试平台|概念验证|中试|熟化|服务|新产品|产品|科技型|企业|技术经理人|科技|成果|项目|转移|转化|孵化|上市|"
                  "培育|认定|备案|批复|建设|建成|布局|推动|促成|完成|实现|聚集|累计|新增|数量|[和或与及的、]|" + "|".join(LEVELS))  # fmt: skip
RECOGNISED = ("cultivated", "filed", "recognised", "approved", "reviewed")
STATUS = {
    "reached": {"zh": "已达到", "en": "reached"}, "overdue": {"zh": "逾期未达", "en": "overdue"}, "on_pace": {"zh": "进度相符", "en": "on pace"},
    "behind": {"zh": "进度落后", "en": "behind"}, "open": {"zh": "在期内，进度未知", "en": "running, pace unknown"},
    "not_observable": {"zh": "不可观测", "en": "not observable"}, "unknown_unit": {"zh": "单位未知", "en": "unknown unit"},
    "unknown_value": {"zh": "目标值未知", "en": "unknown value"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """How things of some kinds are counted. `needs`: words one of which the metric must hold; `words`: what reported metrics call them."""

    kinds: tuple[str, ...]
    questions: tuple[str, ...]
    zh: str
    en: str
    words: tuple[str, ...]
    needs: tuple[str, ...] = ()


WAYS = (
    Way(("VerificationCentre", "PilotBase", "Platform", "Laboratory"), ("counted_recognised", "counted_batch_members"),
        "经认定、备案、培育或批复且未撤销者", "recognised, filed, cultivated or approved and not revoked",
        ("概念验证中心", "中试基地", "中试单位", "中试平台")),
    Way(("TechManager",), ("counted_recognised", "counted_batch_members"), "经认定的技术经理人", "technology managers recognised", ("技术经理人",)),
    Way(("Project",), ("counted_projects",), "有日期的概念验证或中试项目(服务清单的条目不算)",
        "dated verification or pilot projects (entries of offer lists do not count)", ("中试服务", "熟化服务", "概念验证服务")),
    Way(("Product",), ("counted_products",), "按上市日期计的产品", "products by their launch", ("新产品", "上市产品")),
    Way(("Organization",), ("counted_firms",), "有孵化记录的企业", "firms recorded as incubated", ("孵化",), ("孵化",)),
    Way(("Achievement",), ("counted_transfers",), "已转让、许可或作价的成果", "achievements transferred, licensed or put in as equity",
        ("转移转化",), ("转化", "转移")),
)  # fmt: skip
WORDS_OF = {"VerificationCentre": ("概念验证中心",), "PilotBase": ("中试基地", "中试单位", "中试平台"), "Platform": ("中试平台",)}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a thing that may count: its day as an interval (None = undated), what says so, and why it is there."""

    node: str
    kind: str
    name: str
    day: tuple[dt.date | None, dt.date | None] | None
    claims: tuple[str, ...]
    confidence: float = 1.0
    modality: str = "done"
    event: str = ""
    level: str = ""
    until: dt.date | None = None
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def dated(self) -> bool:
        return self.day is not None and any(self.day)


@dataclass(frozen=True)
class Definition:
    """A target made executable. `stock`: True, False (new ones), or None where the document does not say."""

    metric: str
    amount: Mapping[str, Any] | None
    kinds: tuple[str, ...]
    stock: bool | None
    begins: dt.date | None
    due: dt.date | None
    where: tuple[str, ...]

    @property
    def unit(self) -> str:
        return str((self.amount or {}).get("unit") or "")

    def ways(self) -> list[Way]:
        """The ways its kinds are counted; empty where one of them has none: part of a joint target is not the target."""
        found = [next((w for w in WAYS if k in w.kinds and (not w.needs or any(n in self.metric for n in w.needs))), None) for k in self.kinds]
        return list(dict.fromkeys(w for w in found if w)) if all(found) else []

    def unread(self) -> str:
        """What of the metric no record can be checked for, such as 重点 or 高水平: things would be counted that it does not mean."""
        left = self.metric
        for name in self.where:
            left = left.replace(name, "")
        return READ.sub("", left).strip()

    def words(self) -> tuple[str, ...]:
        """What reported figures call what it counts."""
        return tuple(dict.fromkeys(w for way in self.ways() for k in self.kinds if k in way.kinds for w in WORDS_OF.get(k, way.words)))

    def levels(self) -> tuple[str, ...]:
        return tuple(v for k, v in LEVELS.items() if k in self.metric)

    def told(self, as_of: dt.date) -> dict[str, str]:
        """The definition in words."""
        ways, where = self.ways(), "、".join(self.where)
        begins, due = (d.isoformat() if d else None for d in (self.begins, self.due))
        kind = {True: ("存量", "stock"), False: ("新增", "new"), None: ("存量或新增未写", "stock or new not stated")}[self.stock]
        zh = f"计数：{'；'.join(w.zh for w in ways) or '没有可用的计数办法'}；单位：{self.unit or '未写'}；{kind[0]}；地域：{where or '未写'}；" \
             f"起：{begins or '未写'}；止：{due or '未写'}；截至{as_of}"  # fmt: skip
        en = f"counted: {'; '.join(w.en for w in ways) or 'no way to count is known'}; unit: {self.unit or 'not stated'}; {kind[1]}; " \
             f"where: {where or 'not stated'}; from {begins or 'not stated'} until {due or 'not stated'}; as of {as_of}"  # fmt: skip
        return {"zh": zh, "en": en}


@dataclass(frozen=True)
class Tally:
    """What counts, and what does not with the reason: `undecided` may lie outside or lacks the level, `unconfirmed` decides nothing."""

    counted: tuple[Record, ...] = ()
    undecided: tuple[Record, ...] = ()
    unconfirmed: tuple[Record, ...] = ()

    @property
    def days(self) -> list[dt.date]:
        return sorted(d for r in self.counted if r.day and (d := r.day[1] or r.day[0]))


def tally(definition: Definition, records: Iterable[Record], as_of: dt.date) -> Tally:
    """Each thing once, by its first record that counts; a thing revoked or run out since does not count."""
    by_node: dict[str, list[Record]] = {}
    for r in records:
        by_node.setdefault(r.node, []).append(r)
    until = min(as_of, definition.due) if definition.due else as_of
    out: dict[str, list[Record]] = {"counted": [], "undecided": [], "unconfirmed": []}
    for _, mine in sorted(by_node.items()):
        judged = [(_state(definition, r, until), r) for r in sorted(mine, key=_order) if r.event in ("", *RECOGNISED)]
        if _ended(mine, until):
            continue
        for state in out:
            if first := next((r for s, r in judged if s == state), None):
                out[state].append(first)
                break
    return Tally(*(tuple(sorted(v, key=lambda r: (r.day is None, _order(r)))) for v in out.values()))


def _order(r: Record) -> tuple[Any, ...]:
    return (r.day[0] or r.day[1] or dt.date.max) if r.day else dt.date.max, r.name, r.node, r.claims


def _state(definition: Definition, r: Record, until: dt.date) -> str:
    if r.confidence <= UNCONFIRMED or r.modality != "done":
        return "unconfirmed"
    if any(word not in r.level.replace("自治区", "省").replace("直辖市", "省") for word in definition.levels()):
        return "left" if r.level else "undecided"
    first, last = r.day or (None, None)
    if first and first > until:
        return "left"
    if last and last > until and not (first and first == last):
        return "undecided"
    if definition.stock is False and definition.begins:
        if last and last < definition.begins:
            return "left"
        if first is None or first < definition.begins:
            return "undecided"
    return "counted"


def _ended(mine: Sequence[Record], until: dt.date) -> bool:
    """Revoked, or the latest recognition ran out, by that day."""
    sure = [r for r in mine if r.confidence > UNCONFIRMED and r.modality == "done"]
    revoked = [r.day[1] for r in sure if r.event == "revoked" and r.day and r.day[1] and r.day[1] <= until]
    if any(r.event == "revoked" and not r.dated for r in sure):
        return True
    again = [r.day[0] for r in sure if r.event in RECOGNISED and r.day and r.day[0] and r.day[0] <= until]
    if revoked and max(revoked) >= max(again, default=dt.date.min):
        return True
    ends = [r.until for r in sure if r.event in RECOGNISED]
    return bool(ends) and all(e is not None and e < until for e in ends)


# ---- gap, pace, status


def assess(definition: Definition, found: Tally, as_of: dt.date, truncated: bool = False) -> dict[str, Any]:
    """`{status, label, observed, gap, months_left, needed, pace, reason, sentence}`. The count is a lower bound, so a gap is an upper one."""
    amount, n = definition.amount, len(found.counted)
    none = "not_observable", {"zh": "图谱中没有这样的记录，不等于没有发生", "en": "this graph holds no such record, which is no proof"}
    status, reason = uncountable(definition) or (none if not n else ("", None))
    wanted = span(amount)[0] if amount else None
    observed = n if status not in ("unknown_unit", "unknown_value", "not_observable") else None
    out: dict[str, Any] = {"observed": observed, "gap": None, "months_left": None, "needed": None, "pace": _pace(definition, found, as_of)}
    left = max(0, (definition.due - as_of).days) / MONTH if definition.due else 0
    if definition.due:
        out["months_left"] = round(left, 2)
    if not status and wanted is not None:
        out["gap"] = gap = max(0.0, wanted - n)
        if gap and left:
            out["needed"] = {"per_month": round(gap / left, 2), "per_year": round(12 * gap / left, 2)}
        status = _status(definition, out, as_of)
        if truncated and status != "reached":  # more were there than were read: neither gap nor pace is known
            status, reason = "open", {"zh": "记录多于一次所读", "en": "there are more records than were read"}
    out |= {"status": status, "label": STATUS[status], "reason": reason}
    return out | {"sentence": _sentence(definition, out, found, as_of)}


def uncountable(definition: Definition) -> tuple[str, dict[str, str]] | None:
    """(status, reason) of a target that no records could answer; None where they might."""
    if not definition.amount or definition.amount.get("value") is None:
        return "unknown_value", {"zh": "文件没有写目标值", "en": "the document states no value"}
    if definition.amount.get("bound") == "under":
        return "not_observable", {"zh": "目标是上限，而图谱的计数只是下限", "en": "the target is an upper bound, a count here a lower one"}
    if not definition.unit:
        return "unknown_unit", {"zh": "文件没有写单位，数不出要数什么", "en": "the document states no unit, so what to count is unknown"}
    if not definition.kinds:
        return "not_observable", {"zh": "没有写明计入什么", "en": "what it counts is not stated"}
    if definition.unit not in COUNTERS:
        return "not_observable", {"zh": f"单位“{definition.unit}”不是可数的", "en": f"the unit {definition.unit!r} counts no things"}
    if not definition.ways():
        return "not_observable", {"zh": "图谱没有能数这一指标的记录方式", "en": "no kind of record in this graph counts this metric"}
    if not definition.where:
        return "not_observable", {"zh": "没有写明在哪里", "en": "where is not stated"}
    if left := definition.unread():
        return "not_observable", {"zh": f"指标中的“{left}”没有记录可以核对", "en": f"no record can be checked for {left!r} in the metric"}
    return None


def _pace(definition: Definition, found: Tally, as_of: dt.date) -> dict[str, Any] | None:
    """What was made a month since the stated beginning, else since the first dated record; None where that cannot be said."""
    days = found.days
    begin = definition.begins or (days[0] if days else None)
    months = (as_of - begin).days / MONTH if begin else 0
    if not begin or months < 1 or not days or len(days) < len(found.counted):
        return None
    return {"per_month": round(len([d for d in days if d >= begin]) / months, 2), "from": begin.isoformat(), "stated": definition.begins is not None}


def _status(definition: Definition, made: Mapping[str, Any], as_of: dt.date) -> str:
    if not made["gap"]:
        return "reached"
    if definition.due and as_of > definition.due:
        return "overdue"
    if not made["needed"] or not made["pace"]:
        return "open"
    return "on_pace" if made["pace"]["per_month"] >= made["needed"]["per_month"] else "behind"


def _sentence(definition: Definition, made: Mapping[str, Any], found: Tally, as_of: dt.date) -> dict[str, str]:
    label, shown = made["label"], f"{(definition.amount or {}).get('value') or 0:g}{definition.unit}"
    if made["observed"] is None:
        reason = made["reason"] or {"zh": "", "en": ""}
        return {"zh": f"{label['zh']}：{reason['zh']}", "en": f"{label['en']}: {reason['en']}"}
    n, undated = made["observed"], sum(not r.dated for r in found.counted)
    zh = f"{label['zh']}：目标{shown}，截至{as_of}图谱中至少{n}{definition.unit}"
    en = f"{label['en']}: the target is {shown}; by {as_of} the graph holds at least {n}"
    if made["gap"]:
        zh, en = f"{zh}，至多差{made['gap']:g}{definition.unit}", f"{en}, {made['gap']:g} at most are wanting"
    if made["needed"]:
        zh += f"，剩{made['months_left']:g}个月，每月需{made['needed']['per_month']:g}，即每年{made['needed']['per_year']:g}"
        en += f"; {made['months_left']:g} months are left: {made['needed']['per_month']:g} a month, {made['needed']['per_year']:g} a year are needed"
    if made["pace"]:
        zh += f"；自{made['pace']['from']}每月{made['pace']['per_month']:g}"
        en += f"; {made['pace']['per_month']:g} a month since {made['pace']['from']}"
    if undated:
        zh, en = f"{zh}；其中{undated}{definition.unit}没有日期", f"{en}; {undated} of them are undated"
    return {"zh": zh, "en": en}
