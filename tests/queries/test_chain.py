"""The chain on a small world made by hand, on both stores: circles, unknown services, unconfirmed records, bad input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadParameter, CursorGone, Unknown
from graph.records import node_id
from queries.answers.cascade import cascade
from queries.answers.chain import chain, chains
from queries.answers.gaps import gaps
from queries.answers.measures import measures_for
from queries.answers.registry import offers, registry
from queries.answers.sleeping import sleeping
from queries.reader import Reader
from tests.contract.world import ENGINES, World
from tests.queries.provinces import published

DAY = dt.date(2026, 6, 30)


def made(w: World) -> World:
    """A chain of three links that feed each other in a circle; one base that serves the first, one of which nothing is known."""
    w.node("IndustryChain", "链")
    links = [w.node("Segment", name) for name in ("甲", "乙", "丙")]
    for a, b in zip(links, [*links[1:], links[0]], strict=True):
        w.edge(a, "PART_OF", node_id("IndustryChain", (("name", "链"),)))
        w.edge(a, "FEEDS", b)
    owner, firm = w.node("Organization", "某大学", types=["University"]), w.node("Organization", "某公司", types=["Enterprise"])
    for name, link in (("一", "甲"), ("二", "乙"), ("三", "乙")):
        a = w.node("Achievement", f"成果{name}", maturity_min="4")
        w.edge(owner, "OWNS", a)
        w.edge(a, "APPLIES_TO", node_id("Segment", (("name", link),)))
    w.node("Achievement", "无领域成果")
    w.edge(firm, "OPERATES_IN", links[0], role="chain_leader")
    first, second = w.node("PilotBase", "基地一"), w.node("PilotBase", "基地二")
    w.edge(first, "SERVES", links[0])
    w.edge(second, "SERVES", links[1], confidence=0.4)
    centre = w.node("VerificationCentre", "中心一")
    w.edge(centre, "SERVES", links[0], modality="planned")
    w.edge(node_id("Achievement", (("name", "成果二"),)), "TRANSFERRED_TO", firm, mode="assign", confidence=0.4)
    w.edge(node_id("Achievement", (("name", "成果三"),)), "TRANSFERRED_TO", firm, mode="license")
    _policies(w)
    _register(w, first)
    return w


def _policies(w: World) -> None:
    province = w.node("Region", "某省", adcode="990000", level="province")
    for n in (1, 2):
        w.edge(w.node("Region", f"某{n}市", adcode=f"99{n:02}00", level="city"), "WITHIN", province)
    department, bureau = w.node("Organization", "某厅"), w.node("Organization", "某1市某局")
    w.edge(department, "LOCATED_IN", province)
    top, city = w.node("Policy", "省办法", level="province"), w.node("Policy", "市办法", level="city")
    lost, loose = w.node("Policy", "无主办法", level="city"), w.node("Policy", "孤办法")
    w.edge(department, "ISSUES", top)
    w.edge(bureau, "ISSUES", city)  # where it is, only its name says
    for policy in (city, lost):
        w.edge(policy, "BASED_ON", top)
    w.edge(top, "BASED_ON", city)  # a circle
    for n, (whom, by) in enumerate((("企业", top), ("高校", top), ("中小企业", city), ("有关方面", loose))):
        w.edge(by, "PROMISES", w.node("Measure", f"举措{n}", position=str(n), whom=whom))


def _register(w: World, base: str) -> None:
    department = node_id("Organization", (("name", "某厅"),))
    w.edge(department, "RECOGNIZES", base, event="recognised", event_date="2020-01-01", valid_until="2024-12-31", level="省级")
    w.edge(department, "RECOGNIZES", base, event="reviewed", event_date="2025-03-01", valid_until="2027-12-31", level="省级")
    free = w.node("Service", "铸造", process=["压铸"], scale_min="1", scale_max="20", scale_unit="千克/批", price="1万元", next_free="2026-09-01",
                  next_free_as_of="2026-06-01")  # fmt: skip
    for offer in (free, w.node("Service", "锻造"), w.node("Instrument", "铸造机", price="5万元")):
        w.edge(base, "OFFERS", offer)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chain")
    made(World(folder)).build()
    return folder


@pytest.fixture(scope="module", params=ENGINES)
def reader(request: pytest.FixtureRequest, workspace: Path) -> Iterator[Reader]:
    with published(workspace, request) as opened:
        yield opened


def names(rows: list[dict[str, Any]], key: str = "node") -> list[str]:
    return [r[key]["name"] for r in rows]


def test_a_circle_of_feeding_links_ends_and_is_said(reader: Reader) -> None:
    found = chain(reader, reader.resolve("链"), DAY)
    assert sorted(names(found["circle"] and [{"node": c} for c in found["circle"]])) == sorted(["甲", "乙", "丙"])
    assert {x["node"]["name"]: x["achievements"] for x in found["links"]} == {
        "链": {}, "甲": {"laboratory": 1}, "乙": {"laboratory": 1, "industry": 1}, "丙": {}}  # fmt: skip
    assert names(found["links"][1:2][0]["leaders"] or [x for y in found["links"] for x in y["leaders"]]) == ["某公司"]
    elsewhere = chain(reader, reader.resolve("链"), DAY, reader.resolve("某省"))
    assert [x["leaders"] for x in elsewhere["links"]] == [[]] * 4 and elsewhere["leaders_truncated"] is False, "the firm lies in no region"
    assert [x["leaders"] for x in chains(reader, DAY, reader.resolve("某省"))["items"]] == [[]]
    assert "无从说起" in next(x["said"]["zh"] for x in found["links"] if x["node"]["name"] == "丙")


def test_where_not_every_base_is_known_a_lack_is_only_suspected(reader: Reader) -> None:
    found = gaps(reader, as_of=DAY)
    said = {(i["industry"]["name"], i["stage"]): i["verdict"]["id"] for i in found["items"]}
    assert said == {("乙", "pilot"): "suspected", ("丙", "pilot"): "suspected", **{(n, "verification"): "no_data" for n in "甲乙丙"}}
    assert found["coverage"] == {"pilot": {"facilities": 2, "known": 1}, "verification": {"facilities": 1, "known": 0}}
    assert found["items"][0]["industry"]["name"] == "乙" and found["items"][0]["need"] == {"waiting": 1, "demands": 0}
    assert found["items"][-1]["reasons"][0]["zh"].startswith("无数据") and "疑似缺口" in found["items"][0]["reasons"][0]["zh"]


def test_an_unconfirmed_transfer_does_not_wake_but_is_said_and_no_field_is_unknown_not_bad(reader: Reader) -> None:
    found = sleeping(reader, as_of=DAY)
    items = {i["node"]["name"]: i for i in found["items"]}
    assert set(items) == {"成果一", "成果二", "无领域成果"} and found["total"] == 3
    assert "unconfirmed" in [r["kind"] for r in items["成果二"]["reasons"]]
    loose = items["无领域成果"]
    assert {"moved", "demands", "capacity", "maturity", "age"} == set(loose["unknown"]) and loose["owners"] == [] and loose["age"] is None
    assert loose["score"] > 0 and "未知" in loose["reasons"][0]["zh"]
    two = sleeping(reader, as_of=DAY, field=reader.resolve("链"))["items"]
    assert [i["node"]["name"] for i in two] == ["成果一", "成果二"]  # a base with a free slot, 0.2 x 1/3, against one that moved, 0.25 x 1/4
    known = 0.35 * (4 - 1) / 8
    assert [i["score"] for i in two] == [pytest.approx(known + 0.2 / 3, abs=1e-9), pytest.approx(known + 0.25 / 4, abs=1e-9)]
    assert sleeping(reader, as_of=DAY, maturity="4")["unknown"] == {"maturity": 1}


def test_a_cascade_ends_on_a_circle_and_an_unplaced_policy_leaves_a_doubt(reader: Reader) -> None:
    found = cascade(reader, reader.resolve("省办法"))
    assert sorted(names(found["based_on_it"], "policy")) == ["市办法", "无主办法"] and [z["name"] for z in found["home"]] == ["某省"]
    assert [z["name"] for z in found["lacking"]] == ["某2市"] and len(found["region_unknown"]) == 1 and "疑似" in found["said"]["zh"]
    unplaced = cascade(reader, reader.resolve("孤办法"))
    assert unplaced["level"] is None and unplaced["lacking"] == [] and "不能说" in unplaced["said"]["zh"]


@pytest.mark.parametrize(("day", "status"), [("2019-06-01", "unknown"), ("2021-06-01", "in_force"), ("2025-01-15", "expired"),
                                             ("2026-06-30", "in_force"), ("2028-06-30", "expired")])  # fmt: skip
def test_a_base_stands_as_its_acts_up_to_the_day_say(reader: Reader, day: str, status: str) -> None:
    on = {i["node"]["name"]: i["status"] for i in registry(reader, as_of=dt.date.fromisoformat(day))["items"]}
    assert on["基地一"]["id"] == status and bool(on["基地一"]["evidence"]) == (status != "unknown") and on["基地二"]["id"] == "unknown"


def test_a_field_that_is_unconfirmed_is_marked_in_the_register(reader: Reader) -> None:
    by_name = {i["node"]["name"]: i["facets"]["field"] for i in registry(reader, as_of=DAY)["items"]}
    assert [(v["zh"], v["unconfirmed"]) for v in by_name["基地二"]] == [("乙", True)]
    assert registry(reader, field=reader.resolve("甲"), as_of=DAY)["total"] == 1
    assert registry(reader, region="unknown", level="省级", as_of=DAY)["total"] == 1


def test_offers_by_words_scale_price_and_day(reader: Reader) -> None:
    assert names(offers(reader, what="铸造")["items"], "offer") == ["铸造", "铸造机"]
    assert names(offers(reader, process="压铸", kinds=["Service"])["items"], "offer") == ["铸造", "锻造"]  # what is known before what is not
    assert names(offers(reader, process="压铸", kinds=["Service"], sure=True)["items"], "offer") == ["铸造"]
    assert names(offers(reader, scale=50, kinds=["Service"])["items"], "offer") == ["锻造"]
    assert names(offers(reader, max_price=20_000, sure=True)["items"], "offer") == ["铸造"]
    assert offers(reader, free_by=dt.date(2026, 8, 1), sure=True)["items"] == []
    (one,) = offers(reader, free_by=dt.date(2026, 10, 1), sure=True)["items"]
    assert "2026-09-01" in one["said"]["zh"] and "截至 2026-06-01" in one["said"]["zh"] and one["evidence"]


def test_measures_for_a_firm_in_the_other_city(reader: Reader) -> None:
    found = measures_for(reader, region=reader.resolve("某2市"), kind="Enterprise", size="small")
    assert [(i["measure"]["name"], i["verdict"]["id"]) for i in found["items"]] == [("举措0", "applies"), ("举措3", "may_apply")]
    assert found["counts"] == {"applies": 1, "may_apply": 1, "does_not_apply": 2}
    at_home = measures_for(reader, region=reader.resolve("某1市"), kind="Enterprise", size="large")
    assert [i["measure"]["name"] for i in at_home["items"] if i["verdict"]["id"] == "applies"] == ["举措0"]


def test_bad_input_says_what_is_wrong(reader: Reader) -> None:
    firm, link = reader.resolve("某公司"), reader.resolve("甲")
    for call in (lambda: sleeping(reader, maturity="9..4"), lambda: sleeping(reader, moved_by=[]), lambda: sleeping(reader, moved_by=["sold"]),
                 lambda: sleeping(reader, owner=link), lambda: sleeping(reader, limit=0), lambda: gaps(reader, stage="industry"),
                 lambda: gaps(reader, region=link), lambda: gaps(reader, limit=999), lambda: cascade(reader, firm),
                 lambda: cascade(reader, firm, "town"), lambda: registry(reader, kind="house"), lambda: registry(reader, status="fine"),
                 lambda: registry(reader, field=firm),
                 lambda: registry(reader, year="soon"), lambda: offers(reader, kinds=["Fund"]), lambda: measures_for(reader, kind="Cat"),
                 lambda: chain(reader, link)):  # fmt: skip
        with pytest.raises(BadParameter) as told:
            call()
        assert told.value.errors
    gone = "industry-chain:0000000000000000"
    for missing in (lambda: sleeping(reader, field=gone), lambda: chain(reader, gone), lambda: registry(reader, chain=gone),
                    lambda: cascade(reader, "policy:0000000000000000")):  # fmt: skip
        with pytest.raises(Unknown):
            missing()


def test_a_cursor_is_good_for_its_own_question_only(reader: Reader) -> None:
    cursor = sleeping(reader, as_of=DAY, limit=1)["next_cursor"]
    with pytest.raises(BadParameter, match="other parameters"):
        sleeping(reader, as_of=DAY, limit=2, cursor=cursor)
    with pytest.raises((BadParameter, CursorGone)):
        gaps(reader, as_of=DAY, limit=1, cursor=cursor)
