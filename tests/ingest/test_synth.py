"""The synthetic province: always the same, nothing in it a fact, and never beside facts."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from graph.errors import BadParameter, WorkspaceMismatch
from graph.ledger import Ledger
from graph.ontology import load
from graph.records import claim, clean
from ingest.load import ingest
from ingest.source import chosen
from ingest.synth import synth
from tests.world.making import state, thing


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("province")
    synth(workspace, 3_000, 7)
    return workspace


def stated(workspace: Path, what: str) -> list[tuple[object, ...]]:
    files = [str(f) for r in Ledger(workspace).runs() for f in Ledger(workspace).files(r)]
    with duckdb.connect() as db:
        return db.execute(f"SELECT {what} FROM read_parquet(?) ORDER BY ALL", [files]).fetchall()


def test_the_same_numbers_give_the_same_claims_and_another_seed_others(made: Path, tmp_path: Path) -> None:
    synth(tmp_path / "again", 3_000, 7)
    synth(tmp_path / "other", 3_000, 8)
    ids = stated(made, "claim_id")
    assert stated(tmp_path / "again", "claim_id") == ids and stated(tmp_path / "other", "claim_id") != ids
    assert (tmp_path / "again" / "planted.json").read_bytes() == (made / "planted.json").read_bytes()


def test_its_size_is_what_was_asked_and_every_name_says_that_it_is_made_up(made: Path) -> None:
    names = [json.loads(str(v)) for p, v in stated(made, "predicate, value") if p == "name"]
    assert 2_900 <= len(names) <= 3_300
    assert all(n.startswith("合成") for n in names)


def test_claims_are_those_that_a_source_would_state(made: Path) -> None:
    """Ids as `graph.records.claim` makes them; values as cleaning the stated words gives; relations the ontology allows."""
    ontology, seen = load(), set()
    for row in stated(made, "claim_id, subject, kind, predicate, object, value, shown, evidence, modality, confidence, valid_from, valid_to"):
        claim_id, subject, kind, predicate, target, value, shown, evidence, modality, confidence, since, until = row
        if (kind, predicate, str(target).partition(":")[0]) in seen:
            continue
        seen.add((kind, predicate, str(target).partition(":")[0]))
        told = json.loads(str(value)) if value else None
        days = {"valid_from": since and str(since), "valid_to": until and str(until)}
        same = claim("synthetic", str(subject), str(predicate), str(evidence), object=target and str(target), value=told, shown=shown and str(shown),
                     modality=str(modality), confidence=float(str(confidence)), **days)  # type: ignore[arg-type]  # fmt: skip
        assert same.claim_id == claim_id, row
        if target:
            assert ontology.allows(str(predicate), str(kind), str(ontology.kind_of(str(target)))), row
            for name, one in (told or {}).items():
                assert clean(ontology.relations[str(predicate)].properties[name], one["s"]).value == one["v"], row
        else:
            cleaned = clean(ontology.kinds[str(kind)].properties[str(predicate)], str(shown)).value
            assert {k: v for k, v in cleaned.items() if v is not None} == told if isinstance(cleaned, dict) else cleaned == told, row
    assert len({k for k, _, _ in seen}) == len(ontology.kinds)  # there is something of every kind


def test_facts_and_made_up_data_never_share_a_workspace(made: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceMismatch, match="synthetic province"):
        ingest(made, chosen(["shaanxi-aliases"]))
    state(tmp_path, "real", thing("real", "Organization", "某大学"))
    with pytest.raises(WorkspaceMismatch, match="of its own"):
        synth(tmp_path, 3_000, 1)
    assert [r.source for r in Ledger(tmp_path).runs()] == ["real"]


@pytest.mark.parametrize("nodes", [0, 1_999, 10_000_001])
def test_a_size_out_of_bounds_is_refused(tmp_path: Path, nodes: int) -> None:
    with pytest.raises(BadParameter, match="nodes"):
        synth(tmp_path, nodes, 1)
    assert not (tmp_path / "ledger").exists()
