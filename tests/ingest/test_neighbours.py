"""News of investments, alliances and holdings, laws and replies of elsewhere: what the genre's neighbours say, in sentences of our own."""

from __future__ import annotations

import pytest

from ingest.text.extract import extract
from tests.ingest.test_extract import linked, named

FIRMS = ("Enterprise", "Investor", "Fund")


@pytest.mark.parametrize(("text", "found"), [
    ("云岫量子和磐石机器人均来自合肥,后者由知微科技孵化。", ["云岫量子", "磐石机器人", "知微科技"]),  # a brand and a trade
    ("人形机器人、具身智能和超导量子是热门方向,发展绿色能源与现代物流。", []),  # a plain word and a trade
    ("投标人投资入股的,固定资产投资应当备案。", []),
    ("9月1日,它山智航完成亿元天使轮融资。", ["它山智航"]),
    ("「大鹄跃升」宣布完成种子轮融资,优势资本跟投。", ["大鹄跃升", "优势资本"]),
    ("甘棠资本领投,关联方西安甲乙项目管理合伙企业(有限合伙)与浙江这里云科技有限公司出资。",
     ["甘棠资本", "西安甲乙项目管理合伙企业(有限合伙)", "浙江这里云科技有限公司"]),
    ("该项目属于三支子基金和氢能产业母基金支持的方向。", []),
])  # fmt: skip
def test_firms_and_funds_whose_name_has_no_ending_of_its_own(text: str, found: list[str]) -> None:
    assert named(text, *FIRMS) == found


@pytest.mark.parametrize(("text", "label", "found"), [
    ("东川大学(珠海)正与鹭洲实验室合作。", "University", ["东川大学(珠海)"]),
    ("东川大学(珠海)正与鹭洲实验室合作。", "Laboratory", ["鹭洲实验室"]),
    ("该平台是由两地组成的低空经济协作平台,另有两个省级低空经济协作平台。", "Platform", []),
    ("由扬州大学会同扬州市水利局组建。", "Alliance", []),
    ("构建人类命运共同体。", "Alliance", []),
    ("落实市委、市政府部署,青白江区委常委、区政府常务副区长出席,省政府工作报告提出。", "Agency", ["市委", "市政府", "青白江区委", "区政府"]),
    ("市长王安顺与所长李长春出席。", "Region", []),
    ("到成都青白江区调研,青白江已有基础。", "Region", ["成都青白江区", "青白江"]),
    ("国家标准化管理委员会和杭州市大数据发展局发函。", "Agency", ["国家标准化管理委员会", "杭州市大数据发展局"]),
    ("印发《某市中试平台管理办法》(以下统称《办法》)。", "Policy", ["《某市中试平台管理办法》"]),
    ("出台《某市“双倍”行动计划》。《某省机床产业发展研究报告》发布。", "Policy", ["《某市“双倍”行动计划》"]),
])  # fmt: skip
def test_names_within_bigger_names_and_words_that_look_like_names(text: str, label: str, found: list[str]) -> None:
    assert named(text, label) == found


@pytest.mark.parametrize(("text", "found"), [
    ("联盟聚焦低空管制、飞行器研制、运营服务三大产业板块。", ["低空管制", "飞行器研制", "运营服务"]),
    ("以光电子信息、汽车及零部件2大产业集群为核心。", ["光电子信息", "汽车及零部件"]),
    ("双方就电池材料、镍、钴等领域开展合作。", ["电池材料", "镍", "钴"]),
    ("重点产业领域包括新型储能、氢能装备。", ["新型储能", "氢能装备"]),
])  # fmt: skip
def test_fields_that_are_counted_or_aimed_at(text: str, found: list[str]) -> None:
    assert named(text, "Field") == found


