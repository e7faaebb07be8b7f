"""Review as people use it: keys in a terminal, decisions over HTTP, and the score of the proposals."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import API, create_app
from api.jobs import State
from graph.settings import Settings
from tests.api.test_cli import COMMAND, answer, run

REPLY, NUMBERED = "陕西省概念验证中心和中试基地建设实施意见", "加快建设概念验证中心和中试基地的实施意见"


def typed(workspace: Path, keys: Sequence[str], *args: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("INNOCHAIN_")}
    return subprocess.run([*COMMAND, "review", "--who", "测试者", *args], input="\n".join(keys), capture_output=True, text=True, encoding="utf-8",
                          timeout=120, env={**clean, "INNOCHAIN_WORKSPACE": str(workspace)})  # fmt: skip


def proposal(workspace: Path) -> dict[str, Any]:
    listed = answer(workspace, "review", "--list", "--kind", "Policy")
    assert isinstance(listed, list)
    found: dict[str, Any] = next(p for p in listed if {p["name_a"], p["name_b"]} == {REPLY, NUMBERED})
    return found


# ---- the terminal


def test_the_opinion_of_the_reply_waits_for_a_person_with_its_sources(workspace: Path) -> None:
    p = proposal(workspace)
    assert p["score"] < 1 and "100%" in p["why_en"]
    shown = typed(workspace, "q", "--kind", "Policy").stdout
    assert "陕科办发〔2024〕19号" in shown and "答复 902" in shown  # both with their places
    assert run(workspace, "show", REPLY).stdout.count("合并自") == 0  # and was not merged silently


def test_keys_judge_withdraw_and_go_on_and_a_wrong_key_only_shows_the_help(workspace: Path) -> None:
    done = typed(workspace, "xjksz" + "d" + "q", "--kind", "Policy")
    assert done.returncode == 0 and "→ same" in done.stderr and "→ withdrawn" in done.stderr and "innochain build" in done.stderr
    held = answer(workspace, "review", "--decided")
    assert isinstance(held, list) and [d["verdict"] for d in held] == ["different"] and held[0]["who"] == "测试者"


def test_a_claim_can_be_called_wrong_by_its_number(workspace: Path) -> None:
    assert "→ wrong" in typed(workspace, "w1q", "--kind", "Policy").stderr
    assert "→ wrong" not in typed(workspace, ["w", "99", "q"], "--kind", "Policy").stderr  # a number that is not there decides nothing


def test_a_merged_id_answers_308_and_show_says_what_it_was_merged_from(workspace: Path) -> None:
    p = proposal(workspace)
    assert run(workspace, "review", p["a"], p["b"], "--verdict", "same", "--why", "同一文件").returncode == 0
    assert run(workspace, "build").returncode == 0
    assert "人工判定" in run(workspace, "show", REPLY).stdout
    with TestClient(create_app(Settings(workspace=workspace, store="embedded")), follow_redirects=False) as client:
        status = {i: client.get(f"{API}/nodes/{i}") for i in (p["a"], p["b"])}
        (moved,) = [r for r in status.values() if r.status_code == 308]
        body = client.get(moved.headers["location"]).json()
    assert {"judged"} <= {m["why"] for m in body["merged_from"]}


def test_a_verdict_needs_what_it_is_on(workspace: Path) -> None:
    done = run(workspace, "review", "--verdict", "same")
    assert done.returncode == 2 and "two ids" in done.stderr


# ---- HTTP


def test_proposals_come_in_pages_and_decisions_are_taken_and_listed(writer: TestClient, workspace: Path) -> None:
    (workspace / "proposals.json").unlink(missing_ok=True)
    jobs, go = writer.app.state.jobs, threading.Event()  # type: ignore[attr-defined]
    jobs.start("check", lambda _: go.wait(60))
    waits = writer.get(f"{API}/review/proposals")
    assert (waits.status_code, waits.headers["retry-after"], waits.headers["link"]) == (202, "1", f'<{API}/jobs>; rel="monitor"')
    assert waits.json()["job"]["what"] == "check" and waits.json()["jobs"] == f"{API}/jobs", "one job at a time: this one first"
    go.set()
    jobs.wait(60)
    jobs.state = State("proposals", "failed", error="lost")
    assert "ask with again=true" in writer.get(f"{API}/review/proposals").json()["detail"]
    while (asked := writer.get(f"{API}/review/proposals?limit=2&again=true")).status_code == 202:
        jobs.wait(60)
    assert jobs.state.what == "proposals"
    first = asked.json()
    assert len(first["items"]) == 2 and first["total"] > 2
    second = writer.get(f"{API}/review/proposals", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert second["items"][0] not in first["items"]
    p = first["items"][0]
    taken = writer.post(f"{API}/review/decisions", json={"verdict": "different", "subject": p["a"], "object": p["b"], "who": "李"})
    assert taken.status_code == 201 and taken.json()["claim"].startswith("c")
    after = writer.get(f"{API}/review/proposals?limit=200")
    assert p not in after.json()["items"] and after.headers["cache-control"] == "no-store"  # decisions come between builds
    assert writer.get(f"{API}/review/decisions").json()["items"][0]["who"] == "李"


def test_a_decision_that_contradicts_is_a_409_with_the_pairs(writer: TestClient) -> None:
    a, b, c = (writer.get(f"{API}/search?q={n}&limit=1").json()["items"][0]["id"] for n in ("西北工业大学", "西安交通大学", "西北大学"))
    judge = lambda v, x, y: writer.post(f"{API}/review/decisions", json={"verdict": v, "subject": x, "object": y, "who": "李"})  # noqa: E731
    assert judge("same", a, b).status_code == judge("same", b, c).status_code == 201
    refused = judge("different", a, c)
    assert refused.status_code == 409 and refused.json()["code"] == "contradiction" and refused.json()["errors"]


@pytest.mark.parametrize(("body", "status"), [
    ({"verdict": "perhaps", "subject": "policy:1", "object": "policy:2", "who": "李"}, 422),
    ({"verdict": "same", "subject": "policy:1", "who": "李"}, 422),
    ({"verdict": "same", "subject": "policy:1", "object": "policy:2", "who": "李"}, 404), ({"verdict": "same", "subject": "policy:1"}, 422),
])  # fmt: skip
def test_a_decision_on_nothing_is_a_problem(writer: TestClient, body: dict[str, str], status: int) -> None:
    refused = writer.post(f"{API}/review/decisions", json=body)
    assert refused.status_code == status and refused.headers["content-type"] == "application/problem+json"


def test_another_site_cannot_make_a_browser_decide(writer: TestClient) -> None:
    body = json.dumps({"verdict": "same", "subject": "policy:1", "object": "policy:2", "who": "x"})
    form = writer.post(f"{API}/review/decisions", content=body, headers={"content-type": "text/plain"})
    other = writer.post(f"{API}/review/decisions", content=body, headers={"content-type": "application/json", "origin": "http://evil.example"})
    rebound = writer.post("http://evil.example/api/v1/review/decisions", content=body, headers={"content-type": "application/json"})
    assert (form.status_code, other.status_code, rebound.status_code) == (422, 401, 401)


def test_with_review_keys_only_they_decide(workspace: Path) -> None:
    keys = {n: hashlib.sha256(n.encode()).hexdigest() for n in ("read", "review")}
    chosen = Settings(workspace=workspace, store="embedded", api_keys=(keys["read"],), review_keys=(keys["review"],))
    body = {"verdict": "same", "subject": "policy:1", "object": "policy:2", "who": "x"}
    with TestClient(create_app(chosen), base_url="http://localhost") as client:
        status = [client.post(f"{API}/review/decisions", json=body, headers={"authorization": f"Bearer {k}"}).status_code
                  for k in ("read", "review", "none")]  # fmt: skip
    assert status == [401, 404, 401]


# ---- the score


def test_names_are_scored_as_promised(shared: Path, tmp_path: Path) -> None:
    figures = answer(tmp_path / "none", "evaluate-names", str(shared / "data/names/cn_company_short_full_pairs_dev.csv"))
    assert isinstance(figures, dict) and set(figures) == {"precision", "recall", "f1", "threshold"}
    assert figures["f1"] >= 0.95 and figures["precision"] >= 0.98


@pytest.mark.parametrize(("text", "told"), [
    ("short,full\na,b\n", "is_match"), ("short,full,is_match\na,,1\n", ":2:"), ("short,full,is_match\na,b,yes\n", ":2:"),
    ("short,full,is_match\n", "no pairs"), ("", "empty"),
])  # fmt: skip
def test_bad_pairs_are_named_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    done = run(tmp_path / "none", "evaluate-names", str(path))
    assert done.returncode == 1 and told in done.stderr and "pairs.csv" in done.stderr and "Traceback" not in done.stderr
