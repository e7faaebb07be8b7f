"""Every page of addresses.py in a real Chromium, in Chinese and English, from both stores: nothing in it is broken or out of reach."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from graph.settings import Settings
from tests.browser.addresses import PAGES, REFUSED, found, settled, spoken
from tests.browser.conftest import watched
from tests.browser.serving import serving
from tests.browser.small_png import PIXELS, small

TOLD = "the server responded with a status of"  # Chromium's own line in the console about a page that is refused


def accessible(page: Page) -> None:
    """No serious or critical finding of axe-core."""
    answer = Axe().run(page, options={"resultTypes": ["violations"], "iframes": False})  # a report's frame has no rights: axe cannot come in
    serious = [v for v in answer.response["violations"] if v["impact"] in ("serious", "critical")]
    told = [f"{v['id']}: {v['help']}\n    {n['html'][:160]}\n    {n['failureSummary'][:300]}" for v in serious for n in v["nodes"][:3]]
    assert told == [], "\n" + "\n".join(told)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(browser: Browser, shipped_everywhere: str, name: str, lang: str, request: pytest.FixtureRequest) -> None:
    """axe-core looks at every one in light colours; dark ones have the same words and marks, and are looked at once."""
    with watched(browser, shipped_everywhere, TOLD if name in REFUSED else "", viewport={"width": 1280, "height": 720}) as (_, page):
        answer = page.goto(spoken(found(shipped_everywhere, PAGES[name]), lang))
        settled(page)
        assert answer and (REFUSED.get(name) or 200) in (answer.status, answer.status - 2)  # 202: a page that waited for its answer
        expect(page.locator("html")).to_have_attribute("lang", "en" if lang == "en" else "zh-CN")
        expect(page.locator("h1")).to_have_count(1)
        assert page.locator("h1").inner_text().strip() and page.title().strip()
        assert page.locator("html").evaluate("html => html.scrollWidth") <= 1280
        accessible(page)
        if "embedded" in request.node.name and lang == "zh":
            page.emulate_media(color_scheme="dark")
            accessible(page)
        page.set_viewport_size({"width": 390, "height": 780})
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        assert page.locator("html").evaluate("html => html.scrollWidth") <= 390, page.evaluate(WIDE)
        assert page.evaluate(SQUEEZED) == [], "words that stand one below the other"


WIDE = """[...document.querySelectorAll('main *, header *, footer *')].filter(x => x.getBoundingClientRect().right > 391 && !x.closest('.scroll'))
    .slice(0, 5).map(x => x.outerHTML.slice(0, 120))"""
SQUEEZED = """[...document.querySelectorAll('main td, main th')].filter(x => x.clientWidth > 0 && x.clientWidth < 36
    && x.innerText.trim().length > 4).map(x => x.innerText)"""


@pytest.mark.parametrize("name", ["home", "node", "document", "search", "review", "upload"])
def test_nothing_shifts_while_a_page_loads(page: Page, site: str, name: str) -> None:
    page.add_init_script("""window.shifts = 0;
        new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.shifts += e.value; })
            .observe({ type: 'layout-shift', buffered: true });""")
    page.goto(found(site, PAGES[name]))
    settled(page)
    page.wait_for_timeout(150)
    assert page.evaluate("window.shifts") < 0.02


@pytest.mark.parametrize(("lang", "word", "again"), [("zh", "图数据库没有应答", "再试一次"), ("en", "The graph store does not answer", "Try again")])
def test_a_store_that_is_down_is_said_in_words(browser: Browser, workspace: Path, lang: str, word: str, again: str) -> None:
    down = Settings(workspace=workspace, store="neo4j://127.0.0.1:1", neo4j_user="neo4j", neo4j_password="x")
    with serving(down) as address, watched(browser, address, TOLD) as (_, page):
        answer = page.goto(spoken("/", lang))
        assert answer and answer.status == 503 and {"refresh", "retry-after"} <= set(answer.headers)
        expect(page.get_by_role("heading", level=1)).to_have_text(word)
        expect(page.get_by_role("link", name=again)).to_be_visible()
        accessible(page)


def test_a_kept_picture_is_small_and_has_its_colours(page: Page, browser: Browser, site: str) -> None:
    page.goto(found(site, PAGES["base"]))
    taken, blank = page.screenshot(), browser.new_page()
    made = small(blank, taken)
    before, after = (np.frombuffer(base64.b64decode(blank.evaluate(PIXELS, base64.b64encode(x).decode())[2]), np.uint8) for x in (taken, made))
    blank.close()
    off = np.abs(before.astype(int) - after.astype(int))
    assert len(made) < len(taken) / 1.5 and off.mean() < 0.5 and off.max() < 48
