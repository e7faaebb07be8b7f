"""Views over HTTP and as files: bounded, filtered like all else, and no name becomes markup or a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.settings import Settings
from graph.store.open import open_store
from tests.contract.world import World, quiet

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE, FORMULA = '</svg><script>alert(1)</script>"\'&', "=HYPERLINK(1)"
ALL = "modalities=done&modalities=required&modalities=planned&modalities=encouraged"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, str]]]:
    world = World(tmp_path_factory.mktemp("views"))
    ids = {name: world.node(kind, name) for kind, name in (("Organization", "甲"), ("Organization", "乙"), ("PilotBase", HOSTILE),
                                                           ("Achievement", FORMULA), ("Policy", "某办法"))}  # fmt: skip
    world.edge(ids["甲"], "HOSTS", ids[HOSTILE], role="lead", since="2020-01-01", until="2021-12-31")
    world.edge(ids["甲"], "OWNS", ids[FORMULA])
    world.edge(ids["乙"], "OWNS", ids[FORMULA], confidence=0.4)
    world.edge(ids["乙"], "SUPPORTS", ids[HOSTILE], modality="planned")
    settings = Settings(workspace=world.workspace, store="embedded")
    store = open_store(settings)
    store.apply(world.build(), quiet)
    store.close()
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client, ids


def post(client: TestClient, path: str, nodes: list[str], query: str = "", **more: Any) -> Any:
    answer = client.post(f"{path}?{query}", json={"nodes": nodes, **more})
    assert answer.status_code == 200, answer.text
    return answer


def relations(found: Any) -> list[str]:
    return sorted(e["relation"] for e in found["edges"])


@pytest.mark.parametrize(("query", "expected"), [
    ("", ["HOSTS", "OWNS", "OWNS"]), (ALL, ["HOSTS", "OWNS", "OWNS", "SUPPORTS"]), ("min_confidence=0.5", ["HOSTS", "OWNS"]),
    ("as_of=2022-06-01", ["OWNS", "OWNS"]), ("as_of=2021-06-01&certain=true", ["HOSTS"]), ("relations=OWNS", ["OWNS", "OWNS"]),
    ("kinds=Organization&kinds=PilotBase", ["HOSTS"]), ("avoid={乙}", ["HOSTS", "OWNS"]),
])  # fmt: skip
def test_a_view_holds_what_the_filter_lets_through(planted: tuple[TestClient, dict[str, str]], query: str, expected: list[str]) -> None:
    client, ids = planted
    found = post(client, "/api/v1/views", list(ids.values()), query.format_map(ids)).json()
    assert relations(found) == expected
    assert set(found["positions"]) == {n["id"] for n in found["nodes"]}
    assert "cypher" not in found
    undated = [e["id"] for e in found["edges"] if not {"since", "until"} <= e["properties"].keys()]
    assert found.get("undated_edges") == (undated if "as_of" in query else None), "on a day, what only may hold is marked"


def test_a_view_keeps_the_order_and_says_what_it_lacks(planted: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = planted
    order = [ids[FORMULA], "pilot-base:0000000000000000", ids["甲"], ids[FORMULA]]
    found = post(client, "/api/v1/views", order, "explain=cypher").json()
    assert [n["id"] for n in found["nodes"]] == [ids[FORMULA], ids["甲"]]
    assert found["missing"] == ["pilot-base:0000000000000000"] and found["merged"] == {}
    assert found["cypher"] and all("$sources" in c["text"] for c in found["cypher"])
    assert [h["stage"] for h in found["headings"]] == ["laboratory", "verification", "pilot", "industry"]
    assert post(client, "/api/v1/views", []).json()["nodes"] == []


def test_a_joined_id_stands_under_its_new_one(client: TestClient) -> None:
    old, new = client.app.state.reader.sqlite().execute("SELECT id, canonical FROM referents LIMIT 1").fetchone()  # type: ignore[attr-defined]
    found = post(client, "/api/v1/views", [old, new]).json()
    assert [n["id"] for n in found["nodes"]] == [new] and found["merged"] == {old: new}


@pytest.mark.parametrize("nodes", [["nothing:1"], ["<script>"], ["organization:1"] * 501, "organization:1", [7]])
@pytest.mark.parametrize("path", ["/api/v1/views", "/api/v1/views/sources", "/explore/files/svg"])
def test_what_is_no_list_of_ids_is_refused(planted: tuple[TestClient, dict[str, str]], path: str, nodes: Any) -> None:
    answer = planted[0].post(path, json={"nodes": nodes, "edges": []})
    assert answer.status_code == 422


def test_counts_hold_what_is_not_in_the_view(planted: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = planted
    found = post(client, "/api/v1/views/counts", [ids["乙"], ids["某办法"]], ALL).json()["counts"]
    assert found == {ids["乙"]: [{"relation": "OWNS", "direction": "out", "edges": 1}, {"relation": "SUPPORTS", "direction": "out", "edges": 1}],
                     ids["某办法"]: []}  # fmt: skip
    assert post(client, "/api/v1/views/counts", [ids["乙"]], "min_confidence=0.5").json()["counts"] == {ids["乙"]: []}


def test_common_neighbours_are_shared_and_explained(planted: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = planted
    found = post(client, "/api/v1/views/common-neighbours", [ids["甲"], ids["乙"]], f"{ALL}&explain=cypher").json()
    assert {(r["neighbour"]["name"], r["shared"], len(r["edges"])) for r in found["items"]} == {(HOSTILE, 2, 2), (FORMULA, 2, 2)}
    assert "count(DISTINCT n)" in found["cypher"]["text"]
    away = post(client, "/api/v1/views/common-neighbours", [ids["甲"], ids["乙"]], f"{ALL}&avoid={ids[HOSTILE]}").json()
    assert [r["neighbour"]["name"] for r in away["items"]] == [FORMULA]
    assert client.post("/api/v1/views/common-neighbours", json={"nodes": [ids["甲"]]}).status_code == 422


def test_sources_are_numbered_in_the_order_they_are_needed(planted: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = planted
    found = post(client, "/api/v1/views/sources", list(ids.values())).json()
    assert [s["number"] for s in found["sources"]] == [1] and found["sources"][0]["texts"]["zh"].startswith("《测试文件》")
    assert list(found["of"].values()) == [[1]] * (len(ids) + 3)


# ---- files


def file(planted: tuple[TestClient, dict[str, str]], form: str, lang: str = "zh", **more: Any) -> Any:
    client, ids = planted
    edges = [e["id"] for e in post(client, "/api/v1/views", list(ids.values()), ALL).json()["edges"]]
    return post(client, f"/explore/files/{form}", list(ids.values()), f"{ALL}&lang={lang}", edges=edges, **more)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_vector_is_one_well_formed_harmless_file(planted: tuple[TestClient, dict[str, str]], lang: str) -> None:
    given = {"name": HOSTILE, "positions": {planted[1]["甲"]: [-300.5, 12]}}
    answer = file(planted, "svg", lang, **given)
    assert answer.headers["content-type"].startswith("image/svg+xml") and "attachment" in answer.headers["content-disposition"]
    root = ElementTree.fromstring(answer.text)
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {"svg", "title", "defs", "marker", "path", "rect", "text", "tspan", "g", "line"}
    assert not [a for e in root.iter() for a in e.attrib if a.startswith("on") or a.endswith("href")]
    shown = "".join(root.itertext())
    assert HOSTILE in shown and ("概念验证" if lang == "zh" else "Concept verification") in shown and "translate(-300.5 12.0)" in answer.text
    assert "stroke-dasharray" in answer.text and answer.text == file(planted, "svg", lang, **given).text


def test_tables_hold_evidence_and_no_formula(planted: tuple[TestClient, dict[str, str]]) -> None:
    nodes = list(csv.DictReader(io.StringIO(file(planted, "nodes.csv").content.decode("utf-8-sig"))))
    assert [n["name"] for n in nodes] == ["甲", "乙", HOSTILE, "'" + FORMULA, "某办法"]
    edges = list(csv.DictReader(io.StringIO(file(planted, "edges.csv").content.decode("utf-8-sig"))))
    assert len(edges) == 4 and all(re.fullmatch(r"c[0-9a-f]+", e["evidence"]) and "测试文件" in e["sources"] for e in edges)
    hosts = next(e for e in edges if e["relation"] == "HOSTS")
    assert (hosts["since"], hosts["until"], hosts["details"], hosts["confidence"]) == ("2020-01-01", "2021-12-31", "角色：牵头", "1.0")


def test_the_report_is_one_file_without_requests(planted: tuple[TestClient, dict[str, str]]) -> None:
    html = file(planted, "html", name=HOSTILE).text
    assert html.count("</script>") == 3 and "<img" not in html and "connect-src 'none'" in html
    assert "甲 —承建/依托→" in html and "（计划）" in html and 'href="#s1"' in html
    assert not re.search(r"<link|(src|href)=.?(https?:)?//", html)


def test_bad_places_and_forms_are_refused(planted: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = planted
    for place in ([1], [1, 2, 3], ["a", 1], [1e9, 0]):
        assert client.post("/explore/files/svg", json={"nodes": [ids["甲"]], "edges": [], "positions": {ids["甲"]: place}}).status_code == 422
    assert client.post("/explore/files/exe", json={"nodes": [ids["甲"]], "edges": []}).status_code == 404


# ---- the page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_keeps_the_policy_and_the_library_comes_from_its_wheel(client: TestClient, lang: str) -> None:
    answer = client.get(f"/explore?lang={lang}")
    assert answer.status_code == 200 and answer.headers["content-security-policy"].startswith("default-src 'self'; ")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=", answer.text)
    library = client.get(re.search(r'src="(/static/vis[^"]*)"', answer.text)[1])  # type: ignore[index]
    assert library.status_code == 200 and "@version 9.1.2" in library.text[:300]
    module = client.get(f"/explore/ontology.js?lang={lang}")
    assert module.headers["content-type"].startswith("text/javascript") and module.text.startswith("export default {")
    assert ("Pilot base" in module.text) == (lang == "en")


def test_fragments_escape_names_and_know_no_unknown(planted: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = planted
    text = client.get(f"/explore/nodes/{ids[HOSTILE]}").text
    assert "<script" not in text and "&lt;script&gt;" in text
    edge = post(client, "/api/v1/views", [ids["甲"], ids[HOSTILE]]).json()["edges"][0]
    assert "依托" in (shown := client.get(f"/explore/edges/{edge['source']}/{edge['id']}").text) and "<script" not in shown
    assert client.get(f"/explore/edges/{edge['source']}/e0").status_code == 404
    assert client.get("/explore/nodes/pilot-base:0000000000000000").status_code == 404


def test_paths_show_the_cypher_that_fetches_them(planted: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = planted
    found = client.get("/api/v1/paths", params={"from": ids["甲"], "to": ids["乙"], "explain": "cypher"}).json()
    assert found["paths"] and {"$ids" in c["text"] or "$edges" in c["text"] for c in found["cypher"]} == {True}
