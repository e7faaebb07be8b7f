"""Decisions: what they change at the next build, that they can be taken back, and that those that cannot all hold are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import BadInput, Contradiction, Unknown
from graph.ledger import Ledger
from graph.review import decide, decisions, open_proposals
from graph.snapshot import Snapshot
from ingest.publications import region_names
from tests.world.making import asked, build, named, rows, state, thing

ORG = "Organization"
A, B, C = (named(ORG, n) for n in ("西工大", "西北工业大学", "西北工大"))
PLACES = region_names()


@pytest.fixture
def made(workspace: Path) -> Snapshot:
    state(workspace, "a", [c for n in ("西工大", "西北工业大学", "西北工大") for c in thing("a", ORG, n)])
    return build(workspace)


def take(workspace: Path, made: Snapshot, verdict: str, one: str, other: str | None = None) -> str:
    return decide(workspace, made, verdict, one, other, "测试者", "看过原文").claim_id


def test_same_makes_one_node_that_says_what_it_was_merged_from_and_source_rows_stay(workspace: Path, made: Snapshot) -> None:
    before = {p: p.read_bytes() for p in (workspace / "ledger" / "a").rglob("*.parquet")}
    take(workspace, made, "same", A, B)
    merged = build(workspace)
    assert len(rows(merged, ORG)) == 2
    ((gone, kept, name, why),) = asked(merged, "SELECT id, canonical, name, why FROM referents")
    assert {gone, kept} == {A, B} and name in ("西工大", "西北工业大学") and why == "judged"
    assert before == {p: p.read_bytes() for p in (workspace / "ledger" / "a").rglob("*.parquet")}


def test_a_decision_can_be_taken_back_and_the_graph_is_as_before(workspace: Path, made: Snapshot) -> None:
    take(workspace, made, "same", A, B)
    assert build(workspace).version != made.version
    take(workspace, made, "withdrawn", A, B)
    assert build(workspace).version == made.version
    assert [d.verdict for d in decisions(workspace)] == ["withdrawn"]


def test_the_latest_decision_on_a_pair_holds_and_says_who_and_why(workspace: Path, made: Snapshot) -> None:
    for verdict in ("same", "unsure", "different"):
        take(workspace, made, verdict, B, A)
    (held,) = decisions(workspace)
    assert (held.verdict, held.who, held.why) == ("different", "测试者", "看过原文") and {held.subject, held.object} == {A, B}


def test_a_chain_that_contradicts_is_refused_and_listed_and_nothing_is_written(workspace: Path, made: Snapshot) -> None:
    take(workspace, made, "same", A, B)
    take(workspace, made, "same", B, C)
    with pytest.raises(Contradiction) as e:
        take(workspace, made, "different", A, C)
    assert {A, C} == {e.value.errors[0]["subject"], e.value.errors[0]["object"]}
    assert len(decisions(workspace)) == 2 and len(rows(build(workspace), ORG)) == 1


def test_the_other_order_contradicts_too(workspace: Path, made: Snapshot) -> None:
    take(workspace, made, "different", A, C)
    take(workspace, made, "same", A, B)
    with pytest.raises(Contradiction):
        take(workspace, made, "same", B, C)
    take(workspace, made, "withdrawn", A, C)
    take(workspace, made, "same", B, C)


def test_wrong_takes_one_claim_out_and_back(workspace: Path, made: Snapshot) -> None:
    ((claim,),) = asked(made, "SELECT claim FROM facts WHERE subject = ? AND predicate = 'name'", C)
    take(workspace, made, "wrong", claim)
    assert C not in {r["id"] for r in rows(build(workspace), ORG)}
    with_it = decide(workspace, made, "withdrawn", claim, None, "测试者", "")
    assert with_it.subject == claim and C in {r["id"] for r in rows(build(workspace), ORG)}


def test_what_is_decided_waits_no_longer_and_unsure_comes_back_when_asked(workspace: Path, made: Snapshot) -> None:
    waiting = {(p.a, p.b) for p in open_proposals(workspace, made, PLACES)}
    pair = tuple(sorted((A, B)))
    assert pair in waiting
    take(workspace, made, "unsure", A, B)
    assert pair not in {(p.a, p.b) for p in open_proposals(workspace, made, PLACES)}
    assert pair in {(p.a, p.b) for p in open_proposals(workspace, made, PLACES, undecided=False)}
    take(workspace, made, "different", A, B)
    assert pair not in {(p.a, p.b) for p in open_proposals(workspace, made, PLACES, undecided=False)}


@pytest.mark.parametrize(("verdict", "one", "other", "error"), [
    ("same", A, None, BadInput), ("wrong", A, B, BadInput), ("same", A, A, BadInput), ("maybe", A, B, BadInput), ("same", A, "policy:0", BadInput),
    ("same", A, "organization:0000000000000000", Unknown), ("wrong", "c0000", None, Unknown),
])  # fmt: skip
def test_a_decision_on_nothing_is_refused(workspace: Path, made: Snapshot, verdict: str, one: str, other: str | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        take(workspace, made, verdict, one, other)
    assert decisions(workspace) == [] and not (workspace / "ledger" / "curation").exists()


def test_a_decision_has_somebody_who_took_it(workspace: Path, made: Snapshot) -> None:
    with pytest.raises(BadInput, match="who decides"):
        decide(workspace, made, "same", A, B, "  ", "")
    assert not any(r.source == "curation" for r in Ledger(workspace).runs())