@pytest.mark.parametrize(("text", "relation", "pairs"), [
    ("云岫动力完成A轮融资,由清湾资本、知为资本联合投资。", "INVESTS_IN", {("清湾资本", "云岫动力"), ("知为资本", "云岫动力")}),
    ("清湾资本曾投资过云岫动力、磐石微光。", "INVESTS_IN", {("清湾资本", "云岫动力"), ("清湾资本", "磐石微光")}),
    ("云岫动力获多方青睐,其背后浮现清湾资本、知为资本等身影。", "INVESTS_IN", {("清湾资本", "云岫动力"), ("知为资本", "云岫动力")}),
    ("清湾资本作为云岫动力的早期投资方持续加注。", "INVESTS_IN", {("清湾资本", "云岫动力")}),
    ("在云岫动力的B轮融资中,清湾资本继续参投。", "INVESTS_IN", {("清湾资本", "云岫动力")}),
    ("由清湾资本、甘棠资本按60%、40%比例持股的云岫动力,正在扩产。", "HOLDS_SHARES_IN", {("清湾资本", "云岫动力"), ("甘棠资本", "云岫动力")}),
    ("云岫动力发生工商变更,新增清湾资本等多名股东。", "HOLDS_SHARES_IN", {("清湾资本", "云岫动力")}),
    ("云岫科技已在珠海注册成立两家子公司:珠海云岫未来科技有限公司和珠海云岫领航科技有限公司。", "FOUNDS",
     {("云岫科技", "珠海云岫未来科技有限公司"), ("云岫科技", "珠海云岫领航科技有限公司")}),
    ("东川大学成长基金成立于2020年,是东川大学联合西岭集团发起的产业投资基金。", "FOUNDS",
     {("东川大学", "东川大学成长基金"), ("西岭集团", "东川大学成长基金")}),
    ("江北省氢能产业联盟由江南氢能研究院、常州云岫科技有限公司等氢能骨干企业,以及南京大学、东南大学等院校共同发起成立。", "FOUNDS",
     {(who, "江北省氢能产业联盟") for who in ("江南氢能研究院", "常州云岫科技有限公司", "南京大学", "东南大学")}),
    ("江北省氢能产业联盟成员覆盖全链条,包含云岫动力、东南大学等单位。", "PART_OF",
     {("云岫动力", "江北省氢能产业联盟"), ("东南大学", "江北省氢能产业联盟")}),
    ("江北省氢能产业联盟已有江南氢能研究院等30家成员单位。", "PART_OF", {("江南氢能研究院", "江北省氢能产业联盟")}),
    ("江南氢能研究院作为江北省氢能产业联盟的理事长单位参会。", "PART_OF", {("江南氢能研究院", "江北省氢能产业联盟")}),
    ("依托扬州大学国家大学科技园建设的扬州节水装备概念验证中心建成。", "HOSTS", {("扬州大学国家大学科技园", "扬州节水装备概念验证中心")}),
])  # fmt: skip
def test_who_invests_holds_founds_and_belongs(text: str, relation: str, pairs: set[tuple[str, str]]) -> None:
    assert {(s, o) for s, o, _ in linked(text, relation)} == pairs


def test_a_union_that_a_word_stands_for_is_no_name_but_an_end() -> None:
    text = "江北省氢能产业联盟成立。该联盟由东南大学发起成立。"
    assert named(text, "Alliance") == ["江北省氢能产业联盟"]
    assert linked(text, "FOUNDS") == [("东南大学", "江北省氢能产业联盟", "done")]


def test_an_institute_that_is_only_a_number_does_not_stop_the_reading() -> None:
    found = extract("蚌埠拥有214所、凯盛科技等一批企业。")
    assert all(m.start < m.end for m in found.mentions) and "凯盛科技" in [m.name for m in found.mentions]


def test_a_law_names_no_firms() -> None:
    law = "第一条 为了促进创新,制定本条例。\n第二条 成果作价投资的,依法处理。云岫动力收购磐石微光。\n第三条 本条例自公布之日起施行。\n"
    assert named(law, *FIRMS) == []


def test_what_is_allowed_is_no_part_of_a_name() -> None:
    found = extract("市级科学基金可以与东川大学发展基金设立联合基金。").mentions
    assert "市级科学基金可以" not in [m.name for m in found]
