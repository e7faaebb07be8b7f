"""A small world for the explorer's tests, and what these do with its page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.contract.world import World

HOSTILE = "<img src=x onerror=alert(1)>"
CLOSING = "</script><script>alert(2)</script>"
QUOTED = '" onmouseover="alert(3)" x="'
MANY = 560
PLACE = "id => { const n = document.getElementById('canvas').explorer.canvas.net; return n.canvasToDOM(n.getPosition(id)) }"
Ids = dict[str, str]


def plant(world: World) -> Ids:
    """A university, what it owns and hosts, dated, doubtful and planned relations, hostile names, and an owner of 560 results."""
    ids: Ids = {}

    def node(kind: str, name: str, **texts: Any) -> str:
        ids[name] = world.node(kind, name, **texts)
        return ids[name]

    school = node("Organization", "甲大学", types=["University"], aliases=["甲大"])
    agency = node("Organization", "某科技厅", types=["Agency"])
    firm = node("Organization", "乙公司", types=["Enterprise"])
    for n in range(1, 4):
        world.edge(school, "OWNS", node("Achievement", f"成果{n}"))
    base, other = node("PilotBase", "镁中试基地"), node("PilotBase", "光子中试基地")
    world.edge(school, "HOSTS", base, role="lead", since="2020-01-01", until="2022-12-31")
    world.edge(school, "HOSTS", other, role="lead", since="2023-05-01")
    world.edge(agency, "RECOGNIZES", base, event="recognised", event_date="2021-03-01")
    world.edge(agency, "RECOGNIZES", other, event="recognised", event_date="2024-03-01")
    world.edge(ids["成果1"], "TRANSFERRED_TO", firm, transfer_date="2021-06-01")
    world.edge(school, "COOPERATES_WITH", firm, confidence=0.4)
    world.edge(firm, "BUILDS", node("PilotBase", "计划中的基地", modality="planned"), modality="planned")
    for name in (HOSTILE, CLOSING, QUOTED):
        world.edge(school, "OWNS", node("Achievement", name))
    world.edge(ids[HOSTILE], "TRANSFERRED_TO", firm)
    hub = node("Organization", "大研究院", types=["Institute"])
    for n in range(MANY):
        world.edge(hub, "OWNS", world.node("Achievement", f"沉淀成果{n:03d}"))
    return ids


def opened(page: Page, ids: Ids, *names: str, **more: str) -> None:
    query = "&".join([f"nodes={','.join(ids[n] for n in names)}"] * bool(names) + [f"{k}={quote(v)}" for k, v in more.items()])
    page.goto(f"/explore?{query}")
    expect(page.locator("body")).to_have_attribute("data-ready", "true")


def on_canvas(page: Page, nodes: int, edges: int | None = None) -> None:
    expect(page.locator("#count")).to_have_text(re.compile(rf"^{nodes} \D+{'' if edges is None else edges}"), timeout=20_000)  # a busy Neo4j


def chosen(page: Page, *names: str) -> None:
    """Selects nodes in the list, the first alone, the others in addition."""
    page.get_by_role("tab").nth(1).click()
    for n, name in enumerate(names):
        if n:
            page.get_by_role("tab").nth(1).click()
        page.locator("#pane-list .name").get_by_text(name, exact=True).click(modifiers=["Control"] if n else [])
    page.get_by_role("tab").nth(0).click()


def names_listed(page: Page) -> list[str]:
    return page.locator("#pane-list [role=option] .name").all_text_contents()


def saved(page: Page, what: str) -> bytes:
    page.locator("#save > summary").click()
    with page.expect_download() as download:
        page.locator(f"#save [data-save='{what}']").click()
    return Path(download.value.path()).read_bytes()
