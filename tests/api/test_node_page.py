"""The node's page: what its picture and timeline hold is what the graph holds, each entry with its evidence."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import API
from api.jobs import State


def node_id(client: TestClient, name: str) -> str:
    return str(client.get(f"{API}/search", params={"q": name, "limit": 1}).json()["items"][0]["id"])


def neighbours(client: TestClient, node: str) -> set[str]:
    found, cursor = set[str](), None
    while True:
        page = client.get(f"{API}/nodes/{node}/neighbours", params={
            "limit": 200, "modalities": ["done", "required", "planned", "encouraged"], **({"cursor": cursor} if cursor else {})}).json()
        found |= {r["neighbour"]["id"] for r in page["items"]}
        if not (cursor := page["next_cursor"]):
            return found


@pytest.mark.parametrize("name", ["陕西省科学技术厅", "西北工业大学", "陕西省", "陕西省镁基新材料中试基地"])
def test_the_picture_draws_or_counts_every_neighbour(client: TestClient, name: str) -> None:
    node = node_id(client, name)
    picture = client.get(f"/nodes/{node}").text.split('<svg class="around"')[1].split("</svg>")[0]
    drawn = re.findall(r'<a href="/nodes/([^"?]+)" class="box', picture)
    left_out = [int(n) for n in re.findall(r">还有 (\d+) 个", picture)]
    every = neighbours(client, node)
    assert len(drawn) == len(set(drawn)) and set(drawn) <= every - {node}
    assert len(drawn) + sum(left_out) == len(every)


def test_more_of_a_column_leads_to_exactly_those(client: TestClient) -> None:
    text = client.get(f"/nodes/{node_id(client, '陕西省科学技术厅')}").text
    (address, left) = re.findall(r'<a href="(/questions/neighbours[^"]+)"><text[^>]*>还有 (\d+) 个', text)[0]
    rows = client.get(address.replace("&amp;", "&")).text.count("<tr>") - 1
    assert rows >= int(left) > 0


def test_what_is_dated_is_in_order_and_names_its_evidence(client: TestClient) -> None:
    text = client.get(f"/nodes/{node_id(client, '陕西省科学技术厅')}").text
    entries = re.findall(r'<li><span class="when">(.*?)</span>.*?</li>', text.split('<ol class="timeline">')[1].split("</ol>")[0], re.DOTALL)
    assert entries == ["2022年", "2024年8月14日", "2025-11-02"]
    assert len(re.findall(r'/evidence/c[0-9a-z]+">出处', text.split('<ol class="timeline">')[1].split("</ol>")[0])) == len(entries)
    total = int(re.search(r'id="related">关系 <span class="count">(\d+)', text)[1])  # type: ignore[index]
    assert f"另有 {total - len(entries)} 条关系，来源没有写明任何日期" in text


def test_a_policy_shows_the_day_it_was_issued(client: TestClient) -> None:
    page = client.get(f"/nodes/{node_id(client, '陕西省2026年暨“十五五”第一批重点科技创新改革任务')}?lang=en").text
    line = page.split('<ol class="timeline">')[1].split("</ol>")[0]
    assert "2025-11-02" in line and "Issued" in line


def test_nothing_dated_is_said_in_words(client: TestClient) -> None:
    text = client.get(f"/nodes/{node_id(client, '陕西省镁基新材料中试基地')}").text
    assert "来源没有为它的 2 条关系写明任何日期" in text and '<ol class="timeline">' not in text


def test_a_link_pinned_to_another_version_says_so(client: TestClient) -> None:
    address = f"/nodes/{node_id(client, '西北工业大学')}"
    pinned = re.search(r'href="([^"]*[?&]v=[0-9a-f]{16})"', client.get(address).text)
    assert pinned and "固定在图谱版本" not in client.get(pinned[1]).text
    assert "固定在图谱版本 0123" in client.get(f"{address}?v=0123").text


def test_pairs_to_review_are_found_once_a_version_and_then_only_read(writer: TestClient, workspace: Path) -> None:
    kept = workspace / "proposals.json"
    kept.unlink(missing_ok=True)
    writer.app.state.jobs.state = State("proposals", "cancelled")  # type: ignore[attr-defined]
    assert "比对已取消" in (stopped := writer.get("/review")).text and stopped.status_code == 200 and "again=1" in stopped.text
    assert "比对已取消" not in writer.get("/review?again=1").text
    deadline = time.monotonic() + 60
    while (answer := writer.get("/review")).status_code == 202:
        assert answer.headers["refresh"] == "1; url=/review" and "data-waiting" in answer.text and time.monotonic() < deadline
        time.sleep(0.2)
    assert answer.status_code == 200 and 'class="sides"' in answer.text
    assert writer.get(f"{API}/jobs").json()["what"] == "proposals"
    made = kept.stat().st_mtime_ns
    assert writer.get("/review?lang=en").status_code == 200 and kept.stat().st_mtime_ns == made
