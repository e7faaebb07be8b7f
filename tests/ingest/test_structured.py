"""The public tables, through their mappings, and the shipped facts: one graph, rightly joined, whatever the order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.ledger import Ledger
from graph.snapshot import Snapshot
from ingest.load import Report, ingest
from ingest.mapping import shipped
from ingest.source import chosen
from tests.ingest.real import SETS, real_sources
from tests.world.making import asked, build, rows


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report, Snapshot]:
    """A fresh workspace with every table and every shipped source."""
    workspace = tmp_path_factory.mktemp("real")
    report = ingest(workspace, [*real_sources(shared), *chosen([])])
    return workspace, report, build(workspace)


def typed(made: Snapshot, kind: str) -> list[dict[str, Any]]:
    return [r for r in rows(made, "Organization") if kind in (r["types"] or [])]


def one(made: Snapshot, *names: str) -> dict[str, Any]:
    """The one organisation that bears all of these names, and no other bears one of them."""
    bearers = [r for r in rows(made, "Organization") if {r["name"], *(r["aliases"] or [])} & set(names)]
    assert len(bearers) == 1 and set(names) <= {bearers[0]["name"], *(bearers[0]["aliases"] or [])}, bearers
    return bearers[0]


def test_every_table_has_a_mapping_and_every_row_of_it_is_accounted_for(shared: Path, real: tuple[Path, Report, Snapshot]) -> None:
    assert set(SETS) == set(shipped())
    assert {p.name for p in (shared / "data" / "structured").iterdir()} == set(SETS.values())
    outcomes = {n: real[1].sources[n] for n in SETS}
    assert {n: o.read for n, o in outcomes.items()} | {"moe-universities": 2631, "university-locations": 2820, "a-shares": 5534,
        "industries": 511, "industry-tree": 480, "provinces": 31} == {n: o.read for n, o in outcomes.items()}  # fmt: skip
    refused = {n: o.first for n, o in outcomes.items() if o.rejected}
    assert list(refused) == ["university-websites"] and len(refused["university-websites"]) == 1, "one address that has no name"


def test_counts(real: tuple[Path, Report, Snapshot]) -> None:
    made = real[2]
    assert 2_700 < len(typed(made, "University")) < 3_300
    assert 5_500 < len(typed(made, "Enterprise")) < 5_800
    assert 500 < len(rows(made, "Segment")) < 520
    regions = rows(made, "Region")
    assert 3_500 < len(regions) < 3_900 and len({r["adcode"] for r in regions}) == len(regions)
    assert not {"市辖区", "省直辖县级行政区划", "国外"} & {r["name"] for r in regions} and all(r["name"] for r in regions)
    assert 1_700 < len([r for r in rows(made, "Field") if r["scheme"] == "GB/T 4754"]) < 1_800


def test_nothing_is_there_twice(real: tuple[Path, Report, Snapshot]) -> None:
    made = real[2]
    organisations, segments = rows(made, "Organization"), [r["name"] for r in rows(made, "Segment")]
    assert len(segments) == len(set(segments))
    codes = [c for r in organisations for c in r["stock_code"] or []]
    assert len(codes) == len(set(codes)) > 5_500
    ministry = [r["ministry_code"] for r in organisations if r["ministry_code"]]
    assert len(ministry) == len(set(ministry)) == 2_631
    names = [r["name"] for r in typed(made, "University")]
    assert len(names) == len(set(names))


def test_a_university_is_one_with_its_place_page_code_and_the_shaanxi_facts(real: tuple[Path, Report, Snapshot]) -> None:
    made = real[2]
    found = one(made, "西安交通大学", "西安交大")
    assert found["ministry_code"] == "4161010698" and found["url"] and round(found["latitude"]) == 34 and "University" in found["types"]
    said = asked(made, "SELECT DISTINCT e.source FROM facts f JOIN evidence e ON e.claim = f.claim WHERE f.subject = ?", found["id"])
    sources = {s for (s,) in said}
    assert {"moe-universities", "university-locations", "university-websites", "university-titles"} < sources and sources - set(SETS)
    places = {r["to"] for r in rows(made, "LOCATED_IN") if r["from"] == found["id"]}
    assert {r["name"] for r in rows(made, "Region") if r["id"] in places} == {"西安市", "陕西省"}
    assert [r["to"] for r in rows(made, "HOLDS") if r["from"] == found["id"]], "985工程 and the others"


def test_a_company_is_one_under_its_full_and_short_name_and_its_code(real: tuple[Path, Report, Snapshot]) -> None:
    made = real[2]
    found = one(made, "陕西华秦科技实业股份有限公司", "华秦科技")
    assert found["stock_code"] == ["688281.SH"] and "Enterprise" in found["types"]
    assert one(made, "海尔智家股份有限公司", "海尔智家", "青岛海尔")["stock_code"] == ["600690.SH"]
    assert one(made, "三一重工")["stock_code"] == ["600031.SH"], "not the code that the list of full names gives to twenty companies"
    sany = one(made, "三一重工")["id"]
    chains = {r["to"] for r in rows(made, "OPERATES_IN") if r["from"] == sany}
    assert [r["name"] for r in rows(made, "Segment") if r["id"] in chains] == ["工程机械整机"]


def test_industries_and_divisions_hang_together(real: tuple[Path, Report, Snapshot]) -> None:
    made = real[2]
    named = {r["id"]: r["name"] for kind in ("Segment", "Region", "Field") for r in rows(made, kind)}
    whole = {(named[r["from"]], named[r["to"]]) for r in rows(made, "PART_OF") if r["from"] in named and r["to"] in named}
    assert {("粮食种植", "种植业"), ("种植业", "农林牧渔"), ("稻谷种植", "谷物种植")} <= whole
    assert {("雁塔区", "西安市"), ("西安市", "陕西省")} <= {(named[r["from"]], named[r["to"]]) for r in rows(made, "WITHIN") if r["from"] in named}
    assert all(r["confidence"] <= 0.4 for r in rows(made, "FEEDS") if "segment:" in r["from"]), "counted, not observed"


def test_the_same_again_writes_nothing(shared: Path, real: tuple[Path, Report, Snapshot]) -> None:
    workspace, _, made = real
    before = {p: p.stat().st_mtime_ns for p in (workspace / "ledger").rglob("*") if p.is_file()}
    again = ingest(workspace, [*real_sources(shared), *chosen([])])
    assert [(n, o) for n, o in again.sources.items() if (o.new, o.removed, o.kept) != (0, 0, 0)] == []
    assert {p: p.stat().st_mtime_ns for p in (workspace / "ledger").rglob("*") if p.is_file()} == before
    assert len(Ledger(workspace).runs()) == len({r.source for r in Ledger(workspace).runs()})
    assert made.version == build(workspace).version


def test_the_order_of_sources_does_not_matter(shared: Path, real: tuple[Path, Report, Snapshot], tmp_path: Path) -> None:
    ingest(tmp_path, [*reversed(chosen([])), *reversed(real_sources(shared))])
    assert build(tmp_path).version == real[2].version
