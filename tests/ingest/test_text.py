"""Texts: who published them as far as they say, and personal data gone before anything is stored."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import duckdb
import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from graph.records import Claim
from ingest.load import ingest
from ingest.source import File, chosen
from ingest.text.mask import mask
from tests.ingest.conftest import Given
from tests.world.making import build

PERSONAL = {
    "mobile": ("请致电13800138000。", "13800138000"),
    "mobile in groups": ("手机 138 0013 8000,", "138 0013 8000"),
    "mobile with dashes": ("手机138-0013-8000", "138-0013-8000"),
    "land line": ("传真029-87654321", "029-87654321"),
    "land line without a dash": ("传真02987654321", "02987654321"),
    "telephone of any form": ("电话:8765 4321", "8765 4321"),
    "identity card": ("身份证11010519491231002X", "11010519491231002X"),
    "identity card of digits": ("证件号110105194912310021。", "110105194912310021"),
    "e-mail": ("邮箱zhang.san+1@kjt.shaanxi.gov.cn", "zhang.san+1@kjt.shaanxi.gov.cn"),
    "contact person": ("(联系人:张三丰 电话:029-87654321)", "张三丰"),
    "mobile in full width": ("电话：１３８００１３８０００。", "１３８００１３８０００"),
    "land line in full width": ("传真０２９－８７６５４３２１", "０２９－８７６５４３２１"),
    "contact person after a space": ("联系人: 张三", "张三"),
}


@pytest.mark.parametrize("what", PERSONAL)
def test_personal_data_is_blotted_out_with_equal_length(what: str) -> None:
    text, secret = PERSONAL[what]
    masked = mask(text)
    assert secret not in masked and len(masked) == len(text)
    at = text.index(secret)
    assert masked[at : at + len(secret)] == "█" * len(secret) and masked[:at] == text[:at]


@pytest.mark.parametrize("text", [
    "2024年8月14日", "到2026年底,将培育认定60家概念验证中心和中试基地", "统一社会信用代码91610131MA6KKKKK1A", "合同编号2024610100000123",
    "成果登记号6102024Y0123", "投资20000000000元", "陕科发〔2023〕12号", "GB 32100-2015", "http://kjt.shaanxi.gov.cn/a/12345678901234.html", "610000",
])  # fmt: skip
def test_numbers_that_are_nobody_s_stay(text: str) -> None:
    assert mask(text) == text


@whatever(st.text(st.sampled_from("0123456789 -:联系人电话张三@.aX█\n139"), max_size=80))
def test_masking_keeps_every_length_and_line_and_is_done_in_one_go(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert all(m in (t, "█") for t, m in zip(text, masked, strict=True))
    assert mask(masked) == masked


# ---- a text document


def document(claims: list[Claim]) -> dict[str, str]:
    return {c.predicate: c.shown or "" for c in claims if c.kind == "Document"}


REPLY = ["您提出的《关于中试的提案》收悉。现答复如下:", "一、略。", "某市科学技术局", "2025年3月4日", "(联系人:张三 电话:029-87654321)"]


def test_a_reply_says_what_it_answers_who_signed_it_and_when(given: Given) -> None:
    said = document(File(given(*REPLY, name="reply.txt")).read().claims)
    assert (said["name"], said["issuer"], said["published"]) == ("对《关于中试的提案》的答复", "某市科学技术局", "2025年3月4日")
    assert said["standing"] == "unknown"


def test_another_text_is_called_by_its_first_line(given: Given) -> None:
    said = document(File(given("", "关于征集中试需求的通知", "各单位:", name="notice.txt")).read().claims)
    assert said["name"] == "关于征集中试需求的通知" and "published" not in said and "issuer" not in said


def test_a_text_signed_on_a_day_that_never_was_is_read_without_a_date(given: Given) -> None:
    said = document(File(given("某通知", "某局", "2025年2月30日", name="notice.txt")).read().claims)
    assert said["name"] == "某通知" and "published" not in said


def test_the_text_itself_is_stored_masked_and_unnormalised(given: Given) -> None:
    path = given(*REPLY, "ＡＢＣ　①", name="reply.txt")
    (text,) = (json.loads(c.value or "") for c in File(path).read().claims if c.predicate == "text")
    assert len(text) == len(path.read_text(encoding="utf-8")) and "ＡＢＣ　①" in text
    assert "张三" not in text and "87654321" not in text


def test_a_gb18030_text_is_read_and_said(given: Given) -> None:
    source = File(given(*REPLY, name="reply.txt", encoding="gb18030"))
    read = source.read()
    assert document(read.claims)["issuer"] == "某市科学技术局"
    assert read.encoding == "gb18030"


# ---- nowhere


def every_byte(workspace: Path) -> bytes:
    """All that is stored, also inside compressed Parquet and SQLite pages."""
    stored = [p.read_bytes() for p in workspace.rglob("*") if p.is_file()]
    with duckdb.connect() as db:
        for path in workspace.rglob("*.parquet"):
            stored += [repr(r).encode() for r in db.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()]
    for path in workspace.rglob("*.sqlite"):
        lite = sqlite3.connect(path)
        stored += [repr(r).encode() for (t,) in lite.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                   for r in lite.execute(f'SELECT * FROM "{t}"').fetchall()]  # fmt: skip
        lite.close()
    return b"\n".join(stored)


def test_nothing_personal_of_a_table_or_a_text_is_stored_anywhere(tmp_path: Path, given: Given) -> None:
    table = given("kind,subject,predicate,object_kind,object,value,qualifiers,note", "PilotBase,镁基地,summary,,,电话:029-87654321,,联系人:张三丰",
                  "Organization,甲13800138000,HOLDS,Credential,CNAS,,scope=zhang@a.cn,")  # fmt: skip
    ingest(tmp_path / "w", [File(table), File(given(*REPLY, "13800138000", name="reply.txt"))])
    build(tmp_path / "w")
    stored = every_byte(tmp_path / "w")
    assert "镁基地".encode() in stored and "某市科学技术局".encode() in stored
    for secret in ("87654321", "张三", "13800138000", "zhang@a.cn"):
        assert secret.encode() not in stored, secret


def test_nothing_personal_of_the_founding_text_is_stored_anywhere(shared: Path, tmp_path: Path) -> None:
    path = next((shared / "data" / "seed").glob("*.txt"))
    last = path.read_text(encoding="utf-8").strip().splitlines()[-1]
    name, number = last.split("联系人:")[1].split(" ")[0], last.split("电话:")[1].rstrip(")")
    assert len(name) in (2, 3) and number[:3] == "029"
    ingest(tmp_path, [*chosen(["shaanxi-reply-2024-08-14"]), File(path)])
    build(tmp_path)
    stored = every_byte(tmp_path)
    assert "张锋委员".encode() in stored  # the text is there
    for secret in (name, number, number.split("-")[1]):
        assert secret.encode() not in stored
