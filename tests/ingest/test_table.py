"""The table form: a wrong row is set aside with its field and reason in both languages, and the right rows still go in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph.errors import BadFile, BadRow
from graph.records import node_id
from ingest.source import File
from ingest.table import Reading
from tests.ingest.conftest import Given

HEAD = "kind,subject,predicate,object_kind,object,value,qualifiers,modality,confidence,since,until,start,end,quote_sha256,note,document"
GOOD = "PilotBase,镁基地,area,,,3亩,,,,,,,,,,"
SHA = "a" * 64


def read(given: Given, *rows: str, head: str = HEAD) -> Reading:
    return File(given(head, *rows)).read()


def facts(reading: Reading) -> set[tuple[str, str, Any]]:
    """(subject, predicate, what) of every claim that is not about the table itself."""
    return {(c.subject, c.predicate, c.object or c.shown) for c in reading.claims if c.kind != "Document"}


def base(name: str = "镁基地") -> str:
    return node_id("PilotBase", (("name", name),))


def org(name: str) -> str:
    return node_id("Organization", (("name", name),))


# ---- a table that is not in this form


@pytest.mark.parametrize(("head", "said"), [
    ("kind,subject,vlaue", r"facts\.csv:1: unknown column 'vlaue'; the columns are kind, subject, predicate, .*, document"),
    ("kind,predicate,value", r"facts\.csv:1: column 'subject' is missing; a table of facts needs at least kind, subject"),
    ("subject", r"facts\.csv:1: column 'kind' is missing"),
])  # fmt: skip
def test_an_unknown_and_a_missing_column_are_refused_with_the_columns_there_are(given: Given, head: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read(given, ",".join("x" for _ in head.split(",")), head=head)


def test_heads_without_rows_are_refused(given: Given) -> None:
    with pytest.raises(BadFile, match=r"facts\.csv: there are heads but no rows"):
        read(given)


# ---- a wrong row

WRONG = {
    "unknown kind": ("Base,甲,,,,,,,,,,,,,,", "kind", "there is no kind 'Base'; there are Organization", "没有种类“Base”"),
    "no kind": (",甲,,,,,,,,,,,,,,", "kind", "there is no kind ''", "没有种类"),
    "no subject": ("PilotBase,,,,,,,,,,,,,,,", "subject", "subject is empty", "subject 为空"),
    "unknown property": ("PilotBase,镁基地,sise,,,3亩,,,,,,,,,,", "sise", "PilotBase has no property 'sise'; it has: name", "没有属性“sise”"),
    "unknown relation": ("PilotBase,镁基地,SERVE,Field,镁,,,,,,,,,,,", "predicate", "there is no relation 'SERVE'", "没有关系“SERVE”"),
    "forbidden ends": ("PilotBase,镁基地,OWNS,Organization,甲,,,,,,,,,,,", "predicate",
                       "OWNS cannot lead from PilotBase to Organization; it leads from Organization to",
                       "不能从 PilotBase 指向 Organization"),
    "no object": ("Organization,甲,BUILDS,PilotBase,,,,,,,,,,,,", "object", "object is empty", "object 为空"),
    "unknown kind of object": ("Organization,甲,BUILDS,Base,乙,,,,,,,,,,,", "object_kind", "there is no kind 'Base'", "没有种类“Base”"),
    "wrong date": ("Platform,甲,opened,,,昨天,,,,,,,,,,", "opened", "'昨天' is no date; write 2024-08-14", "“昨天”不是日期"),
    "impossible day": ("Platform,甲,opened,,,2024-02-30,,,,,,,,,,", "opened", "is no date", "不是日期"),
    "wrong since": ("PilotBase,镁基地,SERVES,Field,镁,,,,,昨天,,,,,,", "since", "'昨天' is no date", "“昨天”不是日期"),
    "wrong until": ("PilotBase,镁基地,SERVES,Field,镁,,,,,,昨天,,,,,", "until", "'昨天' is no date", "“昨天”不是日期"),
    "wrong amount": ("PilotBase,镁基地,area,,,很大,,,,,,,,,,", "area", "'很大' is no amount", "“很大”不是数量"),
    "wrong unit": ("PilotBase,镁基地,equipment_value,,,3亩,,,,,,,,,,", "equipment_value", "unit '亩' is not one of 元", "单位“亩”"),
    "wrong code": ("Organization,甲,uscc,,,91610131MA6KKKKK11,,,,,,,,,,", "uscc", "right check character", "统一社会信用代码"),
    "unknown choice": ("Policy,甲,form,,,decree,,,,,,,,,,", "form", "'decree' is none of decision, plan", "不在 decision"),
    "unknown choice of several": ("Organization,甲,types,,,Uni,,,,,,,,,,", "types", "'Uni' is none of University", "不在 University"),
    "empty value": ("PilotBase,镁基地,summary,,,,,,,,,,,,,", "summary", "the value is empty", "值为空"),
    "unknown qualifier": ("Organization,甲,HOSTS,PilotBase,镁基地,,rolle=lead,,,,,,,,,", "rolle", "HOSTS has no property 'rolle'", "没有属性“rolle”"),
    "qualifier without =": ("Organization,甲,HOSTS,PilotBase,镁基地,,lead,,,,,,,,,", "qualifiers", "write property=value", "属性=值"),
    "qualifier twice": ("Organization,甲,HOSTS,PilotBase,镁基地,,role=lead; role=joint,,,,,,,,,", "qualifiers", "'role' is given twice", "重复"),
    "unknown modality": ("PilotBase,镁基地,area,,,3亩,,maybe,,,,,,,,", "modality", "'maybe' is none of done, required", "情态“maybe”无效"),
    "confidence above 1": ("PilotBase,镁基地,area,,,3亩,,,1.5,,,,,,,", "confidence", "'1.5' is not between 0 and 1", "置信度“1.5”"),
    "confidence no number": ("PilotBase,镁基地,area,,,3亩,,,nan,,,,,,,", "confidence", "'nan' is not between 0 and 1", "置信度“nan”"),
    "span backwards": (f"PilotBase,镁基地,area,,,3亩,,,,,,9,3,{SHA},,", "start", "start '9' and end '3' are no span", "区间"),
    "span of no length": (f"PilotBase,镁基地,area,,,3亩,,,,,,3,3,{SHA},,", "start", "are no span", "区间"),
    "span half": (f"PilotBase,镁基地,area,,,3亩,,,,,,3,,{SHA},,", "start", "are no span", "区间"),
    "span negative": (f"PilotBase,镁基地,area,,,3亩,,,,,,-3,9,{SHA},,", "start", "are no span", "区间"),
    "span of odd digits": (f"PilotBase,镁基地,area,,,3亩,,,,,,²,9,{SHA},,", "start", "are no span", "区间"),
    "span past every text": (f"PilotBase,镁基地,area,,,3亩,,,,,,3,99999999999,{SHA},,", "start", "are no span", "区间"),
    "span without its hash": ("PilotBase,镁基地,area,,,3亩,,,,,,3,9,,,", "quote_sha256", "belong together", "须同时给出"),
    "hash without its span": (f"PilotBase,镁基地,area,,,3亩,,,,,,,,{SHA},,", "quote_sha256", "belong together", "须同时给出"),
    "wrong hash": ("PilotBase,镁基地,area,,,3亩,,,,,,3,9,abc,,", "quote_sha256", "belong together", "须同时给出"),
    "unknown document": ("PilotBase,镁基地,area,,,3亩,,,,,,,,,,nowhere", "document", "document 'nowhere' is not in documents.csv", "没有“nowhere”"),
    "handle without a name": ("Organization,甲,HOSTS,Batch,@nobody,,role=lead,,,,,,,,,", "subject", 
                              "the handle @nobody has no row with its name", "代号 @nobody 没有名称行"),
    "document of another kind": ("PilotBase,@document,area,,,3亩,,,,,,,,,,", "subject", "@document is a Document, not a", "不是 PilotBase"),
    "no key": ("Service,检测,,,,,,,,,,,,,,", "subject", "Service 检测 cannot be told apart: give <OFFERS", "缺少主键：<OFFERS"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_row_is_set_aside_with_line_field_and_reason_and_the_others_go_in(given: Given, wrong: str) -> None:
    row, field, said, zh = WRONG[wrong]
    reading = read(given, row, "PilotBase,钛基地,area,,,5亩,,,,,,,,,,")
    ((line, cells, reason),) = ((r.row, r.cells, r.why) for r in reading.refused)
    assert (line, reason.field, cells["kind"]) == (2, field, row.split(",")[0])
    assert said in reason.detail and zh in reason.reason_zh, (reason.detail, reason.reason_zh)
    assert isinstance(reason, BadRow) and reading.read == 2
    assert (base("钛基地"), "area", "5亩") in facts(reading)


def test_a_second_value_of_a_property_that_has_one_is_refused_naming_the_first(given: Given) -> None:
    reading = read(given, GOOD, "PilotBase,镁基地,area,,,5亩,,,,,,,,,,")
    ((line, reason),) = ((r.row, r.why) for r in reading.refused)
    assert (line, reason.field, reason.value) == (3, "area", "5亩")
    assert reason.detail == "area of 镁基地 is already '3亩' in line 2" and "已在第 2 行给出：3亩" in reason.reason_zh
    assert (base(), "area", "3亩") in facts(reading) and (base(), "area", "5亩") not in facts(reading)


def test_the_same_value_twice_and_several_values_of_a_list_are_right(given: Given) -> None:
    lists = [f"PilotBase,镁基地,processes,,,{p},,,,,,,,,," for p in ("冶炼", "铸造")]
    reading = read(given, GOOD, GOOD, *lists)
    assert not reading.refused
    assert {(base(), "processes", "冶炼"), (base(), "processes", "铸造")} <= facts(reading)


def test_things_whose_keys_need_each_other_are_refused(given: Given) -> None:
    reading = read(given, "Segment,甲,PART_OF,Segment,乙,,,,,,,,,,,", "Segment,乙,PART_OF,Segment,甲,,,,,,,,,,,")
    assert [r.row for r in reading.refused] == [2, 3]
    assert all("need each other" in e.detail and "互相依赖" in e.reason_zh for e in (r.why for r in reading.refused))


def test_what_a_refused_row_alone_would_have_named_is_named_by_the_next(given: Given) -> None:
    reading = read(given, "Organization,甲,HOSTS,Batch,@nobody,,role=lead,,,,,,,,,", "Organization,甲,BUILDS,PilotBase,镁基地,,,,,,,,,,,")
    assert len(reading.refused) == 1
    assert (org("甲"), "name", "甲") in facts(reading)


def test_a_spreadsheet_s_short_row_lacks_cells_and_not_more(given: Given) -> None:
    assert facts(read(given, "PilotBase,镁基地", GOOD)) == {(base(), "name", "镁基地"), (base(), "area", "3亩")}


# ---- what right rows become


def test_a_thing_only_mentioned_is_known_by_its_name(given: Given) -> None:
    reading = read(given, "Organization,甲,BUILDS,PilotBase,镁基地,,amount=约2亿元,planned,0.7,2022,2023年底,,,,,")
    assert facts(reading) == {(org("甲"), "name", "甲"), (base(), "name", "镁基地"), (org("甲"), "BUILDS", base())}
    (built,) = (c for c in reading.claims if c.predicate == "BUILDS")
    assert (built.modality, built.confidence, built.valid_from, built.valid_to) == ("planned", 0.7, "2022-01-01", "2023-12-31")
    assert json.loads(built.value or "") == {"amount": {"s": "约2亿元", "v": {"bound": "about", "unit": "元", "value": 2e8, "high": None}}}


def test_a_better_key_further_down_still_counts(given: Given) -> None:
    reading = read(given, "Organization,甲,BUILDS,PilotBase,镁基地,,,,,,,,,,,", "Organization,甲,ministry_code,,,4161010699,,,,,,,,,,")
    assert {c.subject for c in reading.claims if c.kind == "Organization"} == {node_id("Organization", (("ministry_code", "4161010699"),))}


def test_a_fact_of_a_user_s_own_table_is_evidenced_by_its_cell(given: Given) -> None:
    reading = read(given, GOOD.replace(",,,,,,,,,,", ",,,,,,,,,合同附件,"))
    (area,) = (c for c in reading.claims if c.predicate == "area")
    document = node_id("Document", (("name", "facts.csv"),))
    assert area.evidence == f'{{"column":"area","document":"{document}","note":"合同附件","row":2,"sheet":"facts.csv"}}'
    assert any(c.subject == document and c.predicate == "standing" and c.shown == "table" for c in reading.claims)


def test_a_document_named_beside_the_table_is_what_its_facts_cite(given: Given) -> None:
    given("ref,title,issuer,published,standing", "call,申报通知,省科技厅,2026,mirror", name="documents.csv")
    reading = read(given, f"PilotBase,镁基地,area,,,3亩,,,,,,3,9,{SHA},,call")
    (area,) = (c for c in reading.claims if c.predicate == "area")
    document = node_id("Document", (("name", "申报通知"), ("published", '{"earliest":"2026-01-01","latest":"2026-12-31"}')))
    assert area.evidence == f'{{"document":"{document}","end":9,"quote_sha256":"{SHA}","start":3}}'
    assert area.confidence == 0.4  # seen on a mirror only


@pytest.mark.parametrize(("rows", "said"), [
    (["ref,title,colour", "a,b,c"], r"documents\.csv:1: unknown column 'colour'; the columns are "),
    (["ref,issuer", "a,b"], r"documents\.csv:1: column 'title' is missing"),
    (["ref,title", "a"], r"documents\.csv:2: "),
    (["ref,title", "a,b", "a,c"], r"documents\.csv:3: ref 'a' is used twice"),
    (["ref,title,standing", "a,b,hearsay"], r"documents\.csv:2: standing 'hearsay' is none of issuer"),
    (["ref,title,published", "a,b,昨天"], r"documents\.csv:2: published: '昨天' is no date"),
])  # fmt: skip
def test_a_wrong_list_of_documents_is_refused_with_file_and_line(given: Given, rows: list[str], said: str) -> None:
    given(*rows, name="documents.csv")
    with pytest.raises(BadFile, match=said):
        read(given, GOOD)
