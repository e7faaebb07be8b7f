"""Proposals: what reaches a person, what never does, and that nothing joins because it looks alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.names import Names
from graph.proposals import CROWD, Candidate, Proposal, candidates, kept, propose, with_rivals
from ingest.publications import region_names
from tests.world.making import OTHER_USCC, USCC, build, edge, facts, named, rows, state, thing

ORG = "Organization"
PLACES = region_names()


def org(name: str, *aliases: str, **codes: str) -> Candidate:
    return Candidate(named(ORG, name), ORG, (name, *aliases), tuple(sorted(codes.items())))


def pairs(*things: Candidate) -> set[frozenset[str]]:
    return {frozenset((p.name_a, p.name_b)) for p in propose(list(things), PLACES)}


def test_a_short_form_and_its_full_name_are_proposed_with_a_reason_in_both_languages() -> None:
    (p,) = propose([org("西工大"), org("西北工业大学"), org("西北大学")], PLACES)
    assert {p.name_a, p.name_b} == {"西工大", "西北工业大学"} and 0.5 <= p.score < 1
    assert "西工大" in p.why_zh and "letters of 西工大" in p.why_en and p.features[0][0] == "covered"


def test_unequal_codes_are_two_things_however_alike_the_names() -> None:
    assert pairs(org("光明新材料有限公司", uscc=USCC), org("光明新材料股份有限公司", uscc=OTHER_USCC)) == set()
    assert pairs(org("光明新材料有限公司", uscc=USCC), org("光明新材料股份有限公司")) == {frozenset(("光明新材料有限公司", "光明新材料股份有限公司"))}


def test_a_short_form_goes_to_the_name_it_fits_best() -> None:
    two = pairs(org("永和股份"), org("浙江永和制冷股份有限公司"))
    assert two == {frozenset(("永和股份", "浙江永和制冷股份有限公司"))}
    three = pairs(org("金冠电气"), org("金冠股份"), org("金冠电气股份有限公司"))
    assert frozenset(("金冠电气", "金冠电气股份有限公司")) in three and frozenset(("金冠股份", "金冠电气股份有限公司")) not in three


def test_a_rival_is_named_in_the_reason() -> None:
    names = Names(PLACES)
    full = "金冠电气股份有限公司"
    found = with_rivals({(n, full): names.compare(n, full) for n in ("金冠股份", "金冠电气")}, lambda n: not names.take(n).sort)
    sunk = found["金冠股份", full]
    assert sunk.features[0].name == "rival" and "金冠电气" in sunk.sentence("zh") and found["金冠电气", full].score > 0.9


def test_full_names_that_differ_keep_two_things_apart_though_they_share_a_short_form() -> None:
    assert pairs(org("浙江永和制冷股份有限公司", "永和股份"), org("永和流体智控股份有限公司", "永和")) == set()


def test_what_a_crowd_shares_tells_nothing_apart() -> None:
    crowd = [org(f"光明第{n}有限公司", "光明厂") for n in range(CROWD + 1)]
    assert propose(crowd, PLACES) == []


def test_other_provinces_weigh_against() -> None:
    here, there = ("610000", "610100"), ("330000", "330100")
    a, b = Candidate("organization:a", ORG, ("华兴科技",), regions=here), Candidate("organization:b", ORG, ("华兴科技股份有限公司",), regions=there)
    far, near = propose([a, b], PLACES), propose([a, Candidate(b.id, ORG, b.names, regions=here)], PLACES)
    assert near[0].score > far[0].score and any(name == "region" for name, *_ in far[0].features)


def policies(workspace: Path) -> tuple[str, str]:
    told = ("陕西省概念验证中心和中试基地建设实施意见", "加快建设概念验证中心和中试基地的实施意见")
    state(workspace, "a", thing("a", "Policy", told[0]))
    state(workspace, "b", facts("b", "Policy", "policy:19", name=told[1], document_no="陕科办发〔2024〕19号"))
    return told


def test_the_opinion_of_the_reply_and_its_number_land_in_review_and_are_not_merged(workspace: Path) -> None:
    told = policies(workspace)
    made = build(workspace)
    assert len(rows(made, "Policy")) == 2
    (p,) = kept(workspace, made, PLACES)
    assert {p.name_a, p.name_b} == set(told)


def test_proposals_are_kept_for_their_version_only(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policies(workspace)
    made = build(workspace)
    first = kept(workspace, made, PLACES)
    monkeypatch.setattr("graph.proposals.propose", lambda *_: pytest.fail("computed again"))
    assert kept(workspace, made, PLACES) == first and isinstance(first[0], Proposal)
    monkeypatch.undo()
    state(workspace, "c", thing("c", "Policy", "概念验证中心和中试基地建设实施意见"))
    assert len(kept(workspace, build(workspace), PLACES)) > len(first)


def test_a_candidate_has_its_names_codes_and_places(workspace: Path) -> None:
    me = named(ORG, "光明公司")
    state(workspace, "a", [*thing("a", ORG, "光明公司", aliases=["光明"], uscc=USCC), *thing("a", "Region", "西安市", adcode="610100"),
                           edge("a", me, "LOCATED_IN", named("Region", "西安市"))])  # fmt: skip
    with build(workspace).sqlite() as db:
        (found,) = [c for c in candidates(db) if c.kind == ORG]
    assert set(found.names) == {"光明公司", "光明", USCC} and found.codes == (("uscc", f'"{USCC}"'),) and found.regions == ("610100",)
