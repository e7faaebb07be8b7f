"""The match pages in a real Chromium: by hand, by keys, without JavaScript, in Chinese and English, on both stores."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from graph.settings import Settings
from graph.snapshot import open_current
from graph.store.open import open_store
from ingest.forms import named
from tests.browser.conftest import serving, watched
from tests.browser.desk_world import TRIED
from tests.browser.explore_world import CLOSING, HOSTILE, Ids
from tests.contract.world import quiet

WORDS: dict[str, Callable[[str], str]] = {"zh": lambda pair: pair.split("|")[0], "en": lambda pair: pair.split("|")[1]}


@pytest.fixture(scope="module")
def site(desk: tuple[Path, Ids], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A workspace of its own: marks are noted in it."""
    folder = tmp_path_factory.mktemp("marks") / "w"
    shutil.copytree(desk[0], folder)
    settings = Settings(workspace=folder, store="embedded")
    with closing(open_store(settings)) as store:
        store.apply(open_current(folder), quiet)
    with serving(settings) as address:
        yield address


@pytest.fixture
def ids(desk: tuple[Path, Ids]) -> Ids:
    return desk[1]


# ---- one achievement


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picked_by_keys_it_is_answered_with_reasons_on_both_stores(browser: Browser, desk_everywhere: str, lang: str) -> None:
    say = WORDS[lang]
    with watched(browser, desk_everywhere) as (_, page):
        page.goto("/match" + ("?lang=en" if lang == "en" else ""))
        page.get_by_label(say("选一项图中的成果|Pick an achievement of the graph")).focus()
        page.keyboard.type("轮毂")
        expect(page.get_by_role("option").first).to_contain_text(TRIED)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        best = page.locator(".candidate").first
        expect(best.get_by_role("heading")).to_contain_text("甲中试基地")
        expect(page.locator(".next-step")).to_contain_text(say("可中试|Ready for pilot scale"))
        expect(best.locator(".conds")).to_contain_text(say("工艺|Process"))
        expect(best.locator(".conds .met .visually-hidden").first).to_have_text(say("符合|met"))
        assert best.locator(".bars li").count() == 9 and best.locator(".bars .fill").count() > 3
        assert best.locator(".bars [fill='url(#hatch)']").count(), "what is unknown is hatched"
        expect(best.locator(".missing")).to_contain_text(say("预算|the budget"))
        source = best.locator("details.sources").first
        source.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(source.locator("article.evidence").first).to_contain_text("测试文件")
        refused = page.locator(".refusals > li").filter(has_text="乙中试基地")
        expect(refused.locator(".sign.not_met").first).to_be_visible()
        expect(refused).to_contain_text(say("最小改变|Smallest change"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_described_one_with_the_state_in_the_address_and_the_way_back(page: Page, lang: str) -> None:
    say = WORDS[lang]
    page.goto("/match?lang=en" if lang == "en" else "/match")
    for label, value in (("领域|Field", "镁合金"), ("成熟度|Maturity", "4-6"), ("地区|Region", "西安市"), ("何时开始|Start", "2026-10-01")):
        page.get_by_label(say(label), exact=True).fill(value)
    page.get_by_label(say("何时开始|Start"), exact=True).press("Enter")
    expect(page.locator(".candidate").first.get_by_role("heading")).to_contain_text("甲中试基地")
    assert "process=" not in page.url and "field=" in page.url, "what is empty is not in the address"
    address, names = page.url, page.locator(".candidate h3").all_inner_texts()
    page.locator(".areas a").filter(has_text="河南省").click()
    expect(page.locator(".candidate h3")).to_have_count(1)
    expect(page.locator(".candidate h3").first).to_contain_text("丁中试基地")
    page.go_back()
    assert page.locator(".candidate h3").all_inner_texts() == names
    expect(page.get_by_label(say("地区|Region"), exact=True)).to_have_value("西安市")
    page.goto(address)
    assert page.locator(".candidate h3").all_inner_texts() == names


def test_three_marks_differ_without_colour(page: Page) -> None:
    page.goto(f"/match?achievement={TRIED}&qualification=CNAS")
    look = "e => { const s = getComputedStyle(e); return [e.textContent.trim()[0], s.borderStyle, s.borderRadius].join() }"
    seen = {status: page.locator(f".sign.{status}").first.evaluate(look) for status in ("met", "not_met", "unknown")}
    assert len(set(seen.values())) == 3 and [x[0] for x in seen.values()] == ["✓", "✗", "?"]


def test_up_to_four_stand_side_by_side_and_the_address_holds_them(page: Page, ids: Ids) -> None:
    page.goto(f"/match?achievement={TRIED}")
    expect(page.locator("#sides")).to_be_hidden()
    boxes = page.locator("input[name=compare]")
    for n in range(4):
        boxes.nth(n).check()
    expect(page.locator("#sides")).to_contain_text("已选 4 个")
    expect(boxes.nth(4)).to_be_disabled()
    page.get_by_role("button", name="并排比较").click()
    table = page.locator(".compare table")
    expect(table.locator("thead th")).to_have_count(4)
    expect(table).to_contain_text("领域与环节")
    assert page.url.count("compare=") == 4
    page.goto(f"/match?achievement={TRIED}&compare={ids['甲中试基地']}&compare={ids['乙中试基地']}")
    assert [x.strip() for x in table.locator("thead th").all_inner_texts()] == ["甲中试基地", "乙中试基地"]
    page.get_by_role("link", name="收起").click()
    expect(page.locator(".compare")).to_have_count(0)


def test_the_certificate_and_the_contact_page_are_linked(page: Page) -> None:
    page.goto(f"/match?achievement={TRIED}&region=西安市")
    best = page.locator(".candidate").first
    expect(best.get_by_role("link", name="联系页面")).to_have_attribute("href", "https://example.org/lianxi")
    best.get_by_role("link", name="打印证明").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("成果与基地匹配证明")
    expect(page.locator("body")).to_contain_text("甲中试基地")


def test_weights_change_the_order_and_bad_input_is_said_in_words(browser: Browser, site: str) -> None:
    with watched(browser, site, allow="422") as (_, page):
        page.goto(f"/match?achievement={TRIED}&region=河南省&w_distance=1000")
        expect(page.locator(".candidate h3").first).to_contain_text("丁中试基地")
        page.goto("/match?field=镁&maturity=12")
        expect(page.get_by_role("alert")).to_contain_text("“成熟度”一栏的“12”不能用，这样写：4-6、小试")
        expect(page.get_by_label("成熟度", exact=True)).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("领域", exact=True)).to_have_value("镁")
    with watched(browser, site, allow="404") as (_, page):
        page.goto("/match?achievement=轮毂压铸")
        page.get_by_role("alert").get_by_role("link", name=TRIED).click()
        expect(page.locator(".candidate h3").first).to_contain_text("甲中试基地")


def test_the_empty_page_suggests_and_the_other_ways_round_answer(page: Page) -> None:
    page.goto("/match")
    page.locator(".start").get_by_role("link", name="沉睡镁成果").click()
    expect(page.locator(".candidate").first).to_be_visible()
    page.get_by_role("link", name="找概念验证中心").first.click()
    expect(page.locator(".refusals, .candidates").first).to_contain_text("镁合金概念验证中心")
    page.get_by_role("link", name="找基金", exact=True).first.click()
    expect(page.locator(".candidates").first).to_contain_text("镁基金")
    page.goto("/match?for=achievements&base=甲中试基地")
    expect(page.locator(".candidate h3").filter(has_text=TRIED)).to_be_visible()
    page.goto("/match?for=achievements")
    page.get_by_label("基地或概念验证中心").type("甲中试")
    expect(page.get_by_role("option").first).to_contain_text("甲中试基地")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".understood")).to_contain_text("甲中试基地")
    page.goto("/match?for=achievements")
    expect(page.locator(".empty")).to_contain_text("写一个基地")


