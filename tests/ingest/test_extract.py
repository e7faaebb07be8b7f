"""What the rules find in a text: names with exact spans, targets, amounts, relations, and the claims made of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from api.evaluating import read_gold, scored
from graph.records import Claim
from ingest.text.extract import extract
from ingest.text.mask import mask
from ingest.text.read import document_claims
from ingest.text.view import View
from tests.ingest.conftest import Given
from tests.ingest.texts.label import labelled

SAYS_MORE = ("elided-head", "stands-for", "listed-chain", "policy-title")  # their names are not what stands there
TEXTS = Path(__file__).with_name("texts")


def named(text: str, *labels: str) -> list[str]:
    return [text[m.start : m.end] for m in extract(text).mentions if m.label in labels]


def linked(text: str, relation: str) -> list[tuple[str, str, str]]:
    return [(k.source.name, k.target.name, k.modality) for k in extract(text).links if k.relation == relation]


# ---- spans


@whatever(st.text(st.sampled_from("ＡＢ１２⼀⾯㎡①ﬁ陕西省中试基地、等十个公司(简称)2026年底%《》。,\n█"), max_size=120))
def test_every_span_is_a_slice_of_the_raw_text_that_reads_like_the_mention(raw: str) -> None:
    view = View(raw)
    assert view.text == "".join(View(c).text for c in raw)
    for m in extract(raw).mentions:
        assert 0 <= m.start < m.end <= len(raw) and "█" not in raw[m.start : m.end]
        assert m.name in View(raw[m.start : m.end]).text or m.rule in SAYS_MORE  # ㎡ is two signs of the view and one of the text


def test_kangxi_radicals_and_full_width_digits_are_read_and_their_places_kept() -> None:
    raw = "到２０２６年底，⻄安交通⼤学将建成３家中试基地。"
    assert named(raw, "University") == ["⻄安交通⼤学"]
    assert [k.target.name for k in extract(raw).links if k.relation == "Target.value"] == ["3家"]


def test_what_touches_a_masked_place_is_left_out_and_the_rest_stays_where_it_was() -> None:
    raw = "西安甲乙科技有限公司(电话:029-87654321)位于西安市雁塔区。"
    masked = mask(raw)
    assert [raw[m.start : m.end] for m in extract(masked).mentions if m.label in ("Enterprise", "Region")] == ["西安甲乙科技有限公司", "西安市雁塔区"]


@pytest.mark.parametrize("text", ["", "\n", " \u3000\n", "\x00" * 9, "甲" * 3000, "(" * 3000, "1" * 3000, "a@" * 1500, "、" * 3000])
def test_odd_texts_are_read_without_ado(text: str) -> None:
    assert extract(mask(text)).links == []


# ---- names


def test_items_of_an_elliptic_list_are_bases_where_they_stand_named_with_their_head() -> None:
    text = "省科技厅已批复成立了陕西省乳制品包装、陕西省镁基新材料与装备、陕西省固态酿造等三个中试基地。"
    assert named(text, "PilotBase") == ["陕西省乳制品包装", "陕西省镁基新材料与装备", "陕西省固态酿造"]
    assert ("省科技厅", "陕西省固态酿造中试基地", "done") in linked(text, "RECOGNIZES")


def test_policies_stand_in_their_brackets_and_what_is_named_inside_them_too() -> None:
    text = "根据《中共陕西省委关于建设科技强省的决定》和《关于中试的提案》,印发《陕西省中试基地管理办法(试行)》。"
    assert named(text, "Policy") == ["《中共陕西省委关于建设科技强省的决定》", "《陕西省中试基地管理办法(试行)》"]
    assert named(text, "Agency") == ["中共陕西省委"] and named(text, "Region") == ["陕西省"]


def test_a_place_is_named_by_all_it_says_and_not_within_another_name() -> None:
    assert named("公司位于浙江省杭州市滨江区,由杭州高科创业投资有限公司投资。", "Region") == ["浙江省杭州市滨江区"]
    assert named("在上海证券交易所上市", "Region") == []


@pytest.mark.parametrize("text", [
    "鼓励企业与高等学校共建概念验证中心、中试基地。", "省级科技创新平台和公共服务平台应当开放共享。", "引导社会资本设立创业投资基金。",
    "建设世界一流科学城。", "供应商应当具备条件,投标人投资入股的,依法处理。", "支持行业协会、高水平大学和龙头企业。",
])  # fmt: skip
def test_what_names_nothing_is_no_name(text: str) -> None:
    assert named(text, "Enterprise", "Investor", "University", "Institute", "PilotBase", "VerificationCentre", "Platform", "Fund", "Park") == []


def test_companies_with_nothing_in_their_name_that_says_so_are_known_by_what_they_do() -> None:
    text = "机器人关节研发商云岫动力宣布完成B轮融资,由清湾资本领投,老股东知为资本、江川技术跟投。此前,云岫动力收购了磐石微光。"
    assert named(text, "Enterprise", "Investor") == ["云岫动力", "清湾资本", "知为资本", "江川技术", "云岫动力", "磐石微光"]
    assert {(s, o) for s, o, _ in linked(text, "INVESTS_IN")} >= {("清湾资本", "云岫动力"), ("知为资本", "云岫动力"), ("江川技术", "云岫动力")}


def test_fields_and_chains_of_a_list() -> None:
    text = "主要集中在新材料、电子信息、生物医药等领域,服务中医药产业链,做强重点产业链。"
    assert named(text, "Field") == ["新材料", "电子信息", "生物医药"] and named(text, "IndustryChain") == ["中医药产业链"]


@pytest.mark.parametrize(("text", "label", "found"), [
    ("投资2亿元", "Money", ["2亿元"]), ("给予500万的经费支持", "Money", ["500万"]), ("融资超20亿元人民币", "Money", ["超20亿元人民币"]),
    ("持股约38.2%", "Percent", ["约38.2%"]), ("共有约50家左右", "Count", ["约50家左右"]), ("2024年8月14日印发", "Date", ["2024年8月14日"]),
    ("“十四五”末", "Date", ["“十四五”末"]), ("2024-2026年", "Date", ["2024-2026年"]),
])  # fmt: skip
def test_sums_shares_counts_and_dates_keep_the_words_that_bound_them(text: str, label: str, found: list[str]) -> None:
    assert named(text, label) == found


# ---- targets and relations


def test_targets_share_their_date_and_keep_value_and_unit() -> None:
    text = "到2026年底,将培育认定60家概念验证中心和中试基地,推动300个新产品上市,孵化约200家科技型企业。"
    found = extract(text)
    values = [(k.source.name, k.target.name) for k in found.links if k.relation == "Target.value"]
    assert values == [("培育认定60家概念验证中心和中试基地", "60家"), ("推动300个新产品上市", "300个"), ("孵化约200家科技型企业", "约200家")]
    assert {k.target.name for k in found.links if k.relation == "Target.due"} == {"2026年底"}


def test_what_was_is_no_target() -> None:
    text = "截至2024年6月底,甲乙控股有限公司持有丙丁股份38.2%股份。到2023年底,已建成40家。"
    assert [k for k in extract(text).links if k.relation.startswith("Target")] == []


def test_a_clause_without_a_subject_is_about_what_the_sentence_began_with() -> None:
    text = "西安甲乙光电有限公司原名西安甲乙仪器厂,隶属于东方丙丁集团,位于西安高新区,2022年获批国家企业技术中心。"
    (former,) = [k for k in extract(text).links if k.relation == "Organization.aliases"]
    assert (former.source.name, former.target.name, former.said) == ("西安甲乙光电有限公司", "西安甲乙仪器厂", "曾用名")
    for relation, other in (("PART_OF", "东方丙丁集团"), ("LOCATED_IN", "西安高新区"), ("HOLDS", "国家企业技术中心")):
        assert linked(text, relation) == [("西安甲乙光电有限公司", other, "done")], relation


def test_short_and_former_names_of_one_bracket() -> None:
    text = "杭州甲坤智能装备股份有限公司(曾用名:杭州甲坤自动化有限公司,以下简称“甲坤智能”)。甲坤智能表示满意。"
    assert [(k.said, k.target.name) for k in extract(text).links] == [("曾用名", "杭州甲坤自动化有限公司"), ("简称", "甲坤智能")]
    assert named(text, "Enterprise")[-1] == "甲坤智能"


@pytest.mark.parametrize(("said", "modality"), [("", "done"), ("拟", "planned"), ("将", "planned"), ("已", "done")])
def test_how_firmly_it_is_said_is_kept(said: str, modality: str) -> None:
    assert linked(f"西安交通大学{said}建设陕西省镁基新材料中试基地。", "BUILDS") == [("西安交通大学", "陕西省镁基新材料中试基地", modality)]


def test_encouraged_is_not_done() -> None:
    assert linked("鼓励西安交通大学建设陕西省镁基新材料中试基地。", "BUILDS") == [("西安交通大学", "陕西省镁基新材料中试基地", "encouraged")]


# ---- claims


def claims(given: Given, *lines: str) -> list[Claim]:
    return list(document_claims("test", given(*lines, name="notice.txt"))[1])


def test_every_claim_has_its_exact_span_the_hash_of_its_words_its_rule_and_confidence(given: Given) -> None:
    lines = ["关于中试基地的通知", "2023年5月,西安交通大学建设的陕西省镁基新材料中试基地位于西安市雁塔区。",
             "到2026年底,培育60家概念验证中心和中试基地。", "对优秀的中试基地给予500万元的经费支持。"]  # fmt: skip
    made, text = claims(given, *lines), "\n".join(lines) + "\n"
    extracted = [c for c in made if "规则提取" in c.evidence]
    assert {c.kind for c in extracted} >= {"Organization", "PilotBase", "Region", "Target", "Measure"}
    assert {c.predicate for c in extracted} >= {"BUILDS", "LOCATED_IN", "STATES"}
    for c in extracted:
        e = json.loads(c.evidence)
        assert hashlib.sha256(text[e["start"] : e["end"]].encode()).hexdigest() == e["quote_sha256"]
        assert 0 < c.confidence <= 1 and e["note"].startswith("规则提取")
    (metric,) = [c.shown for c in extracted if c.kind == "Target" and c.predicate == "metric"]
    counts = sorted(c.shown or "" for c in extracted if c.kind == "Target" and c.predicate == "counts")
    assert metric == "培育概念验证中心和中试基地" and counts == ["PilotBase", "VerificationCentre"]
    assert {c.confidence for c in extracted if c.predicate == "BUILDS"} == {0.8}


def test_an_elided_issuer_is_never_filled_in(given: Given) -> None:
    made = claims(given, "某通知", "2023年以来,先后印发了《甲乙中试基地建设实施意见》。")
    assert [c for c in made if c.predicate == "ISSUES"] == []


def test_a_department_of_the_province_is_nobody_s_without_a_province(given: Given) -> None:
    made = claims(given, "某通知", "省科技厅印发《甲乙中试基地建设实施意见》。")
    assert [c for c in made if c.kind == "Organization"] == []


def test_the_hosts_of_a_batch_are_hosts_of_no_single_base(given: Given) -> None:
    made = claims(given, "某通知", "依托西安交通大学、西北工业大学等单位布局建设了10家省级中试基地。")
    hosts = [c for c in made if c.predicate == "HOSTS"]
    assert len(hosts) == 2 and {c.kind for c in made} >= {"Batch"} and "PilotBase" not in {c.kind for c in made}


# ---- how well it does


@pytest.mark.parametrize("name", sorted(p.stem for p in TEXTS.glob("*.jsonl")))
def test_the_invented_texts_reach_the_aim(name: str) -> None:
    text = (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
    found = scored(read_gold(TEXTS / f"{name}.jsonl", text), extract(text))
    assert found["entities"]["f1"] >= 0.92 and found["relations"]["f1"] >= 0.80, found["misses"]


def test_the_invented_texts_are_what_their_marks_say() -> None:
    made = labelled((TEXTS / "marked.txt").read_text(encoding="utf-8"))
    assert sorted(made) == sorted(p.stem for p in TEXTS.glob("*.jsonl"))
    for name, (text, gold) in made.items():
        assert (TEXTS / f"{name}.txt").read_text(encoding="utf-8") == text
        assert [json.loads(line) for line in (TEXTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()] == gold


def test_the_founding_text_reaches_the_published_figures(shared: Path) -> None:
    seed = shared / "data" / "seed"
    text = next(seed.glob("*.txt")).read_text(encoding="utf-8")
    found = scored(read_gold(seed / "gold.jsonl", text), extract(text))
    assert found["entities"]["f1"] >= 0.98 and found["relations"]["f1"] >= 0.97, found["misses"]


def test_all_the_regulations_are_read_and_every_span_is_its_mention(shared: Path) -> None:
    paths = sorted((shared / "data" / "laws").glob("*.txt"))
    assert len(paths) >= 38
    for path in paths:
        text = path.read_text(encoding="utf-8")
        found = extract(text)
        assert found.mentions, path.name
        for m in found.mentions:
            if m.rule not in SAYS_MORE:
                assert View(text[m.start : m.end]).text == m.name, (path.name, m)
