"""Where a thing lies: one definition, the same for lists, gaps, paths between sets and matching."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graph.places import short_place
from graph.settings import Settings
from graph.store.open import open_store
from queries.answers.gaps import gaps
from queries.answers.match import match
from queries.answers.paths import members
from queries.answers.registry import registry
from queries.answers.shelf import places_of
from queries.answers.wishes import Description
from queries.reader import Reader
from tests.contract.world import World, quiet

CODES = {"中国": "100000", "陕西省": "610000", "西安市": "610100", "宝鸡市": "610300", "雁塔区": "610113", "河南省": "410000", "中山市": "442000"}
WITHIN = (("陕西省", "中国"), ("西安市", "陕西省"), ("宝鸡市", "陕西省"), ("雁塔区", "西安市"), ("河南省", "中国"), ("中山市", "中国"))
EXPECTED: dict[str, tuple[dict[str, str], str]] = {  # base → (the finest regions and how they are known, why)
    "甲中试基地": ({"雁塔区": "stated"}, "what is stated is not made finer and not contradicted by a name"),
    "陕西园中中试基地": ({"宝鸡市": "park"}, "its park's region goes before its name"),
    "陕西省乙中试基地": ({"陕西省": "name"}, "a host elsewhere does not move it"),
    "陕西省丙中试基地": ({"西安市": "host"}, "a host inside makes the name's region finer"),
    "丁中试基地": ({"陕西省": "recognised"}, "by its agency"),
    "戊中试基地": ({"陕西省": "recognised"}, "by its batch's agency"),
    "己中试基地": ({"陕西省": "host"}, "what its two hosts share"),
    "中山大学庚中试基地": ({}, "a university's name is no place; a place nobody confirmed decides nothing"),
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, dict[str, str]]]:
    world = World(tmp_path_factory.mktemp("places"))
    at = {name: world.node("Region", name, adcode=code) for name, code in CODES.items()}
    for a, b in WITHIN:
        world.edge(at[a], "WITHIN", at[b])
    park, chain = world.node("Park", "某园"), world.node("IndustryChain", "某链")
    world.edge(park, "WITHIN", at["宝鸡市"])
    agency, ministry = world.node("Organization", "陕西省科学技术厅", types=["Agency"]), world.node("Organization", "某部", types=["Agency"])
    batch = world.node("Batch", "第一批")
    world.edge(agency, "RECOGNIZES", batch, event="recognised")
    hosts = {name: world.node("Organization", f"{name}某公司") for name in ("西安市", "宝鸡市", "河南省")}
    base = {name: world.node("PilotBase", name) for name in EXPECTED}
    for b in base.values():
        world.edge(ministry, "RECOGNIZES", b, event="filed")  # a ministry says nothing of where
    world.edge(base["甲中试基地"], "LOCATED_IN", at["雁塔区"])
    world.edge(base["陕西园中中试基地"], "LOCATED_IN", park)
    world.edge(hosts["河南省"], "HOSTS", base["陕西省乙中试基地"])
    world.edge(hosts["西安市"], "HOSTS", base["陕西省丙中试基地"])
    world.edge(hosts["宝鸡市"], "HOSTS", base["甲中试基地"])
    world.edge(agency, "RECOGNIZES", base["丁中试基地"], event="recognised")
    world.edge(base["戊中试基地"], "IN_BATCH", batch)
    world.edge(hosts["西安市"], "HOSTS", base["己中试基地"])
    world.edge(hosts["宝鸡市"], "BUILDS", base["己中试基地"])
    world.edge(base["中山大学庚中试基地"], "LOCATED_IN", at["河南省"], confidence=0.4)
    world.edge(hosts["宝鸡市"], "OPERATES_IN", chain, role="chain_leader")
    settings = Settings(workspace=world.workspace, store="embedded")
    with closing(open_store(settings)) as store:
        store.apply(world.build(), quiet)
    with closing(Reader(settings)) as reader:
        yield reader, base | at


@pytest.mark.parametrize("name", EXPECTED)
def test_the_first_basis_that_says_anything_decides(opened: tuple[Reader, dict[str, str]], name: str) -> None:
    reader, ids = opened
    expected, why = EXPECTED[name]
    assert dict(places_of(reader, ids[name])) == {ids[r]: how for r, how in expected.items()}, why


def test_lists_paths_registry_and_matching_decide_alike(opened: tuple[Reader, dict[str, str]]) -> None:
    reader, ids = opened
    for region in ("陕西省", "西安市", "宝鸡市", "河南省"):
        listed = {r["base"].id for r in reader.ask("bases", {"region": ids[region]}).rows}
        assert len(listed) == {"陕西省": 7, "西安市": 2, "宝鸡市": 1, "河南省": 0}[region]
        if listed:
            assert set(members(reader, [f"PilotBase@{ids[region]}"])) == listed
        held = registry(reader, region=ids[region], as_of=dt.date(2026, 6, 30))["items"]
        assert {i["node"]["id"] for i in held} - listed == ({ids["中山大学庚中试基地"]} if region == "河南省" else set())  # shown, marked unconfirmed
        near = match(reader, Description(region=region), limit=20)["items"]
        inside = {i["node"]["id"] for i in near for r in i["reasons"] if r["criterion"] == "distance" and r["value"] == 1.0}
        assert inside == listed
        assert all(r["evidence"] for i in near for r in i["reasons"] if r["criterion"] == "distance" and r["value"] is not None)


def test_a_region_has_the_links_that_someone_there_has_to_do_with(opened: tuple[Reader, dict[str, str]]) -> None:
    reader, ids = opened
    for region, bases in (("陕西省", 7), ("宝鸡市", 1)):
        found = gaps(reader, region=ids[region], as_of=dt.date(2026, 6, 30))
        assert [i["industry"]["name"] for i in found["items"]] == ["某链", "某链"] and found["coverage"]["pilot"]["facilities"] == bases
    assert gaps(reader, region=ids["河南省"], as_of=dt.date(2026, 6, 30))["total"] == 0


def test_a_university_lies_in_the_province_its_code_names(tmp_path: Path) -> None:
    world = World(tmp_path)
    here = world.node("Region", "陕西省", adcode="610000")
    school = world.node("Organization", "西北工业大学", types=["University"], ministry_code="4161010699")
    base = world.node("PilotBase", "某中试基地")
    world.edge(school, "HOSTS", base)
    settings = Settings(workspace=tmp_path, store="embedded")
    with closing(open_store(settings)) as store:
        store.apply(world.build(), quiet)
    with closing(Reader(settings)) as reader:
        assert places_of(reader, school) == [(here, "code")] and places_of(reader, base) == [(here, "host")]


def test_a_short_name_keeps_two_characters() -> None:
    assert [short_place(x) for x in ("陕西省", "广西壮族自治区", "西安市", "沙市")] == ["陕西", "广西", "西安", "沙市"]
