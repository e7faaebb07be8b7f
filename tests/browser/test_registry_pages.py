"""The registry's pages and the question library in a real Chromium, in Chinese and English, on both stores; what is taken away is opened."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from graph.settings import Settings
from graph.snapshot import open_current
from graph.store.open import open_store
from tests.browser.conftest import serving, watched
from tests.browser.desk_world import TRIED
from tests.browser.explore_world import CLOSING, HOSTILE, QUOTED, Ids
from tests.browser.test_match_page import WORDS
from tests.contract.world import quiet

LISTS = ["/registry", "/registry/offers", "/registry/managers", "/registry/funds", "/registry/measures", "/registry/sleeping"]


@pytest.fixture(scope="module")
def site(desk: tuple[Path, Ids]) -> Iterator[str]:
    settings = Settings(workspace=desk[0], store="embedded")
    with closing(open_store(settings)) as store:
        store.apply(open_current(desk[0]), quiet)
    with serving(settings) as address:
        yield address


def taken(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    return Path(download.value.path()).read_bytes()


def sheet(body: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def names(page: Page) -> list[str]:
    page.wait_for_load_state()  # a click comes back when the new page has an address, and no words yet
    return [x.strip() for x in page.locator("table.registry tbody th .node").all_inner_texts()]


# ---- bases and centres


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bases_with_facets_status_on_a_day_and_order_on_both_stores(browser: Browser, desk_everywhere: str, lang: str) -> None:
    say = WORDS[lang]
    with watched(browser, desk_everywhere) as (_, page):
        page.goto("/registry" + ("?lang=en" if lang == "en" else ""))
        expect(page.locator("table.registry tbody tr")).to_have_count(6)
        row = page.locator("table.registry tr").filter(has_text="甲中试基地")
        expect(row.locator(".state")).to_have_text(say("有效|in force"))
        expect(page.locator("tr").filter(has_text="乙中试基地").locator(".state")).to_have_text(say("已过期|expired"))
        expect(page.locator("tr").filter(has_text="丁中试基地").locator(".state")).to_have_text(say("已撤销|revoked"))
        row.locator("details.sources summary").click()
        expect(row.locator("article.evidence")).to_contain_text("测试文件")
        page.locator(".facets a").filter(has_text="西安市").click()
        assert sorted(names(page)) == ["乙中试基地", "甲中试基地"]
        expect(page.locator(".facets a[aria-current]")).to_contain_text("西安市")
        page.locator(".facets a").filter(has_text="国家级").click()
        assert names(page) == ["乙中试基地"]
        page.go_back()
        assert len(names(page)) == 2
        page.get_by_label(say("哪天的状态|Status on the day")).fill("2021-06-30")
        page.get_by_role("button", name=say("看|Show"), exact=True).click()
        expect(page.locator("tr").filter(has_text="乙中试基地").locator(".state")).to_have_text(say("有效|in force"))
        assert "region=" in page.url and "as_of=2021-06-30" in page.url
        page.get_by_role("link", name=say("级别|Level"), exact=True).click()
        assert names(page) == ["乙中试基地", "甲中试基地"]
        page.reload()
        assert names(page) == ["乙中试基地", "甲中试基地"]
        page.get_by_role("link", name=say("找成果|match"), exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(say("找基地|Match"))


def test_a_table_is_taken_away_and_runs_nothing(page: Page) -> None:
    page.goto("/registry?sort=year")
    rows = sheet(taken(page, "Excel"))
    assert len(rows) == 7 and rows[0][0] == "名称" and rows[1][0] == "甲中试基地" and "有效" in str(rows[1][7]) and rows[1][8] == "测试文件"
    body = taken(page, "CSV")
    assert body.startswith(b"\xef\xbb\xbf")
    held = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(held) == 7 and [r[0] for r in held] == [r[0] for r in rows] and HOSTILE in {r[0] for r in held}
    page.goto("/registry?region=unknown")
    assert len(sheet(taken(page, "Excel"))) == 2, "the table holds what the page asks for"
    page.goto("/registry/sleeping")
    cells = [c for r in csv.reader(io.StringIO(taken(page, "CSV").decode("utf-8-sig"))) for c in r]
    assert any(c.startswith("'=1+1") for c in cells) and not any(c.startswith(("=", "@", "+")) for c in cells)
    assert f"=1+1{CLOSING}" in {r[0] for r in sheet(taken(page, "Excel"))}, "in Excel it is a text"


# ---- the other lists


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_has_it_with_that_capacity_free_on_both_stores(browser: Browser, desk_everywhere: str, lang: str) -> None:
    say = WORDS[lang]
    with watched(browser, desk_everywhere) as (_, page):
        page.goto("/registry/offers" + ("?lang=en" if lang == "en" else ""))
        for label, value in (("工艺|Process", "压铸"), ("能力至少|Capacity", "500"), ("单位|Unit", "千克/批"), ("何时前有空|Free by", "2026-11-01")):
            page.get_by_label(say(label), exact=True).fill(value)
        page.keyboard.press("Enter")
        expect(page.locator("table.registry tbody tr").first).to_contain_text("甲压铸服务")
        expect(page.locator("table.registry tbody tr").first).to_contain_text("甲中试基地")
        assert "丙压铸服务" not in names(page), "it takes 50 at most"
        expect(page.locator("tr").filter(has_text=CLOSING).locator(".sign.unknown")).to_be_visible()
        page.get_by_label(say("只列已说明的|only what is stated")).check()
        page.get_by_role("button", name=say("找|Find"), exact=True).click()
        expect(page.locator("table.registry tbody tr")).to_have_count(1)
        assert len(sheet(taken(page, "Excel"))) == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_managers_funds_and_measures_for_me_on_both_stores(browser: Browser, desk_everywhere: str, lang: str) -> None:
    say, more = WORDS[lang], "&lang=en" if lang == "en" else ""
    with watched(browser, desk_everywhere) as (_, page):
        page.goto("/registry/managers?field=镁" + more)
        assert names(page) == ["张经理"]
        page.goto("/registry/managers?field=海洋" + more)
        expect(page.locator(".empty")).to_contain_text(say("没有符合|fits"))
        page.goto("/registry/funds?fund_kind=seed" + more)
        assert sorted(names(page)) == sorted(["镁基金", f"@{QUOTED}"])
        page.goto("/registry/funds?planned=yes" + more)
        expect(page.locator("tr").filter(has_text="镁鼓励基金").locator("th .mark")).to_have_text(say("鼓励|encouraged"))
        page.goto("/registry/measures?kind=University" + more)
        assert names(page) == ["奖励高校转化"] or "奖励高校转化" in names(page)
        assert "补助企业中试" not in names(page)
        expect(page.locator("tr").filter(has_text="奖励高校转化").locator(".sign.met")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sleepers_say_what_sleeping_means_and_why_on_both_stores(browser: Browser, desk_everywhere: str, lang: str) -> None:
    say = WORDS[lang]
    with watched(browser, desk_everywhere) as (_, page):
        page.goto("/registry/sleeping" + ("?lang=en" if lang == "en" else ""))
        expect(page.locator(".definition")).to_contain_text(say("没有记录不等于没有发生|no record is not proof"))
        card = page.locator(".candidate").filter(has_text="沉睡镁成果")
        card.get_by_text(say("理由与出处|Reasons, with evidence")).click()
        expect(card.locator(".reasons-list")).to_contain_text(say("成熟度 5 级|level 5"))
        assert card.locator(".bars li").count() == 4
        page.get_by_label(say("至少几年|Years at least")).fill("3")
        page.keyboard.press("Enter")
        expect(page.locator(".candidate")).to_have_count(1)
        expect(page.locator(".tools")).to_contain_text(say("年份未知|of unknown age"))
        page.get_by_role("link", name=say("这一页拿去匹配|match this page")).click()
        expect(page.locator("tr.batch-row")).to_contain_text("甲中试基地")


def test_what_cannot_be_right_is_said_in_words(browser: Browser, site: str) -> None:
    with watched(browser, site, allow="422") as (_, page):
        page.goto("/registry/offers?scale=lots")
        expect(page.get_by_role("alert")).to_contain_text("lots")
        expect(page.get_by_label("能力至少")).to_have_value("lots")
        page.goto("/registry/sleeping?maturity=12")
        expect(page.get_by_role("alert")).to_contain_text("12")
    with watched(browser, site, allow="404") as (_, page):
        page.goto("/registry/measures?region=西安")
        page.get_by_role("alert").get_by_role("link", name="西安市").click()
        expect(page.get_by_label("所在地区")).to_have_value("西安市")
        page.goto("/registry/nothing")
        expect(page.locator(".problem")).to_be_visible()


# ---- questions


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_answer_as_table_picture_chart_and_json_on_both_stores(browser: Browser, desk_everywhere: str, lang: str) -> None:
    say, more = WORDS[lang], "?lang=en" if lang == "en" else ""
    with watched(browser, desk_everywhere) as (_, page):
        page.goto("/questions/base_served" + more)
        page.locator("input[name=facility]").fill("甲中试基地")
        page.locator("input[name=facility]").press("Enter")
        expect(page.locator("main table")).to_contain_text("镁合金压铸件")
        page.get_by_role("link", name=say("图|Graph"), exact=True).click()
        expect(page.locator("iframe.picture").content_frame.locator("canvas")).to_be_visible()
        expect(page.locator("iframe.picture").content_frame.locator("aside")).to_contain_text("镁合金压铸件")
        page.get_by_role("link", name=say("在探索器中打开|Open in the explorer")).click()
        expect(page.locator("body")).to_have_attribute("data-ready", "true")
        page.go_back()
        page.get_by_role("link", name="JSON", exact=True).first.click()
        assert "镁合金压铸件" in json.dumps(json.loads(page.locator("pre.body").inner_text()), ensure_ascii=False)
        address = page.locator("code[data-copy]").inner_text()
        assert page.request.get(address).json()["items"] == json.loads(page.locator("pre.body").inner_text())["items"]
        page.get_by_text(say("实际执行的 Cypher|The Cypher that ran")).click()
        expect(page.locator(".cypher")).to_contain_text("MATCH")
        page.goto("/questions/counts_by_kind" + more)
        page.get_by_role("link", name=say("条形图|Chart"), exact=True).click()
        longest = page.locator(".chart li").filter(has=page.locator("rect.fill[width='100.00%']"))
        expect(longest).not_to_have_count(0)
        assert "show=chart" in page.url
        page.go_back()
        expect(page.locator("main table")).to_be_visible()


def test_a_chart_is_offered_only_where_there_is_a_number(page: Page) -> None:
    page.goto("/questions/base_served?facility=甲中试基地")
    expect(page.get_by_role("link", name="条形图", exact=True)).to_have_count(0)
    page.goto("/questions/counts_by_kind?show=chart")
    bars = page.locator(".chart li")
    shares = [float(x.rstrip("%")) for x in bars.locator("rect.fill").evaluate_all("e => e.map((x) => x.getAttribute('width'))")]
    numbers = [int(x.replace(",", "")) for x in bars.locator(".number").all_inner_texts()]
    assert shares == [pytest.approx(100 * n / max(numbers), abs=0.01) for n in numbers]


def test_an_answer_is_taken_away_as_a_table_and_as_an_offline_report(page: Page, browser: Browser, tmp_path: Path) -> None:
    page.goto("/questions/base_offers?facility=" + HOSTILE)
    rows = sheet(taken(page, "Excel"))
    assert CLOSING in {c for r in rows[1:] for c in r}
    page.goto("/questions/base_served?facility=甲中试基地&show=graph")
    file = tmp_path / "report.html"
    file.write_bytes(taken(page, "取走离线报告"))
    alone = browser.new_page()
    seen: list[str] = []
    alone.on("request", lambda r: seen.append(r.url))
    alone.on("pageerror", lambda e: seen.append(str(e)))
    alone.goto(file.as_uri())
    expect(alone.locator("canvas")).to_be_visible()
    assert seen == [file.as_uri()]
    alone.close()


# ---- everywhere


@pytest.mark.parametrize("address", LISTS)
def test_hostile_names_stay_text_and_the_page_fits_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    for lang in ("zh", "en"):
        page.goto(address + ("?lang=en" if lang == "en" else ""))
        assert page.locator("html").evaluate("html => html.scrollWidth") <= 390
        assert page.locator("main img").count() == 0 and page.locator("main script").count() == 0
    shown = page.locator("main").inner_text()
    assert address in ("/registry/managers", "/registry/measures") or any(x in shown for x in (HOSTILE, CLOSING, QUOTED))


def test_the_way_by_keys_alone(page: Page) -> None:
    page.goto("/registry/sleeping")
    page.get_by_label("所有者").focus()
    page.keyboard.type("成果大")
    expect(page.get_by_role("option").first).to_contain_text("成果大学")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".candidate")).to_have_count(2)
    link = page.locator(".candidate").filter(has_text=TRIED).get_by_role("link", name="找基地")
    while not link.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".candidate h3").first).to_contain_text("甲中试基地")


def test_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/registry")
    page.get_by_role("link", name="共享清单").click()
    page.get_by_label("要什么").fill("压铸")
    page.get_by_role("button", name="找", exact=True).click()
    expect(page.locator("table.registry")).to_contain_text("甲压铸服务")
    context.close()
