"""Doubtful data: a planted world whose lists are known by hand, on every store; pages; and the shipped facts against what was built."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadParameter, CursorGone
from graph.snapshot import Snapshot
from queries.answers import quality as lists
from queries.answers.quality import overview, quality
from queries.cursor import make_cursor
from queries.reader import Reader, plain
from tests.contract.world import ENGINES, empty, quiet, settings_for
from tests.world.making import PAPER, USCC, build, coded, edge, facts, named, paper, state, thing

DAY = dt.date(2020, 1, 1)
TEXT = "合成文本，面积3000平方米。"


def planted(workspace: Path) -> Snapshot:
    """Papers of 2015, 2018 and 2024, one without a date, one whose text was edited. What is told of each thing stands beside it."""
    old, p_old = paper("w", "旧文件", published="2015年6月1日")
    mid, p_mid = paper("w", "中间的文件", published="2018年")
    new, p_new = paper("w", "新文件", published="2024年8月14日")
    undated, p_undated = paper("w", "无日期文件")
    text, p_text = paper("w", "改过的文件", published="2023年", text=TEXT, text_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
                         read_sha256="0" * 64)  # fmt: skip
    claims = [*p_old, *p_mid, *p_new, *p_undated, *p_text, *thing("w", "Document", "测试文件", PAPER)]
    # said of two areas, and of one day in two precisions: the area disagrees, the day does not
    base = named("PilotBase", "甲基地")
    claims += thing("w", "PilotBase", "甲基地", new, area="3000平方米") + facts("w", "PilotBase", base, old, area="2000平方米")
    park = named("Platform", "乙平台")
    claims += thing("w", "Platform", "乙平台", new, opened="2021年3月30日") + facts("w", "Platform", park, mid, opened="2021年3月")
    # old: only the paper of 2015; old, but said again in 2024; old, and of unknown date elsewhere
    claims += thing("w", "Fund", "旧基金", old, stage_focus="早期")
    for name, again in (("常新基金", new), ("不明基金", undated)):
        claims += thing("w", "Fund", name, old, stage_focus="中期") + facts("w", "Fund", named("Fund", name), again, name=name, stage_focus="中期")
    # said twice in old papers: the later one stands for it
    claims += thing("w", "Fund", "两说基金", old) + facts("w", "Fund", named("Fund", "两说基金"), mid, name="两说基金")
    # a code; no code; weak in two papers; weak alone but with a firm relation
    claims += facts("w", "Organization", coded("Organization", "uscc", USCC), new, name="有码公司", uscc=USCC, types=["Enterprise"])
    claims += thing("w", "Organization", "无码公司", new, types=["Enterprise"])
    for where in (old, new):
        claims += facts("w", "Segment", named("Segment", "弱环节"), where, confidence=0.4, name="弱环节")
    claims += facts("w", "Segment", named("Segment", "有据环节"), old, confidence=0.4, name="有据环节")
    claims.append(edge("w", base, "SERVES", named("Segment", "有据环节"), new))
    # a place in a text that is another one now
    claims += facts("w", "Product", named("Product", "引文产品"), text, start=2, name="引文产品")
    state(workspace, "w", claims)
    return build(workspace)


@pytest.fixture(scope="module", params=ENGINES)
def known(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    workspace = tmp_path_factory.mktemp("quality")
    made = planted(workspace)
    if request.param == "neo4j":
        empty(request.getfixturevalue("neo4j_url"))
    with closing(Reader(settings_for(request.param, workspace, request))) as reader:
        reader.store.apply(made, quiet)
        yield reader


def found(reader: Reader, which: str, **how: Any) -> list[tuple[str, str]]:
    return [(i["node"]["name"], i.get("predicate", "")) for i in quality(reader, which, 200, before=DAY, **how)["items"]]


def test_facts_that_disagree(known: Reader) -> None:
    (item,) = quality(known, "conflicts")["items"]
    assert (item["node"]["name"], item["predicate"]) == ("甲基地", "area")
    assert [(v["shown"], v["won"], [(s["document"]["name"], s["document"]["published"]) for s in v["said"]]) for v in item["values"]] == [
        ("3000平方米", True, [("新文件", "2024年8月14日")]), ("2000平方米", False, [("旧文件", "2015年6月1日")])]  # fmt: skip
    assert item["evidence"] == [v["said"][0]["claim"] for v in item["values"]]
    assert "3000平方米，见新文件（2024年8月14日），取此值" in item["sentence"]["zh"] and "2000平方米" in item["sentence"]["en"]


def test_facts_that_are_old(known: Reader) -> None:
    rows = quality(known, "old", 200, before=DAY)["items"]
    # the base's old area lost, the platform's month is the same fact only where it is the same value; 两说基金 is listed once, by its later paper
    listed = {(i["node"]["name"], i["predicate"]): (i["document"]["name"], i["latest"]) for i in rows}
    assert len(listed) == len(rows)
    assert {k: v for k, v in listed.items() if k[0].endswith("基金")} == {
        ("旧基金", "name"): ("旧文件", "2015-06-01"), ("旧基金", "stage_focus"): ("旧文件", "2015-06-01"),
        ("两说基金", "name"): ("中间的文件", "2018-12-31")}  # fmt: skip
    assert {k for k in listed if not k[0].endswith("基金")} == {("有据环节", "name")}
    assert [i["latest"] for i in rows] == sorted(i["latest"] for i in rows)
    assert found(known, "old", kind="Segment") == [("有据环节", "name")]
    assert {n for n, _ in [(i["node"]["name"], 0) for i in quality(known, "old", 200, before=dt.date(2016, 1, 1))["items"]]} == {"旧基金", "有据环节"}
    assert quality(known, "old", 200, before=dt.date(2010, 1, 1))["items"] == []
    (wide,) = {i["node"]["name"] for i in quality(known, "old", 200, days=0, kind="PilotBase")["items"]}
    assert wide == "甲基地", "with no age at all every dated fact is old"


def test_organisations_without_a_code(known: Reader) -> None:
    assert found(known, "no_code") == [("无码公司", "")]
    assert found(known, "no_code", kind="Fund") == []
    codes = {r["label"]: (r["organizations"], r["without_code"]) for r in overview(known, before=DAY)["codes"]}
    assert codes == {"Organization": (2, 1), "Enterprise": (2, 1)}


def test_what_rests_on_little(known: Reader) -> None:
    assert found(known, "weak") == [("弱环节", "")], "a firm relation makes a thing firm"
    single = {n for n, _ in found(known, "single")}
    assert single == {"旧基金", "有码公司", "无码公司", "引文产品"}
    (weak,) = quality(known, "weak")["items"]
    assert (weak["claims"], weak["documents"], weak["confidence"], weak["unconfirmed"], len(weak["evidence"])) == (2, 2, 0.4, True, 2)
    assert "2 条陈述出自 2 份文件" in weak["sentence"]["zh"] and "2 claims of 2 documents" in weak["sentence"]["en"]


def test_evidence_that_no_longer_holds(known: Reader) -> None:
    (item,) = quality(known, "broken")["items"]
    assert (item["node"]["name"], item["predicate"], item["found"], item["place"]["start"]) == ("引文产品", "name", TEXT[2:3], 2)
    assert known.evidence(item["evidence"])[0]["quote_holds"] is False
    assert found(known, "broken", kind="Fund") == []


def test_the_overview_counts_what_the_lists_hold(known: Reader) -> None:
    counted = overview(known, before=DAY)
    assert {i["list"]: i["count"] for i in counted["items"]} == {which: len(quality(known, which, 200, before=DAY)["items"]) for which in lists.LISTS}
    assert not any(i["at_least"] for i in counted["items"]) and counted["before"] == "2020-01-01"
    assert counted["undated_documents"] == {"count": 2, "at_least": False}, "测试文件 and 无日期文件"


def test_counting_stops_and_says_so(known: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNTED", 2)
    counted = {i["list"]: (i["count"], i["at_least"]) for i in overview(known, before=DAY)["items"]}
    assert counted["old"] == (2, True) and counted["conflicts"] == (1, False)


@pytest.mark.parametrize("which", ["old", "single"])
def test_pages_put_together_are_the_whole(known: Reader, which: str) -> None:
    whole, seen, cursor = quality(known, which, 200, before=DAY)["items"], list[Any](), None
    for _ in range(len(whole)):
        page = quality(known, which, 1, cursor, before=DAY)
        seen, cursor = seen + page["items"], page["next_cursor"]
        assert len(page["items"]) == 1
    assert seen == whole and cursor is None and len(whole) > 2


def test_bad_input_is_named(known: Reader) -> None:
    for call, what in ((lambda: quality(known, "nonsense"), "list: 'nonsense' is none of conflicts, old"),
                       (lambda: quality(known, "old", 0), "limit: 0"), (lambda: quality(known, "old", kind="Base"), "kind: 'Base'"),
                       (lambda: overview(known, days=-1), "days: -1")):  # fmt: skip
        with pytest.raises(BadParameter) as e:
            call()
        assert str(e.value).startswith(what)
    with pytest.raises(CursorGone):
        quality(known, "old", cursor=make_cursor("0123456789abcdef", "quality_old", {}, 1))
    first = quality(known, "old", 1, before=DAY)["next_cursor"]
    with pytest.raises(BadParameter, match="other parameters"):
        quality(known, "old", 1, first, before=dt.date(2019, 1, 1))


def test_both_stores_give_equal_lists_of_the_shipped_facts(whole: Snapshot, request: pytest.FixtureRequest, neo4j_url: Any) -> None:
    kept = []
    for engine in ("embedded", "neo4j"):
        with closing(Reader(settings_for(engine, whole.folder.parent.parent, request))) as reader:
            reader.store.apply(whole, quiet)
            kept.append([overview(reader, before=DAY), *(quality(reader, which, 50, before=DAY) for which in lists.LISTS)])
    assert kept[0] == kept[1]
    assert plain(kept[0]) == kept[0], "plain JSON values only"
    for answer in kept[0][1:]:
        for item in answer["items"]:
            assert item["evidence"] and item["sentence"]["zh"] and item["sentence"]["en"]


def test_what_is_thin_is_what_its_claims_say(reader: Reader) -> None:
    """The table written by the build against every claim of a node, its own and its relations'."""
    for which in ("weak", "single"):
        for item in quality(reader, which, 10, kind="PilotBase")["items"]:
            node = item["node"]["id"]
            rows = reader.ask("neighbours", {"node": node, "limit": 200, "modalities": list(reader.ontology.modalities)}).rows
            claims = {f["claim"] for f in reader.facts(node)} | {c for r in rows for c in r["edge"].properties["evidence"]}
            said = reader.evidence(sorted(claims))
            assert (len(claims), len({e["document"]["id"] for e in said}), max(e["confidence"] for e in said)) == (
                item["claims"], item["documents"], item["confidence"])  # fmt: skip
