"""The pages of the industry chains in a real Chromium: what every number leads to, what a state looks like, in both languages, on both stores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.ledger import writing
from graph.settings import Settings
from graph.snapshot import build
from graph.store.open import open_store
from ingest.synth import synth
from tests.browser.chain_world import Ids, numbers, plant, rows_behind
from tests.browser.conftest import served_from, serving, watched
from tests.browser.explore_world import HOSTILE, QUOTED
from tests.contract.world import ENGINES, World, quiet

LANG = {"zh": "", "en": "&lang=en"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    made = World(tmp_path_factory.mktemp("chain"))
    ids = plant(made)
    made.build()
    return made.workspace, ids


@pytest.fixture(scope="module")
def ids(world: tuple[Path, Ids]) -> Ids:
    return world[1]


@pytest.fixture(scope="module", params=ENGINES)
def everywhere(request: pytest.FixtureRequest, world: tuple[Path, Ids]) -> Iterator[str]:
    """The small world served from each store."""
    with served_from(world[0], request) as address:
        yield address


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A synthetic province, so that the Sankey is dense."""
    settings = Settings(workspace=tmp_path_factory.mktemp("province"), store="embedded")
    synth(settings.workspace, 3_000, 1)
    with writing(settings.workspace), closing(open_store(settings)) as store:
        store.apply(build(settings.workspace), quiet)
    with serving(settings) as address:
        yield address


def opened(page: Page, address: str, lang: str = "zh") -> None:
    answer = page.goto(address + (LANG[lang] if "?" in address else LANG[lang].replace("&", "?")))
    assert answer
    assert answer.ok


# ---- the small world, on both stores


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_opens_a_list_with_as_many_rows(browser: Browser, everywhere: str, ids: Ids, lang: str) -> None:
    with watched(browser, everywhere) as (_, page):
        for address in ("/chain", "/chain?region=某1市", "/chain?chain=某产业链", f"/chain?chain={ids['某产业链']}&region=某1市"):
            opened(page, address, lang)
            found = numbers(page)
            assert len(found) > (20 if "chain=" in address else 4)
            seen = {(n, url): rows_behind(page, url) for n, url in set(found)}
            assert [(n, rows, url) for (n, url), rows in seen.items() if n != rows] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_states_of_the_heat_map_differ_without_colour(browser: Browser, everywhere: str, lang: str) -> None:
    with watched(browser, everywhere) as (_, page):
        opened(page, "/chain?chain=某产业链", lang)
        held = page.eval_on_selector_all("table.heat tbody tr", """rows => rows.map(r => [r.querySelector('th').innerText.split('\\n')[0],
            ...[...r.querySelectorAll('.cell')].map(c => c.dataset.state)])""")
        assert sorted(held[1:]) == sorted([
            ["甲环节", "no_data", "no_data", "present", "present"], [QUOTED, "no_data", "no_data", "gap", "no_data"],
            ["丙环节", "no_data", "no_data", "present", "no_data"], ["丁环节", "no_data", "no_data", "suspected", "no_data"]])  # fmt: skip
        looks = page.eval_on_selector_all(".cell", """cells => Object.fromEntries(cells.map(c => {
            const style = getComputedStyle(c), sign = c.querySelector('.sign').textContent;
            return [c.dataset.state, [sign, style.borderStyle, style.backgroundImage.split('(')[0]].join(' ')] }))""")
        assert len(set(looks.values())) == len(looks) == 5, looks
        said = page.locator("table.gaps tbody tr")
        assert said.first.inner_text().split("\t")[0].endswith("缺口" if lang == "zh" else "gap")
        verdicts = page.eval_on_selector_all("table.gaps .h", "marks => marks.map(m => m.className.split('h-')[1])")
        assert verdicts == sorted(verdicts, key=["gap", "suspected", "no_data"].index) and len(set(verdicts)) == 3


def test_the_sankey_tells_only_what_is_on_record(browser: Browser, everywhere: str) -> None:
    with watched(browser, everywhere) as (_, page):
        opened(page, "/chain?chain=某产业链")
        bands = page.eval_on_selector_all(".sankey.wide .band", "all => all.map(a => a.getAttribute('aria-label'))")
        assert sorted(bands) == sorted(["实验室 → 概念验证，1 项", "实验室 → 中试放大，中间阶段未见记录，1 项",
                                        "实验室 → 产业化，中间阶段未见记录，1 项", "止于实验室：未见下一步记录，4 项",
                                        "概念验证 → 中试放大，1 项", "中试放大 → 产业化，1 项",
                                        "止于中试放大：未见下一步记录，1 项"])  # fmt: skip
        page.locator(".sankey.wide .band[aria-label='实验室 → 概念验证，1 项']").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.go_back()
        expect(page).to_have_url(re.compile("/chain\\?"))
        page.get_by_text("图中的数字").click()
        expect(page.locator("table.moves tbody tr")).to_have_count(7)


