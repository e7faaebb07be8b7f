"""The HTTP conventions: versions as ETags, problems, pages, redirects, keys; and that answers say what the graph says."""

from __future__ import annotations

import hashlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import API, create_app
from graph import errors
from graph.settings import Settings


def get(client: TestClient, path: str, **kwargs: Any) -> Any:
    response = client.get(API + path, **kwargs)
    assert response.status_code == 200, response.text
    return response.json()


def id_of(client: TestClient, name: str) -> str:
    found: str = get(client, f"/search?q={name}&limit=1")["items"][0]["id"]
    return found


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["code"] == code and body["status"] == status and body["request_id"] == response.headers["x-request-id"]
    return body


def test_an_alias_finds_the_university_and_its_node_carries_sourced_facts(client: TestClient) -> None:
    node = get(client, f"/nodes/{id_of(client, '西工大')}")
    assert node["node"]["name"] == "西北工业大学" and "University" in node["node"]["types"]
    evidence = get(client, f"/evidence/{node['facts'][0]['claim']}")
    assert evidence["document"]["name"] and evidence["subject"] == node["node"]["id"]


def test_an_unchanged_graph_costs_a_304(client: TestClient) -> None:
    first = client.get(f"{API}/stats")
    again = client.get(f"{API}/stats", headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["etag"] == f'"{first.json()["graph_version"]}"' and again.status_code == 304 and again.content == b""


def test_pages_follow_each_other_without_gap_or_repeat(client: TestClient) -> None:
    everything = [r["base"]["id"] for r in get(client, "/bases?limit=200")["items"]]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = get(client, f"/bases?limit=3{'&cursor=' + cursor if cursor else ''}")
        seen += [r["base"]["id"] for r in page["items"]]
        cursor = page["next_cursor"]
    assert seen == everything and len(everything) > 10


def test_ndjson_streams_every_row_of_every_page(client: TestClient) -> None:
    lines = client.get(f"{API}/policies", headers={"Accept": "application/x-ndjson"}).text.splitlines()
    assert len(lines) > 20 and [json.loads(line) for line in lines] == get(client, "/policies?limit=200")["items"]
    page = client.get(f"{API}/policies?limit=3", headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in page.text.splitlines()] == get(client, "/policies?limit=3")["items"]
    assert page.headers["x-next-cursor"] == get(client, "/policies?limit=3")["next_cursor"]


def test_a_changed_cursor_is_refused(client: TestClient) -> None:
    cursor = get(client, "/bases?limit=3")["next_cursor"]
    problem(client.get(f"{API}/bases?limit=3&cursor={cursor[:-2]}AA"), 422, "bad_parameter")
    problem(client.get(f"{API}/bases?limit=4&cursor={cursor}"), 422, "bad_parameter")


@pytest.mark.parametrize(("path", "parameter"), [
    ("/bases?limit=999", "limit"), ("/bases?nope=1", "nope"), ("/bases?year=soon", "year"), ("/bases?region=x", "region"),
    ("/paths?from=a&to=b&relations=NOPE", "relations"), ("/search?q=x&kinds=Nope", "kinds"), ("/changes?since=yesterday", "since"),
    ("/match?field=x&fields=y", "fields"), ("/promises?colour=red", "colour"),
])  # fmt: skip
def test_a_wrong_parameter_is_named(client: TestClient, path: str, parameter: str) -> None:
    body = problem(client.get(API + path), 422, "bad_parameter")
    assert body["errors"][0]["parameter"].startswith(parameter)


def test_an_unknown_node_answers_404_with_three_suggestions(client: TestClient) -> None:
    body = problem(client.get(f"{API}/nodes/organization:0000000000000000"), 404, "unknown")
    assert len(body["suggestions"]) == 3 and all(s["kind"] == "Organization" for s in body["suggestions"])


def test_a_merged_id_answers_308_to_the_one_that_stayed(client: TestClient) -> None:
    old, new = client.app.state.reader.sqlite().execute("SELECT id, canonical FROM referents LIMIT 1").fetchone()  # type: ignore[attr-defined]
    response = client.get(f"{API}/nodes/{old}/neighbours?limit=2")
    assert response.status_code == 308 and response.headers["location"] == f"{API}/nodes/{new}/neighbours?limit=2"
    assert client.get(response.headers["location"]).status_code == 200


def test_lookup_tells_certain_matches_from_candidates(client: TestClient) -> None:
    asked = ["西工大", "610000", "镁基新材料", "无此名称之物"]
    found = client.post(f"{API}/nodes/lookup", json={"queries": asked}).json()["items"]
    assert [f["match"] and f["match"]["name"] for f in found] == ["西北工业大学", "陕西省", None, None]
    assert "陕西省镁基新材料中试基地" in [c["name"] for c in found[2]["candidates"]]
    assert client.post(f"{API}/nodes/lookup", json={"queries": ["x"] * 1001}).status_code == 422


def test_paths_list_nodes_and_edges_once_and_say_why(client: TestClient) -> None:
    a, b = id_of(client, "中国重型机械研究院"), id_of(client, "省科技厅")
    found = get(client, f"/paths?from={a}&to={b}")
    best = found["paths"][0]
    assert best["hops"] == 2 and {n["id"] for n in found["nodes"]} >= set(best["nodes"]) and {e["id"] for e in found["edges"]} >= set(best["edges"])
    assert "2 步" in best["explained"]["sentence"]["zh"] and found["truncated"] is False
    assert get(client, f"/paths?from={a}&to={a}")["paths"][0]["nodes"] == [a]


def test_neighbours_take_the_filter_object(client: TestClient) -> None:
    node = id_of(client, "西工大")
    kept = get(client, f"/nodes/{node}/neighbours?relations=ADOPTS&direction=out&explain=cypher")
    assert [i["edge"]["relation"] for i in kept["items"]] == ["ADOPTS"] and "MATCH" in kept["cypher"]["text"]
    assert get(client, f"/nodes/{node}/neighbours?relations=ADOPTS&min_confidence=0.9")["items"] == []
    on_a_day = get(client, f"/nodes/{node}/neighbours?as_of=2024-08-14")
    assert on_a_day["undated_edges"] == [x["edge"]["id"] for x in on_a_day["items"] if not {"since", "until"} <= x["edge"]["properties"].keys()]


def test_the_sixty_count_centres_and_bases_together_and_no_policy_sets_them(client: TestClient) -> None:
    listed = get(client, "/targets?limit=200")["items"]
    rows = [r for r in listed if r["target"]["properties"].get("value") == 60 and "2026年底" in r["target"]["name"]]
    assert rows[0]["target"]["properties"]["counts"] == ["PilotBase", "VerificationCentre"] and rows[0]["policy"] is None


def test_every_question_has_a_route_in_openapi(client: TestClient) -> None:
    paths = get(client, "/openapi.json")["paths"]
    assert {q["route"] for q in get(client, "/questions")["items"]} <= set(paths)


def test_every_error_of_the_tree_arrives_as_its_own_status(shipped_workspace: Path) -> None:
    app = create_app(Settings(workspace=shipped_workspace, store="embedded"))
    classes = dict(inspect.getmembers(errors, lambda x: inspect.isclass(x) and issubclass(x, errors.InnochainError)))

    def fail(name: str) -> None:
        raise classes[name]("it went wrong", **({"id": "new", "old": "old"} if name == "Merged" else {}))

    app.add_api_route(f"{API}/fail/{{name}}", fail)
    with TestClient(app, follow_redirects=False) as client:
        for name, error in classes.items():
            response = client.get(f"{API}/fail/{name}")
            assert (response.status_code, response.json()["detail"]) == (error.status, "it went wrong")
            assert ("retry-after" in response.headers) == (error.status == 503)


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(workspace=tmp_path, store="embedded"))) as client:
        assert "innochain build" in problem(client.get(f"{API}/stats"), 503, "empty")["detail"]
        assert client.get("/readyz").status_code == 503 and client.get("/healthz").status_code == 200


