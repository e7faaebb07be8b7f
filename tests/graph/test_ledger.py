"""The ledger: what is live is a function of the finished runs, and a run is whole or not there."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from graph.errors import BadInput, Busy
from graph.ledger import COLUMNS, Ledger, writing
from graph.records import Claim
from tests.world.making import day, judge, live, named, state, thing

ONE, TWO, THREE = (thing("a", "Organization", n)[0] for n in ("甲", "乙", "丙"))


def ids(*claims: Claim) -> set[str]:
    return {c.claim_id for c in claims}


def test_a_run_is_one_parquet_file_with_the_fixed_columns(tmp_path: Path) -> None:
    info = state(tmp_path, "a", [TWO, ONE, ONE], at=day(1))
    folder = tmp_path / "ledger" / "a" / "20260101T120000.000000Z"
    assert sorted(p.name for p in folder.iterdir()) == ["claims.parquet", "run.json"]
    with duckdb.connect() as db:
        heads = db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(folder / "claims.parquet")]).fetchall()
        stored = db.execute("SELECT claim_id, run FROM read_parquet(?)", [str(folder / "claims.parquet")]).fetchall()
    assert {h[0]: h[1] for h in heads} == COLUMNS
    assert stored == [(i, info.run) for i in sorted(ids(ONE, TWO))]  # a claim stated twice is one
    assert info.claims == 2


def test_what_is_stored_is_what_was_claimed(tmp_path: Path) -> None:
    made = thing("a", "Target", "目标“六十”", value="约60家", due="2026年底", modality="planned")
    state(tmp_path, "a", made)
    with duckdb.connect() as db:
        Ledger(tmp_path).load(db)
        columns = [c for c in COLUMNS if c != "run"]
        got = db.execute(f"SELECT {', '.join(columns)} FROM live ORDER BY claim_id").fetchall()
    assert [tuple(r) for r in got] == sorted(tuple(c) for c in made)


def test_stating_again_keeps_the_day_a_claim_was_first_recorded(tmp_path: Path) -> None:
    first = state(tmp_path, "a", [ONE], at=day(1))
    state(tmp_path, "a", [ONE, TWO], at=day(2))
    second = state(tmp_path, "a", [ONE, TWO], at=day(3))
    assert live(tmp_path) == {ONE.claim_id: first.run, TWO.claim_id: "20260102T120000.000000Z"}
    assert first.run < second.run


def test_a_claim_that_a_complete_run_no_longer_states_has_ended(tmp_path: Path) -> None:
    state(tmp_path, "a", [ONE, TWO], at=day(1))
    state(tmp_path, "a", [TWO], at=day(2))
    assert set(live(tmp_path)) == ids(TWO)


def test_an_incomplete_run_adds_and_never_removes(tmp_path: Path) -> None:
    state(tmp_path, "a", [ONE, TWO], at=day(1))
    state(tmp_path, "a", [THREE], complete=False, at=day(2))
    assert set(live(tmp_path)) == ids(ONE, TWO, THREE)


def test_what_only_an_incomplete_run_stated_ends_with_the_next_complete_one(tmp_path: Path) -> None:
    state(tmp_path, "a", [ONE], complete=False, at=day(1))
    state(tmp_path, "a", [TWO], complete=False, at=day(2))
    assert set(live(tmp_path)) == ids(ONE, TWO)
    state(tmp_path, "a", [TWO], at=day(3))
    assert live(tmp_path) == {TWO.claim_id: "20260102T120000.000000Z"}


def test_a_claim_that_comes_back_is_recorded_anew(tmp_path: Path) -> None:
    state(tmp_path, "a", [ONE], at=day(1))
    state(tmp_path, "a", [TWO], at=day(2))
    state(tmp_path, "a", [ONE, TWO], at=day(3))
    assert live(tmp_path)[ONE.claim_id] == "20260103T120000.000000Z"


def test_an_incomplete_run_in_between_does_not_break_a_series(tmp_path: Path) -> None:
    state(tmp_path, "a", [ONE], at=day(1))
    state(tmp_path, "a", [TWO], complete=False, at=day(2))
    state(tmp_path, "a", [ONE], at=day(3))
    assert live(tmp_path) == {ONE.claim_id: "20260101T120000.000000Z"}


def test_one_source_ends_nothing_of_another(tmp_path: Path) -> None:
    other = thing("b", "Organization", "甲")[0]
    state(tmp_path, "a", [ONE], at=day(1))
    state(tmp_path, "b", [other], at=day(2))
    state(tmp_path, "a", [TWO], at=day(3))
    assert set(live(tmp_path)) == ids(other, TWO)
    assert other.claim_id != ONE.claim_id


@pytest.mark.parametrize(("known", "expected"), [(1, {ONE}), (2, {ONE, TWO}), (3, {TWO, THREE}), (9, {TWO, THREE})])
def test_what_was_known_on_a_day_is_replayed(tmp_path: Path, known: int, expected: set[Claim]) -> None:
    state(tmp_path, "a", [ONE], at=day(1))
    state(tmp_path, "a", [TWO], complete=False, at=day(2))
    state(tmp_path, "a", [TWO, THREE], at=day(3))
    assert set(live(tmp_path, day(known))) == ids(*expected)


def test_a_time_means_the_same_in_every_time_zone(tmp_path: Path) -> None:
    import datetime as dt

    beijing = dt.timezone(dt.timedelta(hours=8))
    state(tmp_path, "a", [ONE], at=day(1).astimezone(beijing))
    state(tmp_path, "a", [ONE, TWO], at=day(2))
    assert live(tmp_path) == {ONE.claim_id: "20260101T120000.000000Z", TWO.claim_id: "20260102T120000.000000Z"}
    assert set(live(tmp_path, day(1).astimezone(beijing))) == ids(ONE)
    claim_judged_wrong = TWO.claim_id
    judge(tmp_path, "wrong", claim_judged_wrong, at=day(4))
    judge(tmp_path, "withdrawn", claim_judged_wrong, at=(day(4) + dt.timedelta(hours=1)).astimezone(dt.timezone(dt.timedelta(hours=-8))))
    assert claim_judged_wrong in live(tmp_path)


# ---- judgements


def test_a_claim_judged_wrong_is_gone_until_the_judgement_is_withdrawn(tmp_path: Path) -> None:
    state(tmp_path, "a", [ONE, TWO], at=day(1))
    judge(tmp_path, "wrong", ONE.claim_id, at=day(2))
    assert set(live(tmp_path)) == ids(TWO)
    judge(tmp_path, "withdrawn", ONE.claim_id, at=day(3))
    assert live(tmp_path) == {ONE.claim_id: "20260101T120000.000000Z", TWO.claim_id: "20260101T120000.000000Z"}


def test_stating_again_does_not_undo_a_judgement(tmp_path: Path) -> None:
    state(tmp_path, "a", [ONE, TWO], at=day(1))
    judge(tmp_path, "wrong", ONE.claim_id, at=day(2))
    state(tmp_path, "a", [ONE, TWO], at=day(3))
    assert set(live(tmp_path)) == ids(TWO)


def test_who_when_and_why_are_part_of_a_judgement(tmp_path: Path) -> None:
    made = judge(tmp_path, "same", named("Organization", "乙"), named("Organization", "甲"), at=day(2))
    later = judge(tmp_path, "same", named("Organization", "甲"), named("Organization", "乙"), at=day(3))
    assert (made.subject, made.object) == (later.subject, later.object)  # a pair has no order
    assert made.claim_id != later.claim_id
    assert made.value is not None and all(x in made.value for x in ("测试者", "看过原文", "2026-01-02T12:00:00"))


@pytest.mark.parametrize(("verdict", "one", "other"), [
    ("alike", named("Organization", "甲"), named("Organization", "乙")),
    ("same", named("Organization", "甲"), None),
    ("different", named("Organization", "甲"), None),
    ("wrong", ONE.claim_id, TWO.claim_id),
    ("wrong", named("Organization", "甲"), None),
    ("same", named("Organization", "甲"), named("PilotBase", "甲")),
    ("different", named("Organization", "甲"), named("Organization", "甲")),
    ("same", "甲", "乙"),
])  # fmt: skip
def test_a_judgement_that_no_build_could_use_is_refused_when_it_is_made(tmp_path: Path, verdict: str, one: str, other: str | None) -> None:
    with pytest.raises(BadInput):
        judge(tmp_path, verdict, one, other)
    assert Ledger(tmp_path).runs() == []


# ---- whole or not at all


def test_an_exception_inside_a_run_leaves_nothing(tmp_path: Path) -> None:
    state(tmp_path, "a", [ONE], at=day(1))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(RuntimeError, match="on purpose"), writing(tmp_path), Ledger(tmp_path).run("a") as run:
        run.add([TWO])
        raise RuntimeError("on purpose")
    assert sorted(tmp_path.rglob("*")) == before
    assert set(live(tmp_path)) == ids(ONE)


def test_a_run_that_is_not_closed_is_not_there(tmp_path: Path) -> None:
    with writing(tmp_path), Ledger(tmp_path).run("a") as run:
        run.add([ONE])
    assert Ledger(tmp_path).runs() == [] and list((tmp_path / "ledger").iterdir()) == []


def test_a_second_writer_is_refused_naming_the_first(tmp_path: Path) -> None:
    import os

    with writing(tmp_path), pytest.raises(Busy, match=rf"pid {os.getpid()}\) is writing in .*; wait until it is done"), writing(tmp_path):
        pass
    with writing(tmp_path):  # the refusal did not keep the lock
        pass
