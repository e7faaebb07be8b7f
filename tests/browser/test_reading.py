"""Reading by keys alone, back again, and names that try to run: in a real Chromium, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.records import Evidence, claim, node_id
from graph.settings import Settings
from tests.browser.addresses import found, spoken
from tests.browser.conftest import served_from, watched
from tests.browser.explore_world import CLOSING, HOSTILE, QUOTED
from tests.browser.serving import serving
from tests.contract.world import ENGINES, World

TEXT = "甲基地由乙大学建设。丙厅认定了它。"


def tab_to(page: Page, what: str, most: int = 60) -> None:
    """Tab until the focus is on something that fits the selector; what has the focus must be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow")
            assert seen != "nonenone", f"{what} does not show that it has the focus"
            return
    raise AssertionError(f"{most} tabs do not reach {what}")


@pytest.fixture
def shipped_page(browser: Browser, shipped_everywhere: str) -> Iterator[Page]:
    with watched(browser, shipped_everywhere) as (_, made):
        yield made


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_from_home_to_the_evidence_by_keys_alone_and_back(shipped_page: Page, lang: str) -> None:
    page = shipped_page
    page.goto(spoken("/", lang))
    page.keyboard.press("/")
    page.keyboard.type("xgd")  # initials
    options = page.get_by_role("option")
    expect(options.filter(has_text="西北工业大学")).to_be_visible()
    for _ in range(options.count()):
        page.keyboard.press("ArrowDown")
        lit = page.get_by_role("combobox").get_attribute("aria-activedescendant")
        if page.locator(f"#{lit} > span").first.inner_text() == "西北工业大学":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("西北工业大学")
    node = page.url
    tab_to(page, "details.sources > summary")
    page.keyboard.press("Enter")
    tab_to(page, ".evidence a[href^='/evidence/']")
    page.keyboard.press("Enter")
    expect(page.locator("article.evidence")).to_be_visible()
    assert "/evidence/c" in page.url and ("lang=en" in page.url) == (lang == "en")
    page.go_back()
    assert page.url == node
    page.go_back()
    expect(page.get_by_role("combobox")).to_be_visible()
    assert page.url.rstrip("/").endswith(spoken("/", lang).rstrip("/"))


