"""Judging, applying twice, promises and contradictions on a planted world and on the shipped facts, on both stores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadParameter, Unknown
from graph.snapshot import open_current
from queries.answers.contradictions import contradictions
from queries.answers.judge import conflicts, judge, known, one
from queries.answers.promises import promise, promises
from queries.reader import Reader, plain
from tests.contract.world import ENGINES, World, empty, quiet, settings_for
from tests.shipped import Once, ship

DAY = dt.date(2026, 6, 30)
OWN = """kind: performance
zh: 试行绩效
en: Trial performance
for: [PilotBase]
total: 100
source: {document: 试行办法, standing: issuer}
criteria:
  - {id: equipment, zh: 设备原值, en: Equipment, force: must, weight: 40, test: {property: equipment_value, at_least: 1000万元}}
  - {id: income, zh: 服务收入, en: Income, force: must, weight: 30, test: {figure: [中试服务收入], years: 2, at_least: 200万元}}
  - {id: years, zh: 依托单位满3年, en: Years, force: should, weight: 20, test: {age: founded, of: host, at_least: 3}}
  - {id: titles, zh: CNAS, en: CNAS, force: must, weight: 10, test: {has: HOLDS, of: any, named: [CNAS]}}
"""


def planted(folder: Path) -> World:
    """Two bases of different standing; hosts that apply again at one to three steps; a province with targets of every status."""
    w = World(folder)
    w.node("Region", "某省", adcode="990000", level="province")
    w.node("Region", "某市", adcode="990100", level="city")
    w.edge(id_("Region", "某市"), "WITHIN", id_("Region", "某省"))
    for name, founded in (("老公司", "1999年"), ("新公司", "2025年")):
        w.node("Organization", name, founded=founded)
    w.node("PilotBase", "强基地", equipment_value="1200万元", legal_person="是")
    w.node("PilotBase", "弱基地", equipment_value="约900万元", legal_person="否")
    w.edge(id_("Organization", "老公司"), "HOSTS", id_("PilotBase", "强基地"), role="relied_on")
    w.edge(id_("Organization", "新公司"), "HOSTS", id_("PilotBase", "弱基地"), role="relied_on")
    w.node("Credential", "CNAS认可")
    w.edge(id_("PilotBase", "强基地"), "HOLDS", id_("Credential", "CNAS认可"), until="2027-01-01")
    for n, (name, value, period) in enumerate((("强基地", "150万元", "2024-07-01"), ("强基地", "90万元", "2026年"))):
        figure(w, f"收入{n}", "中试服务收入", value, period, id_("PilotBase", name))
    _twice(w)
    _targets(w)
    return w


def id_(kind: str, name: str) -> str:
    from graph.records import node_id

    return node_id(kind, (("name", name),))


def figure(w: World, name: str, metric: str, value: str, period: str, about: str, **more: Any) -> None:
    made = w.node("Observation", name, metric=metric, value=value, period=period, **more)
    w.edge(w.document, "STATES", made)
    w.edge(made, "ABOUT", about)


def _twice(w: World) -> None:
    w.node("Organization", "省厅", types=["Agency"])
    w.node("Credential", "中央在陕单位")
    for n in (1, 2, 3):
        chain = [w.node("Organization", f"央企{n}"), *(w.node("Organization", f"央企{n}子{k}") for k in range(n))]
        w.edge(chain[0], "HOLDS", id_("Credential", "中央在陕单位"))
        for a, b in zip(chain, chain[1:], strict=False):  # noqa: RUF007
            w.edge(a, "HOLDS_SHARES_IN", b, controlling="是")
        for host, name, event, year in ((chain[0], f"老基地{n}", "recognised", "2024年"), (chain[-1], f"新基地{n}", "proposed", "2026年")):
            base = w.node("PilotBase", name)
            w.edge(host, "HOSTS", base, role="relied_on")
            w.edge(id_("Organization", "省厅"), "RECOGNIZES", base, event=event, event_date=year)


def _targets(w: World) -> None:
    place = id_("Region", "某省")
    base = w.node("PilotBase", "省内基地", region="990100")
    w.edge(w.node("Organization", "某省科技厅"), "RECOGNIZES", base, event="recognised", event_date="2025-01-01", level="省级")
    for n in range(12):
        project = w.node("Project", f"项目{n}", started=f"2025-{n + 1:02d}-15", project_kind="pilot")
        w.edge(project, "HELD_AT", base)
    undated = w.node("Project", "无日期项目", project_kind="pilot")
    w.edge(undated, "HELD_AT", base)
    for n in range(3):
        w.edge(base, "OFFERS", w.node("Service", f"中试服务{n}"))
    for name, metric, value, due, counts in (
        ("够快", "中试服务", "15项", "2026年底", "Project"), ("不够快", "中试服务", "500项", "2026年底", "Project"),
        ("已逾期", "中试服务", "50项", "2025年底", "Project"), ("已达到", "中试服务", "10项", "2026年底", "Project"),
        ("看不见", "上市新产品", "300个", "2026年底", "Product"), ("没单位", "中试服务", "300", "2026年底", "Project"),
    ):  # fmt: skip
        made = w.node("Target", name, modality="planned", metric=metric, value=value, due=due, counts=[counts])
        w.edge(w.document, "STATES", made)
        w.edge(made, "ABOUT", place)
    figure(w, "报告数", "中试服务", "45项", "2025年", place, counts_as="cumulative")
    figure(w, "另一报告", "中试服务", "80项", "2025年", place, counts_as="cumulative")


@pytest.fixture(scope="module", params=ENGINES)
def readers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, once: Once) -> Iterator[Any]:
    """A reader of each world on one store, the other time on the other."""
    base = tmp_path_factory.mktemp("judging")
    own = base / "own"
    own.mkdir()
    (own / "trial.yaml").write_text(OWN, encoding="utf-8")
    worlds = {"judged": lambda f: planted(f).build(), "shipped": ship}
    opened: list[Reader] = []

    def reader(name: str) -> Reader:
        workspace = once(name, worlds[name])
        settings = settings_for(request.param, workspace, request).model_copy(update={"standards": own})
        found = Reader(settings)
        if request.param == "neo4j":
            empty(request.getfixturevalue("neo4j_url"))
        found.store.apply(open_current(workspace), quiet)
        opened.append(found)
        return found

    yield reader
    for r in opened:
        r.close()


@pytest.fixture(scope="module")
def world(readers: Any) -> Reader:
    made: Reader = readers("judged")
    return made


def verdicts(found: dict[str, Any]) -> list[dict[str, str]]:
    return [{c["id"]: c["verdict"] for c in r["criteria"]} for s in found["standards"] for r in s["results"]]


def test_two_bases_side_by_side(world: Reader) -> None:
    nodes = [world.resolve(n) for n in ("强基地", "弱基地")]
    found = judge(world, nodes, ["trial"], DAY)
    assert verdicts(found) == [{"equipment": "pass", "income": "unknown", "years": "pass", "titles": "pass"},
                               {"equipment": "fail", "income": "unknown", "years": "warn", "titles": "unknown"}]
    strong, weak = (r for s in found["standards"] for r in s["results"])
    assert strong["total"] == {"points": 70, "of_known": 70, "of": 100, "coverage": 0.7} and weak["rejected_by"] == ["equipment"]
    rows = {r["criterion"]: r for r in found["standards"][0]["rows"]}
    assert [rows[c]["differs"] for c in ("equipment", "income", "years", "titles")] == [True, False, True, False]
    for row in strong["criteria"]:
        assert row["sentence"]["zh"] and row["sentence"]["en"]
        if row["verdict"] != "unknown":
            assert all(world.evidence([c]) for c in row["evidence"]) and row["evidence"]
    assert found["graph_version"] == world.snapshot().version and plain(found) == found
    later = judge(world, nodes[:1], ["trial"], dt.date(2027, 6, 30))["standards"][0]["results"][0]
    assert {c["id"]: c["verdict"] for c in later["criteria"]}["titles"] == "unknown", "the title has run out by then"


def test_planted_violations_at_one_to_three_steps(world: Reader) -> None:
    found = conflicts(world, "shaanxi-2026")
    breaches = {(x["host"]["name"], x["other"]["name"], len(x["chain"])) for x in found["items"] if x["verdict"] == "fail"}
    assert breaches == {(f"央企{n}", f"央企{n}子{n - 1}", n) for n in (1, 2, 3)}
    assert all(world.evidence(x["evidence"]) for x in found["items"]) and not found["truncated"]


@pytest.mark.parametrize("name", ["shaanxi-2024", "shaanxi-2026"])
def test_hosts_that_cannot_collide_are_not_read_and_nothing_is_lost(world: Reader, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    few = conflicts(world, name)["items"]
    monkeypatch.setattr("queries.answers.judge._suspects", lambda *_: None)
    assert few == conflicts(world, name)["items"]


def test_planted_targets(world: Reader) -> None:
    found = {x["target"]["name"]: x for x in promises(world, DAY, world.resolve("某省"))["items"]}
    assert {n: x["status"] for n, x in found.items()} == {"够快": "on_pace", "不够快": "behind", "已逾期": "overdue", "已达到": "reached",
                                                         "看不见": "not_observable", "没单位": "unknown_unit"}
    fast = promise(world, found["够快"]["target"]["id"], dt.date(2025, 12, 31))
    assert (fast["status"], fast["observed"], fast["gap"]) == ("on_pace", 12, 3), "offers and undated projects do not count"
    assert len(fast["counted"]) == 12 and all(world.evidence(c["evidence"]) for c in fast["counted"])
    assert found["看不见"]["observed"] is None and found["没单位"]["unit"] is None
    assert {(r["shown"], r["share"]) for r in found["不够快"]["reported"]} == {("45项", 0.09), ("80项", 0.16)}
    assert plain(fast) == fast


def test_a_target_of_a_city_is_among_those_of_its_province(world: Reader) -> None:
    assert promises(world, DAY, world.resolve("某市"))["items"] == []
    page = promises(world, DAY, limit=4)
    rest = promises(world, DAY, limit=4, cursor=page["next_cursor"])
    assert len(page["items"]) == 4 and len(rest["items"]) == 2 and rest["next_cursor"] is None


def test_planted_contradictions(world: Reader) -> None:
    items = contradictions(world)["items"]
    pairs = {frozenset((x["left"]["shown"], x["right"]["shown"])) for x in items}
    assert frozenset(("45项", "80项")) in pairs and frozenset(("15项", "45项")) in pairs and frozenset(("500项", "80项")) not in pairs
    assert contradictions(world, world.resolve("强基地"))["items"] == []
    assert all(x["places"] and x["places"][0]["document"]["name"] == "测试文件" for x in items)


def test_wrong_input_is_named(world: Reader) -> None:
    base = world.resolve("强基地")
    with pytest.raises(Unknown, match="there is no standard 'trail'"):
        judge(world, [base], ["trail"], DAY)
    with pytest.raises(BadParameter, match="trial judges PilotBase; 老公司 is a Organization"):
        judge(world, [world.resolve("老公司")], ["trial"], DAY)
    with pytest.raises(Unknown, match="there is no node"):
        judge(world, ["pilot-base:ffffffffffffffff"], ["trial"], DAY)
    with pytest.raises(BadParameter, match="no rule on applying twice"):
        conflicts(world, "trial")
    with pytest.raises(BadParameter, match="no standard judges Organization"):
        judge(world, [world.resolve("老公司")], [], DAY)
    with pytest.raises(BadParameter, match="is no id of a Target"):
        promise(world, base, DAY)
    assert [s["name"] for s in known(world) if s["name"] == "trial"] == ["trial"] and one(world, "trial")["criteria"][0]["weight"] == 40


# ---- the founding document's figures


@pytest.fixture(scope="module")
def facts(readers: Any) -> Reader:
    made: Reader = readers("shipped")
    return made


def founding(reader: Reader) -> dict[str, dict[str, Any]]:
    items = promises(reader, dt.date(2024, 8, 14), reader.resolve("陕西省"), 100)["items"]
    return {x["shown"]: x for x in items if x["set"] == "2026年底四项目标"}


def test_the_four_promises_of_the_founding_reply(facts: Reader) -> None:
    found = founding(facts)
    assert set(found) == {"60家", "1000项", "300个", "200家"} and all(x["due"] == "2026-12-31" for x in found.values())
    for shown in ("1000项", "300个", "200家"):
        assert (found[shown]["status"], found[shown]["observed"]) == ("not_observable", None)
    sixty = found["60家"]
    assert sorted(sixty["counts"]) == ["PilotBase", "VerificationCentre"] and sixty["by_kind"] == {"PilotBase": 10}
    assert (sixty["status"], sixty["observed"], sixty["gap"], sixty["undated"]) == ("open", 10, 50, 10)
    assert {x["node"]["name"]: x["how"] for x in sixty["named_only"]} == {
        "陕西稀有金属新材料中试基地": "name", "陕西省光子集成产业领域中试基地": "name", "西安交通大学概念验证中心": "name"}
    reply = {(r["metric"], r["shown"]) for r in sixty["reported"] if "提案" in r["document"]["name"]}
    assert reply == {("大体达到省级认定条件的中试单位", "约有50家左右"), ("布局建设的省级中试基地", "10家"), ("已批复成立的中试基地", "十个")}
    assert {r["shown"] for r in sixty["reported"] if r["unconfirmed"]} == {"14家", "24家"}


def test_ten_ten_and_twelve_each_with_its_place(facts: Reader) -> None:
    items = contradictions(facts)["items"]
    (counts,) = [x for x in items if x["type"] == "counts" and "提案" in x["document"]["name"]]
    assert [(r["count"], r["named"]) for r in counts["readings"]] == [(10, 0), (10, 10), (12, 12)]
    assert {m["name"] for m in counts["readings"][2]["outside"]} == {"陕西稀有金属新材料中试基地", "陕西省光子集成产业领域中试基地"}
    places = {(p["place"]["start"], p["place"]["end"]) for p in counts["places"]}
    assert {(455, 458), (1218, 1220), (500, 513), (581, 596)} <= places and len(places) == 14


def test_thirty_thousand_planned_and_thirty_six_thousand_reported(facts: Reader) -> None:
    (x,) = [x for x in contradictions(facts)["items"] if x["type"] == "figures"]
    assert (x["left"]["shown"], x["right"]["shown"], x["differs"]) == ("3万项", "3.6万项", ["value", "period", "counting"])
    assert x["unconfirmed"] and len(x["places"]) == 2, "the plan was seen on a mirror"


def test_the_rules_of_shaanxi_are_judged_and_decide_nothing(facts: Reader) -> None:
    base = facts.resolve("陕西省镁基新材料中试基地")
    found = judge(facts, [base], ["shaanxi-2024", "shandong-2022", "shaanxi-base-support"], DAY)
    assert {v for r in verdicts(found) for v in r.values()} == {"unknown"}
    assert all(not r["rejected_by"] for s in found["standards"] for r in s["results"])
    assert all(c["rule_evidence"] and facts.evidence(c["rule_evidence"]) for s in found["standards"] for c in s["results"][0]["criteria"])
    assert conflicts(facts, "shaanxi-2026")["items"] == []
    meant = {s["name"] for s in judge(facts, [base], [], DAY)["standards"]}
    assert {"shaanxi-2024", "shaanxi-2026"} <= meant and not meant & {"shandong-2022", "linyi-filing", "hefei-review"}, "rules of other regions"


def test_measures_carry_their_state(facts: Reader) -> None:
    measures = promise(facts, founding(facts)["60家"]["target"]["id"], DAY)["measures"]
    support = next(m for m in measures if "500万元" in m["measure"]["name"])
    assert (support["state"], support["modality"], support["amount"]) == ("announced", "planned", "500万元") and len(measures) >= 25
