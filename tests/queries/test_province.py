"""What was planted in a synthetic province is found again, on both stores; and every question of the library finds something."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadParameter
from graph.funnel import WAYMARKS
from graph.potential import STAGES
from graph.records import UNCONFIRMED
from queries.answers.cascade import cascade
from queries.answers.chain import chain
from queries.answers.gaps import SERVERS, gaps
from queries.answers.match import match
from queries.answers.measures import measures_for
from queries.answers.registry import offers, registry
from queries.answers.sleeping import sleeping
from queries.answers.wishes import Description
from queries.reader import Reader
from tests.contract.world import ENGINES
from tests.queries.provinces import made_up, planted_in, published, some

DAY = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up(tmp_path_factory.mktemp("province"), 3_000, 1)


@pytest.fixture(scope="module")
def planted(workspace: Path) -> dict[str, Any]:
    return planted_in(workspace)


@pytest.fixture(scope="module", params=ENGINES)
def reader(request: pytest.FixtureRequest, workspace: Path) -> Iterator[Reader]:
    with published(workspace, request) as opened:
        yield opened


def whole(reader: Reader, found: dict[str, Any]) -> dict[str, Any]:
    """Every answer says that it is made up and is JSON. (That both stores give the same: tests/api/test_alike.py.)"""
    assert found["synthetic"] is True and found["graph_version"] == reader.version().shown
    json.dumps(found)
    return found


def test_the_planted_sleepers_come_first_with_their_reasons(reader: Reader, planted: dict[str, Any]) -> None:
    found = whole(reader, sleeping(reader, as_of=DAY, limit=10))
    wanted = {p["achievement"]: p for p in planted["sleeping"]}
    assert {i["node"]["id"] for i in found["items"][: len(wanted)]} == set(wanted)
    for item in found["items"][: len(wanted)]:
        truth, said = wanted[item["node"]["id"]], {r["kind"]: r for r in item["reasons"]}
        assert str(truth["moved"]) in said["moved"]["zh"] and str(truth["demands"]) in said["demands"]["en"]
        assert str(len(truth["bases"])) in said["capacity"]["zh"]
        assert {n["id"] for n in said["capacity"]["nodes"]} <= set(truth["bases"])
        assert [o["id"] for o in item["owners"]] == [truth["owner"]] and item["age"] == 2026 - 2016
        for reason in item["reasons"]:
            assert reason["evidence"] and reader.evidence(reason["evidence"])


def test_one_licensed_through_its_patent_does_not_sleep_unless_licences_do_not_count(reader: Reader, planted: dict[str, Any]) -> None:
    one = planted["sleeping"][0]
    ids = [i["node"]["id"] for i in sleeping(reader, field=one["segment"], as_of=DAY)["items"]]
    assert ids == [one["achievement"]]
    looser = sleeping(reader, field=one["segment"], moved_by=["tried", "transferred"], as_of=DAY)
    assert {one["achievement"], one["awake"]} == {i["node"]["id"] for i in looser["items"]}
    assert looser["definition"]["moved_by"] == ["tried", "transferred"]


def test_pages_put_together_are_the_whole_and_filters_narrow_it(reader: Reader, planted: dict[str, Any]) -> None:
    first = sleeping(reader, as_of=DAY, min_age=10, maturity="5..6", limit=200)
    ids, cursor = [], None
    while True:
        page = sleeping(reader, as_of=DAY, min_age=10, maturity="5..6", limit=7, cursor=cursor)
        ids, cursor = ids + [i["node"]["id"] for i in page["items"]], page["next_cursor"]
        if cursor is None:
            break
    assert ids == [i["node"]["id"] for i in first["items"]] and first["total"] == len(ids) > 7
    for item in first["items"]:
        held = item["node"]["properties"]
        low, high = held.get("maturity_min", held.get("maturity_max")), held.get("maturity_max", held.get("maturity_min"))
        assert item["age"] >= 10 and low <= 6 and high >= 5
    assert first["unknown"]["maturity"] > 0 and first["unknown"]["age"] > 0
    owner = planted["sleeping"][0]["owner"]
    own = sleeping(reader, owner=owner, as_of=DAY, limit=200)
    assert own["total"] and all(owner in [o["id"] for o in i["owners"]] for i in own["items"])


def test_what_sleeps_is_what_the_question_of_the_library_says(reader: Reader) -> None:
    """The columns and the Cypher agree on which have no trial, transfer or spin-out."""
    mine = sleeping(reader, moved_by=["tried", "transferred", "spun_out", "licensed"], as_of=DAY)["total"]
    rows, cursor = set(), None
    while True:
        page = reader.ask("not_yet_moved", {"limit": 200}, cursor)
        rows |= {r["achievement"].id for r in page.rows}
        if (cursor := page.next_cursor) is None:
            break
    by_patent = {r[0] for r in reader.sqlite().execute(
        "SELECT p.subject FROM facts p JOIN facts t ON t.subject = p.value WHERE p.predicate = 'PROTECTED_BY' AND "
        "(t.predicate = 'TRANSFERRED_TO' OR (t.predicate = 'open_license' AND t.value = 'true'))")}  # fmt: skip
    assert mine == len(rows - by_patent) > 100


def test_exactly_the_planted_gaps_are_gaps(reader: Reader, planted: dict[str, Any]) -> None:
    found = whole(reader, gaps(reader, as_of=DAY, limit=200))
    wanted = {(p["segment"], s): p for p in planted["gaps"] for s in p["missing"]}
    assert {(i["industry"]["id"], i["stage"]) for i in found["items"] if i["verdict"]["id"] == "gap"} == set(wanted)
    for item in found["items"][: len(wanted)]:
        truth = wanted[item["industry"]["id"], item["stage"]]
        assert item["need"] == {"waiting": truth["achievements"], "demands": truth["demands"]}
        assert item["coverage"]["facilities"] == item["coverage"]["known"] > 0 and "缺口" in item["reasons"][0]["zh"]
        assert reader.evidence(item["reasons"][1]["evidence"])
    needs = [i["need"]["waiting"] + i["need"]["demands"] for i in found["items"]]
    assert needs == sorted(needs, reverse=True)
    one = gaps(reader, chain=planted["gaps"][0]["segment"], as_of=DAY)
    assert one["total"] == 2 and gaps(reader, stage="pilot", as_of=DAY)["total"] == len(planted["gaps"])


def test_gaps_count_what_the_questions_of_the_chain_count(reader: Reader, planted: dict[str, Any]) -> None:
    ids = [p["segment"] for p in planted["gaps"]]
    demands = {r["industry"]: r["demands"] for r in reader.ask("industry_demands", {"industries": ids, "open_on": DAY, "above": UNCONFIRMED}).rows}
    assert demands == {p["segment"]: p["demands"] for p in planted["gaps"]}
    assert reader.ask("industry_facilities", {"industries": ids}).rows == []
    coverage = {r["kind"]: (r["facilities"], r["known"]) for r in reader.ask("service_coverage").rows}
    said = gaps(reader, as_of=DAY)["coverage"]
    assert coverage == {"PilotBase": tuple(said["pilot"].values()), "VerificationCentre": tuple(said["verification"].values())}


def test_a_chain_is_told_link_by_link_in_the_order_in_which_they_feed(reader: Reader) -> None:
    found = whole(reader, chain(reader, reader.resolve("合成产业链1", ["IndustryChain"]), DAY))
    names = [x["node"]["name"] for x in found["links"]]
    assert names[0] == "合成产业链1" and [n.removesuffix("环节")[-1] for n in names[1:]] == [str(n) for n in range(len(names) - 1)]
    for link in found["links"][1:]:
        stages = link["funnel"]["stages"]
        assert stages[0]["reached"] == sum(link["achievements"].values()) > 0 and link["facilities"]["PilotBase"] > 0
        assert [s["reached"] for s in stages] == sorted((s["reached"] for s in stages), reverse=True)
    assert found["links"][0]["leaders"] and found["links"][0]["leaders"][0]["evidence"] and found["circle"] == []
    for part in ("achievements", "enterprises", "facilities", "funds"):  # what is in several links counts once in the whole
        summed = {k: sum(x[part].get(k, 0) for x in found["links"]) for x in found["links"] for k in x[part]}
        assert set(found["total"][part]) == set(summed) and all(0 < n <= summed[k] for k, n in found["total"][part].items())
    assert sum(w["achievements"] for w in found["total"]["ways"]) == sum(found["total"]["achievements"].values())


def test_the_lists_of_a_chain_hold_what_its_numbers_count(reader: Reader) -> None:
    """In the whole province and in one city of it, of a chain with its parts."""
    chain_id, city = reader.resolve("合成产业链2", ["IndustryChain"]), reader.resolve("合成1市", ["Region"])

    def rows(question: str, **given: Any) -> int:
        found, cursor = 0, None
        while True:
            page = reader.ask(question, {"industry": chain_id, "with_parts": True, "limit": 200, **given}, cursor)
            found += len(page.rows)
            if (cursor := page.next_cursor) is None:
                return found

    for region in (None, city):
        total = chain(reader, chain_id, DAY, region)["total"]
        for way in total["ways"]:
            assert rows("achievements_in", region=region, **{k: way[k] for k in WAYMARKS}) == way["achievements"] > 0
        assert rows("achievements_in", region=region) == total["funnel"]["stages"][0]["reached"] > 0
        for part, facet in (("facilities", "kind"), ("enterprises", "size"), ("funds", "fund_kind")):
            for value, number in total[part].items():
                assert rows(f"{part}_in", region=region, **{facet: value}) == number > 0, (part, value)
        assert rows("demands_in", region=region, open_on=DAY) == total["demands"] > 0
        said = gaps(reader, region=region or "", as_of=DAY)["coverage"]
        for stage, kind in SERVERS.items():
            for known in (None, True):
                found = sum(len(p) for p in pages(reader, "facilities_known", kind=kind, region=region, known=known))
                assert found == said[stage]["known" if known else "facilities"] > 0


def pages(reader: Reader, question: str, **given: Any) -> Iterator[list[dict[str, Any]]]:
    cursor = None
    while True:
        page = reader.ask(question, {"limit": 200, **given}, cursor)
        yield page.rows
        if (cursor := page.next_cursor) is None:
            return


def test_what_waits_is_the_list_behind_a_gap(reader: Reader, planted: dict[str, Any]) -> None:
    for item in gaps(reader, as_of=DAY)["items"]:
        marks = WAYMARKS[STAGES.index(item["stage"]) - 1 :]
        given = {"industry": item["industry"]["id"], "limit": 200}
        assert len(reader.ask("achievements_in", {**given, **dict.fromkeys(marks, False)}).rows) == item["need"]["waiting"] > 0
        assert len(reader.ask("demands_in", {**given, "open_on": DAY}).rows) == item["need"]["demands"]


def test_a_cascade_names_the_cities_that_follow_no_province_policy(reader: Reader) -> None:
    policy = reader.resolve("合成省中试办法0", ["Policy"])
    found = whole(reader, cascade(reader, policy))
    held = {z["id"] for b in found["based_on_it"] for z in b["regions"]}
    cities = {r["region"].id for r in reader.ask("regions_below", {"level": "city"}).rows}
    assert found["level"] == "city" and found["regions"] == len(cities) and {z["id"] for z in found["lacking"]} == cities - held
    assert "合成4市" in [z["name"] for z in found["lacking"]] and all(b["evidence"] for b in found["based_on_it"])
    assert reader.ask("policy_cascades", {"level": "province"}).rows[0]["cities"] > 0


def test_the_register_computes_its_status_for_the_day(reader: Reader) -> None:
    found = whole(reader, registry(reader, as_of=DAY, limit=200))
    facets = {v["value"]: v["count"] for v in found["facets"]["status"]["values"]}
    assert set(facets) == {"in_force", "expired", "revoked", "proposed", "unknown"} and sum(facets.values()) == found["total"]
    gone = registry(reader, status="revoked", as_of=DAY, limit=200)
    assert gone["total"] == facets["revoked"] and all("撤销" in i["status"]["zh"] and i["status"]["evidence"] for i in gone["items"])
    before = registry(reader, status="revoked", as_of=dt.date(2025, 2, 1))
    assert before["total"] == 0
    city = reader.resolve("合成1市", ["Region"])
    there = registry(reader, region=city, as_of=DAY)
    assert there["total"] == next(v["count"] for v in found["facets"]["region"]["values"] if v["value"] == city)
    unknown = registry(reader, host_type="unknown", as_of=DAY)
    assert unknown["total"] == found["facets"]["host_type"]["unknown"] > 0


def test_a_fund_for_a_project_is_one_for_the_achievement_it_tries(reader: Reader) -> None:
    project = some(reader, "project", "<TRIED_IN")[0]
    (tried,) = (r["neighbour"].id for r in reader.ask("neighbours", {"node": project, "relations": ["TRIED_IN"]}).rows)
    found, of_it = (match(reader, Description(achievement=x, budget="50万元"), "fund") for x in (project, tried))
    assert found["items"] and found["items"] == of_it["items"]
    assert found["achievement"]["id"] == tried and found["achievement"]["name"] == reader.node(project).name
    with pytest.raises(BadParameter, match="is no id of a"):
        match(reader, Description(achievement=some(reader, "organization", "OWNS")[0]), "fund")


def test_offers_of_other_kinds_of_scale_are_left_out_and_the_unknown_is_named(reader: Reader) -> None:
    found = whole(reader, offers(reader, process="压铸", scale=30, max_price=20_000, free_by=DAY, limit=200))
    assert found["items"]
    for item in found["items"]:
        held = item["offer"]["properties"]
        assert "压铸" in held.get("process", ["压铸"]) and held.get("price", 0) <= 20_000
        assert held.get("scale_min", 0) <= 30 and held.get("scale_max", 30) >= 30
        missing = [k for k, p in (("process", "process"), ("price", "price"), ("free slot", "next_free_earliest")) if p not in held]
        assert [u for u in item["unknown"] if u != "scale"] == missing and ("未知" in item["said"]["zh"]) == bool(item["unknown"])
    assert all(not i["unknown"] for i in offers(reader, process="压铸", max_price=20_000, sure=True)["items"])


def test_measures_of_another_place_or_for_others_do_not_apply(reader: Reader) -> None:
    city = reader.resolve("合成1市", ["Region"])
    found = whole(reader, measures_for(reader, region=city, kind="Enterprise", size="small"))
    assert found["counts"]["applies"] and found["counts"]["does_not_apply"] and not found["truncated"]
    for item in found["items"]:
        assert "企业" in item["measure"]["properties"]["whom"] and item["evidence"]
        assert item["promised_in"]["name"].startswith(("合成省", "合成1市"))


GIVEN: dict[str, Any] = {  # what a required node or ids is, when it is not just anything: (kind of id, relation it has; < = that leads to it)
    "node": ("pilot-base", "SERVES"), "facility": ("pilot-base", "OFFERS"), "facilities": ("pilot-base", "<RECOGNIZES"),
    "base": ("pilot-base", "SERVES"),
    "industry": ("segment", "<APPLIES_TO"), "industries": ("segment", "<APPLIES_TO"), "segment": ("segment", "FEEDS"),
    "chain": ("industry-chain", "<PART_OF"), "achievement": ("achievement", "TRIED_IN"), "achievements": ("achievement", "TRIED_IN"),
    "owner": ("organization", "OWNS"), "organization": ("organization", "OWNS"), "policy": ("policy", "SETS"), "policies": ("policy", "BASED_ON"),
    "region": ("region", "<WITHIN", "region"), "fund": ("fund", "INVESTS_IN"), "batch": ("batch", "<IN_BATCH"), "subject": ("region", "<ABOUT"),
    "ids": ("pilot-base", "SERVES"), "sources": ("pilot-base", "SERVES"),
    "policy_descendants": ("policy", "<BASED_ON"), "policy_supports": ("policy", "BASED_ON"), "policy_measures": ("policy", "PROMISES"),
    "document_states": ("document", "STATES"), "industry_enterprises": ("segment", "<OPERATES_IN"), "industry_funds": ("segment", "<FOCUSES_ON"),
    "industry_facilities": ("segment", "<SERVES"), "industry_demands": ("segment", "<SEEKS"), "industry_feeds": ("segment", "FEEDS"),
    "enterprises_in": ("segment", "<OPERATES_IN"), "demands_in": ("segment", "<SEEKS"), "funds_in": ("segment", "<FOCUSES_ON"),
    "chain_members": ("segment", "<SERVES"), "base_hosts": ("pilot-base", "<HOSTS"), "candidates": ("pilot-base", "SERVES"),
    "held_and_within": ("pilot-base", "LOCATED_IN"), "credentials_of": ("pilot-base", "HOLDS"), "nodes": ("pilot-base", "SERVES"),
    "shareholdings": ("organization", "HOLDS_SHARES_IN"), "supports_of": ("pilot-base", "<SUPPORTS"),
}  # fmt: skip
WORDS: dict[str, Any] = {"label": "University", "stage": "pilot", "level": "city", "relations": ["SERVES", "OFFERS"]}
DERIVED = {"names", "code", "nodes"}  # what an analysis works out before it asks; the golden rows hold these questions


def test_every_question_of_the_library_finds_something_here(reader: Reader) -> None:
    """Each with a thing that has what it asks about: so that a synthetic province can stand in for facts that cannot be public."""
    nothing = []
    for question in reader.catalogue:
        if any(p.required and p.name in DERIVED and p.type != "ids" for p in question.parameters):
            continue
        given: dict[str, Any] = {"limit": 5} if question.paged else {}
        for p in (p for p in question.parameters if p.required):
            if p.type not in ("node", "ids"):
                near = reader.ask("neighbours", {"node": given["sources"][0]}).rows if p.name == "edges" else []
                given[p.name] = [r["edge"].id for r in near] or WORDS[p.name]
            elif p.name == "university":
                given[p.name] = next(i for i in some(reader, "organization", "HOSTS", like="pilot-base") if "University" in reader.node(i).types)
            else:
                found = some(reader, *GIVEN.get(question.name, GIVEN.get(p.name)))
                given[p.name] = found[:50] if p.type == "ids" else found[0]
        if not reader.ask(question.name, given).rows:
            nothing.append(question.name)
    assert nothing == []

