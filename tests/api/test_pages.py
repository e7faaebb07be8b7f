"""Pages: each answers in both languages, hostile names stay text, errors are words; the picture is one harmless file."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape

from api import pages
from api.app import create_app
from api.serving import make_ready
from graph.ledger import Ledger, writing
from graph.ontology import load
from graph.picture import MOST, draw, policy, wrapped
from graph.records import Claim, Evidence, check, claim, node_id
from graph.settings import Settings
from graph.snapshot import build
from graph.store.contract import Edge, Node
from graph.store.open import open_store
from queries.catalogue import Catalogue
from queries.reader import Reader

HOSTILE = '</script><img src=x onerror=alert(1)>"\'{{7*7}}😀'
TEXT = "甲中心与乙基地合计六十家;另有丙基地。"


class Markup(HTMLParser):
    """What in a page could run or reach out: scripts with text, style and on… attributes, addresses of other hosts."""

    def __init__(self) -> None:
        super().__init__()
        self.troubles: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (name in ("src", "action") and re.match(r"(https?:)?//", value or "")):
                self.troubles.append(f"<{tag} {name}={value}>")
            if name == "href" and (value or "").strip().lower().startswith(("javascript:", "data:")):
                self.troubles.append(f"<{tag} {name}={value}>")


def fits(html: str) -> None:
    found = Markup()
    found.feed(html)
    assert found.troubles == []
    assert "style" not in found.tags
    assert "img" not in found.tags or html.count("<img") == 1  # the sign in the head
    assert not re.search(r"<script(?![^>]*\bsrc=)", html), "an inline script would be refused by the policy"


# ---- every page, both languages


@pytest.fixture(scope="session")
def places(client: TestClient) -> dict[str, str]:
    """Addresses of one page of each sort."""
    reader = client.app.state.reader  # type: ignore[attr-defined]
    university = reader.resolve("西北工业大学")
    claim_id = reader.facts(university)[0]["claim"]
    document = reader.documents(1)[0]["id"]
    return {"home": "/", "search": "/search?q=西工大", "nothing": "/search?q=zzzqqqq", "node": f"/nodes/{university}", "documents": "/documents",
            "relation": f"/nodes/{university}?relation=ABOUT&direction=in", "document": f"/documents/{document}", "evidence": f"/evidence/{claim_id}",
            "questions": "/questions", "question": "/questions/bases", "chain": "/questions/university_chain?university=西工大",
            "paths": "/paths", "found": "/paths?from=中国重型机械研究院&to=陕西省科学技术厅", "promises": "/promises", "chains": "/chain",
            "one_chain": "/chain?chain=光子产业链"}  # fmt: skip


SORTS = ("home", "search", "nothing", "node", "relation", "documents", "document", "evidence", "questions", "question", "chain", "paths", "found",
         "promises", "chains", "one_chain")  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("sort", SORTS)
def test_every_page_answers_in_both_languages(client: TestClient, places: dict[str, str], sort: str, lang: str) -> None:
    address = places[sort]
    if lang == "en":
        address += ("&" if "?" in address else "?") + "lang=en"
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:500]
    assert f'<html lang="{"en" if lang == "en" else "zh-CN"}">' in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    fits(answer.text)
    if lang == "en":  # every way on stays English, but for the switch
        inner = set(re.findall(r'href="(/(?!static|api|kinds)[^"]*)"', answer.text))
        assert [x for x in inner if "lang=en" not in x] == [re.search(r'class="lang" href="([^"]*)"', answer.text)[1]]  # type: ignore[index]


def test_every_question_has_a_page(client: TestClient) -> None:
    for question in Catalogue():
        answer = client.get(f"/questions/{question.name}")
        assert answer.status_code == 200, question.name
        assert question.title["zh"] in answer.text
        assert str(escape(question.doc["zh"])) in answer.text and question.doc["en"] not in answer.text


def test_the_switch_keeps_the_rest_of_the_address(client: TestClient) -> None:
    answer = client.get("/search?q=镁&kind=PilotBase&lang=en")
    assert 'href="/search?q=%E9%95%81&amp;kind=PilotBase"' in answer.text
    assert "Pilot base" in answer.text


def test_a_node_page_tells_what_it_knows_and_from_where(client: TestClient, places: dict[str, str]) -> None:
    text = client.get(places["node"]).text
    assert "西工大" in text and "高校" in text and "/evidence/c" in text and 'sandbox="allow-scripts"' in text
    assert "未证实" in text and "未注日期" in text  # 试点单位, from a mirror


def test_the_page_of_targets_leads_to_the_promises(client: TestClient) -> None:
    moved = client.get("/targets?lang=en", follow_redirects=False)
    assert moved.status_code == 308 and moved.headers["location"] == "/promises?lang=en"


def test_the_kinds_colours_come_as_a_sheet(client: TestClient) -> None:
    sheet = client.get("/kinds.css").text
    assert all(f".k-{k} " in sheet for k in load().kinds)


def test_what_a_first_visitor_would_wait_for_is_made_and_right(shipped_workspace: Path) -> None:
    with closing(Reader(Settings(workspace=shipped_workspace))) as reader:
        make_ready(reader)
        asked: dict[str, dict[str, int]] = {}
        for r in reader.ask("counts_by_kind").rows:
            asked.setdefault(r["label"], {})[r["modality"]] = r["nodes"]
        assert pages.holdings(reader)[0] == asked, "home counts from the columns what the question counts in the store"
        counted = reader.derived(("promises", dt.date.today(), None), list)
        assert not counted.more and counted.items, "the page of promises has nothing left to count"


# ---- errors


def test_unknown_things_are_pages_with_a_way_on(client: TestClient) -> None:
    answer = client.get("/nodes/pilot-base:0000000000000000")
    assert answer.status_code == 404
    assert "没有找到" in answer.text and len(re.findall(r'<li><a href="/nodes/pilot-base:', answer.text)) == 3
    assert client.get("/nope").status_code == 404
    assert client.get("/evidence/c0").status_code == 404
    assert client.get("/questions/basis").status_code == 404
    assert "/questions/bases" in client.get("/questions/basis").text
    bad, en = (client.get(f"/questions/bases?year=12{more}") for more in ("", "&lang=en"))
    assert bad.status_code == 422 and "年份：12 不在 1980 到 2100 之间" in bad.text and "is not within" not in bad.text and "is not within" in en.text
    told = client.get("/api/v1/bases?level=a&limit=many").json()
    assert told["detail_zh"] == "每页行数：“many”不是数" and "is no number" in told["detail"]


def test_where_no_path_is_found_a_link_loosens_what_hides_one(client: TestClient) -> None:
    none = client.get("/paths?from=西工大&to=陕西省科学技术厅&max_hops=2&lang=en").text
    assert "No path within 2 steps" in none and "loosening" in none
    href = re.search(r'<a href="(/paths[^"]*relations=[^"]*)">Loosen it so', none)
    assert href, none
    loose = client.get(unescape(href[1])).text
    assert '<div class="chain">' in loose and "Also along: " in loose and '<input type="hidden" name="relations"' in loose
    assert "Nothing found" in client.get("/paths?from=zzqqzz&to=西工大&lang=en").text


def test_a_joined_id_leads_to_the_page_it_was_joined_into(client: TestClient) -> None:
    old, new = client.app.state.reader.sqlite().execute("SELECT id, canonical FROM referents LIMIT 1").fetchone()  # type: ignore[attr-defined]
    for rest in ("", "/picture"):
        answer = client.get(f"/nodes/{old}{rest}?lang=en")
        assert answer.status_code == 308
        assert answer.headers["location"].endswith(f"/nodes/{new}{rest}?lang=en")


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(workspace=tmp_path, store="embedded"))) as empty:
        for lang, word in (("", "图谱还是空的"), ("?lang=en", "The graph is still empty")):
            answer = empty.get(f"/{lang}")
            assert answer.status_code == 503
            assert word in answer.text and "innochain build" in answer.text


# ---- hostile names, cited text


class World:
    """A workspace with a hostile thing and a text whose cited spans nest, overlap and break."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.document = node_id("Document", (("name", HOSTILE),))
        self.base = node_id("PilotBase", (("name", HOSTILE),))
        self.claims: list[Claim] = []
        self.spans: dict[str, str] = {}

    def say(self, subject: str, predicate: str, start: int | None = None, end: int | None = None, right: bool = True, **how: object) -> str:
        quote = TEXT[start:end] if right else "别的话"
        where = Evidence(self.document, note=HOSTILE)
        if start is not None:
            where = Evidence(self.document, start, end, sha256(quote.encode()).hexdigest(), note="注")
        made = claim("world", subject, predicate, where.json(), **how)  # type: ignore[arg-type]
        self.claims.append(made)
        return made.claim_id

    def build(self) -> None:
        for name, value in check("Document", {"name": HOSTILE, "licence": HOSTILE, "standing": "mirror"}).items():
            self.say(self.document, name, value=value.value, shown=value.shown)
        self.say(self.document, "text", value=TEXT)
        self.spans["outer"] = self.say(self.base, "name", 0, 12, value=HOSTILE, shown=HOSTILE)
        self.spans["inner"] = self.say(self.base, "aliases", 4, 7, value="乙基地", shown="乙基地")
        self.spans["across"] = self.say(self.base, "aliases", 10, 18, value="六十家", shown="六十家")
        self.spans["broken"] = self.say(self.base, "summary", 15, 18, right=False, value=HOSTILE, shown=HOSTILE)
        for other in ("PilotBase", "VerificationCentre"):
            self.say(node_id(other, (("name", "同名"),)), "name", value="同名", shown="同名", modality="planned", confidence=0.4)
        organization = node_id("Organization", (("name", HOSTILE),))
        self.say(organization, "name", value=HOSTILE, shown=HOSTILE)
        self.say(organization, "HOSTS", object=self.base, value={"role": {"v": "joint", "s": "joint"}}, modality="encouraged")
        with writing(self.workspace):
            with Ledger(self.workspace).run("world") as run:
                run.add(self.claims)
                run.close(complete=True)
            snapshot = build(self.workspace)
            store = open_store(Settings(workspace=self.workspace, store="embedded"))
            store.apply(snapshot, lambda *_: None)
            store.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("hostile"))
    made.build()
    return made


