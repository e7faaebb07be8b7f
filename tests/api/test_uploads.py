"""Uploads: looked at, checked without a trace, taken in, mended; and built by the server while it goes on answering."""

from __future__ import annotations

import csv
import hashlib
import io
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import API, create_app
from graph.settings import Settings
from graph.snapshot import Snapshot, build

TABLE = "kind,subject,predicate,value\nPilotBase,某某中试基地,,\nPilotBase,某某中试基地,area,3000平方米\nPilotBase,某某中试基地,staff,很多\n"


def put(client: TestClient, name: str, body: bytes) -> Any:
    return client.post(f"{API}/uploads", params={"name": name}, content=body, headers={"content-type": "application/octet-stream"})


def job(client: TestClient, path: str) -> dict[str, Any]:
    started = client.post(API + path, json={})
    assert started.status_code == 202, started.text
    deadline = time.monotonic() + 120
    while (state := client.get(f"{API}/jobs").json())["running"]:
        assert time.monotonic() < deadline, state
        time.sleep(0.05)
    found: dict[str, Any] = state
    return found


def files(workspace: Path) -> set[str]:
    return {str(p.relative_to(workspace)) for folder in ("ledger", "quarantine") for p in (workspace / folder).rglob("*")}


def test_a_table_is_looked_at_checked_taken_in_mended_and_built(writer: TestClient, workspace: Path) -> None:
    held = put(writer, "我的 表.csv", TABLE.encode("gb18030")).json()
    assert held["name"] == "我的 表.csv" and {"PilotBase", "moe-universities"} <= {f["name"] for f in held["forms"]}
    (sheet,) = writer.get(f"{API}/uploads/{held['id']}").json()["sheets"]
    assert sheet["encoding"] == "gb18030" and sheet["heads"][:2] == ["kind", "subject"] and sheet["rows"][0][:3] == [2, "PilotBase", "某某中试基地"]

    before = files(workspace)
    (checked,) = job(writer, f"/uploads/{held['id']}/check")["result"]["sources"].values()
    assert (checked["read"], checked["accepted"], checked["rejected"]) == (3, 2, 1) and files(workspace) == before

    (taken,) = job(writer, f"/uploads/{held['id']}/ingest")["result"]["sources"].values()
    assert taken["rejected"] == 1 and ":4:" in taken["first"][0]
    assert writer.get(f"{API}/quarantine").json()["items"] == [taken["quarantine"]]
    back = writer.get(f"{API}/quarantine/{taken['quarantine']}")
    rows = list(csv.reader(io.StringIO(back.content.decode("utf-8-sig"))))
    mended = io.StringIO()
    csv.writer(mended).writerows([[c.replace("很多", "30人") for c in r] for r in rows])
    again = put(writer, "mended.csv", mended.getvalue().encode("utf-8-sig")).json()
    mended_run = job(writer, f"/uploads/{again['id']}/ingest")["result"]["sources"][taken["quarantine"]]
    assert (mended_run["rejected"], mended_run["new"], mended_run["removed"]) == (0, 1, 0)

    old = writer.get(f"{API}/stats").json()["graph_version"]
    built = job(writer, "/build")
    assert built["error"] == "" and writer.get(f"{API}/stats").json()["graph_version"] == built["result"]["version"] != old
    assert writer.get(f"{API}/search?q=某某中试基地").json()["items"]


