"""The explorer in a real Chromium: by hand and by keys, in Chinese and English, with names that would run if they could."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.settings import Settings
from graph.store.open import open_store
from tests.browser.conftest import serving, watched
from tests.contract.world import ENGINES, World, empty, quiet, settings_for

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


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Ids]:
    world = World(tmp_path_factory.mktemp("explore"))
    ids = plant(world)
    world.build()
    return world, ids


@pytest.fixture(scope="module", params=ENGINES)
def everywhere(request: pytest.FixtureRequest, planted: tuple[World, Ids]) -> Iterator[str]:
    """The world served from each store."""
    from graph.snapshot import open_current

    settings = settings_for(request.param, planted[0].workspace, request)
    if request.param == "neo4j":
        empty(request.getfixturevalue("neo4j_url"))
    with closing(open_store(settings)) as store:
        store.apply(open_current(planted[0].workspace), quiet)
    with serving(settings) as address:
        yield address


@pytest.fixture(scope="module")
def site(planted: tuple[World, Ids]) -> Iterator[str]:
    from graph.snapshot import open_current

    settings = Settings(workspace=planted[0].workspace, store="embedded")
    with closing(open_store(settings)) as store:
        store.apply(open_current(planted[0].workspace), quiet)
    with serving(settings) as address:
        yield address


@pytest.fixture(scope="module")
def ids(planted: tuple[World, Ids]) -> Ids:
    return planted[1]


# ---- what the tests do with the page


def opened(page: Page, ids: Ids, *names: str, **more: str) -> None:
    query = "&".join([f"nodes={','.join(ids[n] for n in names)}"] * bool(names) + [f"{k}={quote(v)}" for k, v in more.items()])
    page.goto(f"/explore?{query}")
    expect(page.locator("body")).to_have_attribute("data-ready", "true")


def on_canvas(page: Page, nodes: int, edges: int | None = None) -> None:
    expect(page.locator("#count")).to_have_text(re.compile(rf"^{nodes} \D+{'' if edges is None else edges}"))


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


WORDS: dict[str, Callable[[str], str]] = {"zh": lambda pair: pair.split("|")[0], "en": lambda pair: pair.split("|")[1]}


# ---- by hand


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_begin_expand_collapse_undo_on_both_stores(browser: Browser, everywhere: str, ids: Ids, lang: str) -> None:
    say = WORDS[lang]
    with watched(browser, everywhere) as (_, page):
        page.goto("/explore" + ("?lang=en" if lang == "en" else ""))
        expect(page.locator("#begin")).to_contain_text(say("从哪里开始|Where to begin"))
        page.keyboard.press("/")
        page.keyboard.type("甲大")
        expect(page.get_by_role("option").first).to_contain_text("甲大学")
        page.keyboard.press("Enter")
        on_canvas(page, 1, 0)
        expect(page.locator("#pane-detail h2")).to_have_text("甲大学")
        page.locator("[data-act=expand]").click()  # 6 results, 2 bases, 1 firm
        on_canvas(page, 10, 11)
        expect(page.locator("[data-relations] li").filter(has_text=say("拥有|owns"))).to_contain_text("6/6")
        page.locator("[data-act=collapse]").click()  # those with a second relation on the canvas stay
        on_canvas(page, 4)
        page.locator("#undo").click()
        on_canvas(page, 10, 11)
        page.locator("#redo").click()
        on_canvas(page, 4)
        page.go_back()
        page.go_back()
        on_canvas(page, 1, 0)
        expect(page.locator("#redo")).to_be_enabled()
        source = page.locator("#pane-detail details.sources").first
        source.locator("summary").click()
        expect(source.locator("article.evidence")).to_contain_text("测试文件")


def test_more_is_said_by_relation_and_comes_25_at_a_time(page: Page, ids: Ids) -> None:
    opened(page, ids, "大研究院", sel=ids["大研究院"])
    owned = page.locator("[data-relations] li").first
    expect(owned).to_contain_text(f"0/{MANY}")
    owned.get_by_role("button", name=re.compile("拥有：再加 25")).click()
    on_canvas(page, 26, 25)
    owned.get_by_role("button").click()
    on_canvas(page, 51, 50)
    expect(owned).to_contain_text(f"50/{MANY}")


def test_the_canvas_stops_at_500_and_says_so(page: Page, ids: Ids) -> None:
    every = [ids["大研究院"]]
    answer = page.request.get(f"/api/v1/nodes/{ids['大研究院']}/neighbours?limit=200").json()
    while len(every) < 490:
        every += [r["neighbour"]["id"] for r in answer["items"]]
        answer = page.request.get(f"/api/v1/nodes/{ids['大研究院']}/neighbours?limit=200&cursor={answer['next_cursor']}").json()
    page.goto(f"/explore#nodes={','.join(every[:490])}&sel={ids['大研究院']}")
    on_canvas(page, 490, 489)
    page.locator("[data-act=expand]").click()
    on_canvas(page, 500, 499)
    expect(page.locator("#notices")).to_contain_text("画布最多 500 个节点")
    page.locator("[data-act=expand]").click()
    expect(page.locator("#notices")).to_contain_text(f"还有 {MANY - 499} 个没有加入")
    assert "#nodes=" in page.url, "an address too long for a server stays in the browser"
    page.reload()
    on_canvas(page, 500, 499)


def test_pin_hide_and_take_off(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "成果1", "成果2", "乙公司")
    chosen(page, "成果2")
    page.locator("[data-act=pin]").click()
    expect(page.locator("[data-act=pin]")).to_have_text("松开")
    assert re.search(rf"pins={ids['成果2']}@-?\d+@-?\d+", page.url)
    page.locator("[data-act=hide]").click()
    on_canvas(page, 3)
    assert f"hide={ids['成果2']}" in page.url
    chosen(page, "甲大学")
    page.locator("[data-act=expand]").click()
    on_canvas(page, 9)  # what is hidden is not brought back by expanding
    page.get_by_role("button", name="取回已隐藏的 1 个").click()
    on_canvas(page, 10)


def test_dragging_a_node_pins_it_where_it_was_left(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "乙公司")
    box = page.locator("#canvas").bounding_box()
    assert box
    at = page.evaluate(PLACE, ids["乙公司"])
    page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + at["x"] - 90, box["y"] + at["y"] + 40, steps=6)
    page.mouse.up()
    expect(page).to_have_url(re.compile("pins="))
    pinned = re.search(r"pins=([^&]+)", page.url)
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-ready", "true")
    held = page.evaluate("id => document.getElementById('canvas').explorer.canvas.net.getPosition(id)", ids["乙公司"])
    assert pinned and pinned[1] == f"{ids['乙公司']}@{held['x']:.0f}@{held['y']:.0f}"


# ---- by keys


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_by_keys_alone(page: Page, ids: Ids, lang: str) -> None:
    say = WORDS[lang]
    page.goto("/explore" + ("?lang=en" if lang == "en" else ""))
    expect(page.locator("body")).to_have_attribute("data-ready", "true")
    page.keyboard.press("/")
    page.keyboard.type("甲大学")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    on_canvas(page, 1, 0)
    for _ in range(40):  # Tab leads to the tabs of the panel
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "tab-detail":
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.id") == ids["甲大学"]
    page.keyboard.press("e")
    on_canvas(page, 10, 11)
    expect(page.locator("#said")).to_contain_text(say("画布上有 10 个节点|On the canvas: 10 nodes"))
    assert page.evaluate("document.activeElement.dataset.id") == ids["甲大学"], "what was in focus stays in focus"
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#pane-list [aria-selected=true]")).to_have_count(3)
    before = names_listed(page)
    page.keyboard.press("Delete")
    on_canvas(page, 9)
    page.keyboard.press("Control+z")
    on_canvas(page, 10, 11)
    assert names_listed(page) == before
    page.keyboard.press("Control+Shift+z")
    on_canvas(page, 9)


# ---- the address


def test_an_address_restores_everything(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "镁中试基地", "光子中试基地", "乙公司", "计划中的基地", as_of="2021-12-31", modalities="done,planned", off="Agency",
           min_confidence="0.5", pins=f"{ids['乙公司']}@321@-45", sel=ids["镁中试基地"])  # fmt: skip
    on_canvas(page, 5, 2)
    expect(page.locator("#time output")).to_have_text("截至 2021-12-31")
    expect(page.locator("[data-key=planned]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-key=Agency]")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#confidence")).to_have_value("0.5")
    expect(page.locator("#pane-detail h2")).to_have_text("镁中试基地")
    assert page.evaluate("id => document.getElementById('canvas').explorer.canvas.net.getPosition(id)", ids["乙公司"]) == {"x": 321, "y": -45}
    page.locator("[data-key=PilotBase]").click()
    on_canvas(page, 2, 0)
    page.reload()
    on_canvas(page, 2, 0)
    page.go_back()
    on_canvas(page, 5, 2)
    page.locator("a.lang").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    on_canvas(page, 5, 2)


def test_an_address_pinned_to_another_version_says_so(browser: Browser, site: str, ids: Ids) -> None:
    with watched(browser, site, allow="410") as (_, page):  # what changed since a version that is not kept cannot be told
        opened(page, ids, "甲大学", v="0123456789abcdef")
        expect(page.locator("#notices")).to_contain_text("此链接固定在图谱版本 0123456789abcdef")
        page.get_by_role("button", name="改用当前版本").click()
        expect(page.locator("#notices")).not_to_contain_text("固定在图谱版本")
        assert "v=" not in page.url


def test_unknown_and_malformed_ids_are_left_out(page: Page, ids: Ids) -> None:
    page.goto(f"/explore?nodes={ids['甲大学']},pilot-base:0000000000000000,{quote(HOSTILE)},x:1&as_of=never&layout=spiral&path=9e9")
    on_canvas(page, 1, 0)
    expect(page.locator("#notices")).to_contain_text("图中已没有 1 个节点")


# ---- filters


def test_legend_time_confidence_and_modality_filter(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "镁中试基地", "光子中试基地", "乙公司", "计划中的基地", "某科技厅")
    on_canvas(page, 6, 5)
    page.locator("[data-key=HOSTS]").click()
    on_canvas(page, 6, 3)
    page.locator("[data-key=HOSTS]").click()
    page.locator("[data-key=University]").click()
    on_canvas(page, 5, 2)
    page.get_by_role("button", name="全部显示").click()
    on_canvas(page, 6, 5)
    page.locator("[data-key=planned]").click()
    on_canvas(page, 6, 6)
    page.locator("#confidence").fill("0.5")
    on_canvas(page, 6, 5)
    page.locator("[data-time=day]").fill("2021-12-31")
    on_canvas(page, 6, 3)  # the first hosting, its recognition, and the undated plan
    expect(page.locator("#time")).to_contain_text("未注日期 2 条")
    page.locator("[data-time=certain]").check()
    on_canvas(page, 6, 1)
    page.locator("[data-time=certain]").uncheck()
    page.locator("#as-of").focus()
    page.keyboard.press("End")
    expect(page.locator("#time output")).to_have_text("不限日期")
    on_canvas(page, 6, 5)
    page.keyboard.press("Home")
    expect(page.locator("#time output")).to_have_text("截至 2020-01-31")
    on_canvas(page, 6, 2)


# ---- paths, several


def test_paths_are_listed_set_off_and_in_the_address(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "某科技厅")
    chosen(page, "甲大学", "某科技厅")
    page.locator("#between").click()
    found = page.locator(".found > li")
    expect(found).to_have_count(2)
    expect(found.first.locator(".route")).to_have_text(re.compile("甲大学 —承建/依托→ .*中试基地 ←认定/批复— 某科技厅"))
    expect(found.first).to_contain_text("最弱证据")
    expect(found.first).to_have_class("on")
    on_canvas(page, 3, 2)
    found.nth(1).locator("button").click()
    on_canvas(page, 4, 4)
    assert "path=1" in page.url and f"from={ids['甲大学']}" in page.url
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-ready", "true")
    page.get_by_role("tab", name="路径").click()
    expect(found.nth(1)).to_have_class("on")
    lit = page.evaluate("document.getElementById('canvas').explorer.canvas.edges.get().filter((e) => e.width === 4).length")
    assert lit == 2
    page.locator("[data-time=day]").fill("2021-12-31")
    expect(page.locator(".found > li")).to_have_count(1)  # the other is of 2023


def test_no_path_offers_more_steps(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "大研究院", **{"from": ids["甲大学"], "to": ids["大研究院"]})
    page.get_by_role("tab", name="路径").click()
    page.locator("#find-paths").click()
    expect(page.locator("#pane-paths")).to_contain_text("在 4 步之内没有路径")
    page.locator("#further").click()
    expect(page.locator("#pane-paths")).to_contain_text("在 6 步之内没有路径")


def test_common_neighbours_and_paths_between_all(page: Page, ids: Ids) -> None:
    opened(page, ids, "镁中试基地", "光子中试基地", "乙公司")
    chosen(page, "镁中试基地", "光子中试基地", "乙公司")
    page.locator("#common").click()
    rows = page.locator("#together li")
    expect(rows).to_have_text([re.compile("甲大学.*3/3"), re.compile("某科技厅.*2/3")])
    page.locator("#between").click()
    expect(page.locator(".found > li")).to_have_count(6)  # the two best of each of three pairs
    page.locator("#all-paths").click()
    on_canvas(page, 6, 7)


# ---- files


def test_a_view_leaves_as_picture_vector_tables_and_report(browser: Browser, page: Page, ids: Ids, tmp_path: Path) -> None:
    opened(page, ids, "甲大学", "镁中试基地", "乙公司", HOSTILE, CLOSING, QUOTED)
    png = saved(page, "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n") and int.from_bytes(png[16:20], "big") > 600
    svg = ElementTree.fromstring(saved(page, "svg"))
    texts = ["".join(t.itertext()) for t in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert "甲大学" in texts and HOSTILE.replace("\n", "") in "".join(texts) and not list(svg.iter("{http://www.w3.org/2000/svg}img"))
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}line"))) == 6
    nodes = list(csv.DictReader(io.StringIO(saved(page, "nodes.csv").decode("utf-8-sig"))))
    assert {n["name"] for n in nodes} == {"甲大学", "镁中试基地", "乙公司", HOSTILE, CLOSING, QUOTED}
    edges = list(csv.DictReader(io.StringIO(saved(page, "edges.csv").decode("utf-8-sig"))))
    assert len(edges) == 6 and all(e["evidence"].startswith("c") and "测试文件" in e["sources"] for e in edges)
    assert {e["label"] for e in edges} == {"承建/依托", "合作", "拥有", "转化至"}
    report = tmp_path / "report.html"
    report.write_bytes(saved(page, "html"))
    seen: list[str] = []
    context = browser.new_context(offline=True)
    sheet = context.new_page()
    sheet.on("request", lambda r: seen.append(r.url))
    sheet.on("console", lambda m: seen.append(m.text))
    sheet.on("pageerror", lambda e: seen.append(str(e)))
    sheet.goto(report.as_uri())
    expect(sheet.locator("canvas")).to_be_visible()
    expect(sheet.locator("aside")).to_contain_text("甲大学 —承建/依托→ 镁中试基地")
    expect(sheet.locator("aside")).to_contain_text(HOSTILE)
    expect(sheet.locator("aside ol li")).to_have_text(["《测试文件》〔转载或来源不明，未经证实〕。"])
    sheet.wait_for_timeout(300)
    assert seen == [report.as_uri()]
    context.close()


def test_a_view_file_opens_again_and_merges(page: Page, ids: Ids, tmp_path: Path) -> None:
    opened(page, ids, "甲大学", "镁中试基地", pins=f"{ids['甲大学']}@10@20")
    made = tmp_path / "view.json"
    made.write_bytes(saved(page, "json"))
    written = json.loads(made.read_text(encoding="utf-8"))
    assert written["state"]["nodes"] == [ids["甲大学"], ids["镁中试基地"]] and len(written["edges"]) == 1
    opened(page, ids, "乙公司")
    page.locator("#file").set_input_files(made)
    expect(page.locator("#dialog")).to_contain_text("2 个不在画布上")
    page.locator("#merge").click()
    on_canvas(page, 3, 2)
    assert f"pins={ids['甲大学']}@10@20" in page.url
    page.locator("#undo").click()
    on_canvas(page, 1, 0)
    opened(page, ids)
    page.locator("#file").set_input_files(made)
    on_canvas(page, 2, 1)


@pytest.mark.parametrize(("content", "word"), [
    ("no json", "这不是 JSON 文件"), ("[]", "这不是创新链的视图文件"), ('{"format": "innochain-view", "edition": 9, "state": {}}', "出自更新的版本"),
    (json.dumps({"format": "innochain-view", "edition": 1, "state": {"nodes": [HOSTILE, 7, None, {"__proto__": 1}]}}), "没有可用的节点"),
    ('{"x": "' + "y" * 2_000_000 + '"}', "不超过 2 MB"),
])  # fmt: skip
def test_a_file_that_is_no_view_is_refused_in_words(page: Page, ids: Ids, tmp_path: Path, content: str, word: str) -> None:
    opened(page, ids, "乙公司")
    bad = tmp_path / "bad.json"
    bad.write_text(content, encoding="utf-8")
    page.locator("#file").set_input_files(bad)
    expect(page.locator("#notices")).to_contain_text(word)
    on_canvas(page, 1, 0)


def test_sources_are_numbered_for_an_appendix(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "镁中试基地")
    page.locator("#save > summary").click()
    page.locator("#save [data-save=sources]").click()
    expect(page.locator("#dialog")).to_contain_text("出处清单：1 份文件")
    expect(page.locator("#dialog li")).to_contain_text("测试文件")
    page.locator("#copy-text").click()
    expect(page.locator("#dialog [role=status]")).to_have_text(re.compile("已复制|手动"))
    with page.expect_download() as download:
        page.locator("#save-sources").click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").startswith("[1] 《测试文件》")


# ---- the Cypher, hostile names, states


def test_each_step_shows_its_cypher_on_demand(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", sel=ids["甲大学"])
    page.locator("[data-act=expand]").click()
    on_canvas(page, 10, 11)
    page.get_by_role("tab", name="步骤").click()
    step = page.locator(".log li").last
    step.locator("summary").click()
    expect(step.locator("pre").first).to_contain_text("MATCH (n:Organization {id: $node})-[r]-(m:")
    expect(step).to_contain_text("n.id IN $sources AND m.id IN $nodes")


def test_hostile_names_stay_text_wherever_they_are_shown(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", HOSTILE, CLOSING, QUOTED, "乙公司")
    assert {HOSTILE, CLOSING, QUOTED} <= set(names_listed(page))
    for name in (HOSTILE, CLOSING, QUOTED):
        chosen(page, name)
        expect(page.locator("#pane-detail h2")).to_have_text(name)
    at = page.evaluate(PLACE, ids[HOSTILE])
    page.locator("#canvas").hover(position=at)
    expect(page.locator(".vis-tooltip")).to_contain_text(HOSTILE)
    chosen(page, HOSTILE, "乙公司")
    page.locator("#between").click()
    expect(page.locator(".found > li").first).to_contain_text(HOSTILE)
    page.locator("#add-box").fill("img src")
    expect(page.get_by_role("option").first).to_contain_text(HOSTILE)
    assert page.evaluate("document.querySelectorAll('main img, main script').length") == 0


def test_no_result_says_so_and_offers_what_is_near(page: Page, ids: Ids) -> None:
    opened(page, ids)
    page.locator("#add-box").fill("甲大学附属小学堂")
    expect(page.locator("#add-list")).to_contain_text("甲大学")
    page.locator("#add-box").fill("qqzzxx")
    expect(page.locator("#add-list")).to_contain_text("没有找到“qqzzxx”")


def test_a_store_that_is_down_is_said_and_tried_again(browser: Browser, site: str, ids: Ids) -> None:
    with watched(browser, site, allow="503") as (_, page):
        opened(page, ids, "甲大学", "乙公司", sel=ids["甲大学"])
        page.route("**/neighbours?*", lambda r: r.fulfill(status=503, body='{"code": "store_unavailable"}', content_type="application/problem+json"))
        page.locator("[data-act=expand]").click()
        expect(page.get_by_role("alert")).to_contain_text("图数据库没有应答")
        on_canvas(page, 2, 1)
        page.unroute("**/neighbours?*")
        page.get_by_role("button", name="重试").click()
        on_canvas(page, 10, 11)
        expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(browser: Browser, site: str, ids: Ids, scheme: str) -> None:
    with watched(browser, site, viewport={"width": 390, "height": 844}, color_scheme=scheme) as (_, page):
        opened(page, ids, "甲大学", "镁中试基地", sel=ids["甲大学"])
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator("[data-act=expand]").click()
        on_canvas(page, 10, 11)
        page.get_by_role("tab", name="列表").click()
        expect(page.locator("#pane-list [role=option]")).to_have_count(10)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_jumps_while_it_loads(page: Page, ids: Ids) -> None:
    page.add_init_script("window.shift = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) window.shift += e.value; }).observe("
                         "{ type: 'layout-shift', buffered: true });")  # fmt: skip
    opened(page, ids, "甲大学", "镁中试基地", "光子中试基地", "乙公司", sel=ids["甲大学"])
    expect(page.locator("#pane-detail h2")).to_have_text("甲大学")
    assert page.evaluate("window.shift") < 0.02
    page.locator("[data-act=expand]").click()
    on_canvas(page, 10, 11)
    assert page.evaluate("window.shift") < 0.02


def test_forces_place_the_nodes_and_the_chain_takes_them_back(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "镁中试基地", "乙公司")
    where = "() => JSON.stringify(document.getElementById('canvas').explorer.canvas.net.getPositions())"
    before = page.evaluate(where)
    page.locator("#by-force").click()
    expect(page.locator("#by-force")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"before => ({where})() !== before", arg=before)
    page.locator("#by-chain").click()
    page.wait_for_function(f"before => ({where})() === before", arg=before)
