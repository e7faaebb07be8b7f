"""Judging a thing by a standard: pure, on what it is given. Every criterion gets pass, warn, fail or unknown with its evidence.

Invariant: a rule seen only on mirrors is judged, but takes part in no total and rejects nobody; 原则上 makes a breach a warning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from graph.criteria import Finding, Thing, tested
from graph.rulebooks import Criterion, Standard

FORCED = {"must": {"zh": "必须", "en": "must"}, "should": {"zh": "原则上", "en": "in principle"}}
WORDS = {"pass": {"zh": "符合", "en": "meets it"}, "warn": {"zh": "提醒", "en": "a warning"}, "fail": {"zh": "不符合", "en": "fails it"},
         "unknown": {"zh": "未知", "en": "unknown"}}  # fmt: skip
UNSURE = {"zh": "；规则只见于转载，未证实", "en": "; the rule is unconfirmed: seen on a mirror only"}


def judge(standard: Standard, thing: Thing, as_of: dt.date) -> dict[str, Any]:
    """`{criteria, counts, unconfirmed_counts, rejected_by, coverage, total, sentence}` of one thing under one standard."""
    rows = [_row(c, tested(c, thing, as_of)) for c in standard.criteria]
    sure = [r for r in rows if r["rule_confirmed"]]
    known = [r for r in sure if r["verdict"] != "unknown"]
    counts, unconfirmed = ({v: sum(r["verdict"] == v for r in rows if r["rule_confirmed"] is held) for v in WORDS} for held in (True, False))
    coverage = round(len(known) / len(sure), 4) if sure else None
    rejected = [r["id"] for r in sure if r["verdict"] == "fail"]
    return {"criteria": rows, "counts": counts, "unconfirmed_counts": unconfirmed, "rejected_by": rejected, "coverage": coverage,
            "total": _total(standard, sure), "sentence": _sentence(counts, unconfirmed, rejected, coverage)}  # fmt: skip


def _row(c: Criterion, found: Finding) -> dict[str, Any]:
    verdict = "warn" if found.verdict == "fail" and c.force == "should" else found.verdict
    points = None
    if c.weight is not None and verdict != "unknown":
        points = round(c.weight * found.share, 4) if c.form == "rate" and found.share is not None else c.weight * (verdict == "pass")
    said = {"zh": f"{c.label['zh']}({FORCED[c.force]['zh']})：{WORDS[verdict]['zh']}。{found.zh}",
            "en": f"{c.label['en']} ({FORCED[c.force]['en']}): {WORDS[verdict]['en']}. {found.en}"}  # fmt: skip
    sentence = {lang: text + ("" if c.source.confirmed else UNSURE[lang]) for lang, text in said.items()}
    return {"id": c.id, "label": dict(c.label), "force": c.force, "verdict": verdict, "weight": c.weight, "points": points,
            "found": {"zh": found.zh, "en": found.en}, "evidence": list(found.claims), "rule_confirmed": c.source.confirmed,
            "source": {"document": c.source.document, "url": c.source.url, "standing": c.source.standing}, "place": c.place,
            "sentence": sentence}  # fmt: skip


def _total(standard: Standard, sure: list[dict[str, Any]]) -> dict[str, float] | None:
    """Points over what is known only, and how much of the whole that is; None without weights."""
    if standard.total is None:
        return None
    known = [r for r in sure if r["points"] is not None]
    weight = sum(r["weight"] for r in known)
    return {"points": round(sum(r["points"] for r in known), 4), "of_known": weight, "of": standard.total,
            "coverage": round(weight / standard.total, 4)}  # fmt: skip


def _sentence(counts: Mapping[str, int], unconfirmed: Mapping[str, int], rejected: list[str], coverage: float | None) -> dict[str, str]:
    def told(c: Mapping[str, int], lang: str) -> str:
        return "、".join(f"{WORDS[v][lang]}{n}" for v, n in c.items()) if lang == "zh" else ", ".join(f"{v} {n}" for v, n in c.items())

    zh, en = "没有已证实的规则，不作结论", "no rule is confirmed, so nothing is concluded"
    if coverage is not None:
        zh = f"已证实的规则：{told(counts, 'zh')}；{'不符合必须条件' if rejected else '没有必须条件被判不符合'}，已知{coverage:.0%}"
        en = f"confirmed rules: {told(counts, 'en')}; {'a must is failed' if rejected else 'no must is failed'}, {coverage:.0%} known"
    if any(unconfirmed.values()):
        zh, en = f"{zh}。未证实的规则：{told(unconfirmed, 'zh')}", f"{en}. Unconfirmed rules: {told(unconfirmed, 'en')}"
    return {"zh": zh, "en": en}


def side_by_side(standard: Standard, things: Sequence[Thing], results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row a criterion with a cell a thing; `differs` marks where known verdicts part."""
    out = []
    for n, c in enumerate(standard.criteria):
        cells = [{"node": t.id, **{k: r["criteria"][n][k] for k in ("verdict", "points", "found", "evidence")}}
                 for t, r in zip(things, results, strict=True)]  # fmt: skip
        differs = len({x["verdict"] for x in cells} - {"unknown"}) > 1
        out.append({"standard": standard.name, "criterion": c.id, "label": dict(c.label), "force": c.force, "weight": c.weight,
                    "rule_confirmed": c.source.confirmed, "differs": differs, "cells": cells})  # fmt: skip
    return out
