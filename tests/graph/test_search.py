"""The search index: what people type finds what they mean, and no text breaks it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import search
from graph.search import find, named, sort_key

NAMES = [  # id, kind, name, aliases, modality
    ("organization:npu", "Organization", "西北工业大学", ["西工大", "NPU"], "done"),
    ("organization:nwu", "Organization", "西北大学", ["西大"], "done"),
    ("organization:nin", "Organization", "西北有色金属研究院", [], "done"),
    ("pilot-base:mg", "PilotBase", "陕西省镁基新材料中试基地", ["镁基地"], "done"),
    ("pilot-base:ti", "PilotBase", "陕西省钛合金中试基地", [], "planned"),
    ("platform:3d", "Platform", "3D打印共享平台", [], "done"),
    ("policy:36", "Policy", "科技成果“三项改革”", ["三项改革"], "done"),
]
SEVEN = {n[0] for n in NAMES}


def indexed() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", check_same_thread=False)
    search.index(db, ((i, kind, text, text != name, name, sort_key(name), modality)
                      for i, kind, name, aliases, modality in NAMES for text in (name, *aliases)))  # fmt: skip
    return db


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    made = indexed()
    yield made
    made.close()


def ids(db: sqlite3.Connection, text: str, *kinds: str, limit: int = 20) -> list[str]:
    return [h.id for h in find(db, text, kinds, limit)]


@pytest.mark.parametrize(("text", "first"), [
    ("工大", "organization:npu"), ("新材", "pilot-base:mg"), ("钛合", "pilot-base:ti"),
    ("镁", "pilot-base:mg"), ("钛", "pilot-base:ti"),
    ("西工大", "organization:npu"), ("npu", "organization:npu"), ("三项改革", "policy:36"),
    ("xibeigongyedaxue", "organization:npu"), ("xi bei gong ye da xue", "organization:npu"), ("xibeidaxue", "organization:nwu"),
    ("xbgydx", "organization:npu"), ("xgd", "organization:npu"),
    ("ＮＰＵ", "organization:npu"), ("３Ｄ打印", "platform:3d"), ("3d", "platform:3d"), ("西北 工业 大学", "organization:npu"),
    ("《三项改革》", "policy:36"), ("陕西省镁基新材料中试基地", "pilot-base:mg"),
])  # fmt: skip
def test_what_people_type_finds_what_they_mean(db: sqlite3.Connection, text: str, first: str) -> None:
    assert ids(db, text)[:1] == [first]


def test_one_character_finds_every_name_that_holds_it(db: sqlite3.Connection) -> None:
    assert set(ids(db, "北")) == {"organization:npu", "organization:nwu", "organization:nin"}


def test_the_exact_name_stands_first_though_longer_names_begin_with_it(db: sqlite3.Connection) -> None:
    hits = find(db, "西北大学")
    assert (hits[0].id, hits[0].score) == ("organization:nwu", 100.0) and all(h.score < 100 for h in hits[1:])


def test_an_alias_says_what_matched_and_what_the_thing_is_called(db: sqlite3.Connection) -> None:
    (hit,) = [h for h in find(db, "西工大") if h.id == "organization:npu"]
    assert (hit.matched, hit.name, hit.kind, hit.score) == ("西工大", "西北工业大学", "Organization", 99.0)


def test_a_thing_is_listed_once_however_many_of_its_names_fit(db: sqlite3.Connection) -> None:
    found = ids(db, "镁基")
    assert found.count("pilot-base:mg") == 1


def test_kinds_and_modalities_are_kept_to(db: sqlite3.Connection) -> None:
    assert set(ids(db, "中试", "PilotBase")) == {"pilot-base:mg", "pilot-base:ti"}
    assert ids(db, "中试", "Organization") == []
    assert [h.id for h in find(db, "中试", modalities=["done"])] == ["pilot-base:mg"]
    assert ids(db, "西工大", "PilotBase") == []  # not by an exact name either


def test_the_limit_keeps_the_best(db: sqlite3.Connection) -> None:
    assert ids(db, "西北大学", limit=1) == ["organization:nwu"]


def test_words_that_stand_in_no_one_name_together_find_names_that_have_some(db: sqlite3.Connection) -> None:
    assert "pilot-base:mg" in ids(db, "镁基钛锆")


@pytest.mark.parametrize("text", ["", " ", "\u3000", "。", "!?", "***", '""', "()", "-"])
def test_empty_text_finds_nothing(db: sqlite3.Connection, text: str) -> None:
    assert find(db, text) == []


@pytest.mark.parametrize("text", [
    '"西北', "西北*", "-西北", "西北 NEAR 大学", "NEAR(西北 大学, 2)", "(西北", "西北)", "西北 AND", "OR 西北", "NOT 西北", "tokens:西北", "^西北",
    "{西北}", "西北+大学", "西'北", "西北; DROP TABLE names", "西\x00北", "%西北%",
])  # fmt: skip
def test_the_syntax_of_the_index_is_only_text_in_a_query(db: sqlite3.Connection, text: str) -> None:
    assert set(ids(db, text)) & {"organization:npu", "organization:nwu", "organization:nin"}
    assert db.execute("SELECT count(DISTINCT node) FROM names").fetchone() == (len(SEVEN),)


FUZZED = indexed()


@given(st.text(max_size=60) | st.text('"*-()^:{}+\'; 西北大ANDORNEAR019', max_size=40))
def test_no_text_breaks_the_search(text: str) -> None:
    assert {h.id for h in find(FUZZED, text)} <= SEVEN
    assert {h.id for h in named(FUZZED, text)} <= SEVEN


def test_a_very_long_text_does_not_break_the_search(db: sqlite3.Connection) -> None:
    assert set(ids(db, "西北" * 3000)) <= SEVEN
    assert set(ids(db, "a1 西 " * 3000)) <= SEVEN


def test_a_name_is_borne_exactly_or_not(db: sqlite3.Connection) -> None:
    assert [h.id for h in named(db, "西工大")] == ["organization:npu"]
    assert named(db, "西工") == []


def test_chinese_names_stand_in_the_order_of_their_pinyin(db: sqlite3.Connection) -> None:
    assert sorted(["镁业", "安康", "西安", "宝鸡"], key=sort_key) == ["安康", "宝鸡", "镁业", "西安"]
