"""The snapshot: a pure function of what is live, whole or not there, with evidence for everything it says."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import adjacency, search, snapshot
from graph.errors import BadInput, Empty, WorkspaceMismatch
from graph.ledger import writing
from graph.ontology import load
from graph.records import Claim, Evidence, claim
from graph.snapshot import Snapshot, open_current
from tests.world.making import USCC, asked, build, coded, day, edge, facts, named, node, rows, state, thing

ORG, BASE = "Organization", named("PilotBase", "镁基地")
PHYSICAL = {"STRING": "VARCHAR", "INTEGER": "BIGINT", "FLOAT": "DOUBLE", "BOOLEAN": "BOOLEAN", "DATE": "DATE"}


def sources() -> dict[str, list[Claim]]:
    """Four sources that need each other: a code, an alias, a conflict, an edge to a thing named elsewhere."""
    code = coded(ORG, "uscc", USCC)
    return {
        "papers": thing("papers", "Document", "测试文件", standing="issuer", published="2024-08-14"),
        "institutes": [*facts("institutes", ORG, code, name="西安光机所", uscc=USCC, types=["Institute"]), edge("institutes", code, "BUILDS", BASE)],
        "aliases": thing("aliases", ORG, "中国科学院西安光学精密机械研究所", aliases=["西安光机所"], uscc=USCC, types=["Enterprise"]),
        "bases": [*thing("bases", "PilotBase", "镁基地", area="3亩", processes=["冶炼"]), *thing("bases", "PilotBase", "镁基地", area="5亩")],
    }


def content(made: Snapshot) -> dict[str, Any]:
    """Everything a snapshot says, but for when it was recorded."""
    tables = {p.name: p for _, p in made.node_tables()} | {p.name: p for *_, p in made.edge_tables()}
    with duckdb.connect() as db:
        said: dict[str, Any] = {name: db.execute("SELECT * FROM read_parquet(?)", [str(p)]).fetchall() for name, p in tables.items()}
    said["facts"] = asked(made, "SELECT * FROM facts ORDER BY 1, 2, 3, 4, 5")
    said["referents"] = asked(made, "SELECT * FROM referents ORDER BY 1")
    said["names"] = asked(made, "SELECT node, text, alias, name, sort_key FROM names ORDER BY rowid")
    return said


def test_any_order_of_sources_before_one_build_gives_the_same_snapshot(tmp_path: Path) -> None:
    stated, first = sources(), None
    for order in itertools.permutations(stated):
        workspace = tmp_path / "-".join(order)
        for n, source in enumerate(order, 1):
            state(workspace, source, stated[source], at=day(n))
        made = build(workspace)
        said = (made.version, content(made))
        first = first or said
        assert said == first, order


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_order_of_rows_and_any_cut_into_incomplete_runs_gives_the_same_snapshot(tmp_path_factory: pytest.TempPathFactory, random: Any) -> None:
    workspace, stated = tmp_path_factory.mktemp("cut"), [c for claims in sources().values() for c in claims]
    whole, cut = workspace / "whole", workspace / "cut"
    for source, claims in sources().items():
        state(whole, source, claims, at=day(1))
    random.shuffle(stated)
    for n in range(0, len(stated), 3):
        some = stated[n : n + 3]
        for source in {c.source for c in some}:
            state(cut, source, [c for c in some if c.source == source], complete=False, at=day(n + 1))
    one, other = build(whole), build(cut)
    assert (one.version, content(one)) == (other.version, content(other))


@pytest.fixture
def world(tmp_path: Path) -> Path:
    for n, (source, claims) in enumerate(sources().items(), 1):
        state(tmp_path, source, claims, at=day(n))
    return tmp_path


def test_building_again_changes_nothing(world: Path) -> None:
    first = build(world)
    before = {p: p.read_bytes() for p in sorted(world.rglob("*")) if p.is_file()}
    assert build(world).version == first.version
    assert {p: p.read_bytes() for p in sorted(world.rglob("*")) if p.is_file()} == before


def test_ingesting_the_same_again_keeps_version_and_recorded_at(world: Path) -> None:
    first = build(world)
    for source, claims in sources().items():
        state(world, source, claims, at=day(9))
    again = build(world)
    assert again.version == first.version
    assert {r[0] for r in asked(again, "SELECT recorded_at FROM evidence WHERE source = 'bases'")} == {"20260104T120000.000000Z"}


def test_a_claim_more_or_less_gives_another_version_and_taking_it_back_the_first(world: Path) -> None:
    first = build(world)
    more = thing("bases", "PilotBase", "光子基地")
    state(world, "bases", [*sources()["bases"], *more], at=day(9))
    second = build(world)
    state(world, "bases", sources()["bases"], at=day(10))
    assert first.version == build(world).version != second.version
    assert len(rows(second, "PilotBase")) == 2 and len(rows(build(world), "PilotBase")) == 1


def test_what_was_known_on_a_day_is_built_again_without_becoming_current(world: Path) -> None:
    first = build(world)
    state(world, "bases", thing("bases", "PilotBase", "光子基地"), at=day(9))
    now = build(world)
    then = build(world, known_at=day(8))
    assert then.version == first.version and [r["name"] for r in rows(then, "PilotBase")] == ["镁基地"]
    assert open_current(world).version == now.version
    assert open_current(world, then.version).version == then.version


# ---- tables


def test_the_columns_are_the_ontology_s_with_their_types(world: Path) -> None:
    made, ontology = build(world), load()

    def described(path: Path) -> dict[str, str]:
        with duckdb.connect() as db:
            return {r[0]: r[1] for r in db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()}

    def expected(columns: Any) -> dict[str, str]:
        return {c: PHYSICAL[t] + ("[]" if many else "") for c, (t, many) in columns.items()}

    for kind, path in made.node_tables():
        assert described(path) == expected(ontology.kinds[kind].columns), kind
    for relation, _, _, path in made.edge_tables():
        assert described(path) == {"from": "VARCHAR", "to": "VARCHAR"} | expected(ontology.relations[relation].columns), relation


def test_every_end_of_an_edge_is_a_node_even_where_nothing_names_it(workspace: Path) -> None:
    nobody = named(ORG, "从未命名")
    state(workspace, "a", [edge("a", nobody, "BUILDS", BASE)])
    made = build(workspace)
    ids = {r["id"] for kind, _ in made.node_tables() for r in rows(made, kind)}
    (built,) = rows(made, "BUILDS")
    assert {built["from"], built["to"]} == {nobody, BASE} <= ids
    assert node(made, ORG, nobody)["name"] == nobody  # the id stands in for the name


def test_everything_that_is_shown_has_its_evidence(world: Path) -> None:
    made = build(world)
    won = {r[0] for r in asked(made, "SELECT claim FROM facts WHERE won = 1")}
    on_edges = {c for relation, *_ in made.edge_tables() for e in rows(made, relation) for c in e["evidence"]}
    evidenced = {r[0] for r in asked(made, "SELECT claim FROM evidence")}
    assert won and on_edges and won | on_edges <= evidenced
    assert {r[0] for r in asked(made, "SELECT document FROM evidence")} <= {r[0] for r in asked(made, "SELECT id FROM documents")}


def test_edges_that_differ_in_a_key_property_stand_side_by_side(workspace: Path) -> None:
    agency = named(ORG, "省科技厅")
    state(workspace, "a", [
        edge("a", agency, "RECOGNIZES", BASE, event="filed", event_date="2022年", level="省级"),
        edge("a", agency, "RECOGNIZES", BASE, event="recognised", event_date="2023年", level="省级"),
        edge("a", agency, "RECOGNIZES", BASE, event="recognised", event_date="2023年", document_no="陕科〔2023〕1号"),
    ])  # fmt: skip
    made = rows(build(workspace), "RECOGNIZES")
    assert sorted((e["event"], e["event_date_earliest"].year, len(e["evidence"])) for e in made) == [("filed", 2022, 1), ("recognised", 2023, 2)]
    (both,) = (e for e in made if e["event"] == "recognised")
    assert (both["level"], both["document_no"]) == ("省级", "陕科〔2023〕1号")  # a merged edge keeps what each claim adds


def test_a_symmetric_relation_is_one_edge_whichever_end_states_it(workspace: Path) -> None:
    a, b = sorted((named(ORG, "甲"), named(ORG, "乙")))
    state(workspace, "a", [edge("a", a, "COOPERATES_WITH", b), edge("a", b, "COOPERATES_WITH", a, confidence=0.5)])
    (met,) = rows(build(workspace), "COOPERATES_WITH")
    assert (met["from"], met["to"], len(met["evidence"]), met["confidence"]) == (a, b, 2, 1.0)


def test_a_merged_edge_is_as_strong_as_its_strongest_claim_and_spans_all_of_them(workspace: Path) -> None:
    who = named(ORG, "甲")
    state(workspace, "a", [
        edge("a", who, "BUILDS", BASE, confidence=0.4, modality="encouraged", since="2023-01-01", until="2023-12-31"),
        edge("a", who, "BUILDS", BASE, confidence=0.8, modality="planned", since="2022-01-01", until="2022-12-31"),
    ])  # fmt: skip
    (built,) = rows(build(workspace), "BUILDS")
    assert (built["confidence"], built["modality"]) == (0.8, "planned")
    assert (str(built["since"]), str(built["until"])) == ("2022-01-01", "2023-12-31")


def test_a_node_is_as_strong_as_it_is_named(workspace: Path) -> None:
    state(workspace, "a", thing("a", "Fund", "中试基金", modality="encouraged"))
    made = build(workspace)
    assert [r["modality"] for r in rows(made, "Fund")] == ["encouraged"]
    state(workspace, "b", thing("b", "Fund", "中试基金"))
    assert [r["modality"] for r in rows(build(workspace), "Fund")] == ["done"]


# ---- whole or not there


@pytest.mark.parametrize("where", [(search, "index"), (adjacency, "write_arrays"), (snapshot, "_prepare"), (json, "dumps")])
def test_an_exception_in_the_middle_leaves_no_folder_and_the_old_snapshot_current(world: Path, monkeypatch: pytest.MonkeyPatch, where: Any) -> None:
    old = build(world)
    state(world, "bases", thing("bases", "PilotBase", "光子基地"), at=day(9))
    before = sorted((world / "snapshots").rglob("*"))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("on purpose")

    with monkeypatch.context() as broken, pytest.raises(RuntimeError, match="on purpose"):
        broken.setattr(*where, fail)
        build(world)
    assert sorted((world / "snapshots").rglob("*")) == before
    assert open_current(world).version == old.version
    assert build(world).version != old.version  # and the next build succeeds


def test_nothing_built_and_nothing_stated_are_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Empty, match="run `innochain ingest`"):
        open_current(tmp_path)
    with pytest.raises(Empty, match=r"no claim is live in .*; run `innochain ingest` first"), writing(tmp_path):
        snapshot.build(tmp_path)


def test_a_snapshot_that_is_gone_is_said(world: Path) -> None:
    build(world)
    with pytest.raises(Empty, match="the snapshot 0123 is not in"):
        open_current(world, "0123")


def test_a_workspace_of_another_ontology_is_refused_and_a_build_brings_it_up_to_date(world: Path) -> None:
    made = build(world)
    other = made.folder.rename(made.folder.with_name("0" * 16))
    manifest = other / "manifest.json"
    manifest.write_text(manifest.read_text().replace(load().hash, "f" * 64))
    (world / "snapshots" / "current").write_text(other.name)
    with pytest.raises(WorkspaceMismatch, match="another version of the ontology; run `innochain build`"):
        open_current(world)
    assert build(world).version == made.version == open_current(world).version


def test_a_claim_that_no_longer_fits_the_ontology_is_named(world: Path) -> None:
    odd = claim("old", named("PilotBase", "镁基地"), "colour", Evidence("document:1").json(), value="red")
    state(world, "old", [odd])
    with pytest.raises(BadInput, match=r"ingest their sources again: PilotBase\.colour of old"):
        build(world)


def test_only_the_last_few_snapshots_are_kept(world: Path) -> None:
    made = []
    for n in range(5):
        state(world, "bases", thing("bases", "PilotBase", f"{n}号基地"), at=day(10 + n))
        made.append(build(world).version)
    kept = {p.name for p in (world / "snapshots").iterdir() if p.is_dir()}
    assert made[-1] in kept and len(kept) == snapshot.KEPT
