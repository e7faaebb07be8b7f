"""Slow answers are kept for their version, within bounds, and nobody can change them for the next."""

from __future__ import annotations

import pytest

from graph.store.contract import Answer
from queries import kept
from queries.catalogue import Catalogue, Result


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each run gave; every run counts as slow."""
    monkeypatch.setattr(kept, "LONG", -1.0)
    return []


def ask(k: kept.Kept, asked: list[int], version: str, given: int, rows: int = 2) -> Result:
    def run() -> Result:
        asked.append(rows)
        return Result(Catalogue(None).get("stages"), Answer(("n",), [{"n": given} for _ in range(rows)], False), "", {}, None)

    return k.get(version, "stages", {"n": given}, 0, run)


def test_a_version_is_asked_once_and_its_rows_are_the_callers(asked: list[int]) -> None:
    k = kept.Kept()
    first = ask(k, asked, "v1", 1)
    first.answer.rows[0]["n"] = "changed"
    assert ask(k, asked, "v1", 1).answer.rows == [{"n": 1}, {"n": 1}]
    assert len(asked) == 1
    ask(k, asked, "v1", 2)
    assert len(asked) == 2, "what is given belongs to the question"
    ask(k, asked, "v2", 1)
    assert len(asked) == 3, "another version is another answer"


def test_quick_answers_are_not_kept(asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LONG", 60.0)
    k = kept.Kept()
    ask(k, asked, "v1", 1)
    ask(k, asked, "v1", 1)
    assert len(asked) == 2


def test_the_longest_unused_go_first(asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ROWS", 5)
    k = kept.Kept()
    for given in (1, 2, 1, 3):  # 1 was used after 2
        ask(k, asked, "v1", given)
    assert len(asked) == 3
    ask(k, asked, "v1", 1)
    assert len(asked) == 3
    ask(k, asked, "v1", 2)
    assert len(asked) == 4
