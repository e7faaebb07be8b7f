"""Matching by HTTP and command line: the shipped facts, the planted world, batches, Excel, marks, the certificate."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.loading import built
from graph.settings import Settings
from graph.store.open import open_store
from ingest.forms import named
from tests.contract.world import quiet
from tests.queries.test_match import plant

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAGNESIUM = "陕西省镁基新材料中试基地"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only: tests that change something copy it."""
    folder = tmp_path_factory.mktemp("matching")
    world, _ = plant(folder)
    snapshot = world.build()
    store = open_store(Settings(workspace=folder, store="embedded"))
    store.apply(snapshot, quiet)
    store.close()
    return folder


@pytest.fixture(scope="module")
def service(planted: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(workspace=planted, store="embedded")), follow_redirects=False) as made:
        yield made


def run(workspace: Path, *args: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, [*args, "--workspace", str(workspace)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.stdout


def answered(service: TestClient, path: str = "/api/v1/match", **query: Any) -> Any:
    response = service.get(path, params=query)
    assert response.status_code == 200, response.text
    return response.json()


# ---- the shipped facts


def test_the_magnesium_base_is_first_on_the_shipped_facts(shipped_workspace: Path, client: TestClient) -> None:
    found = json.loads(run(shipped_workspace, "match", "--field", "镁合金", "--process", "压铸", "--region", "陕西省", "--json"))
    first = found["items"][0]
    assert first["node"]["name"] == MAGNESIUM
    assert next(c for c in first["conditions"] if c["condition"] == "process")["status"] == "unknown"
    reasons = {r["criterion"]: r for r in first["reasons"]}
    assert 0 < reasons["field"]["value"] < 0.9 and reasons["distance"]["value"] == 1 and "据名称" in reasons["distance"]["sentence"]["zh"]
    assert reasons["support"]["value"] is None and reasons["support"]["evidence"], "what is conditional is told, and decides nothing"
    assert "500万元" in reasons["support"]["sentence"]["zh"] and "附条件" in reasons["support"]["sentence"]["zh"]
    assert found["items"][0]["score"] > found["items"][1]["score"] and found["rejected"] == []
    text = run(shipped_workspace, "match", "--field", "镁合金", "--process", "压铸", "--region", "陕西省")
    assert text.startswith(f"1. {MAGNESIUM}") and "? 工艺“压铸”" in text
    assert answered(client, field="镁合金", process="压铸", region="陕西省") == found


# ---- HTTP


def test_get_and_post_say_the_same_and_an_unchanged_graph_costs_a_304(service: TestClient) -> None:
    query = {"achievement": "镁合金轮毂压铸技术", "region": "西安市", "start": "2026-10-01", "weights": ["field=0.5"]}
    response = service.get("/api/v1/match", params=query)
    body = {**query, "weights": {"field": 0.5}}
    assert service.post("/api/v1/match", json=body).json() == response.json()
    assert service.get("/api/v1/match", params=query, headers={"If-None-Match": response.headers["etag"]}).status_code == 304


def test_named_queries_in_one_call_with_a_table_and_as_excel(service: TestClient) -> None:
    body = {"queries": {"q1": {"achievement": "镁合金轮毂压铸技术"}, "q2": {"field": "=HYPERLINK(\"x\")", "process": ["吹塑"]},
            "q3": {"achievement": "没有的"}}}
    found = service.post("/api/v1/match", json=body).json()
    assert set(found["responses"]) == {"q1", "q2", "q3"} and len(found["table"]) == 3 and found["responses"]["q3"]["error"]["code"] == "unknown"
    for response in (service.post("/api/v1/match?format=xlsx", json=body), service.post("/api/v1/match", json=body, headers={"accept": XLSX})):
        assert response.status_code == 200 and response.headers["content-type"] == XLSX
        book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
        rows = book.get_sheet_by_index(0).to_python()
        assert len(rows) == 4 and rows[1][0] == "镁合金轮毂压铸技术" and rows[1][1] == "甲中试基地"
        assert rows[1][2] == found["table"][0]["best"][0]["score"]
        assert "工艺" in rows[2][10] and "没有的" in rows[3][-1]
        assert len(book.get_sheet_by_index(1).to_python()) > 6
    assert service.post("/api/v1/match", json={"queries": {str(n): {"field": "镁"} for n in range(201)}}).status_code == 422


@pytest.mark.parametrize("query", [{}, {"field": "镁", "for": "bank"}, {"field": "镁", "weights": "field"}, {"field": "镁", "weights": "luck=1"},
                                   {"field": "镁", "limit": 0}, {"field": "镁", "maturity": "12"}, {"for": "achievements"},
                                           {"field": "镁", "budget": "很多"}])
def test_bad_input_is_a_problem_that_says_what_to_do(service: TestClient, query: dict[str, Any]) -> None:
    response = service.get("/api/v1/match", params=query)
    assert response.status_code == 422 and response.json()["detail"] and response.headers["content-type"].startswith("application/problem+json")
    assert service.post("/api/v1/match", json={"feild": "镁"}).status_code == 422


def test_the_reverse_over_http(service: TestClient) -> None:
    found = answered(service, **{"for": "achievements", "base": "甲中试基地"})
    assert found["items"][0]["node"]["name"] == "镁合金轮毂压铸技术"


# ---- the command line


def test_in_the_reverse_a_description_is_refused_not_left_aside(service: TestClient, planted: Path) -> None:
    asked = {"for": "achievements", "base": "甲中试基地", "field": ["镁合金"], "start": "2026-09-01"}
    for response in (service.get("/api/v1/match", params=asked), service.post("/api/v1/match", json=asked)):
        assert response.status_code == 422 and [e["parameter"] for e in response.json()["errors"]] == ["field", "start"]
    done = CliRunner().invoke(app, ["match", "甲中试基地", "--for", "achievements", "--field", "镁合金", "--workspace", str(planted)])
    assert done.exception is not None and "achievements of the graph are looked for" in str(done.exception)


def test_a_rejected_pair_says_what_would_change_it(planted: Path) -> None:
    text = run(planted, "match", "镁合金轮毂压铸技术", "--base", "乙中试基地")
    assert "不能推荐" in text and "→" in text and "下一步" in text
    assert "不能推荐" not in run(planted, "match", "镁合金轮毂压铸技术", "--base", "甲中试基地")


def test_a_filled_in_form_becomes_a_table(planted: Path, tmp_path: Path) -> None:
    import xlsxwriter

    form = named("Achievement")
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("表")
    heads = list(form.form)
    sheet.write_row(0, 0, heads)
    sheet.write_row(1, 0, list(form.form.values()))
    for n, row in enumerate(({"成果名称": "轮毂一", "应用行业": "镁合金", "工艺": "压铸", "所需规模": "500千克/批", "所处阶段": "中期(中试)"},
                             {"成果名称": "轮毂二", "关键词": "镁合金", "成熟度下限": "2", "成熟度上限": "3"},
                             {"成果名称": "坏行", "应用行业": "镁", "成熟度下限": "12"}), 2):  # fmt: skip
        for head, value in row.items():
            sheet.write(n, heads.index(head), value)
    book.close()
    output = tmp_path / "table.xlsx"
    run(planted, "match", "--file", str(path), "-o", str(output), code=3)
    rows = CalamineWorkbook.from_path(str(output)).get_sheet_by_index(0).to_python()
    assert [r[0] for r in rows[1:]] == ["轮毂一", "轮毂二", "坏行"]
    assert rows[1][1] == "甲中试基地" and "可中试" in rows[1][11] and "先概念验证" in rows[2][11] and "1 to 9" in rows[3][-1]
    found = json.loads(run(planted, "match", "--file", str(path), "--json", code=3))
    assert list(found["responses"]) == ["轮毂一", "轮毂二", "坏行"]
    run(planted, "match", "--file", str(tmp_path / "none.xlsx"), code=1)


def test_nothing_described_is_said_and_nothing_found_ends_with_4(planted: Path) -> None:
    done = CliRunner().invoke(app, ["match", "--workspace", str(planted)])
    assert done.exception is not None and "nothing is described" in str(done.exception)
    text = run(planted, "match", "乙中试基地", "--for", "achievements", code=4)
    assert "→" in text and "该方对外开放" in text


# ---- marks: kept across rebuilds, in later why-nots


def test_a_refusal_stays_and_is_told_in_later_answers(planted: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "copy"
    shutil.copytree(planted, workspace)
    chosen = Settings(workspace=workspace, store="embedded")
    pair = ["镁合金轮毂压铸技术", "甲中试基地"]
    assert json.loads(run(workspace, "match", pair[0], "--json"))["items"][0]["node"]["name"] == "甲中试基地"
    run(workspace, "mark", *pair, "refused", "--reason", "排期已满", "--who", "李经理", "--date", "2026-05-06")
    built(chosen)
    found = json.loads(run(workspace, "match", pair[0], "--json"))
    (refused,) = [r for r in found["rejected"] if r["node"]["name"] == "甲中试基地"]
    (why,) = refused["why_not"]
    assert why["condition"] == "answer" and "排期已满" in why["sentence"]["zh"] and "2026-05-06" in why["sentence"]["zh"] and why["evidence"]
    assert refused["flip"]["verified"] and [c["condition"] for c in refused["flip"]["changes"]] == ["answer"]
    other = json.loads(run(workspace, "match", "国防镁合金", "--json"))  # others are told of it too
    assert [m["reason"] for i in other["items"] if i["node"]["name"] == "甲中试基地" for m in i["marks"]] == ["排期已满"]
    with TestClient(create_app(chosen), base_url="http://127.0.0.1:8000") as service:
        evidence = service.get(f"/api/v1/evidence/{why['evidence'][0]}").json()
        assert evidence["source"] == "curation" and "李经理" in evidence["note"]
        sent = {"achievement": pair[0], "base": pair[1], "answer": "signed", "who": "王", "date": "2026-06-01"}
        assert service.post("/api/v1/match/marks", json=sent).status_code == 201
        noted = service.get("/api/v1/match/marks").json()["items"]
        assert [m["answer"] for m in noted] == ["signed", "refused"]
        assert service.get("/api/v1/match/marks", params={"achievement": noted[0]["achievement"]}).json()["items"] == noted
        assert service.get("/api/v1/match/marks", params={"achievement": "achievement:other"}).json()["items"] == []
        built(chosen)
        item = service.get("/api/v1/match", params={"achievement": pair[0]}).json()["items"][0]
        assert item["node"]["name"] == "甲中试基地" and {c["condition"]: c["status"] for c in item["conditions"]}["answer"] == "met"
        assert service.post("/api/v1/match/marks", json=sent | {"answer": "withdrawn"}).status_code == 201
        assert service.get("/api/v1/match/marks").json()["items"] == []
        assert service.post("/api/v1/match/marks", json=sent | {"answer": "perhaps"}).status_code == 422
        assert "reason" in service.post("/api/v1/match/marks", json=sent | {"answer": "refused"}).json()["detail"]
        assert service.post("/api/v1/match/marks", json=sent | {"base": "没有的"}).status_code == 404
        assert service.post("/api/v1/match/marks", content=json.dumps(sent), headers={"content-type": "text/plain"}).status_code == 422
        assert service.post("/api/v1/match/marks", json=sent, headers={"origin": "https://elsewhere.example"}).status_code == 401
        _note_without_scripts(service, pair[0])
        made = [service.post("/match/batch/file?lang=en", files={"file": ("名单.csv", f"成果名称\n{pair[0]}\n".encode())}, data={"form": form})
                for form in ("html", "xlsx")]  # fmt: skip
        assert [m.status_code for m in made] == [200, 200] and "名单.csv" in made[0].text and made[1].content[:2] == b"PK"
        assert service.post("/match/batch/file", files={"other": ("a.csv", b"x")}).status_code == 422
    built(chosen)
    assert json.loads(run(workspace, "match", pair[0], "--json"))["items"][0]["node"]["name"] == "甲中试基地"


def _note_without_scripts(service: TestClient, achievement: str) -> None:
    """The page's own form, sent as a browser sends it; then taken back."""
    address = f"/match?achievement={quote(achievement)}&lang=en"
    form = re.search(r'<form class="mark-form" method="post" action="([^"]*)">(.*?)</form>', service.get(address).text, re.DOTALL)
    assert form
    given = {k: unescape(x) for k, x in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[2])} | {"who": "王", "reason": "已看过场地"}
    for answer, told in (("signed", True), ("withdrawn", False)):
        sent = service.post(unescape(form[1]), data=given | {"answer": answer}, headers={"origin": "http://127.0.0.1:8000"}, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"]) == (303, given["back"]) and given["back"].startswith("/match?")
        assert ("已看过场地 · 王 记于" in service.get(given["back"]).text) is told
    assert service.post("/match/marks", data=given | {"answer": "signed"}, headers={"origin": "https://elsewhere.example"}).status_code == 401
    assert service.post("/match/marks", data={"who": "王"}).status_code == 422


def test_a_node_deleted_meanwhile_is_said(planted: Path, service: TestClient) -> None:
    gone = "achievement:0123456789abcdef"
    for query in ({"achievement": gone}, {"for": "achievements", "base": "pilot-base:0123456789abcdef"}):
        response = service.get("/api/v1/match", params=query)
        assert response.status_code == 404 and response.json()["code"] == "unknown"
    run(planted, "match", "--field", "镁")


# ---- the certificate


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_certificate_is_one_page_with_its_sources(service: TestClient, planted: Path, tmp_path: Path, lang: str) -> None:
    query = {"achievement": "镁合金轮毂压铸技术", "base": "甲中试基地", "start": "2026-10-01", "secrecy": "涉密", "lang": lang, "scale": "<script>"}
    response = service.get("/match/certificate", params=query)
    assert response.status_code == 200 and "script" not in response.headers["content-security-policy"].replace("default-src 'self'", "")
    page = response.text
    assert "<script" not in page and "style=" not in page and "&lt;script&gt;" in page
    version = service.get("/api/v1/stats").json()["version"]
    assert "甲中试基地" in page and "镁合金轮毂压铸技术" in page and version in page
    assert re.search(r"\d{4}-\d\d-\d\d ·", page)
    assert "✓" in page and "测试文件" in page and "https://example.org/lianxi" in page
    assert ("Certificate" in page) == (lang == "en")
    assert service.get("/static/certificate.css").status_code == 200
    output = tmp_path / "certificate.html"
    run(planted, "match", "镁合金轮毂压铸技术", "--base", "乙中试基地", "--lang", lang, "-o", str(output))
    alone = output.read_text(encoding="utf-8")
    assert "✗" in alone and "<style>" in alone and "http" not in alone.replace("https://example.org", "")
    assert service.get("/match/certificate", params={**query, "base": "没有的基地"}).status_code == 404


def test_a_candidate_says_where_it_stands(service: TestClient) -> None:
    found = answered(service, achievement="镁合金轮毂压铸技术")
    places = {x["node"]["name"]: [(p["name"], p["adcode"], p["basis"]) for p in x["places"]] for x in (*found["items"], *found["rejected"])}
    assert places["丁中试基地"] == [("河南省", "410000", "stated")] and places["甲中试基地"] == [("西安市", "610100", "park")]
    assert places["戊生物医药中试基地"] == []
