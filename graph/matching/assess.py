"""One pair judged whole: score, conditions, reasons, what is unknown; for a rejected one the smallest change that flips it.

    score = sum of weight x value,   an unknown criterion counting as the standard's neutral value

so nothing is clipped and no missing fact is held against anyone. `coverage` is the weight of what is known. A change is
only told after the pair was judged again with it and was accepted.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.matching.conditions import Change, Condition, conditions
from graph.matching.criteria import Reason, reasons
from graph.matching.facts import Candidate, Wish
from graph.matching.standard import Standard

DIGITS = 9  # scores equal to this many digits tie, on every machine


@dataclass(frozen=True)
class Assessment:
    """A judged pair. `accepted`: no condition is known not to hold."""

    candidate: Candidate
    conditions: tuple[Condition, ...]
    reasons: tuple[Reason, ...]
    score: float
    score_known: float | None
    coverage: float

    @property
    def accepted(self) -> bool:
        return all(c.status != "not_met" for c in self.conditions)


def assess(wish: Wish, candidate: Candidate, standard: Standard, profile: str) -> Assessment:
    """Judge one pair."""
    return _assessed(wish, candidate, conditions(wish, candidate, standard) if profile != "fund" else [], standard, profile)


def _assessed(wish: Wish, candidate: Candidate, hard: Sequence[Condition], standard: Standard, profile: str) -> Assessment:
    soft = reasons(wish, candidate, standard, profile)
    weights = {c.name: c.weight for c in standard.profiles[profile]}
    known = [(weights[r.name], r.value) for r in soft if r.value is not None]
    coverage = sum(w for w, _ in known)
    points = sum(w * v for w, v in known)
    return Assessment(candidate, tuple(hard), tuple(soft), round(points + (1 - coverage) * standard.neutral, DIGITS),
                      round(points / coverage, DIGITS) if coverage > 0 else None, round(coverage, DIGITS))  # fmt: skip


def ranked(found: Sequence[Assessment]) -> list[Assessment]:
    """Best first; equal scores by coverage, then name and id."""
    return sorted(found, key=lambda a: (-a.score, -a.coverage, a.candidate.name, a.candidate.id))


@dataclass(frozen=True)
class Flip:
    """The smallest set of changes after which the pair is accepted; `verified` by judging it again."""

    changes: tuple[tuple[str, Change], ...]
    verified: bool
    score: float | None


def flip(wish: Wish, found: Assessment, standard: Standard, profile: str) -> Flip:
    """Each failed condition needs one of its changes: the first set, in the order of size, that is accepted when run."""
    failed = [c for c in found.conditions if c.status == "not_met"]
    choices = itertools.product(*(range(len(c.changes)) for c in failed))
    for picks in sorted(itertools.islice(choices, 64), key=lambda p: (sum(p), p)):
        chosen = [(c.name, c.changes[n]) for c, n in zip(failed, picks, strict=True)]
        again, other = wish, found.candidate
        for _, change in chosen:
            again, other = change.apply(again, other)
        hard = conditions(again, other, standard)
        if all(c.status != "not_met" for c in hard):  # the score is worked out only for what holds
            return Flip(tuple(chosen), True, _assessed(again, other, hard, standard, profile).score)
    return Flip((), False, None)


# ---- in words ----------------------------------------------------------------------------------------------------------


def _told(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def shown(found: Assessment, standard: Standard, profile: str) -> dict[str, Any]:
    """An assessment for an answer, without its node."""
    labels = {c.name: c for c in standard.profiles[profile]}
    missing = [(c.name, c.missing) for c in found.conditions if c.missing] + [(r.name, r.missing) for r in found.reasons if r.missing]
    return {
        "score": found.score, "score_known": found.score_known, "coverage": found.coverage,
        "reasons": [{"criterion": r.name, "label": _told(labels[r.name].zh, labels[r.name].en), "weight": round(labels[r.name].weight, 6),
                     "value": None if r.value is None else round(r.value, DIGITS), "sentence": _told(r.zh, r.en),
                     "evidence": list(dict.fromkeys(r.evidence))} for r in found.reasons],
        "conditions": [{"condition": c.name, "label": _told(standard.conditions[c.name].zh, standard.conditions[c.name].en), "status": c.status,
                        "sentence": _told(c.zh, c.en), "evidence": list(dict.fromkeys(c.evidence))} for c in found.conditions],
        "unknown": [{"about": name, "missing": _told(*m)} for name, m in dict.fromkeys(missing) if m],
    }  # fmt: skip


def why_not(wish: Wish, found: Assessment, standard: Standard, profile: str) -> dict[str, Any]:
    """Which conditions fail, and the verified smallest change."""
    failed = [c for c in found.conditions if c.status == "not_met"]
    made = flip(wish, found, standard, profile)
    return {"why_not": [{"condition": c.name, "sentence": _told(c.zh, c.en), "evidence": list(dict.fromkeys(c.evidence))} for c in failed],
            "flip": {"changes": [{"condition": name, "side": x.side, "sentence": _told(x.zh, x.en), "query": x.query} for name, x in made.changes],
                     "verified": made.verified, "score": made.score}}  # fmt: skip


def next_step(wish: Wish, found: Sequence[Assessment], standard: Standard) -> dict[str, Any]:
    """What the achievement does next, and why: fill in data, verify the concept, go to pilot scale, or transfer."""
    def said(name: str, zh: str, en: str, why_zh: str, why_en: str, evidence: Sequence[str] = ()) -> dict[str, Any]:
        return {"step": name, **_told(zh, en), "reason": _told(why_zh, why_en), "evidence": list(dict.fromkeys(evidence))}

    steps = {s.name: s for s in standard.steps}
    if wish.piloted:
        s = steps["transfer"]
        return said(s.name, s.zh, s.en, "已有中试项目通过", "a pilot trial of it has passed", wish.piloted)
    lacks = [x for x, there in ((("领域", "field"), (wish.fields and not wish.name_only) or wish.industries),
            (("成熟度", "maturity"), wish.levels)) if not there]
    if lacks:
        zh, en = "、".join(x[0] for x in lacks), " and ".join(x[1] for x in lacks)
        return said("data", "补数据", "Fill in data", f"成果的{zh}未说明", f"the achievement's {en} {'are' if len(lacks) > 1 else 'is'} not stated")
    assert wish.levels is not None
    low, high = wish.levels
    evidence = (*wish.claims("maturity_min"), *wish.claims("maturity_max"), *wish.claims("stage_stated"))
    step = next(s for s in standard.steps if s.levels[0] <= low <= s.levels[1])
    span = f"{low}" if low == high else f"{low}–{high}"
    if step.name == "pilot" and found and not any(a.accepted for a in found):
        blocked = Counter(c.name for a in found for c in a.conditions if c.status == "not_met").most_common(1)[0][0]
        label = standard.conditions[blocked]
        return said(step.name, step.zh, step.en, f"成熟度 {span}；但所看基地都不能接，多因{label.zh}，见各自的改变", f"at level {span}; but no base "
                    f"looked at can take it, mostly for: {label.en}; see the change of each", evidence)  # fmt: skip
    return said(step.name, step.zh, step.en, f"成熟度 {span}，在 {step.levels[0]}–{step.levels[1]} 之间", f"level {span} lies within "
                f"{step.levels[0]}–{step.levels[1]}", evidence)  # fmt: skip
