"""Tables as people have them: encodings, Excel's titles, heads, merges and notes, JSON, Parquet, zips; and files that are none."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
import xlsxwriter

from graph.errors import BadFile
from ingest import readers
from ingest.grids import grids
from tests.ingest.conftest import CLI, Given

WANTED = ("名称", "单位", "代码")


class Read(NamedTuple):
    name: str
    heads: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    notes: list[int]
    encoding: str


def read(path: Path, *wanted: str) -> list[Read]:
    with grids(path, wanted or WANTED) as found:
        return [Read(g.name, g.heads, [*g.rows], g.notes, g.encoding) for g in found]


def excel(path: Path, fill: Callable[[Any, Any], None], *more: Callable[[Any, Any], None]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for each in (fill, *more):
        each(book, book.add_worksheet())
    book.close()
    return path


@pytest.mark.parametrize(("encoding", "said"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("gbk", "gb18030"),
                                                ("utf-16", "utf-16")])  # fmt: skip
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_csv_in_every_usual_encoding_and_separator(given: Given, encoding: str, said: str, separator: str) -> None:
    path = given(separator.join(WANTED), separator.join(("镁基地", "西北工业大学", "0012")), encoding=encoding)
    assert read(path) == [Read("facts.csv", WANTED, [(2, ["镁基地", "西北工业大学", "0012"])], [], said)]


def test_a_rare_character_of_gb18030_and_a_block_that_ends_inside_a_character(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_CHUNK", 7)
    assert read(given("名称", "𠮷镕㛃", encoding="gb18030"))[0].rows == [(2, ["𠮷镕㛃"])]


def test_quoted_cells_hold_separators_and_line_breaks_and_the_row_number_is_the_line(given: Given) -> None:
    (made,) = read(given("名称,单位", '"甲,乙","a\nb"', "", "丙,丁"))
    assert made.rows == [(3, ["甲,乙", "a b"]), (5, ["丙", "丁"])]


def test_titles_above_notes_below_sums_and_repeated_heads_are_no_data(given: Given) -> None:
    (made,) = read(given("陕西省中试基地名单,,", "填报单位：省科技厅,,2024年", "名称,单位,代码", "一、高校,,", "甲,西北工业大学,1", "名称,单位,代码",
                         "乙,长安大学,2", "合计,2家,3", "注：以上为公示名单,,"))  # fmt: skip
    assert made.heads == WANTED
    assert made.rows == [(5, ["甲", "西北工业大学", "1"]), (7, ["乙", "长安大学", "2"])]
    assert made.notes == [4, 6, 8, 9]


def test_a_list_of_names_only_keeps_every_name(given: Given) -> None:
    assert [c for _, c in read(given("名称", "合成材料基地", "注册基地", "说明书基地"))[0].rows] == [["合成材料基地"], ["注册基地"], ["说明书基地"]]


def test_heads_may_carry_stars_brackets_spaces_and_line_breaks(given: Given) -> None:
    (made,) = read(given('*名 称,单位（必填）,"代\n码(选填)",其他', "甲,乙,1,x"))
    assert made.heads == (*WANTED, "其他")


def test_excel_with_a_title_merged_two_row_heads_merged_cells_and_a_note(tmp_path: Path) -> None:
    def fill(_: Any, s: Any) -> None:
        s.merge_range(0, 0, 0, 3, "中试基地一览表")
        s.merge_range(1, 0, 2, 0, "名称")
        s.merge_range(1, 1, 1, 2, "依托单位")
        s.write_row(2, 1, ["单位", "代码"])
        s.merge_range(1, 3, 2, 3, "启用日期")
        s.write_row(3, 0, ["甲", "", 1001])
        s.write_row(4, 0, ["乙", "", 1002.5])
        s.merge_range(3, 1, 4, 1, "西北工业大学")
        s.merge_range(5, 0, 5, 3, "二、社会机构")
        s.write_row(6, 0, ["丙", "某公司", True])
        s.merge_range(7, 0, 7, 3, "注：数据截至2024年8月")

    (made,) = read(excel(tmp_path / "t.xlsx", fill))
    assert made.heads == ("名称", "单位", "代码", "启用日期") and made.encoding == "xlsx"
    assert made.rows == [(4, ["甲", "西北工业大学", "1001", ""]), (5, ["乙", "西北工业大学", "1002.5", ""]), (7, ["丙", "某公司", "是", ""])]
    assert made.notes == [6, 8]


def test_excel_dates_long_numbers_and_an_offset_table(tmp_path: Path) -> None:
    def fill(book: Any, s: Any) -> None:
        import datetime as dt

        s.write_row(4, 2, WANTED)
        s.write_datetime(5, 2, dt.datetime(2024, 8, 14), book.add_format({"num_format": "yyyy-mm-dd"}))
        s.write(5, 3, 123456789012345)
        s.write(5, 4, 1234567890123456)  # Excel holds 15 digits: the last one is not what was typed

    (made,) = read(excel(tmp_path / "t.xlsx", fill))
    number, cells = made.rows[0]
    filled = [c for c in cells if c]
    assert number == 6 and filled[:2] == ["2024-08-14", "123456789012345"]
    assert not filled[2].isdigit(), "a damaged code must not pass for a code"


def test_every_visible_sheet_that_has_the_heads_is_read(tmp_path: Path) -> None:
    def sheet(name: str, hidden: bool = False) -> Callable[[Any, Any], None]:
        def fill(_: Any, s: Any) -> None:
            s.write_row(0, 0, WANTED)
            s.write_row(1, 0, [name, "某校", "1"])
            if hidden:
                s.hide()

        return fill

    path = excel(tmp_path / "t.xlsx", sheet("甲"), sheet("密", hidden=True), lambda _, s: s.write(0, 0, "封面"), sheet("乙"))
    assert [(g.name, g.rows[0][1][0]) for g in read(path)] == [("Sheet1", "甲"), ("Sheet4", "乙")]


def test_json_lists_objects_by_name_and_nested_values(tmp_path: Path) -> None:
    def rows(value: object, *wanted: str) -> list[list[str]]:
        path = tmp_path / "t.json"
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        return [c for g in read(path, *wanted) for _, c in g.rows]

    assert rows([{"名称": "甲", "代码": 1}, {"名称": "乙", "单位": None}]) == [["甲", "1", ""], ["乙", "", ""]]
    assert rows({"total": 1, "data": [{"名称": "甲", "单位": {"全称": "某校"}}]}, "名称", "单位.全称") == [["甲", "某校"]]
    assert rows({"甲": [1.5, 2], "乙": []}, "key1", "value1", "value2") == [["甲", "1.5", "2"], ["乙", "", ""]]
    assert rows({"陕西": {"某校": "http://a.cn"}}, "key1", "key2", "value") == [["陕西", "某校", "http://a.cn"]]
    assert rows([{"名称": "甲", "单位": {"某校": 3, "某所": 1}}]) == [["甲", "某校、某所"]]
    assert rows([{"名称": "甲", "单位": ["某校", "某所"]}]) == [["甲", "某校、某所"]]


def test_a_head_that_a_json_lines_file_first_has_far_down_is_found(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps({"名称": str(n)} | ({"代码": "x"} if n == 2_000 else {})) + "\n" for n in range(2_001)), encoding="utf-8")
    (made,) = read(path, "名称", "代码")
    assert made.heads == ("名称", "代码") and made.rows[-1] == (2_001, ["2000", "x"])


def test_parquet_with_missing_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    duckdb.execute(f"COPY (SELECT * FROM (VALUES ('甲', 1.0, DATE '2024-08-14'), ('乙', 'nan'::DOUBLE, NULL)) t(名称, 代码, 单位)) TO '{path}'")
    assert [c for _, c in read(path)[0].rows] == [["甲", "1", "2024-08-14"], ["乙", "", ""]]


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, body in members.items():
            z.writestr(name, body)
    return path


def test_zips_with_several_files_and_names_as_chinese_windows_writes_them(tmp_path: Path) -> None:
    table = "名称,单位\n甲,某校\n".encode("gb18030")
    path = zipped(tmp_path / "t.zip", **{"名单/西安.csv": table, "__MACOSX/._x.csv": b"", "readme.md": b"x", "b.CSV": table})
    assert [(g.name, g.encoding) for g in read(path)] == [("西安.csv", "gb18030"), ("b.CSV", "gb18030")]
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as z:
        z.writestr("XX.csv", table)
    (tmp_path / "gbk.zip").write_bytes(raw.getvalue().replace(b"XX", "规".encode("gbk")))
    assert [g.name for g in read(tmp_path / "gbk.zip")] == ["规.csv"]


def test_a_zip_that_would_fill_the_disk_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "UNZIPPED", 1_000)
    with pytest.raises(BadFile, match="when unpacked; unpack it and give the files"):
        read(zipped(tmp_path / "t.zip", **{"a.csv": b"0" * 2_000}))


def _locked(path: Path) -> bytes:
    raw = bytearray(zipped(path, **{"a.csv": b"x"}).read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def _spoilt(path: Path) -> bytes:
    raw = bytearray(zipped(path, **{"a.csv": b"name,unit\n" * 50}).read_bytes())
    raw[40] ^= 0xFF
    return bytes(raw)


BAD = {  # name of the file: (its bytes, what is said)
    "empty.csv": (b"", r"empty\.csv: the file is empty"),
    "blank.tsv": (b" \n\n", r"blank\.tsv: the file is empty"),
    "binary.csv": (bytes(range(256)), r"binary\.csv: neither UTF-8, UTF-16 nor GB18030 text; save it as UTF-8"),
    "quotes.csv": ('名称,单位\n"甲"乙,某校\n'.encode(), r"quotes\.csv:2: .*; quote cells that hold quotes, and save the file again"),
    "twice.csv": ("名称,单位,名称\n甲,乙,丙\n".encode(), r"twice\.csv: column '名称' appears twice in twice\.csv; rename one of them"),
    "no-zip.xlsx": (b"hello", r"no-zip\.xlsx: Excel's file cannot be read .*; open it in Excel and save it as \.xlsx, without a password"),
    "locked.xlsx": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2_000), r"locked\.xlsx: Excel's file cannot be read .*without a password"),
    "nothing.xlsx": (b"", r"nothing\.xlsx: Excel's file cannot be read"),
    "no.parquet": (b"PAR1", r"no\.parquet: no Parquet file: "),
    "no.json": (b'{"a":', r"no\.json: no JSON that holds a table: .*give a list of objects"),
    "numbers.json": (b"[1, 2]", r"numbers\.json: a list of objects, or objects by name, is needed"),
    "no.jsonl": ('{"名称": 1}\nno\n'.encode(), r"no\.jsonl:2: no JSON object: .*a line holds one object"),
    "no.zip": (b"hello", r"no\.zip: the zip file cannot be read .*; unpack it and give the files"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, cli: CLI, name: str) -> None:
    raw, said = BAD[name]
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(BadFile, match=said):
        read(path)
    answer = cli("ingest", path)
    assert answer.code == 1 and answer.err.strip().startswith("error: ") and answer.err.strip().count("\n") == 0, answer.err


def test_zips_with_a_password_or_a_damaged_member_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    path.write_bytes(_locked(path))
    with pytest.raises(BadFile, match=r"t\.zip: the zip file needs a password; unpack it and give the files"):
        read(path)
    path.write_bytes(_spoilt(path))
    with pytest.raises(BadFile, match=r"t\.zip: the zip file cannot be read .*; unpack it and give the files"):
        read(path)
    with pytest.raises(BadFile, match=r"t\.zip: 坏\.jsonl:1: no JSON object"):
        read(zipped(path, **{"坏.jsonl": b"no\n"}))


def test_a_long_cell_is_no_mistake(given: Given) -> None:
    assert len(read(given("名称,单位", "甲," + "字" * 200_000))[0].rows[0][1][1]) == 200_000
