"""The founding text beside its facts: every one stands at its place, and an edited text names those that no longer do."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import duckdb
import pytest

from graph.ledger import Ledger
from ingest.load import ingest
from ingest.publications import shipped
from ingest.source import File, chosen
from queries.answers.check import check_evidence

FOUNDING = "shaanxi-reply-2024-08-14"
REPLY = shipped()[FOUNDING].node_id


def spans(workspace: Path) -> list[tuple[str, int, int, str]]:
    """(claim, start, end, hash) of every live fact that cites a place in the founding text."""
    with duckdb.connect() as db:
        Ledger(workspace).load(db)
        return db.execute("""
            SELECT claim_id, (evidence->>'$.start')::INT, (evidence->>'$.end')::INT, evidence->>'$.quote_sha256' AS quote
            FROM live WHERE evidence->>'$.document' = ? AND quote IS NOT NULL ORDER BY 1""", [REPLY]).fetchall()


@pytest.fixture(scope="module")
def seed(shared: Path) -> Path:
    (found,) = (shared / "data" / "seed").glob("*.txt")
    return found


def test_every_fact_of_the_reply_stands_in_the_text_by_exact_slice(seed: Path, tmp_path: Path) -> None:
    ingest(tmp_path, [*chosen([FOUNDING]), File(seed)])
    text, cited = seed.read_bytes().decode("utf-8"), spans(tmp_path)
    assert len(cited) > 250
    assert [c for c, a, b, quote in cited if hashlib.sha256(text[a:b].encode()).hexdigest() != quote] == []
    ((document),) = [d for d in check_evidence(tmp_path)["documents"] if d["document"] == REPLY]
    assert (document["text"], document["cited"], document["holds"], document["failed"]) == ("as read", len(cited), len(cited), [])


@pytest.mark.parametrize("words", ["约有50家", "60家概念验证", "陕西省镁基新材料", "鼓励设立中试基金", "2024年8月14日"])
def test_one_changed_character_names_exactly_the_facts_that_no_longer_hold(seed: Path, tmp_path: Path, words: str) -> None:
    text = seed.read_bytes().decode("utf-8")
    place = text.index(words)
    edited = tmp_path / seed.name
    edited.write_bytes((text[:place] + "改" + text[place + 1 :]).encode())
    ingest(tmp_path / "w", [*chosen([FOUNDING]), File(edited)])
    expected = {c for c, a, b, _ in spans(tmp_path / "w") if a <= place < b}
    ((document),) = [d for d in check_evidence(tmp_path / "w")["documents"] if d["document"] == REPLY]
    assert {f["claim"] for f in document["failed"]} == expected and expected
    assert (document["text"], document["cited"] - document["holds"]) == ("changed", len(expected))


def test_reading_the_right_text_again_heals_it(seed: Path, tmp_path: Path) -> None:
    edited = tmp_path / seed.name
    edited.write_bytes(seed.read_bytes().replace("十个中试基地".encode(), "九个中试基地".encode()))
    ingest(tmp_path / "w", [*chosen([FOUNDING]), File(edited)])
    assert check_evidence(tmp_path / "w")["failed"] > 0
    shutil.copy(seed, edited)
    ingest(tmp_path / "w", [File(edited)])
    assert check_evidence(tmp_path / "w")["failed"] == 0


def test_without_the_text_nothing_is_said_to_hold_or_to_fail(tmp_path: Path) -> None:
    ingest(tmp_path, chosen([FOUNDING]))
    told = check_evidence(tmp_path)
    assert (told["holds"], told["failed"], told["without_text"]) == (0, 0, len(spans(tmp_path)))
