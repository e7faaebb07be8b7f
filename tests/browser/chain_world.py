"""A small chain and a few promises with every state there is, for the pages of the chains and of the promises."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Page

from tests.browser.explore_world import HOSTILE, QUOTED
from tests.contract.world import World

ROWS = re.compile(r"<tr>|<li><span class=\"node\">")
Ids = dict[str, str]


def plant(w: World) -> Ids:
    """A chain of four links: one served, one a gap, one suspected, one without data; achievements with and without holes in their way."""
    ids: Ids = {}

    def node(kind: str, name: str, **texts: Any) -> str:
        ids[name] = w.node(kind, name, **texts)
        return ids[name]

    province = node("Region", "某省", adcode="990000", level="province")
    for n in (1, 2):
        w.edge(node("Region", f"某{n}市", adcode=f"99{n:02}00", level="city"), "WITHIN", province)
    school, firm = node("Organization", "甲大学", types=["University"]), node("Organization", "乙公司", types=["Enterprise"], size_class="large")
    small = node("Organization", HOSTILE, types=["Enterprise"])
    for who, where in ((school, "某1市"), (firm, "某1市"), (small, "某2市")):
        w.edge(who, "LOCATED_IN", ids[where])
    chain = node("IndustryChain", "某产业链")
    node("IndustryChain", "空产业链")
    links = [node("Segment", name) for name in ("甲环节", QUOTED, "丙环节", "丁环节")]
    for a, b in zip(links, links[1:], strict=False):  # noqa: RUF007
        w.edge(a, "FEEDS", b)
    for link in links[:3]:
        w.edge(link, "PART_OF", chain)
    w.edge(links[3], "PART_OF", links[2])
    w.edge(firm, "OPERATES_IN", chain, role="chain_leader")
    for who in (firm, small):
        w.edge(who, "OPERATES_IN", links[0], role="member")
    first, second = node("PilotBase", "基地一"), node("PilotBase", "基地二")
    w.edge(first, "LOCATED_IN", ids["某1市"])
    w.edge(first, "SERVES", links[0])
    w.edge(second, "SERVES", links[2])
    node("VerificationCentre", "中心一")
    w.edge(node("Fund", "基金一", fund_kind="seed"), "FOCUSES_ON", links[0])
    w.edge(node("Demand", "需求一"), "SEEKS", links[1])
    w.edge(firm, "POSTS", ids["需求一"])
    _achievements(w, node, school, firm, links)
    _policies(w, node, province)
    _promises(w, node, province)
    w.edge(ids["省内基地"], "SERVES", links[0])  # of every base it is known what it serves
    return ids


def _achievements(w: World, node: Any, school: str, firm: str, links: list[str]) -> None:
    """In the first link one that went all the way, two that went with holes, one that stayed; in each other link one that stayed."""
    for n, (tried, moved) in enumerate(((("verification", "pilot"), True), (("pilot",), False), ((), True), ((), False))):
        a = node("Achievement", f"成果{n}")
        w.edge(school, "OWNS", a)
        w.edge(a, "APPLIES_TO", links[0])
        if n == 0:
            w.edge(a, "APPLIES_TO", links[1])  # in two links, and once in the whole
        for kind in tried:
            w.edge(a, "TRIED_IN", node("Project", f"项目{n}{kind}", project_kind=kind))
        if moved:
            w.edge(a, "TRANSFERRED_TO", firm, mode="license")
    for n, link in enumerate(links[1:], 4):
        w.edge(node("Achievement", f"成果{n}"), "APPLIES_TO", link)


def _policies(w: World, node: Any, province: str) -> None:
    department, bureau = node("Organization", "某厅"), node("Organization", "某1市某局")
    w.edge(department, "LOCATED_IN", province)
    top, city = node("Policy", "省办法", level="province"), node("Policy", "市办法", level="city")
    w.edge(department, "ISSUES", top)
    w.edge(bureau, "ISSUES", city)
    w.edge(city, "BASED_ON", top)


def _promises(w: World, node: Any, province: str) -> None:
    agency = node("Organization", "某省科技厅")
    base = node("PilotBase", "省内基地", region="990100")
    w.edge(agency, "RECOGNIZES", base, event="recognised", event_date="2025-01-01", level="省级")
    w.edge(agency, "ISSUES", w.document)
    for n in range(12):
        w.edge(node("Project", f"服务{n}", started=f"2025-{n + 1:02d}-15", project_kind="pilot"), "HELD_AT", base)
    for name, metric, value, due, counts in (
        ("够快", "中试服务", "15项", "2026年底", "Project"), ("不够快", "中试服务", "500项", "2026年底", "Project"),
        ("已逾期", "中试服务", "50项", "2025年底", "Project"), ("已达到", "中试服务", "10项", "2026年底", "Project"),
        (HOSTILE, "上市新产品", "300个", "2026年底", "Product"), ("没单位", "中试服务", "300", "2026年底", "Project"),
    ):  # fmt: skip
        made = node("Target", name, modality="planned", metric=metric, value=value, due=due, counts=[counts])
        w.edge(w.document, "STATES", made)
        w.edge(made, "ABOUT", province)
    for name, value in (("报告数", "45项"), ("另一报告", "80项")):
        made = node("Observation", name, metric="中试服务", value=value, period="2025年", counts_as="cumulative")
        w.edge(w.document, "STATES", made)
        w.edge(made, "ABOUT", province)
    for n, state in enumerate(("announced", "in_force")):
        w.edge(w.document, "PROMISES", node("Measure", f"举措{n}", position=str(n), whom="企业", state=state))


def rows_behind(page: Page, address: str) -> int:
    """How many rows the list at an address has, all its pages together."""
    found = 0
    while address:
        answer = page.request.get(address)
        assert answer.ok, address
        text = answer.text()
        found += len(ROWS.findall(text.partition("<tbody>")[2].partition("</tbody>")[0] or text.partition('<ul class="lines">')[2]))
        following = re.search(r'class="pager"><a class="button" href="([^"]*)"', text)
        address = urljoin(address, following[1].replace("&amp;", "&")) if following else ""
    return found


def numbers(page: Page, within: str = "main") -> list[tuple[int, str]]:
    """(number, address of its list) of every number on the page that is a link: in tables, in cells, in the Sankey."""
    found = page.eval_on_selector_all(
        f"{within} a.n, {within} .cell .at, {within} .cell[data-state=present] .who, {within} .sankey.wide a[data-number]",
        r"""links => links.map(a => [Number(a.dataset.number ?? a.textContent.replace(/\D/g, '')), a.getAttribute('href')])""")  # fmt: skip
    return [(number, address) for number, address in found]
