"""Hosts that apply twice: violations planted at one to three steps of ownership are all found, and nothing else is called one."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import Any

import pytest

from graph.applications import Application, Holding, collisions
from graph.rulebooks import standards

RULES = standards()["shaanxi-2026"]
CENTRAL = "中央在陕单位"


def applied(host: str, name: str, kind: str = "PilotBase", approved: bool = True, years: tuple[int, ...] = (2024,), **more: Any) -> Application:
    return Application(host, host, f"{kind}:{name}", kind, name, approved, frozenset(years), (f"c-{name}",), **more)


def held(holder: str, other: str, **more: Any) -> Holding:
    return Holding(holder, other, other, claims=(f"c-{holder}-{other}",), **({"controlling": True} | more))


def found(applications: list[Application], holdings: list[Holding] = [], central: tuple[str, ...] = ()) -> list[tuple[str, str, str, str]]:  # noqa: B006
    titles = {h: {CENTRAL: ("c-title",)} for h in central}
    return [(x["rule"], x["verdict"], x["host"]["id"], x["other"]["id"]) for x in collisions(RULES, applications, holdings, titles)]


OLD, NEW = applied("甲", "老基地"), applied("甲", "新基地", approved=False, years=(2026,))


def test_an_approved_host_that_applies_again() -> None:
    assert found([OLD, NEW]) == [("not_again", "fail", "甲", "甲")]
    (x,) = collisions(RULES, [OLD, NEW], [], {})
    assert x["evidence"] == ["c-老基地", "c-新基地"] and not x["rule_confirmed"] and "规则只见于转载" in x["sentence"]["zh"]
    assert found([OLD, replace(NEW, host="乙")]) == [] and found([replace(OLD, approved=False), NEW]) == []


def test_years_before_the_rule_and_years_that_do_not_follow_are_no_breach() -> None:
    assert found([applied("甲", "一", years=(2022,)), applied("甲", "二", years=(2024,))]) == [], "the rule speaks of 2026"
    assert found([applied("甲", "一", years=(2026,)), applied("甲", "二", years=(2026,))]) == []


def test_both_kinds_at_once() -> None:
    one, other = applied("甲", "基地", years=(2026,)), applied("甲", "中心", "VerificationCentre", years=(2026,))
    assert found([one, other]) == [("not_both", "fail", "甲", "甲")]
    later = replace(other, years=frozenset({2027}))
    assert found([one, later]) == [("not_again", "fail", "甲", "甲")], "not at once, but again"
    warned = collisions(standards()["shaanxi-2024"], [replace(one, years=frozenset({2024})), replace(other, years=frozenset({2024}))], [], {})
    assert [x["verdict"] for x in warned] == ["warn"], "in principle"


@pytest.mark.parametrize("doubt", [
    {"years": frozenset()}, {"confidence": 0.4}, {"modality": "planned"}, {"role": "joint"}])  # fmt: skip
def test_what_is_not_known_keeps_it_from_being_a_breach(doubt: dict[str, Any]) -> None:
    assert found([OLD, replace(NEW, **doubt)]) == [("not_again", "unknown", "甲", "甲")]
    (x,) = collisions(RULES, [OLD, replace(NEW, **doubt)], [], {})
    assert x["missing"] and "尚不知" in x["sentence"]["zh"] and "not known" in x["sentence"]["en"]


def test_who_only_oversees_does_not_apply() -> None:
    assert found([OLD, replace(NEW, role="supervises")]) == []


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_a_central_host_through_subsidiaries_within_three_steps(hops: int) -> None:
    chain = ["甲", "子一", "子二", "子三", "子四"][: hops + 1]
    steps = [held(a, b) for a, b in itertools.pairwise(chain)]
    again = applied(chain[-1], "再报基地", approved=False, years=(2026,))
    wanted = [("not_through_subsidiaries", "fail", "甲", chain[-1])] if hops <= 3 else []
    assert found([OLD, again], steps, central=("甲",)) == wanted
    if wanted:
        (x,) = collisions(RULES, [OLD, again], steps, {"甲": {CENTRAL: ("c-title",)}})
        assert [s["held"] for s in x["chain"]] == chain[1:] and {"c-title", *(c for s in steps for c in s.claims)} <= set(x["evidence"])


@pytest.mark.parametrize(("how", "verdict"), [
    ({"controlling": True}, "fail"), ({"controlling": None, "share": 51.0}, "fail"), ({"controlling": None, "share": 35.0}, None),
    ({"controlling": False, "share": 35.0}, None), ({"controlling": None}, "unknown"), ({"controlling": True, "confidence": 0.4}, "unknown"),
    ({"controlling": True, "modality": "planned"}, "unknown"),
])  # fmt: skip
def test_a_subsidiary_is_one_that_is_controlled(how: dict[str, Any], verdict: str | None) -> None:
    again = applied("子", "再报基地", approved=False, years=(2026,))
    wanted = [("not_through_subsidiaries", verdict, "甲", "子")] if verdict else []
    assert found([OLD, again], [held("甲", "子", **how)], central=("甲",)) == wanted


def test_of_hosts_that_are_not_known_to_be_central_nothing_is_said() -> None:
    again = applied("子", "再报基地", approved=False, years=(2026,))
    assert found([OLD, again], [held("甲", "子")]) == [("not_through_subsidiaries", "unknown", "甲", "子")]


def test_rings_of_ownership_end() -> None:
    again = applied("丙", "再报基地", approved=False, years=(2026,))
    ring = [held("甲", "乙"), held("乙", "甲"), held("乙", "丙"), held("丙", "甲")]
    assert found([OLD, again], ring, central=("甲",)) == [("not_through_subsidiaries", "fail", "甲", "丙")]


@pytest.mark.parametrize("seed", range(5))
def test_planted_violations_are_found_with_full_precision_and_recall(seed: int) -> None:
    """60 groups: a third breaks the rule at one to three steps, the others lack one thing each that a breach needs."""
    dice = random.Random(seed)
    applications, holdings, central, planted = list[Application](), list[Holding](), list[str](), set[tuple[str, str]]()
    for n in range(60):
        top, hops = f"央{n}", dice.randint(1, 3)
        chain = [top, *(f"央{n}子{k}" for k in range(hops))]
        flaw = dice.choice(["", "", "", "minority", "not central", "not approved", "too early", "four steps", "undated", "weak"])
        if flaw == "four steps":
            chain = [top, *(f"央{n}子{k}" for k in range(4))]
        steps = [held(a, b) for a, b in itertools.pairwise(chain)]
        at = dice.randrange(len(steps))
        if flaw == "minority":
            steps[at] = replace(steps[at], controlling=None, share=40.0)
        if flaw == "weak":
            steps[at] = replace(steps[at], confidence=0.4)
        applications += [applied(top, f"老{n}", approved=flaw != "not approved"),
                         applied(chain[-1], f"新{n}", approved=False, years=() if flaw == "undated" else (2025,) if flaw == "too early" else (2026,))]
        holdings += [*steps, held(top, f"旁{n}")]
        central += [] if flaw == "not central" else [top]
        if not flaw:
            planted.add((top, chain[-1]))
    dice.shuffle(applications)
    dice.shuffle(holdings)
    called = {(x[2], x[3]) for x in found(applications, holdings, tuple(central)) if x[1] == "fail"}
    assert planted and called == planted