def test_a_mark_is_noted_with_its_reason_and_taken_back(page: Page) -> None:
    page.goto(f"/match?achievement={TRIED}")
    best = page.locator(".candidate").first
    best.get_by_text("记下结果").click()
    form = best.locator(".mark-form")
    form.get_by_label("结果").select_option("refused")
    form.get_by_label("理由").fill(HOSTILE)
    form.get_by_label("记录人").fill("测试员")
    form.get_by_role("button").click()
    noted = best.locator("[data-noted]")
    expect(noted).to_contain_text("已记下")
    expect(noted).to_contain_text(f"未成 · {HOSTILE}".split(" · ")[1])
    page.reload()
    expect(noted).to_contain_text("测试员")
    best.get_by_text("记下结果").click()
    expect(form.get_by_label("记录人")).to_have_value("测试员")
    form.get_by_label("结果").select_option("withdrawn")
    form.get_by_role("button").click()
    expect(noted).to_have_text(re.compile("已撤回$"))


# ---- many at once


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pasted_list_becomes_a_table_that_can_be_taken_away(browser: Browser, desk_everywhere: str, ids: Ids, lang: str) -> None:
    say = WORDS[lang]
    with watched(browser, desk_everywhere) as (_, page):
        page.goto("/match/batch" + ("?lang=en" if lang == "en" else ""))
        page.get_by_label(say("每行一项|one a line")).fill(f"{TRIED}\n{ids[f'=1+1{CLOSING}']}\n没有这项\n\n{TRIED}")
        page.get_by_role("button", name=say("匹配|Match"), exact=True).click()
        rows = page.locator("tr.batch-row")
        expect(rows).to_have_count(2)
        expect(rows.first).to_contain_text("甲中试基地")
        expect(rows.first).to_contain_text(say("可中试|Ready for pilot scale"))
        expect(rows.nth(1)).to_contain_text(f"=1+1{CLOSING}")
        expect(page.get_by_role("note").filter(has_text="没有这项")).to_be_visible()
        assert "ids=" in page.url and "lost=" in page.url
        with page.expect_download() as download:
            page.get_by_role("link", name=say("下载 Excel|Download as Excel")).click()
        table = CalamineWorkbook.from_filelike(io.BytesIO(Path(download.value.path()).read_bytes())).get_sheet_by_index(0).to_python()
        assert [r[0] for r in table[1:]] == [TRIED, f"=1+1{CLOSING}"] and table[1][1] == "甲中试基地"


