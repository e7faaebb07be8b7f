"""The pages of the promises in a real Chromium: every state on both stores, and the founding contradictions of the shipped facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chain_world import Ids, plant
from tests.browser.conftest import served_from, watched
from tests.browser.explore_world import HOSTILE
from tests.contract.world import ENGINES, World

DAY = "2026-06-30"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    made = World(tmp_path_factory.mktemp("promises"))
    ids = plant(made)
    made.build()
    return made.workspace, ids


@pytest.fixture(scope="module", params=ENGINES)
def everywhere(request: pytest.FixtureRequest, world: tuple[Path, Ids]) -> Iterator[str]:
    """The small world served from each store."""
    with served_from(world[0], request) as address:
        yield address


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_state_is_said_and_filtered_by(browser: Browser, everywhere: str, lang: str) -> None:
    with watched(browser, everywhere) as (_, page):
        page.goto(f"/promises?as_of={DAY}" + ("&lang=en" if lang == "en" else ""))
        states = page.eval_on_selector_all(".promise .state", "all => all.map(s => s.className.split('st-')[1])")
        assert sorted({s for s in states}) == ["behind", "not_observable", "on_pace", "overdue", "reached", "unknown_unit"]
        said = page.eval_on_selector_all(".tally a[data-number]", "all => all.map(a => [a.href, Number(a.dataset.number)])")
        assert sum(n for _, n in said) == 6
        for address, number in said:
            page.goto(address)
            expect(page.locator(".promise")).to_have_count(number)
        page.go_back()
        page.go_back()


def test_what_is_counted_is_listed_with_evidence(browser: Browser, everywhere: str) -> None:
    with watched(browser, everywhere) as (_, page):
        page.goto(f"/promises?as_of={DAY}&state=behind")
        number = page.locator(".promise [data-number]")
        expect(number).to_have_text("12")
        number.click()
        page.wait_for_url("**target=**")
        assert f"as_of={DAY}" in page.url
        expect(page.locator("#counted > .lines > li")).to_have_count(12)
        page.locator("#counted .sources > summary").first.click()
        expect(page.locator("#counted article.evidence").first).to_contain_text("测试文件")
        expect(page.locator(".progress .tick")).to_have_count(12)
        page.goto(page.url.replace(DAY, "2025-03-31"))
        expect(page.locator("#counted > .lines > li")).to_have_count(3)


def test_not_observable_has_no_bar_and_is_no_nought(browser: Browser, everywhere: str) -> None:
    with watched(browser, everywhere) as (_, page):
        page.goto(f"/promises?as_of={DAY}&state=not_observable")
        expect(page.locator(".progress .blind")).to_have_count(1)
        expect(page.locator(".progress .done")).to_have_count(0)
        expect(page.locator(".promise")).not_to_contain_text("≥")
        page.locator(".promise h4 a").click()
        expect(page.locator(".empty")).to_contain_text("这不是零")


def test_what_documents_report_and_where_they_disagree(browser: Browser, everywhere: str) -> None:
    with watched(browser, everywhere) as (_, page):
        page.goto(f"/promises?as_of={DAY}&state=behind")
        page.locator(".beside-it > summary").click()
        expect(page.locator(".beside-it li", has_text="45项")).to_contain_text("相当于目标的 9%")
        expect(page.locator(".progress path.said")).to_have_count(4)  # two figures, on the bar and on the line
        clash = page.locator(".contradiction").filter(has_text="80项").first
        expect(clash.locator(".against > div")).to_have_count(2)
        expect(page.locator("#measures")).to_contain_text("2")
        page.locator("section[aria-labelledby=measures] summary").first.click()
        expect(page.locator(".measures > li")).to_have_count(2)


def test_hostile_names_filters_and_the_way_back(browser: Browser, everywhere: str, world: tuple[Path, Ids]) -> None:
    with watched(browser, everywhere) as (_, page):
        page.goto(f"/promises?as_of={DAY}")
        page.get_by_label("指标含").fill("新产品")
        page.get_by_role("button", name="查看").click()
        expect(page.locator(".promise")).to_have_count(1)
        page.reload()
        expect(page.get_by_label("指标含")).to_have_value("新产品")
        page.locator(".promise h4 a").click()
        expect(page).to_have_title(re.compile(re.escape(HOSTILE)))
        page.go_back()
        page.get_by_label("指标含").fill("没有这个")
        page.get_by_role("button", name="查看").click()
        expect(page.locator(".empty").first).to_contain_text("没有符合的目标")
        page.get_by_role("link", name="去掉筛选").click()
        expect(page.locator(".promise")).to_have_count(6)
        page.get_by_label("发文单位").select_option(label="某省科技厅 (6)")
        page.get_by_role("button", name="查看").click()
        expect(page.locator(".promise")).to_have_count(6)
        page.get_by_label("地区").fill("某1市")
        page.get_by_role("button", name="查看").click()
        expect(page.locator(".promise")).to_have_count(0)
        assert page.request.get("/promises?region=某").status == 404 and page.request.get("/promises?state=nix").status == 422


# ---- the shipped facts


def test_the_founding_contradictions_stand_side_by_side(page: Page) -> None:
    page.goto("/promises")
    clashes = page.locator(".contradiction")
    figures = clashes.filter(has_text="促成转移转化的成果")
    expect(figures.locator(".value")).to_have_text(["3万项", "3.6万项"])
    counts = clashes.filter(has_text="对《关于加强政策配套支持建设高水平中试共享平台的提案》的答复")
    expect(counts.locator(".value")).to_have_text(["10", "10", "12"])
    for n, wanted in ((1, 10), (2, 12)):
        reading = counts.locator(".against > div").nth(n)
        reading.locator("summary").first.click()
        expect(reading.locator("ul[data-members] > li")).to_have_count(wanted)
    counts.locator(".sources > summary").first.click()
    expect(counts.locator("blockquote").first).to_be_visible()


def test_the_sixty_are_centres_and_bases_together(page: Page) -> None:
    page.goto("/targets")
    assert page.url.endswith("/promises")
    row = page.locator(".promise").filter(has_text="60家")
    for text in ("概念验证中心", "中试基地", "合并计数"):
        expect(row).to_contain_text(text)
    row.locator(".sources > summary").first.click()
    expect(row.locator("blockquote").first).to_contain_text("60家概念验证中心和中试基地")
    expect(page.locator(".stated").filter(has_text="60家")).to_contain_text("文中未写明由哪项政策设定")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_screen(page: Page, lang: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 720})
    end = "&lang=en" if lang == "en" else ""
    page.goto(f"/promises?state=open{end}")
    assert page.locator("html").evaluate("html => html.scrollWidth") <= width
    page.locator(".promise h4 a").first.click()
    page.wait_for_url("**target=**")
    assert page.locator("html").evaluate("html => html.scrollWidth") <= width