def test_closed_off_loopback_unless_said(shipped_workspace: Path) -> None:
    def status(settings: Settings, host: str, key: str = "") -> int:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return TestClient(create_app(settings), client=(host, 5000)).get(f"{API}/stats", headers=headers).status_code

    plain = Settings(workspace=shipped_workspace, store="embedded")
    keyed = plain.model_copy(update={"api_keys": (hashlib.sha256(b"secret").hexdigest(),)})
    assert [status(plain, "127.0.0.1"), status(plain, "10.0.0.5")] == [200, 401]
    assert status(plain.model_copy(update={"open_reads": True}), "10.0.0.5") == 200
    assert [status(keyed, "10.0.0.5"), status(keyed, "10.0.0.5", "wrong"), status(keyed, "10.0.0.5", "secret")] == [401, 401, 200]


def test_no_page_may_be_framed_or_load_from_elsewhere(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "access-control-allow-origin" not in client.get(f"{API}/stats", headers={"Origin": "https://elsewhere.example"}).headers


def test_changes_since_a_version_and_gone_versions(client: TestClient) -> None:
    version = get(client, "/stats")["graph_version"]
    assert get(client, f"/changes?since={version}")["items"] == []
    problem(client.get(f"{API}/changes?since=0123456789abcdef"), 410, "cursor_gone")
