"""Paths, kinds of route and data quality over HTTP and by command: sets, filters, pages, redirects, errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import API

COMMAND = [str(Path(sys.executable).with_name("innochain"))]


def get(client: TestClient, path: str, status: int = 200, **params: Any) -> Any:
    response = client.get(API + path, params=params)
    assert response.status_code == status, response.text
    return response.json()


def id_of(client: TestClient, name: str) -> str:
    found: str = get(client, "/search", q=name, limit=1)["items"][0]["id"]
    return found


@pytest.fixture
def pair(client: TestClient) -> tuple[str, str]:
    return id_of(client, "中国重型机械研究院"), id_of(client, "省科技厅")


def test_routes_and_their_paths(client: TestClient, pair: tuple[str, str]) -> None:
    a, b = pair
    found = get(client, "/routes", source=a, target=b, explain="cypher")
    first = found["items"][0]
    assert first["route"] == "Oh>B<rO" and first["total_paths"] == 1 and "承建/依托" in first["shown"]["zh"] and found["cypher"]
    listed = get(client, "/routes/paths", source=a, target=b, route=first["route"])
    assert listed["paths"][0]["nodes"] == first["example"]["nodes"] and {n["id"] for n in listed["nodes"]} == set(first["example"]["nodes"])
    assert listed["graph_version"] == found["graph_version"]
    assert get(client, "/routes/paths", source=a, target=b, route="OcwO")["paths"] == []


def test_sets_and_the_whole_filter(client: TestClient, pair: tuple[str, str]) -> None:
    a, b = pair
    province = id_of(client, "陕西省")
    found = get(client, "/paths", **{"from": "PilotBase@", "to": [a, b]}, k=10, max_hops=3)
    assert found["paths"] and all(p["nodes"][0].startswith("pilot-base:") for p in found["paths"])
    district = get(client, "/paths", **{"from": f"Platform@{province}", "to": id_of(client, "延安市")}, max_hops=1)
    assert [p["nodes"][0].partition(":")[0] for p in district["paths"]] == ["platform"]
    assert get(client, "/paths", **{"from": a, "to": b}, through="Batch")["paths"]
    assert get(client, "/paths", **{"from": a, "to": b}, through="Fund")["paths"] == []
    assert get(client, "/paths", **{"from": a, "to": b}, chain_only="true")["paths"]
    dated = get(client, "/paths", **{"from": a, "to": b}, as_of="2024-08-14")["paths"][0]
    assert dated["undated"] and set(dated["undated_edges"]) <= set(dated["edges"]) and "未注明起止日期" in dated["explained"]["sentence"]["zh"]
    assert get(client, "/paths", **{"from": a, "to": b}, as_of="2024-08-14", certain="true")["paths"] == []


@pytest.mark.parametrize(("path", "params", "what"), [
    ("/paths", {"from": "@a", "to": "@b", "max_hops": 9}, "max_hops"), ("/routes", {"source": "@a", "target": "@b", "max_hops": 5}, "max_hops"),
    ("/paths", {"from": "Base@", "to": "@b"}, "'Base' is no kind"), ("/paths", {"from": "Region@", "to": "@b"}, "more than 200 members"),
    ("/routes/paths", {"source": "@a", "target": "@b", "route": "x"}, "no kind of route"),
    ("/routes", {"source": "@a", "target": "@b", "cursor": "x"}, "cursor"), ("/search", {"q": "x", "min_confidence": 2}, "min_confidence"),
    ("/search", {"q": "x", "modalities": "maybe"}, "modalities"),
])  # fmt: skip
def test_wrong_parameters_are_named(client: TestClient, pair: tuple[str, str], path: str, params: dict[str, Any], what: str) -> None:
    given = {k: {"@a": pair[0], "@b": pair[1]}.get(v, v) if isinstance(v, str) else v for k, v in params.items()}
    assert what in get(client, path, 422, **given)["detail"]


def test_a_node_deleted_meanwhile(client: TestClient, pair: tuple[str, str]) -> None:
    gone = "organization:ffffffffffffffff"
    assert len(get(client, "/routes", 404, source=pair[0], target=gone)["suggestions"]) == 3
    assert get(client, "/paths", 404, **{"from": gone, "to": pair[1]})["code"] == "unknown"
    assert "has no members" in get(client, "/paths", 404, **{"from": f"Laboratory@{id_of(client, '北京市')}", "to": pair[1]})["detail"]


def test_a_merged_end_answers_308_however_the_id_is_written(client: TestClient) -> None:
    old, new = client.app.state.reader.sqlite().execute(  # type: ignore[attr-defined]
        "SELECT id, canonical FROM referents WHERE id LIKE 'organization:%' ORDER BY id LIMIT 1").fetchone()  # fmt: skip
    for written in (old, quote(old, safe="")):
        response = client.get(f"{API}/paths?from={written}&to={new}")
        assert response.status_code == 308 and client.get(response.headers["location"]).json()["paths"][0]["nodes"] == [new]


def test_search_and_neighbours_take_the_filter(client: TestClient, pair: tuple[str, str]) -> None:
    everything = get(client, "/search", q="基金", limit=200)["items"]
    done = get(client, "/search", q="基金", limit=200, modalities="done")["items"]
    assert {h["modality"] for h in done} == {"done"} and len(done) < len(everything)
    assert pair[0] not in [h["id"] for h in get(client, "/search", q="中国重型机械研究院", avoid=pair[0])["items"]]
    rows = get(client, f"/nodes/{pair[0]}/neighbours")["items"]
    away = rows[0]["neighbour"]["id"]
    assert away not in [r["neighbour"]["id"] for r in get(client, f"/nodes/{pair[0]}/neighbours", avoid=away)["items"]]


def test_quality_counts_and_lists(client: TestClient) -> None:
    counted = {i["list"]: i["count"] for i in get(client, "/quality")["items"]}
    assert set(counted) == {"conflicts", "old", "no_code", "weak", "single", "broken"} and counted["no_code"] > 100 and counted["broken"] == 0
    first = get(client, "/quality/conflicts", limit=1)
    (item,) = first["items"]
    assert len(item["values"]) > 1 and {e["claim"] for v in item["values"] for e in v["said"]} == set(item["evidence"])
    assert get(client, f"/evidence/{item['evidence'][0]}")["predicate"] == item["predicate"]
    second = get(client, "/quality/conflicts", limit=1, cursor=first["next_cursor"])["items"]
    assert second and second != first["items"]
    assert get(client, "/quality/old", before="1990-01-01")["items"] == []
    assert {i["node"]["kind"] for i in get(client, "/quality/weak", kind="Fund", limit=200)["items"]} <= {"Fund"}
    get(client, "/quality/nonsense", 422)
    get(client, "/quality/old", 422, days=-1)


# ---- the command -----------------------------------------------------------------------------------------------------


def run(workspace: Path, *args: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("INNOCHAIN_")}
    return subprocess.run([*COMMAND, *args], capture_output=True, text=True, encoding="utf-8", timeout=120, cwd=workspace.parent,
                          env={**clean, "INNOCHAIN_WORKSPACE": str(workspace)})  # fmt: skip


def test_the_commands(shipped_workspace: Path) -> None:
    done = run(shipped_workspace, "routes", "中国重型机械研究院", "省科技厅")
    assert done.returncode == 0 and "Oh>B<rO" in done.stdout and "承建/依托" in done.stdout
    found = json.loads(run(shipped_workspace, "routes", "中国重型机械研究院", "省科技厅", "--route", "Oh>B<rO", "--json").stdout)
    assert found["total_paths"] == len(found["paths"]) == 1
    sets = run(shipped_workspace, "paths", "PilotBase@", "省科技厅", "--to", "西工大", "--k", "3", "--max-hops", "2", "--cypher")
    assert sets.returncode == 0 and sets.stdout.count("枢纽折减") == 3 and "MATCH" in sets.stderr
    assert run(shipped_workspace, "paths", "西工大", "西工大").stdout.startswith("西北工业大学\n")
    assert run(shipped_workspace, "paths", "西工大", "省科技厅", "--through", "Fund", "--max-hops", "2").returncode == 4
    assert run(shipped_workspace, "routes", "西工大", "省科技厅", "--max-hops", "9").returncode == 2
    assert run(shipped_workspace, "paths", "西工大", "省科技厅", "--as-of", "soon").returncode == 2
    assert run(shipped_workspace, "routes", "西工大", "无此名称之物").returncode == 4
    assert run(shipped_workspace, "search", "西工大", "--min-confidence", "0.9").returncode == 0


def test_the_quality_command(shipped_workspace: Path) -> None:
    counts = run(shipped_workspace, "quality")
    assert counts.returncode == 0 and "conflicts" in counts.stdout and "说法不一" in counts.stdout
    listed = json.loads(run(shipped_workspace, "quality", "no-code", "--limit", "2", "--json").stdout)
    assert len(listed["items"]) == 2 and listed["next_cursor"]
    assert run(shipped_workspace, "quality", "broken").returncode == 4
    assert run(shipped_workspace, "quality", "nonsense").returncode == 2
