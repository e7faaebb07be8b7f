"""Files as they come: what is read, with its encoding said, and what is refused with one clear message."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from graph.errors import BadFile, Unknown
from ingest.files import decode, table, write_csv
from ingest.source import File, chosen
from tests.ingest.conftest import Given


def test_utf_8_and_gb18030_are_read_and_said(given: Given) -> None:
    text = "kind,subject\nPilotBase,陕西省镁基新材料中试基地\n"
    for encoding, said in (("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("gbk", "gb18030")):
        path = given(*text.splitlines(), encoding=encoding)
        made = decode(path)
        assert (made.text, made.encoding) == (text, said)
        assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()  # of the file as it came


def test_gb18030_tables_are_read_like_any_other(given: Given) -> None:
    source = File(given("kind,subject,predicate,value", "PilotBase,镁基地,area,3亩", encoding="gb18030"))
    reading = source.read()
    assert reading.encoding == "gb18030" and not reading.refused
    assert {c.shown for c in reading.claims} >= {"镁基地", "3亩"}


@pytest.mark.parametrize("raw", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", "\u3000\n".encode()])
@pytest.mark.parametrize("name", ["notice.txt", "facts.csv"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, raw: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(BadFile, match=rf"{name}: the file is empty"):
        File(path).read()


@pytest.mark.parametrize("raw", [
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00\x06\x00\x08\x00", b"\xff\xfe\x00\xd8", b"\xff\xff\xff\xff",
])  # fmt: skip
def test_a_binary_file_is_refused_saying_what_to_save_it_as(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(raw)
    with pytest.raises(BadFile, match=r"picture\.csv: neither UTF-8, UTF-16 nor GB18030 text; save it as UTF-8"):
        File(path).read()


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(BadFile, match="give the path of a readable file"):
            decode(path)


def test_a_file_of_another_sort_is_refused_naming_the_sorts_that_are_read(given: Given) -> None:
    with pytest.raises(BadFile, match=r"facts\.png: \.png files cannot be read; give one of \.csv, .*\.txt, .*\.xlsx"):
        File(given("x", name="facts.png")).read()
    with pytest.raises(BadFile, match=r"facts\.xlsx: Excel's file cannot be read .*save it as \.xlsx"):
        File(given("x", name="facts.xlsx")).read()


def test_a_name_that_is_neither_source_nor_file_lists_the_sources() -> None:
    with pytest.raises(Unknown, match=r"'regoins' is neither a shipped source nor a file; shipped are: .*regions"):
        chosen(["regoins"])


def test_nothing_chosen_is_every_shipped_source_and_a_path_is_a_file(given: Given) -> None:
    assert len(chosen([])) >= 60
    path = given("kind,subject")
    assert [s.name for s in chosen(["regions", str(path)])] == ["regions", "file-facts.csv"]


def test_a_text_and_a_table_of_one_stem_are_two_sources(given: Given) -> None:
    files = [given("x", name=n) for n in ("notice.txt", "notice.csv", "notice.tsv")]
    assert len({s.name for s in chosen(map(str, files))}) == 3


# ---- tables


def test_a_row_s_number_is_its_line_in_the_file(given: Given) -> None:
    made = table(given("kind,subject", "", 'PilotBase,"镁', '基地"', "PilotBase,钛基地"))
    assert [(n, r["subject"]) for n, r in made.rows] == [(4, "镁\n基地"), (5, "钛基地")]


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\u2028", "\x85", "\x1e"])
def test_only_line_ends_end_a_row(given: Given, odd: str) -> None:
    made = table(given("kind,subject,note", f"PilotBase,镁基地,第一段{odd}第二段", "PilotBase,钛基地,注"))
    assert [r["subject"] for _, r in made.rows] == ["镁基地", "钛基地"]
    assert made.rows[0][1]["note"].endswith("第二段")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_sort_of_line_end_is_read(tmp_path: Path, end: str) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes(end.join(["kind,subject", "PilotBase,镁基地", "PilotBase,钛基地", ""]).encode())
    assert [(n, r["subject"]) for n, r in table(path).rows] == [(2, "镁基地"), (3, "钛基地")]


def test_a_tsv_is_cut_at_tabs(given: Given) -> None:
    assert table(given("kind\tsubject", "PilotBase\t甲,乙", name="facts.tsv")).rows == ((2, {"kind": "PilotBase", "subject": "甲,乙"}),)


@pytest.mark.parametrize(("lines", "said"), [
    (["kind,subject,kind", "a,b,c"], r"facts\.csv:1: column 'kind' appears twice"),
    (["kind,subject", "PilotBase,a", "PilotBase,a,b"], r"facts\.csv:3: 3 cells under 2 heads; quote cells that hold a comma"),
    (["kind,subject", 'PilotBase,"open'], r"facts\.csv:2: unexpected end of data"),
    (["kind,subject", 'PilotBase,"a"b'], r"facts\.csv:2: "),
])  # fmt: skip
def test_a_broken_table_is_refused_with_its_line(given: Given, lines: list[str], said: str) -> None:
    with pytest.raises(BadFile, match=said):
        table(given(*lines))


@whatever(st.binary(max_size=200))
def test_no_bytes_make_reading_fail_otherwise_than_by_refusing(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    for name in ("any.csv", "any.txt"):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(raw)
        try:
            assert File(path).read().read > 0
        except BadFile as refused:
            assert name in refused.detail


def test_what_a_spreadsheet_would_run_is_written_as_text(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_csv(path, ("a",), [{"a": "=1+1"}, {"a": "+1"}, {"a": "-1"}, {"a": "@SUM(A1)"}, {"a": "@batch-2022"}, {"a": "中"}])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # Excel needs it for Chinese
    with path.open(encoding="utf-8-sig", newline="") as f:
        assert [r["a"] for r in csv.DictReader(f)] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "@batch-2022", "中"]
