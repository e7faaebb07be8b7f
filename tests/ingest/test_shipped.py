"""The facts that ship: all of them go in, and the founding document is told exactly as strongly as it speaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.records import UNCONFIRMED
from graph.search import named
from graph.snapshot import Snapshot
from ingest.load import Report, ingest
from ingest.publications import shipped
from ingest.source import chosen, find
from tests.world.making import asked, build, rows

pytestmark = pytest.mark.xdist_group("shipped")  # built once
FOUNDING = "shaanxi-reply-2024-08-14"
REPLY = shipped()[FOUNDING].node_id
TEN = [f"陕西省{n}中试基地" for n in (
    "乳制品包装材料及装备关键技术", "先进能源化工材料", "半导体先进制造与应用", "固态白酒酿造", "榆横能源化工综合", "氢赋能零碳智慧能源系统",
    "特种电子装备柔性", "电子元器件可靠性技术服务", "金属先进成形技术与装备", "镁基新材料",
)]  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shipped")


@pytest.fixture(scope="module")
def report(workspace: Path) -> Report:
    return ingest(workspace, chosen([]))


@pytest.fixture(scope="module")
def made(workspace: Path, report: Report) -> Snapshot:
    return build(workspace)


@pytest.fixture(scope="module")
def names(made: Snapshot) -> dict[str, str]:
    return dict(asked(made, "SELECT node, name FROM names"))


@pytest.fixture(scope="module")
def stated(made: Snapshot) -> Iterator[set[str]]:
    """Ids of edges that the founding document states."""
    cites = {r[0] for r in asked(made, "SELECT claim FROM evidence WHERE document = ?", REPLY)}
    yield {e["id"] for relation, *_ in made.edge_tables() for e in rows(made, relation) if cites & set(e["evidence"])}


def edges(made: Snapshot, names: dict[str, str], relation: str, *, start: str = "", end: str = "") -> set[tuple[str, str]]:
    """(start name, end name) of a relation's edges, where given with these names only."""
    pairs = {(names[e["from"]], names[e["to"]]) for e in rows(made, relation)}
    return {p for p in pairs if start in ("", p[0]) and end in ("", p[1])}


def one(made: Snapshot, kind: str, name: str) -> dict[str, Any]:
    (found,) = [r for r in rows(made, kind) if r["name"] == name]
    return found


# ---- all of it


def test_every_shipped_source_goes_in_whole_and_complete(report: Report) -> None:
    assert set(report.sources) == set(find()) and report.rejected == 0 and report.rejected_file is None
    assert all(s["complete"] and s["claims"] for s in report.sources.values())


def test_every_table_of_facts_has_its_source_and_its_publication() -> None:
    tables = {p.stem for p in (Path(__file__).resolve().parents[2] / "ingest" / "data" / "facts").glob("*.csv")}
    assert tables | {"regions"} == set(find()) and set(find()) <= set(shipped())


def test_there_are_as_many_things_and_relations_as_asked(made: Snapshot) -> None:
    kinds, relations = made.manifest["nodes_by_kind"], made.manifest["edges_by_relation"]
    assert sum(n for k, n in kinds.items() if k not in ("Region", "Document")) >= 200
    assert sum(n for r, n in relations.items() if r not in ("WITHIN", "LOCATED_IN")) >= 250


def test_china_s_divisions_are_there_to_district_level(made: Snapshot) -> None:
    levels = [r["level"] for r in rows(made, "Region")]
    assert (levels.count("country"), levels.count("province")) == (1, 34) and levels.count("district") > 2800


def test_every_publication_states_its_licence_and_its_standing(made: Snapshot) -> None:
    cited = "id IN (SELECT document FROM evidence)"
    assert asked(made, f"SELECT name FROM documents WHERE (licence IS NULL OR standing IS NULL) AND {cited}") == []
    assert asked(made, f"SELECT count(*) FROM documents WHERE {cited}")[0][0] == len(shipped())