def test_hostile_names_stay_names(browser: Browser, everywhere: str, ids: Ids) -> None:
    with watched(browser, everywhere) as (_, page):
        opened(page, f"/chain?chain=某产业链&region={ids['某2市']}")
        page.goto(f"/chain?chain={ids['某产业链']}")
        expect(page.locator("table.heat")).to_contain_text(QUOTED)
        page.locator("table.heat tbody tr").nth(1).locator(".cell").last.locator(".who").click()
        expect(page.locator("tbody")).to_contain_text(HOSTILE)
        assert page.locator("main img").count() == 0


def test_the_cascade_names_cities_without_a_policy(browser: Browser, everywhere: str) -> None:
    with watched(browser, everywhere) as (_, page):
        opened(page, "/chain?chain=某产业链")
        expect(page.locator(".lacking")).to_have_text("某2市")
        expect(page.locator("section[aria-labelledby=policy] .lines > li")).to_have_count(1)
        page.locator("section[aria-labelledby=policy] summary").click()
        expect(page.locator("section[aria-labelledby=policy] article.evidence")).to_contain_text("测试文件")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chain_of_which_nothing_is_known_says_so_with_ways_on(browser: Browser, everywhere: str, lang: str) -> None:
    with watched(browser, everywhere) as (_, page):
        opened(page, "/chain?chain=空产业链", lang)
        expect(page.locator(".empty").first).to_contain_text("不等于没有成果" if lang == "zh" else "does not mean there is none")
        expect(page.locator(".sankey")).to_have_count(0)
        assert page.locator(".empty").first.locator("a").count() >= 3


def test_state_is_in_the_address_and_back_goes_back(browser: Browser, everywhere: str, ids: Ids) -> None:
    with watched(browser, everywhere) as (_, page):
        opened(page, "/chain")
        page.get_by_label("地区").fill("某1市")
        page.get_by_role("button", name="查看").click()
        expect(page).to_have_url(re.compile("region="))
        page.get_by_role("link", name="某产业链").click()
        expect(page.get_by_label("地区")).to_have_value("某1市")
        inside = page.locator(".sankey.wide .stage").first.get_attribute("data-number")
        address = page.url
        page.reload()
        assert page.url == address and page.locator(".sankey.wide .stage").first.get_attribute("data-number") == inside == "4"
        page.go_back()
        expect(page.locator("table.chains")).to_be_visible()
        page.go_back()
        expect(page.get_by_label("地区")).to_have_value("")
        answer = page.request.get("/chain?chain=某产业")
        assert answer.status == 404 and "某产业链" in answer.text()


# ---- a dense one


def test_a_dense_sankey_has_nothing_on_top_of_another(page: Page) -> None:
    opened(page, "/chain?chain=合成产业链1")
    boxes = page.eval_on_selector_all(".sankey.wide a rect", "all => all.map(r => r.getBBox()).map(b => [b.x, b.y, b.width, b.height])")
    assert len(boxes) >= 7
    for n, (x, y, w, h) in enumerate(boxes):
        assert all(x + w <= a or a + c <= x or y + h <= b or b + d <= y for a, b, c, d in boxes[n + 1 :])
    stages = dict(page.eval_on_selector_all(".sankey.wide .stage", """all => all.map(a => [a.querySelector('.name').textContent,
        Number(a.dataset.number)])"""))
    assert stages["实验室"] > stages["中试放大"] > stages["产业化"] > 0
    texts = page.eval_on_selector_all(".sankey.wide text", """all => all.map(t => t.getBoundingClientRect())
        .map(b => [b.left, b.top, b.right, b.bottom])""")
    for n, (left, top, right, bottom) in enumerate(texts):
        assert left >= 0 and right <= 1280
        assert all(right <= a or c <= left or bottom <= b or d <= top for a, b, c, d in texts[n + 1 :]), "labels do not overlap"


def test_the_numbers_of_a_dense_chain_open_their_lists(page: Page) -> None:
    opened(page, "/chain?chain=合成产业链1&region=合成1市")
    found = sorted(set(numbers(page)))
    assert len(found) > 60
    picked = [*set(numbers(page, "section[aria-labelledby=flow]")), *found[:: max(1, len(found) // 25)]]
    assert [(n, url) for n, url in picked if rows_behind(page, url) != n] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_screen(page: Page, lang: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 720})
    for address in ("/chain", "/chain?chain=合成产业链1", "/chain?chain=合成种植产业链"):
        opened(page, address, lang)
        assert page.locator("html").evaluate("html => html.scrollWidth") <= width, address
    expect(page.locator(".sankey.tall" if width == 390 else ".sankey.wide")).to_be_visible()
    expect(page.locator(".sankey.wide" if width == 390 else ".sankey.tall")).to_be_hidden()


def test_a_band_can_be_reached_and_opened_by_keys(page: Page) -> None:
    opened(page, "/chain?chain=合成产业链1")
    page.locator("#i-as_of").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('band')"):
            break
    number = page.evaluate("document.activeElement.dataset.number")
    page.keyboard.press("Enter")
    expect(page.locator("p.small").first).to_contain_text(f"{min(int(number), 50)} 行")