@pytest.mark.parametrize(("typed", "says"), [("西工大", "又名 西工大"), ("xibeigongyedaxue", "西北工业大学"), ("xbgydx", "西北工业大学")])
def test_suggestions_come_by_kind_from_an_alias_pinyin_and_initials(page: Page, typed: str, says: str) -> None:
    page.goto("/")
    page.keyboard.type(typed)  # the box has the focus
    expect(page.get_by_role("option").filter(has_text=says).first).to_be_visible()
    groups = page.get_by_role("group").filter(has=page.get_by_role("option"))
    named = groups.evaluate_all("gs => gs.map(g => document.getElementById(g.getAttribute('aria-labelledby')).textContent)")
    assert named and len(set(named)) == len(named)
    expect(page.get_by_role("status").first).to_contain_text("个建议")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_link_is_copied_with_and_without_its_version(browser: Browser, site: str) -> None:
    with watched(browser, site, permissions=["clipboard-read", "clipboard-write"]) as (_, page):
        page.goto(found(site, "/nodes/{n:西北工业大学}"))
        page.get_by_role("button", name="复制链接", exact=True).click()
        expect(page.get_by_role("button", name="✓ 已复制")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == page.url
        page.reload()
        page.get_by_role("button", name="复制固定版本的链接").click()
        expect(page.get_by_role("button", name="✓ 已复制")).to_be_visible()
        pinned = page.evaluate("navigator.clipboard.readText()")
        page.goto(pinned)
        expect(page.locator(".notice")).to_have_count(0)  # the version is the same
        page.goto(re.sub("v=[0-9a-f]+", "v=0123456789abcdef", pinned))
        expect(page.locator(".notice")).to_contain_text("固定在图谱版本 0123456789abcdef")
        page.get_by_role("link", name="改用当前版本").click()
        expect(page.locator(".notice")).to_have_count(0)


def test_the_timeline_and_the_chain_lead_on(page: Page, site: str) -> None:
    page.goto(found(site, "/nodes/{n:陕西省科学技术厅}"))
    row = page.locator(".timeline li").filter(has_text="2024年8月14日")
    expect(row).to_contain_text("答复")
    row.get_by_role("link", name="出处").click()
    expect(page.locator("article.evidence")).to_be_visible()
    page.go_back()
    boxes = page.locator(".around a.box")
    assert boxes.count() > 5 and page.locator(".around .more").count() >= 1
    page.locator(".around .more").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("邻居")
    assert page.locator("tbody tr").count() > 5
    page.go_back()
    name = boxes.first.locator("title").text_content()
    boxes.first.click()
    assert name and name.startswith(page.get_by_role("heading", level=1).inner_text())


# ---- names that try to run; a text that was changed


@pytest.fixture(scope="module", params=ENGINES)
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A small graph of hostile names with dates, and a document whose text was changed after it was read."""
    world = World(tmp_path_factory.mktemp("hostile"))
    ids = {"school": world.node("Organization", HOSTILE, types=["University"], aliases=[QUOTED]), "base": world.node("PilotBase", CLOSING)}
    world.edge(ids["school"], "HOSTS", ids["base"], role="lead", since="2020-01-01", until="2023-01-01")
    world.edge(ids["school"], "OWNS", world.node("Achievement", QUOTED, registered="2021年"))
    world.edge(world.node("Organization", CLOSING, types=["Agency"]), "RECOGNIZES", ids["base"], event="recognised", event_date="2022年")
    ids["document"] = world.node("Document", HOSTILE + TEXT)
    cited: Callable[..., None] = lambda start, end, right, subject, predicate, **how: world.claims.append(claim(  # noqa: E731
        "world", subject, predicate, Evidence(ids["document"], start, end, _hash(TEXT[start:end] if right else "别的话")).json(), **how))
    world.claims.append(claim("world", ids["document"], "text", Evidence(ids["document"], note="正文").json(), value=TEXT))
    world.node("PilotBase", "北方中试基地", name_en="Northern Pilot Base")
    ids["plain"] = node_id("PilotBase", (("name", "甲基地"),))
    cited(0, 3, True, ids["plain"], "name", value="甲基地", shown="甲基地")
    cited(10, 12, False, ids["school"], "HOSTS", object=ids["plain"])
    world.build()
    with served_from(world.workspace, request) as address:
        yield address, ids


def _hash(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_stay_text_everywhere(browser: Browser, hostile: tuple[str, dict[str, str]], lang: str) -> None:
    site, ids = hostile
    with watched(browser, site) as (_, page):  # a dialog, an error of the policy, a foreign request: each fails
        page.goto(spoken("/", lang))
        expect(page.get_by_role("combobox")).to_be_focused()
        page.keyboard.type("<img")
        expect(page.get_by_role("option").first).to_contain_text(HOSTILE)
        page.keyboard.press("Enter")
        expect(page.locator(".results")).to_contain_text(HOSTILE)
        page.goto(spoken(f"/nodes/{ids['school']}", lang))
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
        expect(page.locator(".timeline")).to_contain_text(CLOSING)
        box = page.locator(".around a.box").filter(has_text="</script>").first
        expect(box).to_be_visible()
        assert page.locator("main img, main script:not([src]), main [onmouseover], main [onerror]").count() == 0
        page.locator("details.large > summary").click()
        expect(page.locator("iframe.picture").content_frame.locator("canvas")).to_be_visible()
        box.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(CLOSING)
        page.goto(spoken("/search?q=%3C/script%3E", lang))
        expect(page.locator(".results")).to_contain_text(CLOSING)
        page.goto(spoken(f"/documents/{ids['document']}", lang))
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE + TEXT)


def test_an_english_name_suggests_what_bears_it(browser: Browser, hostile: tuple[str, dict[str, str]]) -> None:
    with watched(browser, hostile[0]) as (_, page):
        page.goto("/?lang=en")
        expect(page.get_by_role("combobox")).to_be_focused()  # letters typed before it is are lost
        page.keyboard.type("northern pi")
        option = page.get_by_role("group", name="Pilot base").get_by_role("option")
        expect(option).to_have_text(re.compile("北方中试基地.*also Northern Pilot Base"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_changed_sentence_is_red_and_leads_to_its_relation(browser: Browser, hostile: tuple[str, dict[str, str]], scheme: str) -> None:
    site, ids = hostile
    with watched(browser, site, color_scheme=scheme) as (_, page):
        page.goto(f"/documents/{ids['document']}")
        page.get_by_role("link", name="1 条事实与原文不再一致").click()
        span = page.locator(".cited.broken")
        expect(span).to_have_text(TEXT[10:12])
        expect(span).to_be_in_viewport()
        red, green, blue = span.evaluate("x => getComputedStyle(x).color.match(/[0-9.]+/g).slice(0, 3).map(Number)")
        assert red > 1.5 * green and red > 1.5 * blue
        whole = page.locator(".cited:not(.broken)").first
        shade = "x => getComputedStyle(x).backgroundColor"
        assert span.evaluate(shade) != whole.evaluate(shade)
        place = page.locator(".place").filter(has_text="已改变")
        expect(place.get_by_role("link", name=HOSTILE)).to_have_attribute("href", f"/nodes/{ids['school']}")
        place.locator("a.verb").click()
        expect(page.locator("#count")).to_have_text(re.compile(r"^2 \D+1"))  # both ends and the relation between them


def test_without_javascript_timeline_and_link_are_there(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(found(site, "/nodes/{n:陕西省科学技术厅}"))
    expect(page.locator(".timeline li").nth(1)).to_be_visible()
    expect(page.get_by_role("link", name="固定版本的链接")).to_have_attribute("href", re.compile("v=[0-9a-f]{16}"))
    context.close()


def test_a_page_that_breaks_is_said_in_words(browser: Browser, workspace: Path, tmp_path: Path) -> None:
    import shutil

    broken = tmp_path / "ws"
    shutil.copytree(workspace, broken)
    for file in broken.glob("snapshots/*/*.sqlite"):
        file.write_bytes(b"this is no database" * 1000)
    with serving(Settings(workspace=broken, store="embedded")) as address, watched(browser, address, "status of 500") as (_, page):
        answer = page.goto("/search?q=x")
        assert answer and answer.status == 500 and "default-src 'self'" in answer.headers["content-security-policy"]
        expect(page.get_by_role("heading", level=1)).to_have_text("服务器出了故障")
        expect(page.locator("code").first).to_have_text(re.compile("^[0-9a-f]{12}$"))