def test_what_only_a_mirror_says_weighs_little(made: Snapshot) -> None:
    strong = asked(made, """SELECT e.claim FROM evidence e JOIN documents d ON d.id = e.document JOIN facts f USING (claim)
                            WHERE coalesce(d.standing, 'unknown') IN ('mirror', 'unknown') AND e.confidence > ?
                              AND f.subject <> d.id  -- that such a page was published is not what it says""", UNCONFIRMED)
    weak = asked(made, "SELECT count(*) FROM evidence WHERE confidence <= ?", UNCONFIRMED)
    assert strong == [] and weak[0][0] > 50


def test_no_name_is_left_ambiguous_and_no_alias_is_unexplained(made: Snapshot) -> None:
    assert asked(made, "SELECT * FROM ambiguous") == []
    aliases = asked(made, "SELECT claim FROM facts WHERE predicate = 'aliases' EXCEPT SELECT claim FROM evidence")
    assert aliases == []


# ---- the founding document: bases and batches


def test_the_ten_approved_bases_are_named_and_form_one_batch(made: Snapshot, names: dict[str, str]) -> None:
    batch = "省科技厅已批复成立的十个中试基地"
    assert edges(made, names, "IN_BATCH", end=batch) == {(base, batch) for base in TEN}
    assert one(made, "Batch", batch)["stated_members"] == 10
    approved = {names[e["to"]] for e in rows(made, "RECOGNIZES") if e["event"] == "approved" and names[e["from"]] == "陕西省科学技术厅"}
    assert set(TEN) <= approved


def test_the_batch_of_2022_has_ten_stated_members_three_hosts_and_no_named_member(made: Snapshot, names: dict[str, str]) -> None:
    batch = one(made, "Batch", "2022年省级中试基地(10家)")
    assert (batch["year"], batch["stated_members"], batch["stated_members_bound"], batch["member_kind"]) == (2022, 10, "exact", ["PilotBase"])
    assert {e["role"] for e in rows(made, "HOSTS") if e["to"] == batch["id"]} == {"relied_on"}
    hosts = {e["from"] for e in rows(made, "HOSTS") if e["to"] == batch["id"]}
    lite = made.sqlite()
    assert hosts == {h.id for n in ("中国重型机械研究院", "中电科三十九所", "陕煤化工研究院") for h in named(lite, n)} and len(hosts) == 3
    lite.close()
    assert edges(made, names, "IN_BATCH", end=batch["name"]) == set()


def test_the_batch_of_2022_and_the_ten_named_are_two(made: Snapshot) -> None:
    two = {one(made, "Batch", n)["id"] for n in ("2022年省级中试基地(10家)", "省科技厅已批复成立的十个中试基地")}
    assert len(two) == 2
    assert not two & {r[0] for r in asked(made, "SELECT id FROM referents UNION SELECT canonical FROM referents")}


def test_the_named_bases_and_the_platform_have_their_builders(made: Snapshot, names: dict[str, str]) -> None:
    assert edges(made, names, "BUILDS") >= {
        ("西北有色金属研究院", "陕西稀有金属新材料中试基地"),
        ("中国科学院西安光学精密机械研究所", "陕西省光子集成产业领域中试基地"),
        ("陕西盘龙药业集团股份有限公司", "质量检验检测共享平台"),
    }
    (built,) = [e for e in rows(made, "BUILDS") if names[e["to"]] == "质量检验检测共享平台"]
    assert (built["amount"], built["amount_bound"]) == (2e8, "exact")


def test_the_shared_platform_is_not_called_a_pilot_base(made: Snapshot) -> None:
    assert "质量检验检测共享平台" not in {r["name"] for r in rows(made, "PilotBase")}


def test_no_base_of_the_text_is_there_that_the_text_does_not_name(made: Snapshot) -> None:
    cited = {r[0] for r in asked(made, "SELECT subject FROM facts JOIN evidence USING (claim) WHERE document = ? AND predicate = 'name'", REPLY)}
    bases = {r["name"] for r in rows(made, "PilotBase") if r["id"] in cited}
    assert bases == {*TEN, "陕西稀有金属新材料中试基地", "陕西省光子集成产业领域中试基地"}