def test_all_of_one_owner_with_marks_in_the_table(page: Page) -> None:
    page.goto("/match/batch?owner=成果大学")
    rows = page.locator("tr.batch-row")
    expect(rows).to_have_count(2)
    expect(page.locator("#working")).to_be_hidden()
    row = rows.filter(has_text="沉睡镁成果")
    row.get_by_text("记下结果").click()
    row.get_by_label("结果").select_option("contacted")
    row.get_by_label("记录人").fill("测试员")
    row.get_by_role("button").click()
    expect(row.locator("[data-noted]")).to_contain_text("接洽")
    page.reload()
    expect(rows.filter(has_text="沉睡镁成果").locator("[data-noted]")).to_contain_text("接洽")


def test_a_filled_in_form_is_answered_and_not_kept(page: Page, tmp_path: Path, ids: Ids) -> None:
    heads = list(named("Achievement").form)
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, heads)
    sheet.write_row(1, 0, list(named("Achievement").form.values()))
    for n, row in enumerate(({"成果名称": HOSTILE, "应用行业": "镁合金", "工艺": "压铸", "所处阶段": "中期(中试)"},
                             {"成果名称": "坏行", "应用行业": "镁", "成熟度下限": "12"}), 2):  # fmt: skip
        for head, value in row.items():
            sheet.write(n, heads.index(head), value)
    book.close()
    page.goto("/match/batch")
    page.locator("#file").set_input_files(path)
    rows = page.locator("#file-answer tr.batch-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(HOSTILE)
    expect(rows.first).to_contain_text("甲中试基地")
    expect(rows.nth(1)).to_contain_text("问不了")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Excel").click()
    table = CalamineWorkbook.from_filelike(io.BytesIO(Path(download.value.path()).read_bytes())).get_sheet_by_index(0).to_python()
    assert [r[0] for r in table[1:]] == [HOSTILE, "坏行"]
    rows.first.get_by_role("link", name=HOSTILE).first.click()
    expect(page.get_by_label("领域", exact=True)).to_have_value("镁合金")


def test_a_file_that_is_no_form_is_refused_in_words(browser: Browser, site: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with watched(browser, site, allow="422") as (_, page):
        page.goto("/match/batch")
        page.locator("#file").set_input_files(path)
        expect(page.locator("#file-answer .problem")).to_contain_text("list.csv")


# ---- everywhere


def test_hostile_names_stay_text(page: Page) -> None:
    page.goto(f"/match?achievement={TRIED}&all=1&show=50")
    expect(page.locator("main")).to_contain_text(HOSTILE)
    page.goto(f"/match?field={HOSTILE}&name={CLOSING}")
    expect(page.locator("main")).to_contain_text(HOSTILE)
    assert page.locator("main script, main img").count() == 0


@pytest.mark.parametrize("address", ["/match", f"/match?achievement={TRIED}&region=西安市", "/match/batch?owner=成果大学",
                                     "/match?for=fund&field=镁"])  # fmt: skip
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_fit_a_phone(page: Page, address: str, scheme: str, lang: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 780})
    page.goto(address + (("&" if "?" in address else "?") + "lang=en" if lang == "en" else ""))
    page.wait_for_load_state("networkidle")
    assert page.locator("html").evaluate("html => html.scrollWidth") <= 390


def test_nothing_shifts_once_it_is_there(page: Page) -> None:
    page.add_init_script("window.shift = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) "
                         "window.shift += e.value }).observe({ type: 'layout-shift', buffered: true })")  # fmt: skip
    page.goto(f"/match?achievement={TRIED}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.02


def test_without_javascript(browser: Browser, site: str, ids: Ids) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/match")
    page.get_by_label("选一项图中的成果").fill(TRIED)
    page.get_by_role("button", name="匹配").click()
    expect(page.locator(".candidate h3").first).to_contain_text("甲中试基地")
    page.locator("input[name=compare]").first.check()
    page.get_by_role("button", name="并排比较").click()
    expect(page.locator(".compare")).to_contain_text("甲中试基地")
    page.goto(f"/match/batch?ids={ids[TRIED].partition(':')[2]}")
    page.get_by_role("link", name="一次算完再显示").click()
    expect(page.locator("tr.batch-row")).to_contain_text("甲中试基地")
    context.close()