def test_a_build_that_is_cancelled_leaves_the_former_version(writer: TestClient, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = put(writer, "t.csv", TABLE.encode()).json()
    job(writer, f"/uploads/{held['id']}/ingest")
    old, there = writer.get(f"{API}/stats").json()["graph_version"], set((workspace / "snapshots").iterdir())
    reached, go = threading.Event(), threading.Event()

    def slowly(folder: Path, progress: Callable[[str], None], private: bool) -> Snapshot:
        def told(step: str) -> None:
            if step == "making it current":
                reached.set()
                go.wait(60)
            progress(step)

        return build(folder, progress=told, private=private)

    monkeypatch.setattr("api.jobs.build", slowly)
    assert writer.post(f"{API}/build", json={}).status_code == 202 and reached.wait(60)
    assert "取消：重建" in writer.get("/review").text + writer.get("/upload").text
    form = {"back": "upload"}
    assert writer.post("/jobs/cancel", data=form, headers={"origin": "http://elsewhere.example"}).status_code == 401
    sent = writer.post("/jobs/cancel?lang=en", data=form, headers={"origin": "http://localhost"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/upload?lang=en")
    assert writer.get(f"{API}/jobs").json()["state"] == "cancelling" and "Being cancelled" in writer.get("/upload?lang=en").text
    go.set()
    writer.app.state.jobs.wait(60)  # type: ignore[attr-defined]
    ended = writer.get(f"{API}/jobs").json()
    assert (ended["state"], ended["running"], ended["error"]) == ("cancelled", False, "") and "已取消：重建" in writer.get("/upload").text
    assert writer.get(f"{API}/stats").json()["graph_version"] == old and set((workspace / "snapshots").iterdir()) == there
    assert writer.post(f"{API}/jobs/cancel", json={}).json()["state"] == "cancelled", "nothing runs: nothing happens"
    built = job(writer, "/build")
    assert built["state"] == "done" and built["result"]["version"] != old


def test_a_document_shows_its_first_lines(writer: TestClient) -> None:
    held = put(writer, "answer.txt", "关于中试的答复\n2024年8月14日".encode()).json()
    assert writer.get(f"{API}/uploads/{held['id']}").json()["text"].startswith("关于中试的答复")


@pytest.mark.parametrize(("name", "body", "told"), [
    ("a.exe", b"x", "cannot be read"), ("../../etc/x.csv", b"", "empty"), ("a.csv", b"", "empty"),
])  # fmt: skip
def test_what_cannot_be_taken_is_said(writer: TestClient, workspace: Path, name: str, body: bytes, told: str) -> None:
    refused = put(writer, name, body)
    assert refused.status_code == 422 and told in refused.json()["detail"]
    assert list((workspace / "uploads").glob("*")) == [] if (workspace / "uploads").exists() else True


def test_a_name_never_leads_out_of_the_folder(writer: TestClient, workspace: Path) -> None:
    held = put(writer, "../../../evil.csv", TABLE.encode()).json()
    assert held["name"] == "evil.csv" and (workspace / "uploads" / held["id"] / "evil.csv").is_file()
    assert writer.get(f"{API}/uploads/..%2F..").status_code == 404
    assert writer.get(f"{API}/quarantine/..%2Flock").status_code == 404


def test_a_file_that_says_nothing_ends_the_job_with_a_sentence(writer: TestClient) -> None:
    held = put(writer, "odd.csv", b"a,b\n1,2\n").json()
    assert "nothing says what its columns mean" in job(writer, f"/uploads/{held['id']}/check")["error"]
    assert writer.get(f"{API}/uploads/0000000000000000").status_code == 404


def test_only_who_may_write_uploads(workspace: Path) -> None:
    keys = (hashlib.sha256(b"review").hexdigest(),)
    with TestClient(create_app(Settings(workspace=workspace, store="embedded", review_keys=keys)), base_url="http://localhost") as client:
        assert put(client, "a.csv", TABLE.encode()).status_code == 401
        assert client.post(f"{API}/build", json={}).status_code == 401
        assert client.get(f"{API}/quarantine/x").status_code == 401


def test_a_form_comes_as_a_workbook(writer: TestClient) -> None:
    form = writer.get(f"{API}/templates/PilotBase")
    assert form.status_code == 200 and form.content[:2] == b"PK" and "PilotBase.xlsx" in form.headers["content-disposition"]
    assert writer.get(f"{API}/templates/Nothing").status_code == 404
