"""Judging by keys and bringing material in, in a real Chromium, each on a workspace of its own."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.settings import Settings
from graph.store.open import open_store
from tests.browser.addresses import settled, spoken
from tests.browser.conftest import watched
from tests.browser.serving import serving

WORDS: dict[str, Callable[[str], str]] = {"zh": lambda pair: pair.split("|")[0], "en": lambda pair: pair.split("|")[1]}


@pytest.fixture
def desk(workspace: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a service on a copy of every shipped fact, and the copy."""
    made = tmp_path / "ws"
    shutil.copytree(workspace, made)
    (made / "proposals.json").unlink(missing_ok=True)
    with serving(Settings(workspace=made, store="embedded")) as address:
        yield address, made


def version(workspace: Path) -> str | None:
    store = open_store(Settings(workspace=workspace, store="embedded"))
    try:
        return store.version().current
    finally:
        store.close()


def waiting(page: Page) -> int:
    """How many proposals wait, as the heading says."""
    settled(page)
    return int(page.locator("h1 .count").inner_text())


def key(page: Page, pressed: str, verdict: str) -> None:
    """Press a key that decides, and see the decision on top of the list after the page came anew."""
    with page.expect_navigation():
        page.keyboard.press(pressed)
    settled(page)
    expect(page.locator("#decided ~ .lines > li").first).to_contain_text(verdict)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pairs_are_judged_by_keys_alone(browser: Browser, desk: tuple[str, Path], lang: str) -> None:
    site, _ = desk
    say = WORDS[lang]
    with watched(browser, site) as (_, page):
        page.goto(spoken("/review", lang))
        settled(page)
        total = waiting(page)
        page.keyboard.press("d")  # nobody has said who decides
        expect(page.locator("#said")).to_have_text(say("请先写上判定人|First say who decides"))
        page.keyboard.type("王研究员")  # the focus went there
        page.keyboard.press("Tab")
        assert waiting(page) == total

        first = page.locator(".side h2").all_inner_texts()
        with page.expect_navigation():
            page.keyboard.press("j")
        assert page.locator(".side h2").all_inner_texts() != first and "at=1" in page.url
        with page.expect_navigation():
            page.keyboard.press("k")
        assert page.locator(".side h2").all_inner_texts() == first
        page.keyboard.press("k")
        expect(page.locator("#said")).to_have_text(say("没有更多了|There are no more"))
        page.keyboard.press("z")
        expect(page.locator("#said")).to_have_text(say("这个窗口里还没有判定|Nothing has been decided in this window yet"))

        key(page, "d", say("不同|different"))
        assert waiting(page) == total - 1
        expect(page.locator("#who")).to_have_value("王研究员")
        key(page, "z", say("已撤回|withdrawn"))
        assert waiting(page) == total and page.locator(".side h2").all_inner_texts() == first
        key(page, "u", say("不能定|unsure"))
        assert waiting(page) == total - 1
        page.keyboard.press("w")
        expect(page.locator("#said")).to_have_text(say("先选中不对的那一条|First choose the fact that is wrong"))
        fact = page.locator("input[name=claim]").first
        claim = fact.get_attribute("value")
        fact.focus()
        page.keyboard.press("Space")
        key(page, "w", say("不对|wrong"))
        key(page, "s", say("同一个|same"))
        taken = page.request.get("/api/v1/review/decisions").json()["items"]
        assert [d["verdict"] for d in taken] == ["same", "wrong", "unsure"]  # the first pair: different, taken back, unsure
        assert taken[1]["subject"] == claim and {d["who"] for d in taken} == {"王研究员"}


def test_decisions_are_built_into_the_graph_from_the_page(browser: Browser, desk: tuple[str, Path]) -> None:
    site, workspace = desk
    before = version(workspace)
    with watched(browser, site) as (_, page):
        page.goto("/review")
        settled(page)
        page.locator("#who").fill("王研究员")
        page.locator("#who").blur()
        names = page.locator(".side h2").all_inner_texts()
        key(page, "s", "同一个")
        with page.expect_navigation(timeout=60_000):
            page.locator("#build").click()
        settled(page)
        assert version(workspace) != before
        hit = page.request.get("/api/v1/search", params={"q": names[0], "limit": 1}).json()["items"][0]
        merged = page.request.get(f"/api/v1/nodes/{hit['id']}").json()["merged_from"]
        assert "judged" in {m["why"] for m in merged}