# ---- targets


@pytest.mark.parametrize(("name", "value", "unit", "counts"), [
    ("2026年底前认定中心和基地60家", 60, "家", ["PilotBase", "VerificationCentre"]),
    ("2026年底前概念验证与中试熟化服务1000项", 1000, "项", ["Project"]),
    ("2026年底前上市新产品300个", 300, "个", ["Product"]),
    ("2026年底前孵化科技型企业200家", 200, "家", ["Organization"]),
])  # fmt: skip
def test_a_target_keeps_value_due_day_and_what_it_counts(made: Snapshot, name: str, value: float, unit: str, counts: list[str]) -> None:
    target = one(made, "Target", name)
    assert (target["value"], target["value_bound"], target["value_unit"], target["counts"]) == (value, "exact", unit, counts)
    assert (target["due_latest"], target["modality"]) == (dt.date(2026, 12, 31), "planned")


def test_the_four_targets_are_one_set_stated_by_the_reply_and_set_by_no_named_policy(made: Snapshot) -> None:
    four = [r for r in rows(made, "Target") if r["target_set"] == "2026年底四项目标"]
    assert sorted(r["value"] for r in four) == [60, 200, 300, 1000]
    assert {r["id"] for r in four} <= {e["to"] for e in rows(made, "STATES") if e["from"] == REPLY}
    assert not {r["id"] for r in four} & {e["to"] for e in rows(made, "SETS")}


# ---- measures, money, people


LISTS = ("场景应用清单", "中试服务清单", "大型科学仪器与装备共享清单", "服务规范规则")


def test_the_four_lists_are_measures_that_bases_are_pushed_to_and_not_lists_there_are(made: Snapshot) -> None:
    promised = {e["to"] for e in rows(made, "PROMISES") if e["from"] == REPLY}
    measures = [r for r in rows(made, "Measure") if r["id"] in promised and any(r["name"].endswith(n) for n in LISTS)]
    assert len(measures) == 4
    assert {(r["modality"], r["state"], r["whom"]) for r in measures} == {("encouraged", "announced", "中试基地")}
    assert rows(made, "Scenario") == rows(made, "Instrument") == rows(made, "Rule") == []


def test_five_million_is_a_measure_with_a_condition_and_not_a_payment(made: Snapshot, names: dict[str, str]) -> None:
    (measure,) = [r for r in rows(made, "Measure") if r["amount"] == 5e6 and "服务成效" in (r["condition"] or "")]
    assert (measure["modality"], measure["state"]) == ("planned", "announced")
    assert measure["id"] in {e["to"] for e in rows(made, "PROMISES") if e["from"] == REPLY}
    assert not [e for e in rows(made, "SUPPORTS") if names[e["to"]] in TEN]


def test_the_encouraged_fund_does_not_exist_yet(made: Snapshot, names: dict[str, str]) -> None:
    fund = one(made, "Fund", "中试基金")
    assert (fund["modality"], fund["status"]) == ("encouraged", "planned")
    for relation in ("INVESTS_IN", "MANAGES", "FOUNDS"):
        assert edges(made, names, relation, start="中试基金") | edges(made, names, relation, end="中试基金") == set()


@pytest.mark.parametrize(("metric", "value", "bound", "unit", "about"), [
    ("大体达到省级认定条件的中试单位", 50, "about", "家", "陕西省"),
    ("自主研制装备创造的“中国第一”", 180, "over", "项", "陕西省金属先进成形技术与装备中试基地"),
    ("专职科技经纪人", 77, "exact", "人", "西北工业大学"), ("作价专利", 200, "over", "项", "西北工业大学"),
    ("专利作价金额", 4e8, "over", "元", "西北工业大学"), ("孵化科技型企业", 49, "exact", "家", "西北工业大学"),
    ("帮助企业融资", 2e9, "over", "元", "西北工业大学"), ("认定的省级技术经理人", 621, "exact", "名", "陕西省"),
])  # fmt: skip
def test_a_reported_figure_keeps_its_bound_and_its_subject(made: Snapshot, names: dict[str, str], metric: str, value: float, bound: str,
                                                           unit: str, about: str) -> None:  # fmt: skip
    stated = {e["to"] for e in rows(made, "STATES") if e["from"] == REPLY}
    (figure,) = [r for r in rows(made, "Observation") if r["metric"] == metric and r["id"] in stated]
    assert (figure["value"], figure["value_bound"], figure["value_unit"]) == (value, bound, unit)
    assert {names[e["to"]] for e in rows(made, "ABOUT") if e["from"] == figure["id"]} == {about}


