"""The walk of a stranger, in a real Chromium: search, open, follow, read the evidence; nothing is asked from elsewhere."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from graph.picture import draw
from graph.settings import Settings
from queries.reader import Reader


def test_search_a_short_name_open_follow_and_read_the_evidence(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("西工大")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="西北工业大学", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("西北工业大学")
    page.get_by_role("link", name="关于它的报告数字").click()
    page.get_by_role("link", name="西北工业大学专职科技经纪人").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("77人")
    source = page.locator("details.sources").first
    source.locator("summary").click()
    expect(source.locator("blockquote")).to_contain_text("77人")
    expect(source).to_contain_text("与所读原文校验一致")
    source.get_by_role("link", name="出处页").click()
    page.get_by_role("link", name="在文件中查看").click()
    lit = page.locator(".cited.lit").first
    expect(lit).to_be_in_viewport()
    expect(page.locator(".text")).to_contain_text("77人的专职科技经纪人队伍")


def test_search_magnesium_and_open_the_base(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="搜索").fill("镁")
    expect(page.get_by_role("option").first).to_contain_text("陕西省镁基新材料中试基地")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("陕西省镁基新材料中试基地")
    page.get_by_text("大图").click()
    expect(page.locator("iframe.picture").content_frame.locator("canvas")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="取走离线报告").click()
    assert "陕西省镁基新材料中试基地" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="找成果", exact=True).click()
    expect(page.get_by_label("基地或概念验证中心")).to_have_value("陕西省镁基新材料中试基地")


def test_the_switch_to_english_stays(page: Page) -> None:
    page.goto("/search?q=镁")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="陕西省镁基新材料中试基地").click()
    expect(page.get_by_role("heading", name="Facts")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="事实")).to_be_visible()


def test_paths_are_found_by_name_and_explained(page: Page) -> None:
    page.goto("/paths")
    page.get_by_label("从").fill("中国重型机械研究院")
    page.get_by_label("到").fill("陕西省科学技术厅")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".paths > li").first).to_contain_text("2022年省级中试基地")
    expect(page.locator(".why").first).to_contain_text("最弱证据")


def test_without_javascript_the_walk_still_works(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox", name="搜索").fill("西工大")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="西北工业大学", exact=True).click()
    page.locator("details.sources summary").first.click()
    expect(page.locator("article.evidence").first).to_be_visible()
    context.close()


def test_a_picture_file_asks_nothing(browser: Browser, workspace: Path, tmp_path: Path) -> None:
    reader = Reader(Settings(workspace=workspace, store="embedded"))
    center = reader.node(reader.resolve("陕西省科学技术厅"))
    rows = reader.ask("neighbours", {"node": center.id, "limit": 60, "modalities": list(reader.ontology.modalities)}).rows
    file = tmp_path / "picture.html"
    file.write_text(draw(center, [r["neighbour"] for r in rows], [r["edge"] for r in rows], reader.ontology), encoding="utf-8")
    reader.close()
    page = browser.new_page()
    seen: list[str] = []
    page.on("request", lambda r: seen.append(r.url))
    page.on("console", lambda m: seen.append(m.text))
    page.on("pageerror", lambda e: seen.append(str(e)))
    page.goto(file.as_uri())
    expect(page.locator("canvas")).to_be_visible()
    page.wait_for_timeout(300)
    assert seen == [file.as_uri()]
    page.close()
