"""The chain by HTTP and on the command line; a made-up province says so on every page and in every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from api.app import API, create_app
from api.cli import app
from graph.errors import WorkspaceMismatch
from graph.ontology import load
from graph.settings import Settings


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made as its users make it."""
    folder = tmp_path_factory.mktemp("made") / "ws"
    made = CliRunner().invoke(app, ["synth", "--nodes", "2500", "--seed", "3", "--workspace", str(folder), "--json"])
    assert made.exit_code == 0 and json.loads(made.stdout)["synthetic"] is True
    assert CliRunner().invoke(app, ["build", "--workspace", str(folder)]).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def province(workspace: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(workspace=workspace, store="embedded"))) as made:
        yield made


def cli(workspace: Path, *args: str) -> Any:
    done = CliRunner().invoke(app, [*args, "--workspace", str(workspace), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def id_of(client: TestClient, name: str, kind: str) -> str:
    found: str = client.get(f"{API}/search", params={"q": name, "kinds": kind, "limit": 1}).json()["items"][0]["id"]
    return found


CALLS = [
    ("/sleeping", {"min_age": "5", "maturity": "4..6", "as_of": "2026-06-30"},
     ["sleeping", "--min-age", "5", "--maturity", "4..6", "--as-of", "2026-06-30"]),
    ("/chains/{chain}/funnel", {"as_of": "2026-06-30"}, ["chain", "合成产业链1", "--as-of", "2026-06-30"]),
    ("/gaps", {"stage": "pilot", "as_of": "2026-06-30"}, ["gaps", "--stage", "pilot", "--as-of", "2026-06-30"]),
    ("/policies/{policy}/cascade", {}, ["cascade", "合成省中试办法0"]),
    ("/registry", {"status": "revoked", "as_of": "2026-06-30"}, ["registry", "--status", "revoked", "--as-of", "2026-06-30"]),
    ("/offers", {"process": "压铸", "scale": "30"}, ["offers", "--process", "压铸", "--scale", "30"]),
    ("/measures-for", {"kind": "Enterprise", "size": "small"}, ["measures-for", "--kind", "Enterprise", "--size", "small"]),
]  # fmt: skip


@pytest.mark.parametrize(("route", "query", "command"), CALLS, ids=[c[2][0] for c in CALLS])
def test_http_and_command_line_give_the_same_answer(province: TestClient, workspace: Path, route: str, query: dict[str, str],
                                                    command: list[str]) -> None:  # fmt: skip
    path = route.format(chain=id_of(province, "合成产业链1", "IndustryChain"), policy=id_of(province, "合成省中试办法0", "Policy"))
    response = province.get(API + path, params=query)
    assert response.status_code == 200, response.text
    assert response.json() == cli(workspace, *command) and response.json()["synthetic"] is True


@pytest.mark.parametrize("query", ["/sleeping?maturity=12", "/sleeping?moved_by=sold", "/gaps?stage=x", "/registry?kind=house",
                                   "/registry?status=fine", "/offers?kinds=Fund", "/offers?scale=nan", "/measures-for?kind=Cat", "/measures-for",
                                   "/gaps?region=segment:1", "/sleeping?limit=0"])  # fmt: skip
def test_what_cannot_be_right_is_a_problem_that_names_it(province: TestClient, query: str) -> None:
    response = province.get(API + query)
    assert response.status_code in (404, 422) and response.headers["content-type"] == "application/problem+json" and response.json()["detail"]


def test_a_made_up_graph_says_so_everywhere(province: TestClient, workspace: Path) -> None:
    node = id_of(province, "合成产业链1", "IndustryChain")
    for path in ("/stats", "/search?q=合成", f"/nodes/{node}", "/bases", "/questions", "/documents", "/review/decisions", "/ontology"):
        response = province.get(API + path)
        assert response.headers["x-innochain-synthetic"] == "true" and response.json()["synthetic"] is True, path
    lines = province.get(f"{API}/bases", headers={"Accept": "application/x-ndjson"})
    assert lines.headers["x-innochain-synthetic"] == "true"
    for page in ("/", "/search?q=合成", f"/nodes/{node}", "/questions", "/questions/bases", "/paths", "/chain", "/promises",
                 "/documents", "/nothing-here"):
        assert "合成数据 Synthetic data" in province.get(page).text, page
    report = province.post("/explore/files/html", json={"nodes": [node], "edges": []})
    for made in (province.get(f"/nodes/{node}/picture"), report):
        assert made.status_code == 200 and 'class="synthetic"' in made.text
    assert cli(workspace, "stats")["synthetic"] is True
    told = CliRunner().invoke(app, ["gaps", "--workspace", str(workspace)])
    assert "合成数据 Synthetic data" in told.stderr


def test_what_leaves_as_a_file_says_so_too(province: TestClient, workspace: Path, tmp_path: Path) -> None:
    """A picture, a certificate and a table are sent on without the page around them."""
    made = json.loads((workspace / "planted.json").read_text(encoding="utf-8"))["matches"][0]
    for name, *command in (("picture.html", "draw", made["base"]), ("match.html", "match", made["achievement"], "--base", made["base"]),
                           ("table.xlsx", "match", made["achievement"])):  # fmt: skip
        done = CliRunner().invoke(app, [*command, "-o", str(tmp_path / name), "--workspace", str(workspace)])
        assert done.exit_code == 0, done.output
    for name in ("picture.html", "match.html"):
        assert 'class="synthetic"' in (tmp_path / name).read_text(encoding="utf-8")
    for sheet in CalamineWorkbook.from_path(str(tmp_path / "table.xlsx")).sheet_names:
        first = CalamineWorkbook.from_path(str(tmp_path / "table.xlsx")).get_sheet_by_name(sheet).to_python()[0]
        assert "Synthetic data" in str(first[-1])


def test_facts_are_not_called_made_up(client: TestClient) -> None:
    assert "synthetic" not in client.get(f"{API}/stats").json() and "x-innochain-synthetic" not in client.get(f"{API}/stats").headers
    assert "Synthetic data" not in client.get("/").text
    assert 'class="synthetic"' not in client.get(f"/nodes/{id_of(client, '浙江省科学技术进步条例', 'Policy')}/picture").text


def test_real_facts_are_refused_here(workspace: Path, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("kind,subject\nOrganization,某大学\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["ingest", str(table), "--workspace", str(workspace)])
    assert isinstance(done.exception, WorkspaceMismatch) and "synthetic" in str(done.exception)


def test_the_shipped_facts_answer_too(client: TestClient) -> None:
    """What no source says is unknown: nothing is called a gap, and no status is made up."""
    gaps = client.get(f"{API}/gaps", params={"limit": 200}).json()
    assert gaps["by_verdict"]["gap"] == 0 and gaps["by_verdict"]["suspected"] > 0 and gaps["by_verdict"]["no_data"] > 0
    bases = client.get(f"{API}/registry", params={"limit": 200}).json()
    assert {v["value"] for v in bases["facets"]["host_type"]["values"]} <= set(load().kinds["Organization"].types), "a host of no type is unknown"
    assert bases["total"] > 15 and {i["status"]["id"] for i in bases["items"]} == {"in_force", "unknown"}
    province = id_of(client, "浙江省科学技术进步条例", "Policy")
    below = client.get(f"{API}/policies/{province}/cascade").json()
    assert [z["name"] for z in below["home"]] == ["浙江省"] and below["regions"] == 11 and len(below["lacking"]) == 9
    assert client.get(f"{API}/measures-for", params={"kind": "Enterprise"}).json()["counts"]["applies"] > 0
    assert client.get(f"{API}/offers", params={"what": "检测"}).json()["items"]
    assert client.get(f"{API}/sleeping").json()["total"] > 0


def test_the_register_comes_in_the_order_asked_for(province: TestClient) -> None:
    def items(sort: str) -> list[dict[str, Any]]:
        return province.get(f"{API}/registry", params={"sort": sort, "limit": 200}).json()["items"]  # type: ignore[no-any-return]

    def all_of(facet: str) -> list[list[str]]:
        return [[v["value"] for v in x["facets"][facet]] for x in items(facet)]

    assert [x["node"]["id"] for x in items("id")] == sorted(x["node"]["id"] for x in items("name"))
    years = [max(map(int, v), default=0) for v in all_of("year")]
    assert years == sorted(years, reverse=True) and years[0] > years[-1]
    heights = [min(("国家级", "省级", "市级").index(w) for w in v) if v else 9 for v in all_of("level")]
    assert heights == sorted(heights) and heights[0] == 0
    statuses = [x["status"]["id"] for x in items("status")]
    assert statuses == sorted(statuses, key=["in_force", "expired", "revoked", "proposed", "unknown"].index)
    assert province.get(f"{API}/registry", params={"sort": "luck"}).status_code == 422