@pytest.fixture(scope="module")
def hostile(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(workspace=world.workspace, store="embedded")), follow_redirects=False) as made:
        yield made


def test_hostile_names_stay_text(hostile: TestClient, world: World) -> None:
    for address in ("/", f"/nodes/{world.base}", f"/documents/{world.document}", "/documents", f"/evidence/{world.spans['outer']}",
                    "/questions/bases", "/questions/of_kind?label=PilotBase", f"/paths?from={world.base}&to={world.base}"):  # fmt: skip
        answer = hostile.get(address)
        assert answer.status_code == 200, address
        fits(answer.text)
    for address in ("/search", "/questions/bases", "/paths"):
        fits(hostile.get(address, params={"q": HOSTILE, "region": HOSTILE, "from": HOSTILE, "to": HOSTILE}).text)
    assert "鼓励" in hostile.get(f"/nodes/{world.base}").text


def test_examples_are_of_the_graph_that_is_open(client: TestClient, hostile: TestClient) -> None:
    assert "q=%E8%A5%BF%E5%B7%A5%E5%A4%A7" in client.get("/").text  # 西工大
    assert "西工大" not in hostile.get("/search").text


def test_an_ambiguous_name_lists_what_bears_it(hostile: TestClient) -> None:
    text = hostile.get("/paths?from=同名&to=同名").text
    assert "这个名称指向多个对象" in text
    assert len(re.findall(r'href="/paths\?to=[^"]*&amp;from=(?:pilot-base|verification-centre)', text)) == 2


