"""What is planted in a synthetic province is recovered by the real answers, on both stores: precision and recall against planted.json."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.adjacency import OPEN
from queries.answers.contradictions import contradictions
from queries.answers.gaps import gaps
from queries.answers.promises import promises
from queries.answers.sleeping import sleeping
from queries.reader import Reader
from tests.bench.holdout import Row, evaluate
from tests.contract.world import ENGINES
from tests.queries.provinces import made_up, planted_in, published

FLOOR = 0.95  # of the hold-out; a matcher that knows no conditions gets a fifth


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up(tmp_path_factory.mktemp("planted"), 6_000, 2)


@pytest.fixture(scope="module")
def planted(workspace: Path) -> dict[str, Any]:
    return planted_in(workspace)


@pytest.fixture(scope="module", params=ENGINES)
def reader(request: pytest.FixtureRequest, workspace: Path) -> Iterator[Reader]:
    with published(workspace, request) as opened:
        yield opened


@pytest.fixture(scope="module")
def rows(reader: Reader, planted: dict[str, Any]) -> dict[str, Row]:
    return evaluate(reader, planted)


def precision_recall(found: Iterable[Any], truth: Iterable[Any]) -> tuple[float, float]:
    a, b = set(found), set(truth)
    return len(a & b) / len(a) if a else 0.0, len(a & b) / len(b)


def test_nothing_after_the_cutoff_is_in_the_graph_that_match_is_judged_on(reader: Reader, planted: dict[str, Any]) -> None:
    """Else the hold-out would hold nothing out: no edge begins later, and no trial joins a planted pair."""
    cutoff = (dt.date.fromisoformat(planted["cutoff"]) - dt.date(1970, 1, 1)).days
    a = reader.adjacency()
    since = a._["edge_since"][a._["edge_since"] != OPEN]
    assert len(since) > 1_000 and since.max() <= cutoff
    assert all(dt.date.fromisoformat(m["held_out"]["started"]) > dt.date.fromisoformat(planted["cutoff"]) for m in planted["matches"])
    for m in planted["matches"]:
        assert not reader.claims(m["achievement"], "TRIED_IN") and not reader.claims(m["achievement"], "CONSIDERED_AT")


def test_match_foresees_the_held_out_base_better_than_text_and_degree(rows: dict[str, Row]) -> None:
    best, text, degree, blind = (rows[x] for x in ("match", "text only", "degree only", "match, no condition"))
    assert min(best.hit_1, best.hit_5, best.mrr) >= FLOOR > max(blind.hit_1, blind.mrr)  # the floor tells a matcher without conditions
    for other in (text, degree):
        assert best.hit_1 > other.hit_1 and best.hit_5 > other.hit_5 and best.mrr > other.mrr
    assert text.mrr > degree.mrr  # words tell something, or the achievements could not be told apart at all


def test_gaps_are_found_whole_and_nothing_else_is_one(reader: Reader, planted: dict[str, Any]) -> None:
    found = gaps(reader, as_of=dt.date.fromisoformat(planted["as_of"]), limit=200)
    called = [(i["industry"]["id"], i["stage"]) for i in found["items"] if i["verdict"]["id"] == "gap"]
    assert found["next_cursor"] is None and precision_recall(called, [(g["segment"], s) for g in planted["gaps"] for s in g["missing"]]) == (1, 1)


def test_sleepers_stand_first_and_those_that_only_seem_to_sleep_are_no_sleepers(reader: Reader, planted: dict[str, Any]) -> None:
    day, wanted = dt.date.fromisoformat(planted["as_of"]), planted["sleeping"]
    first = [i["node"]["id"] for i in sleeping(reader, as_of=day, limit=len(wanted))["items"]]
    assert precision_recall(first, [s["achievement"] for s in wanted]) == (1, 1)
    of_segments = [i["node"]["id"] for s in wanted for i in sleeping(reader, field=s["segment"], as_of=day)["items"]]
    assert not {s["awake"] for s in wanted} & set(of_segments)


def test_contradictions_are_found_whole_and_figures_that_agree_are_none(reader: Reader, planted: dict[str, Any]) -> None:
    found = [i for i in contradictions(reader)["items"] if i["type"] == "figures"]
    pairs = {frozenset((i["left"]["node"], i["right"]["node"])): i for i in found}
    truth = {frozenset(c["observations"]): c for c in planted["contradictions"]}
    assert precision_recall(pairs, truth) == (1, 1)
    for pair, c in truth.items():
        assert c["differs"] in pairs[pair]["differs"] and len(pairs[pair]["places"]) >= 2
    assert not {o for c in planted["contradictions"] for o in c["agreeing"]} & {o for pair in pairs for o in pair}


def test_overdue_promises_are_found_whole_and_neither_kept_nor_later_ones_are_called_so(reader: Reader, planted: dict[str, Any]) -> None:
    items, cursor = dict[str, Any](), None
    while True:
        page = promises(reader, dt.date.fromisoformat(planted["as_of"]), limit=100, cursor=cursor)
        items |= {i["target"]["id"]: i for i in page["items"]}
        if (cursor := page["next_cursor"]) is None:
            break
    assert precision_recall([i for i, x in items.items() if x["status"] == "overdue"], [o["target"] for o in planted["overdue"]]) == (1, 1)
    for o in planted["overdue"]:
        assert items[o["target"]]["gap"] == o["wanted"] - items[o["target"]]["observed"] > 0
        assert items[o["kept"]]["status"] == "reached" and items[o["later"]]["status"] in ("behind", "on_pace", "open")
