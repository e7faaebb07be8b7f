"""Hosts that apply twice: pairs of centres and bases that collide under a standard's rules. Pure, on rows given to it.

Invariant: a pair is a breach (fail, or warn under 原则上) only where everything it rests on is known: who carries it, both years,
approval, and for a subsidiary every step of control and the title the rule speaks of. What may be one is listed as unknown, with what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.records import UNCONFIRMED
from graph.rulebooks import ConflictRule, Standard

CARRIES = ("", "relied_on", "lead", "operates")  # roles of the one who applies; 共建 may not be
MAJORITY = 50.0  # percent above which a share is control


@dataclass(frozen=True, slots=True)
class Application:
    """A host and one centre or base it carries; `years` of its recognition events, empty when none is dated."""

    host: str
    host_name: str
    facility: str
    kind: str
    name: str
    approved: bool
    years: frozenset[int] = frozenset()
    claims: tuple[str, ...] = ()
    confidence: float = 1.0
    modality: str = "done"
    role: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """One step of ownership; `share` in percent. Neither share nor control stated: control is unknown."""

    holder: str
    held: str
    held_name: str
    share: float | None = None
    controlling: bool | None = None
    claims: tuple[str, ...] = ()
    confidence: float = 1.0
    modality: str = "done"

    @property
    def control(self) -> bool | None:
        if self.controlling is None and self.share is None:
            return None
        return bool(self.controlling) or (self.share is not None and self.share > MAJORITY)


@dataclass(frozen=True, slots=True)
class _Chain:
    """Steps from one organisation down to another."""

    steps: tuple[Holding, ...]

    @property
    def missing(self) -> list[tuple[str, str]]:
        out = []
        if any(h.control is None for h in self.steps):
            out.append(("是否控股", "control"))
        if any(h.confidence <= UNCONFIRMED or h.modality != "done" for h in self.steps):
            out.append(("持股未证实", "confirmation of the shareholding"))
        return out


def collisions(standard: Standard, applications: Sequence[Application], holdings: Iterable[Holding],
               titles: Mapping[str, Mapping[str, tuple[str, ...]]]) -> list[dict[str, Any]]:  # fmt: skip
    """`[{rule, label, verdict, host, other, facilities, chain, missing, evidence, sentence}]`, breaches first, then by names."""
    by_host: dict[str, dict[str, Application]] = {}
    for a in sorted(applications, key=lambda a: (CARRIES.index(a.role) if a.role in CARRIES else 9, a.facility)):
        if a.role not in ("supervises", "chairs"):  # these oversee, they do not apply
            by_host.setdefault(a.host, {}).setdefault(a.facility, a)
    held: dict[str, list[Holding]] = {}
    for h in holdings:
        held.setdefault(h.holder, []).append(h)
    out = []
    for rule in standard.conflicts:
        pairs = _across(rule, by_host, held) if rule.rule == "subsidiaries" else _within(by_host)
        for a, b, chain in pairs:
            if (missing := _colliding(rule, a, b)) is None:
                continue
            missing = [*missing, *chain.missing]
            title = titles.get(a.host, {}).get(rule.hosts, ()) if rule.hosts else ()
            if rule.hosts and not title:
                missing.append((f"{a.host_name}是否{rule.hosts}", f"whether {a.host_name} is of {rule.hosts}"))
            out.append(_item(rule, a, b, chain, missing, title))
    order = {"fail": 0, "warn": 1, "unknown": 2}
    return sorted(out, key=lambda x: (order[x["verdict"]], x["rule"], x["host"]["name"], [f["id"] for f in x["facilities"]]))


def _within(by_host: Mapping[str, Mapping[str, Application]]) -> Iterator[tuple[Application, Application, _Chain]]:
    for held in by_host.values():
        mine = sorted(held.values(), key=_when)
        yield from ((a, b, _Chain(())) for n, a in enumerate(mine) for b in mine[n + 1 :])


def _when(a: Application) -> tuple[int, bool, str]:
    return min(a.years, default=9999), not a.approved, a.facility


def _across(rule: ConflictRule, by_host: Mapping[str, Mapping[str, Application]],
            held: Mapping[str, Sequence[Holding]]) -> Iterator[tuple[Application, Application, _Chain]]:  # fmt: skip
    for top, mine in by_host.items():
        for below, chain in sorted(_below(top, held, rule.hops).items()):
            yield from ((a, b, chain) for a in mine.values() for b in by_host.get(below, {}).values() if a.facility != b.facility)


def _below(top: str, held: Mapping[str, Sequence[Holding]], hops: int) -> dict[str, _Chain]:
    """Every organisation that may be a subsidiary within so many steps, with the surest, then shortest chain to it."""
    best: dict[str, _Chain] = {}
    front = {top: _Chain(())}
    for _ in range(hops):
        ahead: dict[str, _Chain] = {}
        for at, chain in front.items():
            for h in sorted(held.get(at, ()), key=lambda h: (h.held, h.claims)):
                if h.control is False or h.held == top or any(h.held == s.held for s in chain.steps):
                    continue
                longer = _Chain((*chain.steps, h))
                if h.held not in ahead or len(longer.missing) < len(ahead[h.held].missing):
                    ahead[h.held] = longer
        for k, c in ahead.items():
            if k not in best or len(c.missing) < len(best[k].missing):
                best[k] = c
        front = ahead
    return best


def _colliding(rule: ConflictRule, a: Application, b: Application) -> list[tuple[str, str]] | None:
    """What is missing to be sure that these two collide; None where what is known says they do not."""
    missing = []
    if rule.rule == "both_kinds":
        if a.kind == b.kind or (a.years and b.years and not a.years & b.years):
            return None
        later = a.years & b.years or a.years | b.years
    else:
        if not a.approved:
            if not (b.approved and rule.rule == "again" and not (a.years and b.years)):
                return None
            a, b = b, a  # one is undated, so which of the two came first is unknown
        if a.years and b.years and max(b.years) <= min(a.years):
            return None
        later = b.years
    if later and max(later) < rule.since:
        return None
    for x in (a, b):
        if not x.years:
            missing.append((f"{x.name}的年份", f"the year of {x.name}"))
        if x.confidence <= UNCONFIRMED:
            missing.append((f"{x.name}的依托或认定未证实", f"confirmation of {x.name}"))
        if x.modality != "done":
            missing.append((f"{x.name}只是计划", f"{x.name} is only planned"))
        if x.role not in CARRIES:
            missing.append((f"{x.host_name}是否{x.name}的申报单位", f"whether {x.host_name} applied for {x.name}"))
    return missing


def _item(rule: ConflictRule, a: Application, b: Application, chain: _Chain, missing: list[tuple[str, str]],
          title: tuple[str, ...]) -> dict[str, Any]:  # fmt: skip
    missing = list(dict.fromkeys(missing))
    verdict = "unknown" if missing else {"must": "fail", "should": "warn"}[rule.force]
    through = [{"holder": s.holder, "held": s.held, "name": s.held_name, "share": s.share, "controlling": s.controlling} for s in chain.steps]
    zh, en = f"{a.host_name}承担{a.name}", f"{a.host_name} carries {a.name}"
    if chain.steps:
        zh += f"，其{len(through)}级持股的{b.host_name}承担{b.name}"
        en += f"; {b.host_name}, held in {len(through)} steps, carries {b.name}"
    else:
        zh, en = f"{zh}和{b.name}", f"{en} and {b.name}"
    zh, en = f"{zh}：{rule.label['zh']}", f"{en}: {rule.label['en']}"
    if missing:
        zh, en = f"{zh}；尚不知：{'、'.join(m for m, _ in missing)}", f"{en}; not known: {', '.join(m for _, m in missing)}"
    if not rule.source.confirmed:
        zh, en = f"{zh}；规则只见于转载,未证实", f"{en}; the rule is unconfirmed: seen on a mirror only"
    claims = (*a.claims, *b.claims, *(c for s in chain.steps for c in s.claims), *title)
    return {"rule": rule.id, "label": dict(rule.label), "verdict": verdict, "force": rule.force, "rule_confirmed": rule.source.confirmed,
            "place": rule.place, "host": {"id": a.host, "name": a.host_name}, "other": {"id": b.host, "name": b.host_name},
            "facilities": [{"id": x.facility, "kind": x.kind, "name": x.name, "years": sorted(x.years), "approved": x.approved} for x in (a, b)],
            "chain": through, "missing": [{"zh": m, "en": e} for m, e in missing], "evidence": list(dict.fromkeys(claims)),
            "sentence": {"zh": zh, "en": en}}  # fmt: skip
