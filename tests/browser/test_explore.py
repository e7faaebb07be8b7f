"""The explorer in a real Chromium: by hand and by keys, in Chinese and English, on both stores."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched
from tests.browser.explore_world import HOSTILE, MANY, PLACE, Ids, chosen, names_listed, on_canvas, opened, saved

WORDS: dict[str, Callable[[str], str]] = {"zh": lambda pair: pair.split("|")[0], "en": lambda pair: pair.split("|")[1]}


@pytest.fixture(scope="module")
def site(explored: str) -> str:
    return explored


# ---- by hand


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_begin_expand_collapse_undo_on_both_stores(browser: Browser, explored_everywhere: str, ids: Ids, lang: str) -> None:
    say = WORDS[lang]
    with watched(browser, explored_everywhere) as (_, page):
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
        page.go_forward()
        on_canvas(page, 10, 11)
        page.reload()
        on_canvas(page, 10, 11)  # the address holds it, from either store
        edges = list(csv.DictReader(io.StringIO(saved(page, "edges.csv").decode("utf-8-sig"))))
        assert len(edges) == 11 and all("测试文件" in e["sources"] for e in edges)
        assert HOSTILE in names_listed(page) and page.locator("main img").count() == 0


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
def test_everything_by_keys_alone(explorer_page: Page, ids: Ids, lang: str) -> None:
    page = explorer_page
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


def test_an_address_restores_everything(explorer_page: Page, ids: Ids) -> None:
    page = explorer_page
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


def test_the_skip_link_does_not_empty_the_canvas(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "乙公司")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    on_canvas(page, 2, 1)


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
    expect(page.locator(".scale svg")).to_be_visible()
    width = "document.querySelector('%s')?.getBoundingClientRect().width"  # asked in one go: the bars are drawn anew at every change
    page.wait_for_function(f"Math.abs({width % '#as-of'} - {width % '.scale svg'}) < 24")  # a date stands under its bar
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


def test_no_path_says_what_hides_one_and_loosens_it(page: Page, ids: Ids) -> None:
    opened(page, ids, "甲大学", "大研究院", **{"from": ids["甲大学"], "to": ids["大研究院"]})
    page.get_by_role("tab", name="路径").click()
    page.locator("#find-paths").click()
    expect(page.locator("#pane-paths")).to_contain_text("在 4 步之内没有路径。把各项条件都放宽也没有找到。")
    opened(page, ids, "甲大学", **{"from": ids["甲大学"], "to": ids["计划中的基地"], "max_hops": "1"})
    page.get_by_role("tab", name="路径").click()
    page.locator("#find-paths").click()
    expect(page.locator("#pane-paths")).to_contain_text("放宽步数、实现程度后有：甲大学 — 乙公司 — 计划中的基地")
    page.locator("[data-loosen='max_hops,modalities']").click()
    expect(page.locator(".found > li")).to_have_count(1)
    assert "max_hops=2" in page.url and "modalities=done,planned" in page.url


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