def test_review_waits_in_words_and_opens_by_itself_without_javascript(browser: Browser, desk: tuple[str, Path]) -> None:
    site, _ = desk
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    started = context.request.post("/api/v1/build", data={}, headers={"Content-Type": "application/json"})
    assert started.status == 202
    answer = page.goto("/review")
    assert answer and (answer.status, answer.headers["refresh"], answer.headers["cache-control"]) == (202, "1; url=/review", "no-store")
    expect(page.locator("[data-waiting]")).to_contain_text("服务器正在做另一件事（重建）")
    expect(page.locator(".sides")).to_be_visible(timeout=60_000)
    context.close()


# ---- bringing material in

HEAD = ["kind", "subject", "predicate", "value"]
ROWS = [["PilotBase", "某某中试基地", "", ""], ["PilotBase", "某某中试基地", "area", "3000平方米"], ["PilotBase", "某某中试基地", "staff", "很多"],
        *(["PilotBase", f"第{n}中试基地", "", ""] for n in range(3000))]  # fmt: skip
WATCH = """addEventListener('DOMContentLoaded', () => { window.bars = 0; const bar = document.querySelector('#bar');
    if (bar) new MutationObserver(() => { if (!bar.hidden) window.bars++; }).observe(bar, { attributes: true }); });"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_is_looked_at_checked_taken_in_and_its_rejects_come_back(browser: Browser, desk: tuple[str, Path], tmp_path: Path, lang: str) -> None:
    site, workspace = desk
    say = WORDS[lang]
    table = tmp_path / "我的表.csv"
    with table.open("w", encoding="gb18030", newline="") as f:
        csv.writer(f).writerows([HEAD, *ROWS])
    with watched(browser, site) as (_, page):
        page.add_init_script(WATCH)
        page.goto(spoken("/upload", lang))
        page.locator("#file").set_input_files(table)
        preview = page.locator("#preview table")
        expect(preview.locator("caption")).to_contain_text("gb18030")
        expect(preview.locator("th")).to_have_text(["#", *HEAD])
        expect(preview.locator("tr").nth(2)).to_contain_text("3000平方米")
        assert preview.locator("tr").count() <= 9, "only the first rows"
        expect(page.locator("#take")).to_be_disabled()  # first a check

        page.locator("#check").click()
        expect(page.locator("#said")).to_have_text(say("试算完毕，什么也没有写入|Checked; nothing was written"), timeout=60_000)
        counts = page.locator(".counts li")
        expect(counts.filter(has_text=say("不合|rejected"))).to_have_text(re.compile(r"\D1$"))
        expect(counts.filter(has_text=say("可入|accepted"))).to_contain_text("3,002")
        expect(page.locator("#report")).to_contain_text(":4:")  # the row, and why
        assert page.evaluate("window.bars") >= 1 and page.locator("#bar").is_hidden()
        assert not list((workspace / "quarantine").glob("*.csv")) if (workspace / "quarantine").exists() else True

        page.locator("#take").click()
        expect(page.locator("#said")).to_have_text(say("已入库；重建后进图|Taken in; it is in the graph after the next build"), timeout=60_000)
        with page.expect_download() as download:
            page.get_by_role("link", name=say("下载不合的行|Download the rejected rows")).click()
        back = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert "很多" in back and "3000平方米" not in back
        page.get_by_role("link", name=say("去重建|Go and build")).click()
        settled(page)
        expect(page.locator("#build")).to_be_enabled()
        page.goto(spoken("/upload", lang))
        expect(page.get_by_role("heading", name=say("还有不合的行|Rows that still wait"))).to_be_visible()


def test_what_cannot_be_read_is_said_and_nothing_of_a_file_runs(browser: Browser, desk: tuple[str, Path], tmp_path: Path) -> None:
    site, _ = desk
    hostile = '<img src=x onerror=alert(1)>'
    odd, table = tmp_path / "a.exe", tmp_path / f"{hostile[:4]}.csv".replace("<", "_")
    odd.write_bytes(b"MZ")
    table.write_text(f"kind,subject,predicate,value\nPilotBase,{hostile},,\n{hostile},x,,\n", encoding="utf-8")
    with watched(browser, site, "status of 422") as (_, page):
        page.goto("/upload")
        page.locator("#file").set_input_files(odd)
        expect(page.locator("#said")).to_contain_text("这种文件读不了")
        expect(page.locator("#steps")).to_be_hidden()
        page.locator("#file").set_input_files(table)
        expect(page.locator("#preview")).to_contain_text(hostile)
        page.locator("#check").click()
        expect(page.locator("#report")).to_contain_text(hostile)  # it names the row that does not fit
        assert page.locator("main img").count() == 0
