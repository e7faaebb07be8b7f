"""Every question of the catalogue gives the golden rows, on every store. Renew them with `python tests/golden/renew.py`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from queries.catalogue import Catalogue
from queries.reader import Reader, plain
from tests.golden.renew import EXAMPLES, HERE, bare, call, golden, resolve

CALLS = [(q, n) for q, calls in EXAMPLES.items() for n in range(len(calls))]


def kept(question: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(golden(question).read_text(encoding="utf-8"))
    return found


def test_every_question_has_an_example_and_no_golden_file_is_left_over() -> None:
    questions = {q.name for q in Catalogue()}
    assert set(EXAMPLES) == questions
    assert {p.stem for p in HERE.glob("*.json")} == questions


@pytest.mark.parametrize("question", sorted(EXAMPLES))
def test_golden_rows_fit_the_declaration(question: str) -> None:
    """The first call is not empty, and its columns are those of `returns` with values of their types."""
    calls, declared = kept(question), [x for x in Catalogue().get(question).returns if x[0] != "evidence"]  # see renew.py
    assert [c["given"] for c in calls] == EXAMPLES[question]
    assert calls[0]["rows"], f"{question} has no example with rows"
    for row in (r for c in calls for r in c["rows"]):
        assert set(row) == {name for name, _ in declared}
        for name, kind in declared:
            assert fits(row[name], kind), (question, name, kind, row[name])


def fits(value: Any, kind: str) -> bool:
    if kind in ("nodes", "edges", "strs"):
        return isinstance(value, list) and all(fits(v, kind[:-1]) for v in value)
    if value is None:
        return True
    shapes = {"node": {"id", "kind", "types", "name", "properties"}, "edge": {"id", "relation", "source", "target", "properties"}}
    if kind in shapes:
        return isinstance(value, dict) and set(value) == shapes[kind] and (kind == "node" or bool(value["source"] and value["target"]))
    return type(value) is {"int": int, "float": float, "bool": bool, "str": str, "date": str}[kind]


@pytest.mark.parametrize(("question", "n"), CALLS, ids=[f"{q}-{n}" for q, n in CALLS])
def test_golden(reader: Reader, question: str, n: int) -> None:
    wanted = kept(question)[n]
    found = json.loads(json.dumps(call(reader, question, EXAMPLES[question][n]), ensure_ascii=False))
    assert found == wanted


@pytest.mark.parametrize("question", ["neighbours", "document_states", "subregions", "policies", "at_stage"])
def test_pages_put_together_are_the_whole(reader: Reader, question: str) -> None:
    given = resolve(reader, question, {k: v for k, v in EXAMPLES[question][0].items() if k != "limit"})
    whole = reader.ask(question, {**given, "limit": 200})
    rows, cursor, pages = [], None, 0
    while True:
        page = reader.ask(question, {**given, "limit": 7}, cursor)
        assert len(page.rows) <= 7
        rows, cursor, pages = rows + page.rows, page.next_cursor, pages + 1
        if cursor is None or len(rows) >= len(whole.rows):
            break
    assert bare(plain(rows))[: len(whole.rows)] == bare(plain(whole.rows))
    assert (cursor is None) == (whole.next_cursor is None and len(rows) == len(whole.rows))
    assert pages > 1


def test_the_question_that_ran_can_be_seen_and_run_again(reader: Reader) -> None:
    page = reader.ask("bases", {"year": 2024})
    assert page.cypher["parameters"] == {"region": None, "field": None, "level": None, "year": 2024, "modalities": ["done"], "limit": 21, "skip": 0}
    again = reader.store.ask(page.cypher["text"], page.cypher["parameters"], 10, 100)
    assert again.rows == page.rows


def test_names_may_stand_for_ids(reader: Reader) -> None:
    by_name = reader.ask("owner_achievements", {"owner": "合大"}, names=True)
    assert [r["achievement"].name for r in by_name.rows] == ["合成成果二", "合成成果一"]
