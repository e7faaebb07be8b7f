"""Ingesting: what becomes of every row, which run it makes, and what a failure leaves."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from graph.errors import BadFile
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from ingest.load import HEADS, REJECTED, ingest
from ingest.source import File
from ingest.table import Reading
from tests.ingest.conftest import Given
from tests.world.making import build, live, rows

HEAD = "kind,subject,predicate,object_kind,object,value"
GOOD, WRONG = "PilotBase,镁基地,area,,,3亩", "PilotBase,镁基地,opened,,,昨天"


def rejected(workspace: Path) -> list[dict[str, str]]:
    with (workspace / REJECTED).open(encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def names(made: Snapshot) -> list[str]:
    return sorted(r["name"] for r in rows(made, "PilotBase"))


def test_rejected_rows_are_listed_with_their_reasons_and_the_others_go_in(tmp_path: Path, given: Given) -> None:
    report = ingest(tmp_path / "w", [File(given(HEAD, GOOD, WRONG, "Base,甲,,,,"))])
    assert (report.rejected, report.rejected_file) == (2, tmp_path / "w" / REJECTED)
    made = report.sources["file-facts.csv"]
    assert (made.read, made.accepted, made.rejected, made.unchanged, made.removed, made.encoding, made.complete) == (3, 1, 2, 0, 0, "utf-8", False)
    assert made.new == len(live(tmp_path / "w")) and made.quarantine == tmp_path / "w" / "quarantine" / "file-facts.csv.csv"
    first, second = rejected(tmp_path / "w")
    assert tuple(first) == HEADS
    assert (first["source"], first["line"], first["field"], first["value"]) == ("file-facts.csv", "3", "opened", "昨天")
    assert "没有属性“opened”" in first["reason_zh"] and first["reason_en"].startswith("PilotBase has no property 'opened'")
    assert first["row"] == "kind=PilotBase | subject=镁基地 | predicate=opened | value=昨天"
    assert (second["line"], second["field"], second["value"]) == ("4", "kind", "Base")
    assert [r["area_shown"] for r in rows(build(tmp_path / "w"), "PilotBase")] == ["3亩"]


def test_a_run_with_rejected_rows_is_incomplete_and_takes_nothing_for_gone(tmp_path: Path, given: Given) -> None:
    ingest(tmp_path / "w", [File(given(HEAD, "PilotBase,镁基地,,,,", "PilotBase,钛基地,,,,"))])
    ingest(tmp_path / "w", [File(given(HEAD, "PilotBase,铜基地,,,,", WRONG))])
    assert [(r.complete, r.read, r.rejected) for r in Ledger(tmp_path / "w").runs()] == [(True, 2, 0), (False, 2, 1)]
    assert names(build(tmp_path / "w")) == sorted(["镁基地", "钛基地", "铜基地"])


def test_a_clean_run_ends_what_is_no_longer_stated_and_clears_the_list_of_rejected_rows(tmp_path: Path, given: Given) -> None:
    ingest(tmp_path / "w", [File(given(HEAD, "PilotBase,镁基地,,,,", WRONG))])
    report = ingest(tmp_path / "w", [File(given(HEAD, "PilotBase,钛基地,,,,"))])
    assert report.rejected_file is None and not (tmp_path / "w" / REJECTED).exists()
    assert names(build(tmp_path / "w")) == ["钛基地"]


def test_ingesting_the_same_file_again_changes_nothing(tmp_path: Path, given: Given) -> None:
    path = given(HEAD, GOOD)
    ingest(tmp_path / "w", [File(path)])
    before = live(tmp_path / "w")
    ingest(tmp_path / "w", [File(path)])
    assert live(tmp_path / "w") == before


def test_a_gb18030_file_is_read_and_its_encoding_said(tmp_path: Path, given: Given) -> None:
    report = ingest(tmp_path / "w", [File(given(HEAD, GOOD, encoding="gb18030"))])
    assert report.sources["file-facts.csv"].encoding == "gb18030"
    assert names(build(tmp_path / "w")) == ["镁基地"]


def test_a_file_that_cannot_be_read_leaves_the_finished_sources_and_their_rejected_rows(tmp_path: Path, given: Given) -> None:
    with pytest.raises(BadFile, match=r"empty\.csv: the file is empty"):
        ingest(tmp_path / "w", [File(given(HEAD, GOOD, WRONG)), File(given("", name="empty.csv"))])
    assert [(r.source, r.rejected) for r in Ledger(tmp_path / "w").runs()] == [("file-facts.csv", 1)]
    assert [r["line"] for r in rejected(tmp_path / "w")] == ["3"]


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path, given: Given) -> None:
    ingest(tmp_path / "w", [File(given(HEAD, GOOD))])
    before = live(tmp_path / "w")
    for lines in (["kind,subject,vlaue", "a,b,c"], [HEAD], [""]):
        with pytest.raises(BadFile):
            ingest(tmp_path / "w", [File(given(*lines))])
    assert live(tmp_path / "w") == before and len(Ledger(tmp_path / "w").runs()) == 1


def test_the_list_of_rejected_rows_stays_until_an_ingest_has_succeeded(tmp_path: Path, given: Given) -> None:
    ingest(tmp_path / "w", [File(given(HEAD, GOOD, WRONG))])
    with pytest.raises(BadFile):
        ingest(tmp_path / "w", [File(given("", name="empty.csv"))])
    assert [r["line"] for r in rejected(tmp_path / "w")] == ["3"]


def test_a_source_that_states_nothing_is_refused_rather_than_taken_for_all_gone(tmp_path: Path) -> None:
    class Silent:
        name, private, origin, guessed = "silent", False, "", False

        def read(self) -> Reading:
            return Reading()

    with pytest.raises(BadFile, match="silent states nothing"):
        ingest(tmp_path / "w", [Silent()])
    assert Ledger(tmp_path / "w").runs() == []


def test_progress_names_every_source_and_its_end(tmp_path: Path, given: Given) -> None:
    told: list[tuple[str, int, int]] = []
    files = [File(given(HEAD, GOOD, name=n)) for n in ("a.csv", "b.csv")]
    ingest(tmp_path / "w", files, lambda *said: told.append(said))
    assert told == [("file-a.csv", 0, 2), ("file-b.csv", 1, 2), ("", 2, 2)]


def test_personal_data_of_rejected_rows_is_masked_too(tmp_path: Path, given: Given) -> None:
    ingest(tmp_path / "w", [File(given(HEAD, "PilotBase,镁基地,opened,,,电话:029-87654321", "PilotBase,13800138000,area,,,很大"))])
    text = (tmp_path / "w" / REJECTED).read_text(encoding="utf-8-sig")
    assert "87654321" not in text and "13800138000" not in text and "█" in text
