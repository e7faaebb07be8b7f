"""What leaves the explorer as a file and comes back, names that would run if they could, and what it says when all is not well."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched
from tests.browser.explore_world import CLOSING, HOSTILE, PLACE, QUOTED, Ids, chosen, names_listed, on_canvas, opened, saved


@pytest.fixture(scope="module")
def site(explored: str) -> str:
    return explored


# ---- files


def test_a_view_leaves_as_picture_vector_tables_and_report(browser: Browser, explorer_page: Page, ids: Ids, tmp_path: Path) -> None:
    page = explorer_page
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


def test_a_view_file_opens_again_and_merges(explorer_page: Page, ids: Ids, tmp_path: Path) -> None:
    page = explorer_page
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


def test_sources_are_numbered_for_an_appendix(explorer_page: Page, ids: Ids) -> None:
    page = explorer_page
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


def test_hostile_names_stay_text_wherever_they_are_shown(explorer_page: Page, ids: Ids) -> None:
    page = explorer_page
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


INSIDE = """() => { const { net, box } = document.getElementById('canvas').explorer.canvas
    return net.body.nodeIndices.every((i) => { const b = net.getBoundingBox(i), [l, r] = [b.left, b.right].map((x) => net.canvasToDOM({ x, y: 0 }).x)
        return l >= 0 && r <= box.clientWidth }) }"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(browser: Browser, site: str, ids: Ids, scheme: str) -> None:
    with watched(browser, site, viewport={"width": 390, "height": 844}, color_scheme=scheme) as (_, page):
        opened(page, ids, "甲大学", "镁中试基地", sel=ids["甲大学"])
        assert page.locator("html").evaluate("html => html.scrollWidth") <= 390
        page.locator("[data-act=expand]").click()
        on_canvas(page, 10, 11)
        for width, height in ((390, 844), (844, 390), (390, 844)):  # turned and turned back: nothing is cut at the right
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(INSIDE)
        assert page.locator(".band > span").all_text_contents() == ["实验室", "概念验证", "中试放大", "产业化"]
        page.get_by_role("tab", name="列表").click()
        expect(page.locator("#pane-list [role=option]")).to_have_count(10)
        assert page.locator("html").evaluate("html => html.scrollWidth") <= 390


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
