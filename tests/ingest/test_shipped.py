"""The facts that ship: all of them go in, and the founding document is told exactly as strongly as it speaks."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.records import UNCONFIRMED
from graph.search import named
from graph.snapshot import Snapshot
from ingest.files import table
from ingest.load import Report, ingest
from ingest.publications import DATA, shipped
from ingest.source import chosen, find
from ingest.text.mask import mask
from tests.world.making import asked, build, rows

pytestmark = pytest.mark.xdist_group("shipped")  # built once
FOUNDING = "shaanxi-reply-2024-08-14"
REPLY = shipped()[FOUNDING].node_id
COPIED = 20  # so many characters in a row, and words are somebody else's
PAGE = {("Document", p) for p in ("ABOUT", "CITES", "STATES")}  # what a page is about, and that it says what it says
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
    assert all(s.complete and s.new and s.accepted == s.read for s in report.sources.values())


def test_every_table_of_facts_has_its_source_and_its_publication() -> None:
    tables = {p.stem for p in (DATA / "facts").glob("*.csv")}
    assert tables | {"regions"} == set(find()) and set(find()) <= set(shipped())


def test_there_are_as_many_things_and_relations_as_asked(made: Snapshot) -> None:
    kinds, relations = made.manifest["nodes_by_kind"], made.manifest["edges_by_relation"]
    assert sum(n for k, n in kinds.items() if k not in ("Region", "Document")) >= 900
    assert sum(n for r, n in relations.items() if r not in ("WITHIN", "LOCATED_IN")) >= 1400


def test_china_s_divisions_are_there_to_district_level(made: Snapshot) -> None:
    levels = [r["level"] for r in rows(made, "Region")]
    assert (levels.count("country"), levels.count("province")) == (1, 34) and levels.count("district") > 2800


def test_every_publication_states_its_licence_and_its_standing(made: Snapshot) -> None:
    cited = "id IN (SELECT document FROM evidence)"
    assert asked(made, f"SELECT name FROM documents WHERE (licence IS NULL OR standing IS NULL) AND {cited}") == []
    assert asked(made, f"SELECT count(*) FROM documents WHERE {cited}")[0][0] == len(shipped())


def test_what_only_a_mirror_says_weighs_little(made: Snapshot) -> None:
    # that such a page was published is not what it says
    strong = asked(made, """SELECT e.claim FROM evidence e JOIN documents d ON d.id = e.document
                            WHERE coalesce(d.standing, 'unknown') IN ('mirror', 'unknown') AND e.confidence > ?
                              AND e.claim NOT IN (SELECT claim FROM facts WHERE subject = d.id)""", UNCONFIRMED)
    weak = asked(made, "SELECT count(*) FROM evidence WHERE confidence <= ?", UNCONFIRMED)
    assert strong == [] and weak[0][0] > 50


def said(ref: str) -> list[dict[str, str]]:
    """Rows of a shipped table that state something: neither a bare name nor what the page is about."""
    path = DATA / "facts" / f"{ref}.csv"
    rows_ = [cells for _, cells in table(path).rows] if path.exists() else []
    return [c for c in rows_ if c.get("predicate") not in ("", "name") and (c["kind"], c["predicate"]) not in PAGE]


def test_more_than_five_hundred_facts_ship_beyond_the_founding_document() -> None:
    own = {FOUNDING, *(ref for ref in shipped() if ref.endswith("-aliases"))}
    further = {ref: said(ref) for ref in shipped() if ref not in own}
    confirmed = [c for ref, facts in further.items() for c in facts if shipped()[c.get("document") or ref].cap > UNCONFIRMED]
    assert sum(map(len, further.values())) > 2000 and len(confirmed) > 500


def test_every_publication_can_be_found_or_is_marked_unknown() -> None:
    ours = {ref for ref, p in shipped().items() if p.issuer == "Innochain" or p.standing == "table"}
    others = {ref: p for ref, p in shipped().items() if ref not in ours}
    assert {ref for ref, p in others.items() if not p.url} == {ref for ref, p in others.items() if p.standing == "unknown"}
    assert {ref for ref, p in others.items() if not (p.issuer or p.publisher)} <= {ref for ref, p in others.items() if p.standing == "unknown"}
    assert all(p.url.startswith(("http://", "https://")) for p in others.values() if p.url)


def test_no_table_that_ships_holds_a_telephone_number_an_identity_number_or_an_address_of_mail() -> None:
    paths = sorted(DATA.rglob("*.csv"))
    cells = [(p.name, line, cell) for p in paths for line, row in table(p).rows for head, cell in row.items() if "sha256" not in head]
    assert len(paths) > 150 and [c for c in cells if mask(c[2]) != c[2]] == []


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


# ---- the further facts: other provinces, moved achievements, funds, laws


def hosts(made: Snapshot, names: dict[str, str], facility: str) -> set[tuple[str, str | None]]:
    """(host, role) of a facility."""
    return {(names[e["from"]], e["role"]) for e in rows(made, "HOSTS") if names[e["to"]] == facility}


@pytest.mark.parametrize(("facility", "host"), [
    ("舟山市海洋生物制造中试平台", "浙江省海洋开发研究院"), ("舟山市石化新材料中试平台", "浙江岱山经开新材料科技发展有限公司"),
    ("舟山市海水增养殖中试平台", "浙江省海洋水产研究所"), ("舟山市海洋电子信息中试平台", "东海实验室"),
    ("舟山市石化环境工程中试平台", "浙江海洋大学"), ("陕西省光纤陀螺工程研究中心", "陕西宝成航空仪表有限责任公司"),
])  # fmt: skip
def test_a_platform_has_the_one_host_its_source_names(made: Snapshot, names: dict[str, str], facility: str, host: str) -> None:
    assert hosts(made, names, facility) == {(host, "relied_on")}


def test_a_list_on_show_is_proposed_and_not_recognised(made: Snapshot, names: dict[str, str]) -> None:
    shown = ("2025年舟山市中试平台和培育库拟认定名单", "2024年度长春市科技成果转化中试基地拟认定名单", "第二批河南省中试基地（拟命名）")
    assert {(names[e["to"]], e["event"]) for e in rows(made, "RECOGNIZES") if names[e["to"]] in shown} == {(n, "proposed") for n in shown}


def test_hosts_named_for_a_batch_only_are_hosts_of_no_base(made: Snapshot, names: dict[str, str]) -> None:
    assert {end for _, end in edges(made, names, "HOSTS", start="东北师范大学")} == {"2023年第一批长春市科技成果转化中试基地备案"}
    assert hosts(made, names, "长春市光谱应用开发中试基地") == set()


@pytest.mark.parametrize(("achievement", "owner", "receiver", "mode", "amount", "modality"), [
    ("无氯氟聚氨酯化学发泡剂", "山东理工大学", "补天新材料技术有限公司", "license", 5e8, "done"),
    ("治疗慢阻肺新药噻格溴铵", "中国药科大学", "江苏联环药业股份有限公司", "assign", 2.38e7, "done"),
    ("高性能激光薄膜器件及装备", "同济大学", "润坤（上海）光学科技有限公司", "assign", 3.8e7, "done"),
    ("盐酸哌甲酯缓释咀嚼片项目", "中国人民解放军军事科学院军事医学研究院", "北京华素制药股份有限公司", "assign", 5e6, "planned"),
    ("抗肺动脉高压创新药物LXH-1211", "中南大学", "山东新华制药股份有限公司", "assign", 3e7, "done"),
    ("中药1类新药三芪颗粒", "广州中医药大学第二附属医院", "广西中恒创新医药研究有限公司", "assign", 1.8e7, "done"),
    ("新一代甲醇制取低碳烯烃（DMTO-Ⅱ）工业化技术", "中国科学院大连化学物理研究所", "陕西蒲城清洁能源化工有限公司", "license", None, "done"),
    ("PPAR激动剂创新药项目", "中国药科大学", "哈尔滨三联药业股份有限公司", "assign", None, "done"),
])  # fmt: skip
def test_an_achievement_that_moved_says_from_whom_to_whom_how_and_for_how_much(
        made: Snapshot, names: dict[str, str], achievement: str, owner: str, receiver: str, mode: str, amount: float | None, modality: str) -> None:
    (moved,) = [e for e in rows(made, "TRANSFERRED_TO") if names[e["from"]] == achievement]
    assert (names[moved["to"]], moved["mode"], moved["amount"], moved["modality"]) == (receiver, mode, amount, modality)
    assert (owner, achievement) in edges(made, names, "OWNS")


@pytest.mark.parametrize(("one_says", "other_says"), [
    ("截至2024年12月陕西累计认定的链主企业：74户", "陕西两批重点产业链链主企业合计：122家"),
    ("截至2024年12月陕西链上上市企业：64户", "2025年前三季度陕西34条重点产业链上市企业：65户"),
])  # fmt: skip
def test_two_figures_that_differ_are_both_kept(names: dict[str, str], one_says: str, other_says: str) -> None:
    assert {one_says, other_says} <= set(names.values())


def test_two_texts_of_one_regulation_are_one_policy_and_the_later_one_decides(made: Snapshot) -> None:
    policy = one(made, "Policy", "上海市科学技术进步条例")
    said = asked(made, "SELECT shown, won FROM facts WHERE subject = ? AND predicate = 'issued'", policy["id"])
    assert sorted((shown, bool(won)) for shown, won in said) == [("2010-09-17", False), ("2024-05-10", True)]


def test_the_share_of_the_inventors_grows_from_the_law_to_the_city(made: Snapshot, names: dict[str, str]) -> None:
    promised = {(names[e["from"]], names[e["to"]]) for e in rows(made, "PROMISES")}
    assert promised >= {
        ("中华人民共和国促进科技成果转化法", "转让、许可的奖励不低于净收入的50%"),
        ("浙江省促进科技成果转化条例", "转让、许可的奖励不低于净收入的70%"),
        ("舟山市科技创新促进条例", "转让、许可的奖励不低于净收入的85%"),
    }  # fmt: skip
    assert ("舟山市科技创新促进条例", "浙江省促进科技成果转化条例") in edges(made, names, "BASED_ON")


def test_a_rule_that_says_may_is_not_told_as_must(made: Snapshot) -> None:
    said = {r["name"]: r["modality"] for r in rows(made, "Measure")}
    assert said["转让、许可可提取不低于净收入的70%作奖励"] == "encouraged" and said["转让、许可的奖励不低于净收入的85%"] == "required"


@pytest.mark.parametrize(("name", "value", "bound"), [
    ("到2027年建成300个左右地方新材料中试平台", 300, "about"), ("到2027年嘉兴累计创建浙江省中试平台4家以上", 4, "over"),
    ("到2027年湖州省级概念验证中心6家", 6, "exact"),
])  # fmt: skip
def test_a_target_of_another_place_keeps_its_bound(made: Snapshot, name: str, value: float, bound: str) -> None:
    target = one(made, "Target", name)
    assert (target["value"], target["value_bound"], target["due_latest"]) == (value, bound, dt.date(2027, 12, 31))


def test_a_sum_two_pay_together_is_not_on_each_of_them(made: Snapshot, names: dict[str, str]) -> None:
    moved = [e for e in rows(made, "TRANSFERRED_TO") if names[e["from"]] == "新型药物递送系统及制备方法"]
    assert [(e["amount"], e["modality"]) for e in moved] == [(None, "planned")] * 2
    assert one(made, "Observation", "新型药物递送系统及制备方法技术转让费总额：3亿元")["value"] == 3e8


def test_a_rule_of_a_text_that_was_revised_no_longer_holds(made: Snapshot) -> None:
    held = {r["name"]: r["until"] for r in rows(made, "Measure")}
    assert held["全社会研发经费占全市生产总值2.5%以上（2010年文本）"] == dt.date(2024, 5, 31)
    assert held["许可他人实施的报酬不低于使用费的10%"] == dt.date(2024, 1, 19)


@pytest.mark.parametrize(("organization", "code", "value"), [
    ("西北工业大学", "ministry_code", "4161010699"), ("西安交通大学", "ministry_code", "4161010698"),
    ("江苏联环药业股份有限公司", "stock_code", "600513.SH"), ("山东新华制药股份有限公司", "stock_code", "000756.SZ"),
])  # fmt: skip
def test_an_organisation_carries_the_code_that_is_public(made: Snapshot, organization: str, code: str, value: str) -> None:
    assert value in one(made, "Organization", organization)[code]


@pytest.mark.parametrize(("fund", "kind", "wanted", "status"), [
    ("光谷中金基金暨武汉新城科创母基金", "fund_of_funds", 1e10, "existing"), ("天津市概念验证基金", "verification", 5e7, "planned"),
    ("复旦科创母基金", "fund_of_funds", 1e9, "existing"),
])  # fmt: skip
def test_a_fund_has_its_kind_the_size_it_aims_at_and_whether_it_is_there(made: Snapshot, fund: str, kind: str, wanted: float, status: str) -> None:
    f = one(made, "Fund", fund)
    assert (f["fund_kind"], f["size_wanted"], f["status"]) == (kind, wanted, status)


def test_xian_s_nineteen_chains_are_all_there(made: Snapshot, names: dict[str, str]) -> None:
    assert len(edges(made, names, "FOCUSES_ON", start="西安市重点产业链“链主”企业认定办法（试行）")) == 19


@pytest.fixture(scope="module")
def laws(shared: Path) -> dict[str, bytes]:
    """The texts of the laws that are cited, as they were read."""
    return {ref: (shared / "data" / "laws" / p.file).read_bytes() for ref, p in shipped().items() if ref.startswith("law-")}


def test_every_place_cited_in_a_law_holds_in_its_text(laws: dict[str, bytes]) -> None:
    assert {ref: hashlib.sha256(t).hexdigest() for ref, t in laws.items()} == {ref: shipped()[ref].read_sha256 for ref in laws}
    cited = [(ref, c) for ref in laws for _, c in table(DATA / "facts" / f"{ref}.csv").rows if c.get("start")]
    quotes = [laws[ref].decode()[int(c["start"]):int(c["end"])] for ref, c in cited]
    wrong = [(ref, c) for (ref, c), quote in zip(cited, quotes, strict=True) if hashlib.sha256(quote.encode()).hexdigest() != c["quote_sha256"]]
    assert len(cited) > 750 and wrong == []


def test_what_is_told_of_a_text_is_told_in_other_words(laws: dict[str, bytes], shared: Path) -> None:
    reply = (shared / "data" / "seed" / shipped()[FOUNDING].file).read_bytes()
    texts = {ref: t.decode() for ref, t in {**laws, FOUNDING: reply}.items()}
    told = [(ref, c[head]) for ref in texts for c in said(ref) for head in ("value", "note") if len(c.get(head) or "") >= COPIED]
    assert told and [(ref, t) for ref, t in told if any(t[i:i + COPIED] in texts[ref] for i in range(len(t) - COPIED + 1))] == []
