"""Golden rows: an example call of every question on all shipped facts plus the synthetic chain, kept beside this file.

`python tests/golden/renew.py` writes them anew from the embedded store; read the difference before you keep it.
`tests/queries/test_golden.py` asks the same of every store. A row's evidence ids are left out: they change whenever a
table's line moves, and say nothing about an answer.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from graph import snapshot  # noqa: E402
from graph.ledger import writing  # noqa: E402
from graph.settings import Settings  # noqa: E402
from graph.snapshot import Snapshot  # noqa: E402
from ingest.load import ingest  # noqa: E402
from ingest.source import File, find  # noqa: E402
from queries.reader import Reader, plain  # noqa: E402

CHAIN = ROOT / "tests" / "contract" / "chain_world.csv"  # synthetic: what the shipped facts have none of
Given = Mapping[str, Any]

IN_SHAANXI = {"region": "陕西省", "names": ["陕西", "陕西省"]}
IN_XIAN = {"region": "西安市", "names": ["西安", "西安市"]}
PLACED = {"region": "陕西省"}

# Node parameters by name; a list of ids as [[kind, name], …]; `@edges` = the edges of these nodes, `@around` = these and
# their neighbours. The first call must give rows.
EXAMPLES: dict[str, list[Given]] = {
    "achievement_owners": [{"achievements": [["Achievement", "合成成果一"], ["Achievement", "合成成果三"]]}],
    "not_yet_moved": [{"owner": "合成大学"}, {}, {"owner": "合成材料公司"}],
    "owner_achievements": [{"owner": "合成大学"}, {"owner": "合成厅"}],
    "base_hosts": [{"facility": "合成中试基地"}, {"facility": "秦创原创新驱动平台"}],
    "base_offers": [{"facility": "合成中试基地"}],
    "base_profile": [{"base": "合成中试基地"}, {"base": "合成概念验证中心"}],
    "base_served": [{"facility": "合成中试基地"}],
    "bases": [{}, {"region": "陕西省"}, {"region": "西安市", "field": "合成领域"}, {"level": "省级"}, {"year": 2024}, {"year": 1999},
              {"modalities": ["planned", "encouraged"]}],
    "facility_events": [{"facilities": [["PilotBase", "合成中试基地"]]}],
    "offers": [{}, {"what": "压铸"}, {"kinds": ["Service"], "scale": 10, "scale_unit": "千克/批"}, {"scale": 50, "sure": True},
               {"free_by": "2026-12-31"}, {"region": "雁塔区", "process": "压铸", "max_price": 10000}],
    "service_coverage": [{}, {"region": "雁塔区"}],
    "batch_members": [{"batch": "合成批次"}],
    "batches": [{"limit": 50}],
    "centres": [{}, {"modalities": ["planned"]}],
    "university_bases": [{"university": "合成大学"}, {"university": "西北工业大学"}],
    "achievement_chain": [{"achievement": "合成成果一"}, {"achievement": "合成成果三"}],
    "at_stage": [{"stage": "pilot", "limit": 30}, {"stage": "laboratory"}, {"stage": "verification"}, {"stage": "industry", "limit": 30}],
    "chain_members": [{"industry": "合成中游"}, {"industry": "合成下游", "modalities": ["planned"]}],
    "chain_industries": [{"chain": "合成产业链"}],
    "chain_leaders": [{}, {"chain": "合成产业链"}, {"region": "西安市"}],
    "industry_chains": [{"limit": 40}],
    "industry_achievements": [{"industries": [["Segment", "合成中游"], ["Segment", "合成上游"]]},
                              {"industries": [["IndustryChain", "合成产业链"]], "with_parts": True},
                              {"industries": [["IndustryChain", "合成产业链"]], "with_parts": True, "region": "西安市"}],
    "industry_facilities": [{"industries": [["Segment", "合成中游"]]},
                            {"industries": [["IndustryChain", "合成产业链"]], "with_parts": True, "region": "雁塔区"}],
    "industry_demands": [{"industries": [["Segment", "合成上游"]]}, {"industries": [["Segment", "合成上游"]], "open_on": "2030-01-01"}],
    "industry_enterprises": [{"industries": [["Segment", "合成中游"], ["Segment", "合成下游"]]}],
    "industry_funds": [{"industries": [["Field", "合成领域"]]}],
    "achievements_in": [{"industry": "合成产业链", "with_parts": True}, {"industry": "合成中游", "industrialised": True},
                        {"industry": "合成中游", "verified": True},
                        {"industry": "合成产业链", "with_parts": True, "region": "西安市"}],
    "facilities_in": [{"industry": "合成产业链", "with_parts": True}, {"kind": "PilotBase"}, {"industry": "合成中游", "kind": "Laboratory"},
                      {"kind": "PilotBase", "region": "雁塔区"}],
    "enterprises_in": [{"industry": "合成产业链", "with_parts": True}, {"industry": "合成中游", "size": "unknown"},
                       {"industry": "合成中游", "size": "large"}],
    "demands_in": [{"industry": "合成上游"}, {"industry": "合成上游", "open_on": "2030-01-01"}],
    "funds_in": [{"industry": "合成领域"}, {"industry": "合成领域", "fund_kind": "unknown"}],
    "facilities_known": [{}, {"kind": "VerificationCentre"}, {"known": True}, {"region": "雁塔区", "known": False}],
    "industry_feeds": [{"industries": [["Segment", "合成上游"], ["Segment", "合成中游"]]}],
    "industry_needs": [{"industry": "合成中游"}, {"industry": "合成上游"}],
    "segment_streams": [{"segment": "合成中游"}, {"segment": "合成上游"}],
    "stages": [{}],
    "university_chain": [{"university": "合成大学"}, {"university": "西北工业大学"}],
    "fund_investments": [{"fund": "合成基金"}],
    "funds": [{}, {"fund_kind": "angel"}, {"focus": "合成领域"}, {"stage": "早期"}, {"modalities": ["encouraged", "planned"]}],
    "counts_by_kind": [{}],
    "counts_by_relation": [{}],
    "edges_by_id": [{"sources": [["PilotBase", "合成中试基地"]], "edges": "@edges"}, {"sources": [["PilotBase", "合成中试基地"]], "edges": ["e0"]}],
    "neighbour_counts": [{"node": "合成中试基地"}],
    "neighbour_kinds": [{"node": "合成中试基地"}, {"node": "陕西省科学技术厅", "modalities": ["done", "planned", "encouraged"]}],
    "dated_neighbours": [{"node": "合成中试基地"}, {"node": "陕西省科学技术厅", "limit": 5}],
    "neighbours": [
        {"node": "合成中试基地", "limit": 100}, {"node": "合成中试基地", "direction": "in", "relations": ["HOSTS", "RECOGNIZES"]},
        {"node": "合成中试基地", "direction": "out", "kinds": ["Segment", "Service"]}, {"node": "合成中试基地", "kinds": ["University"]},
        {"node": "合成中试基地", "relations": ["HOSTS", "BUILDS"], "as_of": "2022-12-31"},
        {"node": "合成中试基地", "relations": ["HOSTS", "BUILDS"], "as_of": "2020-01-01", "certain": True},
        {"node": "合成大学", "min_confidence": 0.5},
        {"node": "合成大学", "avoid": ["organization:0000000000000000"], "limit": 5}, {"node": "合成成果四", "modalities": ["planned"]},
    ],
    "edges_among": [
        {"sources": [["PilotBase", "合成中试基地"]], "nodes": "@around"}, {"sources": [["PilotBase", "合成中试基地"], ["Organization", "合成大学"]],
         "nodes": "@around", "modalities": ["done", "planned"], "as_of": "2022-12-31"},
    ],
    "relation_counts": [{"ids": [["PilotBase", "合成中试基地"], ["Organization", "合成大学"]]}, {"ids": [["PilotBase", "合成中试基地"]],
                         "as_of": "2022-12-31", "min_confidence": 0.5}],
    "common_neighbours": [
        {"nodes": [["PilotBase", "合成中试基地"], ["Organization", "合成大学"], ["Organization", "合成材料公司"]]},
        {"nodes": [["PilotBase", "合成中试基地"], ["Organization", "合成大学"], ["Organization", "合成材料公司"]], "kinds": ["Segment"]},
        {"nodes": [["PilotBase", "合成中试基地"], ["Organization", "合成大学"], ["Organization", "合成厅"]], "least": 3},
    ],
    "node": [{"node": "合成中试基地"}, {"node": "合成基金"}, {"node": "陕西省科学技术厅"}],
    "nodes_by_id": [{"ids": [["PilotBase", "合成中试基地"], ["Fund", "合成基金"]]}, {"ids": [["Fund", "合成基金"]]}],
    "of_kind": [{"label": "University"}, {"label": "Fund", "modalities": ["done", "encouraged"]}, {"label": "Hospital"}, {"label": "Nothing"}],
    "managers": [{}, {"level": "高级"}, {"field": "新材料"}, {"organization": "合成大学"}, {"organization": "合成厅"}],
    "document_states": [{"document": "@reply"}],
    "observations": [{"subject": "西北工业大学"}, {"subject": "合成大学"}],
    "policies": [{}, {"level": "province"}, {"form": "plan", "level": "province"}],
    "measures": [{"limit": 5}, {"state": "in_force", "limit": 5}],
    "measure_regions": [{}],
    "policy_basis": [{"policies": "@based"}],
    "policy_cascades": [{}, {"level": "city"}],
    "policy_descendants": [{"policy": "@basis"}],
    "policy_issuers": [{"policies": "@based"}],
    "policy_measures": [{"document": "@reply"}],
    "policy_supports": [{"policy": "@policy"}],
    "policy_targets": [{"policy": "@setting"}],
    "targets": [{}, {"due_by": "2025-12-31"}, {"about": "陕西省"}],
    "regions_around": [{"region": "雁塔区"}],
    "regions_below": [{"level": "city", "region": "陕西省"}, {"level": "province", "limit": 5}],
    "code_coverage": [{}],
    "organizations_without_code": [{}, {"label": "University"}, {"label": "Hospital", "modalities": ["planned"]}],
    "undated_documents": [{"limit": 40}],
    "region_contents": [{"region": "陕西省"}, {"region": "雁塔区"}, {"region": "陕西省", "labels": ["PilotBase", "Fund"]}],
    "subregions": [{"region": "陕西省"}],
    "judged_links": [{"node": "合成中试基地", "relations": ["HOSTS", "HOLDS", "HELD_AT"]}],
    "hosted_centres": [{"region": "陕西省"}, {}],
    "recognitions_of": [{"facilities": [["PilotBase", "合成中试基地"]]}],
    "shareholdings": [{"holders": [["Organization", "合成研究院"]]}],
    "credentials_of": [{"holders": [["PilotBase", "合成中试基地"]]}, {"holders": [["Organization", "合成大学"]]}],
    "promise_targets": [{"region": "陕西省", "limit": 5}, {"limit": 5}],
    "counted_recognised": [{**IN_XIAN, "labels": ["PilotBase"]}, {**IN_SHAANXI, "labels": ["PilotBase", "VerificationCentre"]}],
    "counted_batch_members": [{**IN_SHAANXI, "labels": ["PilotBase"]}],
    "named_facilities": [{**IN_SHAANXI, "labels": ["PilotBase", "VerificationCentre"]}],
    "counted_projects": [IN_SHAANXI, {"region": "北京市", "names": ["北京市"]}],
    "counted_products": [PLACED],
    "counted_firms": [IN_SHAANXI],
    "counted_transfers": [PLACED],
    "figures_stated": [{"about": "西北工业大学"}],
    "targets_stated": [{"about": "陕西省"}],
    "batches_stated": [{}],
    "candidate_facts": [{"candidates": [["PilotBase", "合成中试基地"]]}, {"candidates": [["PilotBase", "合成中试基地"], ["Fund", "合成基金"]]}],
    "candidate_trials": [{"candidates": [["PilotBase", "合成中试基地"]]}],
    "held_and_within": [{"holders": [["PilotBase", "合成中试基地"]]}, {"holders": [["Park", "合成园区"], ["PilotBase", "合成中试基地"]]}],
    "supports_of": [{"things": [["Field", "合成领域"]]}, {"things": [["PilotBase", "合成中试基地"]]}],
    "achievement_facts": [{"achievements": [["Achievement", "合成成果一"], ["Achievement", "合成成果二"]]}],
}  # fmt: skip


def build(workspace: Path) -> Snapshot:
    """All shipped sources and the synthetic chain, built."""
    report = ingest(workspace, [*find().values(), File(CHAIN)])
    assert report.rejected == 0, report.rejected_file
    with writing(workspace):
        return snapshot.build(workspace)


def resolve(reader: Reader, question: str, given: Given) -> dict[str, Any]:
    """The call with ids for names."""
    out = {}
    for p in reader.catalogue.get(question).parameters:
        if (value := given.get(p.name)) is None:
            continue
        if p.type == "node":
            value = SPECIAL[value](reader) if value in SPECIAL else reader.resolve(value, reader.ontology.expand(p.of))
        elif p.type == "ids":
            value = SPECIAL[value](reader) if isinstance(value, str) else [reader.resolve(name, [kind]) for kind, name in value]
        elif value == "@around":
            value = [r["neighbour"].id for i in out["sources"] for r in reader.ask("neighbours", {"node": i, "limit": 200}).rows] + out["sources"]
        elif value == "@edges":
            ids = reader.ask("neighbours", {"node": out["sources"][0], "direction": "out", "limit": 200}).rows
            value = [r["edge"].id for r in ids]
        out[p.name] = value
    assert set(out) == set(given), f"{question}: {set(given) - set(out)} is no parameter"
    return out


def _first(sql: str) -> Any:
    return lambda reader: reader.sqlite().execute(sql).fetchone()[0]


SPECIAL = {  # things without a short name of their own
    "@reply": _first("SELECT subject FROM facts WHERE predicate = 'REPLIES_TO' ORDER BY 1"),
    "@policy": _first("SELECT subject FROM facts WHERE predicate = 'FOCUSES_ON' AND subject LIKE 'policy:%' GROUP BY 1 ORDER BY count(*) DESC, 1"),
    "@based": lambda reader: [r[0] for r in reader.sqlite().execute(
        "SELECT DISTINCT subject FROM facts WHERE predicate = 'BASED_ON' AND subject LIKE 'policy:%' ORDER BY 1 LIMIT 5")],
    "@basis": _first("SELECT value FROM facts WHERE predicate = 'BASED_ON' AND subject LIKE 'policy:%' GROUP BY 1 ORDER BY count(*) DESC, 1"),
    "@setting": _first("SELECT subject FROM facts WHERE predicate = 'SETS' GROUP BY 1 ORDER BY count(*) DESC, 1"),
}


def bare(value: Any) -> Any:
    """JSON values without evidence ids."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k != "evidence"}
    return [bare(v) for v in value] if isinstance(value, list) else value


def call(reader: Reader, question: str, given: Given) -> dict[str, Any]:
    """What is kept of one call. `text` is what was asked of the store."""
    asked = resolve(reader, question, given)
    page = reader.ask(question, asked)
    return {"given": dict(given), "asked": plain(asked), "columns": list(page.rows[0]) if page.rows else [], "more": page.next_cursor is not None,
            "truncated": page.truncated, "rows": bare(plain(page.rows))}  # fmt: skip


def golden(question: str) -> Path:
    return HERE / f"{question}.json"


def renew() -> None:
    from graph.store.open import open_store

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(workspace=Path(folder), store="embedded")
        made = build(settings.workspace)
        store = open_store(settings)
        store.apply(made, lambda *_: None)
        store.close()
        reader = Reader(settings)
        for old in HERE.glob("*.json"):
            if old.stem not in EXAMPLES:
                old.unlink()
        for question, calls in EXAMPLES.items():
            found = [call(reader, question, given) for given in calls]
            golden(question).write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            print(f"{question}: {', '.join(str(len(c['rows'])) for c in found)} rows")
        reader.close()


if __name__ == "__main__":
    renew()
