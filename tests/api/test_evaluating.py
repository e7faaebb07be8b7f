"""`innochain evaluate`: the figures and their exact shape, and a gold that does not fit named by file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.evaluating import read_gold, scored
from graph.errors import BadFile
from ingest.text.extract import extract

TEXT = "西安交通大学建设的陕西省镁基新材料中试基地位于西安市。鼓励高校建设中试基地。\n"
ONE, TWO = TEXT.strip().split("。")[:2]
MAPPING: dict[str, Any] = {
    "entities": {"高校": "University", "中试基地": "PilotBase", "地区": "Region"},
    "ignored_mentions": ["我省"],
    "relations_that_count": ["建设", "位于"],
}


def entity(kind: str, mention: str, sentence: int = 0, **more: Any) -> dict[str, Any]:
    said = (ONE, TWO)[sentence] + "。"
    at = TEXT.index(said) + said.index(mention)
    spot = {"sentence_id": sentence, "sentence": said, "start": said.index(mention), "doc_start": at}
    return {"kind": "entity", "type": kind, "mention": mention, "canonical": mention, "generic": False} | spot | more


def relation(head: str, kind: str, tail: str) -> dict[str, Any]:
    return {"kind": "relation", "head": head, "type": kind, "tail": tail, "sentence_id": 0, "stated": "explicit"}


GOLD = [
    entity("高校", "西安交通大学"), entity("中试基地", "陕西省镁基新材料中试基地", canonical="镁基地"), entity("地区", "西安市"),
    entity("中试基地", "中试基地", 1, generic=True), relation("西安交通大学", "建设", "镁基地"), relation("镁基地", "位于", "西安市"),
    relation("西安交通大学", "喜欢", "西安市"),
]  # fmt: skip


def given(folder: Path, gold: list[Any], mapping: Any = MAPPING, text: str = TEXT) -> tuple[Path, Path]:
    (folder / "gold.jsonl").write_text("\n".join(g if isinstance(g, str) else json.dumps(g, ensure_ascii=False) for g in gold), encoding="utf-8")
    (folder / "gold_mapping.json").write_text(mapping if isinstance(mapping, str) else json.dumps(mapping), encoding="utf-8")
    (folder / "text.txt").write_text(text, encoding="utf-8")
    return folder / "gold.jsonl", folder / "text.txt"


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["evaluate", *map(str, words)])
    return done.exit_code, done.output


def test_the_answer_in_json_has_exactly_this_shape(tmp_path: Path) -> None:
    gold, text = given(tmp_path, GOLD)
    code, said = run(gold, "--text", text, "--json")
    found = json.loads(said)
    kinds = ("PilotBase", "Region", "University")
    all_right = {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert code == 0 and found == {
        "entities": {"f1": 1.0, "span": all_right, "span_kind": all_right, "by_kind": dict.fromkeys(kinds, all_right)},
        "relations": all_right,
        "misses": [],
    }


def test_the_table_says_the_same_with_its_misses(tmp_path: Path) -> None:
    gold, text = given(tmp_path, [*GOLD[:2], entity("高校", "位于"), *GOLD[4:5]])
    code, said = run(gold, "--text", text)
    assert code == 0 and "entities, span" in said and "not found: University 位于" in said and "not in the gold: Region 西安市" in said
    assert "位于→ 西安市" in said and "[located]" in said


def test_kind_span_and_misses_are_counted_apart(tmp_path: Path) -> None:
    gold, _ = given(tmp_path, [entity("地区", "西安交通大学"), *GOLD[1:2]])
    found = scored(read_gold(gold, TEXT), extract(TEXT))
    assert found["entities"]["span"] == {"precision": 0.6667, "recall": 1.0, "f1": 0.8}
    assert found["entities"]["span_kind"] == {"precision": 0.3333, "recall": 0.5, "f1": 0.4}
    assert [(m["missed"], m["kind"]) for m in found["misses"] if m["what"] == "entity"] == [("precision", "Region"), ("kind", "Region")]


def test_mentions_the_mapping_ignores_count_neither_way(tmp_path: Path) -> None:
    gold, _ = given(tmp_path, GOLD, MAPPING | {"ignored_mentions": ["西安市"]})
    found = scored(read_gold(gold, TEXT), extract(TEXT))
    assert found["entities"]["span"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0} and "Region" not in found["entities"]["by_kind"]


@pytest.mark.parametrize(("gold", "mapping", "said"), [
    ([GOLD[0], "{"], MAPPING, r"gold\.jsonl:2: no JSON"),
    ([GOLD[0], {"kind": "other"}], MAPPING, r"gold\.jsonl:2: every line is an object whose kind is entity or relation"),
    ([GOLD[0], "3"], MAPPING, r"gold\.jsonl:2: every line is an object"),
    ([GOLD[0], {"kind": "entity", "type": "高校"}], MAPPING, r"gold\.jsonl:2: an entity needs mention"),
    ([GOLD[0], {"kind": "relation", "head": "甲"}], MAPPING, r"gold\.jsonl:2: a relation needs type"),
    ([GOLD[0] | {"doc_start": 3}], MAPPING, r"gold\.jsonl:1: the text has '通大学建设的' at 3, not '西安交通大学'; is it the text"),
    ([], MAPPING, r"gold\.jsonl: it labels no entity"),
    (GOLD, "{}", r"gold_mapping\.json: it needs entities .* and relations_that_count"),
    (GOLD, "no json", r"gold_mapping\.json: it needs entities"),
])  # fmt: skip
def test_a_gold_that_does_not_fit_is_refused_with_its_file_and_line(tmp_path: Path, gold: list[Any], mapping: Any, said: str) -> None:
    path, _ = given(tmp_path, gold, mapping)
    with pytest.raises(BadFile, match=said):
        read_gold(path, TEXT)


def test_a_gold_without_its_mapping_or_text_is_refused(tmp_path: Path) -> None:
    gold, text = given(tmp_path, GOLD)
    (tmp_path / "gold_mapping.json").unlink()
    with pytest.raises(BadFile, match=r"gold_mapping\.json: .*needs it beside it"):
        read_gold(gold, TEXT)
    with pytest.raises(BadFile, match=r"nowhere\.jsonl: .*give a file of JSON lines in UTF-8"):
        read_gold(tmp_path / "nowhere.jsonl", TEXT)
    assert run(gold, "--text", tmp_path / "nowhere.txt")[0] != 0 and text.exists()