def test_the_621_managers_are_a_figure_and_not_621_things(made: Snapshot) -> None:
    assert len(rows(made, "TechManager")) < 10


def test_the_fifty_candidates_have_their_three_fields(made: Snapshot, names: dict[str, str]) -> None:
    assert {b for a, b in edges(made, names, "FOCUSES_ON") if "约50家" in a} == {"新材料", "电子信息", "生物医药"}


# ---- policies, names, stages


def test_the_four_policies_are_cited_and_only_the_one_that_says_so_has_an_issuer(made: Snapshot, names: dict[str, str], stated: set[str]) -> None:
    four = {
        "中共陕西省委关于深入实施创新驱动发展战略加快建设科技强省的决定", "秦创原创新驱动平台建设三年行动计划(2024-2026年)",
        "加快中试基地建设 推进产业链创新链深度融合实施方案", "陕西省概念验证中心和中试基地建设实施意见",
    }  # fmt: skip
    cited = {names[e["to"]] for e in rows(made, "CITES") if e["from"] == REPLY}
    lite = made.sqlite()
    ids = {h.id for n in four for h in named(lite, n)}
    lite.close()
    assert len(ids) == 4 and ids <= {e["to"] for e in rows(made, "CITES") if e["from"] == REPLY}, cited
    issued = {(names[e["from"]], names[e["to"]]) for e in rows(made, "ISSUES") if e["id"] in stated and e["to"] in ids}
    assert {a for a, _ in issued} == {"中共陕西省委"} and len(issued) == 1


@pytest.mark.parametrize(("short", "long"), [
    ("西工大", "西北工业大学"), ("省科技厅", "陕西省科学技术厅"), ("西安光机所", "中国科学院西安光学精密机械研究所"),
    ("西北有色院", "西北有色金属研究院"),
    ("陕煤化工研究院", "陕西煤业化工技术研究院有限责任公司"), ("中电科三十九所", "中国电子科技集团公司第三十九研究所"),
    ("中国重型机械研究院", "中国重型机械研究院股份公司"), ("盘龙药业", "陕西盘龙药业集团股份有限公司"),
])  # fmt: skip
def test_the_short_forms_people_type_lead_to_the_one_thing(made: Snapshot, short: str, long: str) -> None:
    lite = made.sqlite()
    assert [h.name for h in named(lite, short)] == [h.name for h in named(lite, long)] == [long]
    lite.close()


def test_the_coal_institute_is_an_institute_and_an_enterprise(made: Snapshot) -> None:
    assert one(made, "Organization", "陕西煤业化工技术研究院有限责任公司")["types"] == ["Enterprise", "Institute"]


def test_the_four_stages_follow_each_other(made: Snapshot, names: dict[str, str]) -> None:
    assert {r["name"]: r["position"] for r in rows(made, "Stage")} == {"实验室": 0, "概念验证": 1, "中试放大": 2, "产业化": 3}
    assert edges(made, names, "PRECEDES") == {("实验室", "概念验证"), ("概念验证", "中试放大"), ("中试放大", "产业化")}


def test_the_next_steps_are_measures_of_the_reply(made: Snapshot) -> None:
    promised = {e["to"] for e in rows(made, "PROMISES") if e["from"] == REPLY}
    steps = [r for r in rows(made, "Measure") if r["id"] in promised and (r["position"] or "").startswith("三-")]
    assert len(steps) >= 10 and {r["modality"] for r in steps} <= {"planned", "encouraged"} and {r["state"] for r in steps} == {"announced"}