def test_cited_spans_nest_overlap_and_break(hostile: TestClient, world: World) -> None:
    text = hostile.get(f"/documents/{world.document}").text
    pieces = re.findall(r'<a class="cited ([^"]*)" href="#(p[\d-]+)" data-claims="([^"]*)">(.*?)</a>', text)
    assert "".join(re.sub("<.*?>", "", p[3]) for p in pieces) == TEXT[:18]
    assert [(p[0], p[1]) for p in pieces] == [("d1", "p0-12"), ("d2", "p4-7"), ("d1", "p0-12"), ("d2", "p10-18"), ("d1", "p10-18"),
                                              ("d2 broken", "p15-18")]  # fmt: skip
    assert all(f'id="c{c}"' in text for c in world.spans.values())
    assert "1 条事实与原文不再一致" in text


def test_segments_are_the_text_again() -> None:
    def cited(start: int, end: int) -> dict[str, object]:
        return {"claim": f"c{start}-{end}", "place": {"start": start, "end": end}, "quote_holds": True}

    cut: Callable[..., list[dict[str, object]]] = pages.segments
    for spans in ([], [(0, 3)], [(0, 9), (2, 4), (3, 7), (3, 7)], [(5, 99)], [(4, 4)], [(50, 60)]):
        assert "".join(str(s["text"]) for s in cut("一二三四五六七八九", [cited(*s) for s in spans])) == "一二三四五六七八九"


