"""Bad rows come back mended: through the command line, in what Excel makes of the file; and what is secret is kept nowhere."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from graph.ledger import Ledger
from tests.ingest.conftest import CLI, Given
from tests.world.making import live

HEADS = "中试基地名称,所在地,面积,认定机关,认定日期,说明"
GOOD = "镁基地,西安市,3亩,,,说明甲"
BAD = ["钛基地,西按市,3亩,,,说明乙", "铜基地,宝鸡市,很大,,,说明丙", "铁基地,宝鸡市,4亩,,2024年8月,说明丁"]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as f:
        return list(csv.reader(f))


def save(path: Path, lines: list[list[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as f:
        csv.writer(f, delimiter=delimiter).writerows(lines)
    return path


def excel(path: Path, lines: list[list[str]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for n, line in enumerate(lines):
        book.worksheets() or book.add_worksheet("表")
        book.worksheets()[0].write_row(n, 0, line)
    book.close()
    return path


def mended(lines: list[list[str]]) -> list[list[str]]:
    return [[c.replace("西按市", "西安市").replace("很大", "5亩") for c in line] for line in lines]


def counts(out: str) -> list[str]:
    return re.findall(r"^file\S+ +(\d+) +(\d+) +(\d+) ", out, re.MULTILINE)[0]  # type: ignore[no-any-return]


@pytest.fixture
def quarantine(tmp_path: Path, given: Given, cli: CLI) -> Path:
    """What became of a list of which three rows are bad."""
    answer = cli("ingest", given(HEADS, GOOD, *BAD, name="bases.csv"))
    assert answer.code == 3 and counts(answer.out) == ("4", "1", "3")  # type: ignore[comparison-overlap]
    path = tmp_path / "w" / "quarantine" / "file-bases.csv.csv"
    assert str(path) in answer.err and "西按市 is no region's name" in answer.err
    return path


def test_a_quarantine_file_opens_in_excel_and_says_why_in_two_languages(quarantine: Path) -> None:
    assert quarantine.read_bytes().startswith(b"\xef\xbb\xbf")
    heads, *lines = rows(quarantine)
    assert heads == ["来源 source", "映射 mapping", "表 sheet", "行 row", "列 column", "原因", "reason", *HEADS.split(",")]
    assert [(x[3], x[4]) for x in lines] == [("3", "所在地"), ("4", "面积"), ("5", "认定机关")]
    assert lines[0][5:7] == ["“西按市”不是唯一的地区名称", "西按市 is no region's name, or several regions'"]
    assert "没有" not in lines[2][5] and lines[2][5:7] == ["已填写认定日期，却未填写认定机关", "认定日期 is given, but not 认定机关"]
    assert all(re.search(r"[\u4e00-\u9fff]", x[5]) and x[6] for x in lines) and lines[1][7:] == BAD[1].split(",")


SAVED: dict[str, Callable[[Path, list[list[str]]], Path]] = {
    "as it was": lambda p, x: save(p, x),
    "by Chinese Excel as CSV": lambda p, x: save(p, x, "gb18030"),
    "by Excel as Unicode text": lambda p, x: save(p, x, "utf-16", "\t"),
    "under another name": lambda p, x: save(p.with_name("mended.csv"), x),
    "as a workbook": lambda p, x: excel(p.with_suffix(".xlsx"), x),
}


@pytest.mark.parametrize("how", SAVED)
def test_mended_rows_go_in_alone_and_what_is_still_bad_stays(cli: CLI, given: Given, tmp_path: Path, quarantine: Path, how: str) -> None:
    before = set(live(tmp_path / "w"))
    answer = cli("ingest", SAVED[how](quarantine, mended(rows(quarantine))))
    assert answer.code == 3 and counts(answer.out) == ("3", "2", "1"), answer  # type: ignore[comparison-overlap]
    assert [x[3] for x in rows(quarantine)[1:]] == ["5"]
    after = set(live(tmp_path / "w"))
    assert before < after
    # stated at their place in the original: the whole list, mended, says nothing that is not there
    whole = given(HEADS, GOOD, *(line.replace("西按市", "西安市").replace("很大", "5亩") for line in BAD[:2]), name="bases.csv")
    cli("ingest", whole)
    assert len(set(live(tmp_path / "w")) - after) == 1, "the hash of the file that was read, nothing else"


def test_when_all_is_mended_the_file_is_gone_and_what_somebody_wrote_in_it_is_kept(cli: CLI, quarantine: Path) -> None:
    lines = [line for line in mended(rows(quarantine)) if line[3] != "5"]
    answer = cli("ingest", save(quarantine, lines))
    assert answer.code == 0 and not quarantine.exists()
    assert rows(quarantine.with_suffix(".previous.csv")) == lines


def test_a_quarantine_file_that_lost_its_first_columns_is_refused(cli: CLI, quarantine: Path) -> None:
    heads, *lines = rows(quarantine)
    answer = cli("ingest", save(quarantine, [heads, *([*x[:3], "", *x[4:]] for x in lines)]))
    assert answer.code == 1 and "say where the row belongs; leave them as they were" in answer.err
    answer = cli("ingest", save(quarantine, [[*heads[:3], "行", *heads[4:]], *lines]))
    assert answer.code == 1 and "column '行 row' is missing; leave the first columns as they were" in answer.err
    answer = cli("ingest", save(quarantine, [heads]))
    assert answer.code == 1 and "there are no rows; one file holds the rows of one source" in answer.err


def test_a_row_that_slipped_out_of_its_columns_is_set_aside_until_it_is_in_order(cli: CLI, given: Given, tmp_path: Path) -> None:
    path = given("规则名称,所属单位,内容", "甲规则,某大学,内容", "乙规则,先约,后用,某大学", name="rules.csv")
    assert cli("ingest", path).code == 3
    aside = tmp_path / "w" / "quarantine" / "file-rules.csv.csv"
    heads, line = rows(aside)
    assert heads[-1] == "表头之外 beyond the heads" and line[-4:] == ["乙规则", "先约", "后用", "某大学"]
    assert cli("ingest", aside).code == 3, "as it is, it would say that 先约 offers 乙规则"
    assert cli("ingest", save(aside, [heads, [*line[:-3], "某大学", "先约,后用", ""]])).code == 0
    cli("build")
    assert "先约,后用" in cli("show", "乙规则", "--json").out


def test_dry_run_writes_nothing_and_max_bad_writes_only_what_is_bad(cli: CLI, given: Given, tmp_path: Path) -> None:
    path = given(HEADS, GOOD, *BAD, name="bases.csv")
    said = json.loads(cli("ingest", path, "--dry-run", "--json").out)["sources"]["file-bases.csv"]
    assert (said["read"], said["accepted"], said["rejected"], said["unchanged"], said["removed"], said["quarantine"]) == (4, 1, 3, 0, 0, None)
    assert said["new"] > 0 and [p for p in (tmp_path / "w").rglob("*") if p.is_file() and p.name not in ("lock", "lock.holder")] == []
    for limit in ("2", "74%"):
        answer = cli("ingest", path, "--max-bad", limit)
        assert answer.code == 1 and f"3 of 4 rows were refused, more than --max-bad {limit}; nothing was written" in answer.err
        assert Ledger(tmp_path / "w").runs() == [] and (tmp_path / "w" / "quarantine" / "file-bases.csv.csv").exists()
    assert cli("ingest", path, "--max-bad", "75%").code == 3 and len(Ledger(tmp_path / "w").runs()) == 1
    assert "write a number of rows, or a share" in cli("ingest", path, "--max-bad", "some").err


def everything(folder: Path) -> bytes:
    """All that lies in a folder, as it is and as Parquet and gzip hold it."""
    import duckdb

    found = [p for p in folder.rglob("*") if p.is_file()]
    text = b"".join(p.read_bytes() for p in found)
    for p in (p for p in found if p.suffix == ".parquet"):
        text += repr(duckdb.execute(f"SELECT * FROM read_parquet('{p}')").fetchall()).encode()
    return text


SECRET = ["成果名称,完成单位,密级,说明", "甲成果,某大学,公开,可见之物", "乙成果暗号,某所,秘密,不可见之物", "丙成果暗号,某院,内部,去年",
          "丁成果,某大学,,也可见"]  # fmt: skip


@pytest.mark.parametrize("mapped", [True, False], ids=["in the form", "in a list whose mapping knows no secrecy"])
def test_a_secret_row_is_refused_whole_and_nothing_of_it_is_kept_anywhere(cli: CLI, given: Given, tmp_path: Path, mapped: bool) -> None:
    (tmp_path / "in").mkdir()
    path = given(*SECRET, name="in/list.csv")
    how: list[Any] = []
    if not mapped:
        how = ["--as", given("title: {zh: a, en: a}", "document: {title: 名单}", "things: {it: {kind: Product, name: 成果名称}}", name="in/l.yaml")]
    answer = cli("ingest", path, *how)
    assert answer.code == 3 and "it is marked secret and is refused whole" in answer.err and "暗号" not in answer.err + answer.out
    cli("build")
    aside = rows(next((tmp_path / "w" / "quarantine").iterdir()))
    assert [(x[3], x[4], x[6], "".join(x[7:])) for x in aside[1:]] == [(n, "密级", "it is marked secret and is refused whole", "") for n in "34"]
    assert b"\xe6\x9a\x97\xe5\x8f\xb7" not in everything(tmp_path / "w") and "不可见之物".encode() not in everything(tmp_path / "w")
    assert cli("show", "甲成果").code == 0 and cli("show", "丁成果").code == 0
    answer = cli("ingest", next((tmp_path / "w" / "quarantine").iterdir()))
    assert "暗号" not in answer.err and len(rows(next((tmp_path / "w" / "quarantine").iterdir()))) == 3, "they stay refused"


def test_a_private_source_leaves_only_where_it_is_asked_for(cli: CLI, given: Given, tmp_path: Path) -> None:
    own = given("title: {zh: a, en: a}", "document: {title: 内部名单}", "private: true", "things: {it: {kind: Organization, name: name}}",
                name="own.yaml")  # fmt: skip
    cli("ingest", given("中试基地名称", "公开基地", name="open.csv"))
    assert cli("ingest", given("name", "私有机构", name="secret.csv"), "--as", own).code == 0
    assert cli("build").code == 0
    assert cli("show", "公开基地").code == 0 and cli("show", "私有机构").code == 4 and cli("search", "私有机构").code == 4
    newest = max((tmp_path / "w" / "snapshots").glob("*/manifest.json"), key=lambda p: p.stat().st_mtime).parent
    assert "私有机构".encode() not in everything(newest) + everything(tmp_path / "w" / "embedded")
    assert cli("build", "--private").code == 0 and cli("show", "私有机构").code == 0


def test_a_source_that_shrank_asks_and_without_an_answer_removes_nothing(cli: CLI, given: Given, tmp_path: Path) -> None:
    names = [f"{n}号基地" for n in "一二三四五六七八九"]
    cli("ingest", given("中试基地名称", *names))
    before = set(live(tmp_path / "w"))
    answer = cli("ingest", given("中试基地名称", *names[:2]))
    assert answer.code == 3 and "are kept until `innochain ingest` is run with --accept-removed" in answer.err
    assert before <= set(live(tmp_path / "w"))
    said = json.loads(cli("ingest", given("中试基地名称", *names[:2]), "--accept-removed", "--json").out)["sources"]["file-facts.csv"]
    assert said["removed"] >= 7 and len(live(tmp_path / "w")) < len(before)
    cli("ingest", given("中试基地名称", *names))
    answer = cli("ingest", given("中试基地名称", *names[:8]))
    assert answer.code == 0, "a small loss is the source's own business"
    cli("build")
    assert cli("show", "八号基地").code == 0 and cli("show", "九号基地").code == 4


def test_the_same_again_writes_nothing(cli: CLI, given: Given, tmp_path: Path) -> None:
    path = given(HEADS, GOOD, *BAD, name="bases.csv")
    cli("ingest", path)
    before = {p: p.read_bytes() for p in (tmp_path / "w").rglob("*") if p.is_file()}
    said = json.loads(cli("ingest", path, "--json").out)["sources"]["file-bases.csv"]
    assert (said["new"], said["removed"], said["kept"]) == (0, 0, 0) and said["unchanged"] > 0
    assert {p: p.read_bytes() for p in (tmp_path / "w").rglob("*") if p.is_file()} == before


def test_two_files_of_one_name_do_not_take_each_others_facts_for_gone(cli: CLI, given: Given, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    cli("ingest", given("中试基地名称", "甲基地"))
    answer = cli("ingest", given("中试基地名称", "乙基地", name="other/facts.csv"))
    assert answer.code == 1 and "--as ANOTHER-NAME if both hold" in answer.err
