"""Marks of pairs: live claims of `curation`, in the version, kept across rebuilds, taken back, waiting while an end is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import BadInput, BadRow, Unknown
from graph.ledger import Ledger
from graph.marks import ANSWERS, mark, marks, withdraw
from tests.world.making import build, day, judge, live, named, rows, state, thing

A, B = named("Achievement", "成果一"), named("PilotBase", "基地一")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    state(tmp_path, "world", [*thing("world", "Achievement", "成果一"), *thing("world", "PilotBase", "基地一")], at=day(1))
    build(tmp_path)
    return tmp_path


def noted(workspace: Path, answer: str = "refused", reason: str = "无危化资质", who: str = "李", n: int = 5) -> str:
    return mark(workspace, build(workspace), A, B, answer, reason, who, "2026-01-04", day(n)).claim_id


def test_a_mark_is_an_edge_after_the_build_and_after_every_other(workspace: Path) -> None:
    before = build(workspace).version
    claim = noted(workspace)
    made = build(workspace)
    (edge,) = rows(made, "CONSIDERED_AT")
    assert (edge["from"], edge["to"], edge["answer"], edge["reason"], edge["evidence"]) == (A, B, "refused", "无危化资质", [claim])
    assert made.version != before
    state(workspace, "world", [*thing("world", "Achievement", "成果一"), *thing("world", "PilotBase", "基地一")], at=day(9))  # read whole again
    again = build(workspace)
    assert again.version == made.version and len(rows(again, "CONSIDERED_AT")) == 1


def test_who_and_when_stand_in_the_evidence(workspace: Path) -> None:
    claim = noted(workspace)
    db = build(workspace).sqlite()
    note, source, document = db.execute("SELECT e.note, e.source, d.name FROM evidence e JOIN documents d ON d.id = e.document WHERE e.claim = ?",
                                        [claim]).fetchone()  # fmt: skip
    db.close()
    assert "李" in note and "2026-01-05T12:00:00" in note and source == "curation" and document == "接洽记录"


def test_a_mark_is_taken_back_and_the_ledger_still_has_it(workspace: Path) -> None:
    before = build(workspace)
    claim = noted(workspace)
    assert [m.claim_id for m in marks(workspace)] == [claim]
    assert withdraw(workspace, A, B, "李", "记错了") == [claim]
    assert marks(workspace) == [] and rows(build(workspace), "CONSIDERED_AT") == []
    judge(workspace, "withdrawn", claim)  # and the taking back is taken back
    assert [m.claim_id for m in marks(workspace)] == [claim]
    assert before.version != build(workspace).version


def test_judgements_are_no_claims_and_marks_are_no_judgements(workspace: Path) -> None:
    import duckdb

    other = named("PilotBase", "基地二")
    state(workspace, "more", thing("more", "PilotBase", "基地二"), at=day(2))
    judge(workspace, "different", B, other, day(3))
    noted(workspace)
    with duckdb.connect() as db:
        Ledger(workspace).load(db)
        assert db.execute("SELECT verdict FROM judgements").fetchall() == [("different",)]
        assert db.execute("SELECT DISTINCT predicate FROM live WHERE source = 'curation' ORDER BY 1").fetchall() == [
            ("CONSIDERED_AT",), ("name",), ("standing",)]  # fmt: skip


def test_while_an_end_is_gone_a_mark_waits(workspace: Path) -> None:
    claim = noted(workspace)
    state(workspace, "world", thing("world", "Achievement", "成果一"), at=day(20))  # the base is stated no longer
    made = build(workspace)
    assert rows(made, "CONSIDERED_AT") == [] and rows(made, "PilotBase") == []
    state(workspace, "world", [*thing("world", "Achievement", "成果一"), *thing("world", "PilotBase", "基地一")], at=day(21))
    assert [e["evidence"] for e in rows(build(workspace), "CONSIDERED_AT")] == [[claim]]


def test_known_at_replays_without_later_marks(workspace: Path) -> None:
    claim = noted(workspace, n=5)
    assert claim in live(workspace) and claim not in live(workspace, day(4))


def test_several_answers_of_a_pair_stand_beside_each_other(workspace: Path) -> None:
    noted(workspace, "contacted", "", n=5)
    noted(workspace, "signed", "", n=6)
    assert {e["answer"] for e in rows(build(workspace), "CONSIDERED_AT")} == {"contacted", "signed"}
    assert [m.answer for m in marks(workspace)] == ["signed", "contacted"] and set(ANSWERS) == {"contacted", "signed", "refused"}


def test_what_cannot_be_marked(workspace: Path) -> None:
    made = build(workspace)
    with pytest.raises(BadInput, match="who notes it"):
        mark(workspace, made, A, B, "refused", "", " ")
    with pytest.raises(BadInput, match="no answer"):
        mark(workspace, made, A, B, "perhaps", "", "李")
    with pytest.raises(BadInput, match="why was it refused"):
        mark(workspace, made, A, B, "refused", " ", "李")
    with pytest.raises(BadInput, match="an achievement and a base"):
        mark(workspace, made, B, A, "contacted", "", "李")
    with pytest.raises(Unknown):
        mark(workspace, made, A, named("PilotBase", "没有的"), "contacted", "", "李")
    with pytest.raises(BadRow):
        mark(workspace, made, A, B, "contacted", "", "李", "明天")
    with pytest.raises(Unknown, match="nothing is marked"):
        withdraw(workspace, A, B, "李", "")
    assert marks(workspace) == [] and not any(r.source == "curation" for r in Ledger(workspace).runs())
