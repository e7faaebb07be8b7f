"""Values that conflict: who wins, and that the losers are kept."""

from __future__ import annotations

from pathlib import Path

from tests.world.making import asked, build, facts, judge, named, node, state, thing

BASE = named("PilotBase", "镁基地")


def test_a_conflict_is_won_by_confidence_then_issuer_then_date_and_all_are_kept(workspace: Path) -> None:
    told = {
        "mirror": (dict(standing="mirror", published="2026"), "1亩", 0.4),
        "issuer": (dict(standing="issuer", published="2022"), "2亩", 1.0),
        "newer": (dict(standing="newspaper", published="2025"), "3亩", 0.8),
        "older": (dict(standing="newspaper", published="2021"), "4亩", 0.8),
        "undated": (dict(standing="newspaper"), "5亩", 0.8),
    }
    for source, (standing, area, confidence) in told.items():
        document = named("Document", source)
        state(workspace, source, [*thing(source, "Document", source, document, **standing),
                                  *facts(source, "PilotBase", BASE, document, confidence, name="镁基地", area=area)])  # fmt: skip
    winners = []
    for gone in (None, "issuer", "newer", "older", "undated"):
        if gone:
            state(workspace, gone, thing(gone, "Document", gone))
        made = build(workspace)
        won = asked(made, "SELECT shown FROM facts WHERE subject = ? AND predicate = 'area' AND won = 1", BASE)
        kept = asked(made, "SELECT shown FROM facts WHERE subject = ? AND predicate = 'area'", BASE)
        winners.append((won, len(kept), node(made, "PilotBase", BASE)["area_shown"]))
    assert winners == [([(w,)], n, w) for w, n in zip(("2亩", "3亩", "4亩", "5亩", "1亩"), (5, 4, 3, 2, 1), strict=True)]


def test_of_equals_the_smaller_claim_id_wins(workspace: Path) -> None:
    told = [facts("a", "PilotBase", BASE, area=f"{n}亩")[0] for n in range(1, 6)]
    state(workspace, "a", [*told, *thing("a", "PilotBase", "镁基地")])
    assert node(build(workspace), "PilotBase", BASE)["area_shown"] == min(told).shown


def test_a_judgement_beats_every_source(workspace: Path) -> None:
    right, wrong = facts("a", "PilotBase", BASE, area="3亩"), facts("a", "PilotBase", BASE, area="5亩")
    state(workspace, "a", [*right, *wrong, *thing("a", "PilotBase", "镁基地")])
    for loser, winner in ((right, wrong), (wrong, right)):
        judge(workspace, "wrong", loser[0].claim_id)
        assert node(build(workspace), "PilotBase", BASE)["area_shown"] == winner[0].shown
        judge(workspace, "withdrawn", loser[0].claim_id)


def test_equal_values_of_two_sources_both_count_as_won(workspace: Path) -> None:
    for source in ("a", "b"):
        state(workspace, source, thing(source, "PilotBase", "镁基地", area="3亩"))
    made = build(workspace)
    assert asked(made, "SELECT won FROM facts WHERE predicate = 'area'") == [(1,), (1,)]


def test_values_of_a_property_that_holds_several_do_not_conflict(workspace: Path) -> None:
    for source, process in (("a", "冶炼"), ("b", "铸造")):
        state(workspace, source, thing(source, "PilotBase", "镁基地", processes=[process]))
    made = build(workspace)
    assert node(made, "PilotBase", BASE)["processes"] == ["冶炼", "铸造"]
    assert asked(made, "SELECT won FROM facts WHERE predicate = 'processes'") == [(1,), (1,)]