# ---- the picture


def _node(kind: str, n: int, name: str, *types: str, **properties: object) -> Node:
    return Node(f"{load().kinds[kind].prefix}:{n:016x}", kind, types, {"name": name, "modality": "done", **properties})


def test_the_picture_is_its_own_page_without_rights(client: TestClient, places: dict[str, str]) -> None:
    answer = client.get(places["node"] + "/picture")
    rules = answer.headers["content-security-policy"]
    assert "default-src 'none'" in rules and "sandbox allow-scripts" in rules and "frame-ancestors 'self'" in rules and "connect-src 'none'" in rules
    assert "unsafe" not in rules and rules.count("'sha256-") == 3
    assert "bootstrap" not in answer.text.lower()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_holds_hostile_names_as_data(lang: str) -> None:
    ontology = load()
    center, other = _node("PilotBase", 1, HOSTILE), _node("Organization", 2, HOSTILE + ' href="x"', "University", summary=HOSTILE)
    edge = Edge("e1", "HOSTS", other.id, center.id, {"modality": "planned", "role": "lead"})
    html = draw(center, [other, other], [edge], ontology, lang)
    assert len(re.findall(r"(?m)^<script", html)) == 3 and html.count("</script>") == 3
    assert "<img" not in html
    assert html == draw(center, [other], [edge, edge], ontology, lang)  # repeats change nothing, and no id is random
    assert '"dashes": true' in html
    assert policy(html) in html
    assert not re.search(r"<link|https?://(cdn|cdnjs)", html)


def test_the_picture_says_how_many_it_left_out() -> None:
    ontology, center = load(), _node("Region", 0, "某省")
    many = [_node("Region", n, f"县{n}") for n in range(1, MOST + 25)]
    edges = [Edge(f"e{n.id}", "WITHIN", n.id, center.id, {"modality": "done"}) for n in many]
    html = draw(center, many, edges, ontology)
    assert f"另有 {len(many) + 1 - MOST} 个未画出" in html
    assert html.count('"shape": "box"') == MOST
    assert f"{len(many) + 1 - MOST} more are not drawn" in draw(center, many, edges, ontology, "en")


def test_nothing_lies_on_another_in_a_picture() -> None:
    ontology, center = load(), _node("Organization", 0, "甲", "University")
    many = [_node(k, n, f"{k}{n}") for n, k in enumerate(["PilotBase", "Document", "Fund", "Target", "VerificationCentre", "Region"] * 7, 1)]
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', draw(center, many, [], ontology), re.DOTALL)
    assert data
    at = [(n["x"], n["y"]) for n in json.loads(data[1])["nodes"]]
    assert all(abs(a[0] - b[0]) >= 90 or abs(a[1] - b[1]) >= 80 for i, a in enumerate(at) for b in at[:i])


def test_labels_are_wrapped() -> None:
    assert wrapped("陕西省镁基新材料中试基地") == "陕西省镁基新材料中试\n基地"
    assert wrapped("长" * 50).endswith("…") and wrapped("长" * 50).count("\n") == 2
    assert wrapped("2022年省级中试基地(10家)") == "2022年省级中试基地\n(10家)", "a number is not cut, nor a bracket left behind"
    assert wrapped("Q" * 50).split("\n")[0] == "Q" * 16
