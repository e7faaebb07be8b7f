"""The loader of question files refuses what is wrong, with file and line; bound parameters and cursors are checked."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadDeclaration, BadParameter, CursorGone, Unknown
from graph.ontology import load
from queries.catalogue import Catalogue
from queries.cursor import make_cursor, read_cursor

HEADER = """// title.zh: 题
// title.en: A question
// doc.zh: 它回答什么。
// doc.en: What it answers.
// param: base node(PilotBase)
// param: limit int = 20 in 1..200
// returns: base node
// route: /own/{base}
"""
BODY = """MATCH (b:PilotBase {id: $base})
RETURN b AS base
ORDER BY b.id SKIP $skip LIMIT $limit
"""
HEAD = HEADER.count("\n")
PLAIN = "// title.zh: 题\n// title.en: A question\n// doc.zh: 它回答什么。\n// doc.en: What it answers.\n// returns: base node\n"  # five lines
Write = Callable[..., Path]


@pytest.fixture
def own(tmp_path: Path) -> Write:
    def write(text: str, name: str = "mine.cypher") -> Path:
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path / "own"

    return write


def refused(folder: Path) -> str:
    with pytest.raises(BadDeclaration) as e:
        Catalogue(folder)
    return str(e.value)


def test_the_example_is_right_to_begin_with(own: Write) -> None:
    question = Catalogue(own(HEADER + BODY)).get("mine")
    assert (question.group, question.title["zh"], question.route, question.paged) == ("own", "题", "/own/{base}", True)
    assert [(p.name, p.shown, p.default) for p in question.parameters] == [("base", "node(PilotBase)", None), ("limit", "int", 20)]
    assert question.text == BODY.strip()


# ---- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new", "line", "what"), [
    ("// doc.zh:", "// doc:", 3, "unknown header key 'doc'; there are title.zh, title.en, doc.zh, doc.en, param, returns, route"),
    ("// doc.en: What it answers.", "// What it answers.", 4, "unknown header key"),
    ("// title.en: A question", "// title.zh: 又一题", 2, "title.zh is given twice"),
    ("// returns: base node\n", "", 1, "the header lacks returns"),
    ("// doc.zh: 它回答什么。\n", "", 1, "the header lacks doc.zh"),
    ("base node(PilotBase)", "base node(Base)", 5, "node(Base) names no kind, group, type or Any"),
    ("base node(PilotBase)", "base node", 5, "node() names no kind"),
    ("base node(PilotBase)", "base ids(Base)", 5, "ids(Base) names no kind"),
    ("base node(PilotBase)", "base list(node)", 5, "list(node) holds none of int, float"),
    ("base node(PilotBase)", "base number", 5, "there is no type 'number'; there are int, float"),
    ("base node(PilotBase)", "base", 5, "write `name type`"),
    ("base node(PilotBase)", "base str in 1..3", 5, "only int and float have bounds"),
    ("base node(PilotBase)", "base int in 1|2", 5, "only str has choices"),
    ("limit int = 20 in 1..200", "base int", 6, "'base' is declared twice"),
    ("int = 20 in 1..200", "int = many in 1..200", 6, "the default of 'limit': limit: 'many' is no number"),
    ("int = 20 in 1..200", "int = 300 in 1..200", 6, "limit: 300 is not within 1..200"),
    ("int = 20 in 1..200", "int = 2.5", 6, "is no whole number"),
    ("returns: base node", "returns: base thing", 7, "write `name type` with one of node, edge"),
    ("returns: base node", "returns: base", 7, "write `name type`"),
    ("/own/{base}", "/own/{thing}", 8, "the route names 'thing', which is no parameter"),
])  # fmt: skip
def test_a_wrong_header_is_refused_with_its_line(own: Write, old: str, new: str, line: int, what: str) -> None:
    assert HEADER.count(old) == 1
    said = refused(own(HEADER.replace(old, new) + BODY))
    assert said.startswith(f"own/mine.cypher:{line}: "), said
    assert what in said


def test_a_default_outside_its_choices_is_refused(own: Write) -> None:
    text = PLAIN + "// param: way str = round in both|out|in\nMATCH (b:PilotBase) WHERE $way = 'x' RETURN b AS base ORDER BY b.id"
    assert "own/mine.cypher:6: the default of 'way': way: 'round' is none of both, out, in" in refused(own(text))


def test_an_empty_file_and_one_that_is_no_text(own: Write) -> None:
    assert refused(own("")).startswith("own/mine.cypher:1: the header lacks title.zh")
    folder = own("")
    (folder / "mine.cypher").write_bytes("// title.zh: 题".encode("gb18030"))
    assert refused(folder).startswith("own/mine.cypher:1: not UTF-8")


def test_a_refusal_lists_file_line_and_reason_for_programs(own: Write) -> None:
    with pytest.raises(BadDeclaration) as e:
        Catalogue(own(HEADER.replace("// doc.zh:", "// doc:") + BODY))
    assert [(x["file"], x["line"]) for x in e.value.errors] == [("own/mine.cypher", 3)]


# ---- texts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "line", "what"), [
    ("MATCH (b:PilotBase)\nWHERE b.id = $thing\nRETURN b AS base ORDER BY b.id", 2, "$thing is not declared as a param"),
    ("MATCH (b:PilotBase)\nRETURN b AS base", 1, "ORDER BY is required"),
    ("MATCH (b:Base)\nRETURN b AS base ORDER BY b.id", 1, "there is no kind, group or type 'Base'"),
    ("MATCH (b:PilotBase)\nMATCH (b)<-[:HOSTS]-(o:Organization|Firm)\nRETURN b AS base ORDER BY b.id", 2, "'Firm'"),
    ("MATCH (b:PilotBase:Shiny)\nRETURN b AS base ORDER BY b.id", 1, "'Shiny'"),
    ("MATCH (b:`PilotBase`)\nRETURN b AS base ORDER BY b.id", 1, "'`'"),
    ("MATCH (b:PilotBase)\nMATCH (b)<-[r:HOSTS|OWNED]-(o:Organization)\nRETURN b AS base ORDER BY b.id", 2, "there is no relation 'OWNED'"),
    ("MATCH (b:PilotBase)<-[:hosts]-(o:Organization)\nRETURN b AS base ORDER BY b.id", 1, "there is no relation 'hosts'"),
    ("MATCH (b:PilotBase)\nMATCH (x {id: 'organization:1'})\nRETURN b AS base ORDER BY b.id", 2, "{id: …} without a label scans everything"),
    ("MATCH (b:PilotBase)-[*]-(o:Organization)\nRETURN b AS base ORDER BY b.id", 1, "every * in a pattern needs bounds"),
    ("MATCH (b:PilotBase)-[:SERVES*]->(f:Field)\nRETURN b AS base ORDER BY b.id", 1, "every * in a pattern needs bounds"),
    ("MATCH (b:PilotBase)-[:SERVES*1..]->(f:Field)\nRETURN b AS base ORDER BY b.id", 1, "every * in a pattern needs bounds"),
    ("MATCH (b:PilotBase)-[:SERVES*..3]->(f:Field)\nRETURN b AS base ORDER BY b.id", 1, "every * in a pattern needs bounds"),
    ("MATCH (b:PilotBase), (o:Organization)\nRETURN b AS base ORDER BY b.id", 1, "two patterns in one MATCH"),
    ("MATCH (b:PilotBase)\nMATCH (b)<-[:HOSTS]-(o:Organization), (o)-[:OWNS]->(a:Achievement)\nRETURN b AS base ORDER BY b.id", 2, "two MATCH"),
    ("match (b:PilotBase), (o:Organization)\nRETURN b AS base ORDER BY b.id", 1, "two patterns in one MATCH"),
    ("MATCH (b:PilotBase)\nWHERE 1 < b.area < 5\nRETURN b AS base ORDER BY b.id", 2, "chained comparisons differ"),
    ("MATCH (b:PilotBase)\nWHERE 1 <= b.area <= 5\nRETURN b AS base ORDER BY b.id", 2, "chained comparisons differ"),
    ("MATCH (b:PilotBase)\nWHERE 5 > b.area > 1\nRETURN b AS base ORDER BY b.id", 2, "chained comparisons differ"),
    ("MATCH (b:PilotBase)\nWHERE b:Shiny\nRETURN b AS base ORDER BY b.id", 2, "'Shiny'"),
    ("MATCH (b:PilotBase)\nMATCH (b)--(o:Organization:University)\nMATCH (o)--(x:Fund|Field)\nRETURN b AS base ORDER BY b.id", 2,
     "'Organization:University' beside 'Fund|Field'"),
    ("MATCH (o:Organization:University)--(b:Centre)\nRETURN b AS base ORDER BY b.id", 1, "write WHERE o:University"),
    ("MATCH (b:PilotBase) /* of all */\nRETURN b AS base ORDER BY b.id", 1, "only // comments"),
    ("MATCH (b:PilotBase)\nSET b.name = 'x'\nRETURN b AS base ORDER BY b.id", 2, "only reads are allowed"),
    ("MATCH (b:PilotBase)\nDETACH DELETE b", 2, "only reads are allowed"),
    ("CREATE (b:PilotBase)\nRETURN b AS base ORDER BY b.id", 1, "only reads are allowed"),
    ("MERGE (b:PilotBase)\nRETURN b AS base ORDER BY b.id", 1, "only reads are allowed"),
    ("MATCH (b:PilotBase)\nREMOVE b.name\nRETURN b AS base ORDER BY b.id", 2, "only reads are allowed"),
    ("MATCH (b:PilotBase)\nCALL db.labels() YIELD label\nRETURN b AS base ORDER BY b.id", 2, "only reads are allowed"),
    ("LOAD CSV FROM 'file:///etc/passwd' AS l\nRETURN l AS base ORDER BY l", 1, "only reads are allowed"),
    ("load csv from 'file:///etc/passwd' AS l\nRETURN l AS base ORDER BY l", 1, "only reads are allowed"),
    ("MATCH (b:PilotBase)\ncall db.labels() YIELD label\nRETURN b AS base ORDER BY b.id", 2, "only reads are allowed"),
    ("MATCH p = shortestPath((b:PilotBase)-[:HOSTS*1..3]-(o:Organization))\nRETURN b AS base ORDER BY b.id", 1, "asked through `paths`"),
    ("MATCH p = allShortestPaths((b:PilotBase)-[:HOSTS*1..3]-(o:Organization))\nRETURN b AS base ORDER BY b.id", 1, "asked through `paths`"),
    ("MATCH p = SHORTEST 1 (b:PilotBase)-[:HOSTS*1..3]-(o:Organization)\nRETURN b AS base ORDER BY b.id", 1, "asked through `paths`"),
    ("MATCH (b:PilotBase)\nRETURN keys(b) AS base ORDER BY b.id", 2, "keys() and properties() differ"),
    ("MATCH (b:PilotBase)\nRETURN properties(b) AS base ORDER BY b.id", 2, "keys() and properties() differ"),
    ("MATCH (b:PilotBase)\nWHERE b.name IS NOT NULL\nRETURN b AS base ORDER BY b.id", 2, "a null test on name"),
    ("MATCH (b:PilotBase)\nRETURN COLLECT { MATCH (b)<-[:HOSTS]-(o:Organization) RETURN o } AS base ORDER BY b.id", 2, "COLLECT {}"),
    ("MATCH (b:PilotBase)((:Segment)-[:FEEDS]->(:Segment)){1,3}(s:Segment)\nRETURN b AS base ORDER BY b.id", 1, "quantified paths"),
    ("MATCH (b:$($kind))\nRETURN b AS base ORDER BY b.id", 1, ""),
    ("MATCH (b:PilotBase)\nWHERE EXISTS { (b)<-[:HOSTS]-(:Organization) }\nRETURN b AS base ORDER BY b.id", 2, "write EXISTS { MATCH … }"),
    ("MATCH (b:PilotBase)\nRETURN COUNT { (b)<-[:HOSTS]-(:Organization) } AS base ORDER BY b.id", 2, "write EXISTS { MATCH … }"),
    ("MATCH (b:PilotBase)\nWHERE EXISTS { MATCH (b)<-[:HOSTS]-(o:Organization) RETURN o }\nRETURN b AS base ORDER BY b.id", 2, "EXISTS { … RETURN }"),
    ("MATCH (b:PilotBase)\nRETURN duration.between(b.since, b.until) AS base ORDER BY b.id", 2, "different results"),
    ("MATCH (b:PilotBase)\nRETURN percentileCont(b.area, 0.5) AS base ORDER BY base", 2, "different results"),
    ("MATCH (b:PilotBase)\nRETURN toString(b.area) AS base ORDER BY b.id", 2, "different results"),
])  # fmt: skip
def test_a_wrong_text_is_refused_with_its_line(own: Write, text: str, line: int, what: str) -> None:
    said = refused(own(PLAIN + text))
    assert said.startswith(f"own/mine.cypher:{5 + line}: "), said
    assert what in said


def test_an_unused_parameter_is_refused(own: Write) -> None:
    assert f"own/mine.cypher:{HEAD + 1}: param 'base' is declared but not used" in refused(
        own(HEADER + "MATCH (b:PilotBase)\nRETURN b AS base ORDER BY b.id SKIP $skip LIMIT $limit"))  # fmt: skip
    assert "param 'skip' is declared but not used" in refused(own(HEADER + BODY.replace("SKIP $skip ", "")))


def test_skip_is_never_declared(own: Write) -> None:
    text = HEADER.replace("// returns", "// param: skip int = 0\n// returns") + BODY
    assert "own/mine.cypher:7: skip comes with limit" in refused(own(text))


@pytest.mark.parametrize("text", [
    "MATCH (b:PilotBase) WHERE b.name <> 'CREATE, SET (a), (b) 1 < x < 5 shortestPath' RETURN b AS base ORDER BY b.id",
    "MATCH (b:PilotBase) WHERE b.name <> \"DELETE\" RETURN b AS base ORDER BY b.id",
    "MATCH (b:Centre|Platform) WHERE any(x IN b.verification_kinds WHERE x IN ['a', 'b']) RETURN b AS base ORDER BY b.id",
    "MATCH (b:PilotBase)-[:PART_OF*0..2]->(o:University) RETURN b AS base ORDER BY b.id",
    "MATCH (b:PilotBase)\nWHERE b.maturity_min <= 5 AND b.maturity_max >= 5\nRETURN b AS base ORDER BY b.id",
    "MATCH (o:Organization:University)-[:HOSTS|BUILDS]->(b:PilotBase) RETURN b AS base ORDER BY b.id",
    "MATCH (o:Organization)--(b:Centre) WHERE o:University OR o:Institute RETURN b AS base ORDER BY b.id",
    "MATCH (b:PilotBase)\n// 不设条件: CREATE\nRETURN b AS base ORDER BY b.id",
])  # fmt: skip
def test_what_is_right_is_not_refused(own: Write, text: str) -> None:
    assert Catalogue(own(PLAIN + text)).get("mine").name == "mine"


# ---- the user's own folder ---------------------------------------------------------------------------------------------


def test_own_questions_stand_beside_ours_in_their_groups(own: Write) -> None:
    own(HEADER + BODY, "steel/furnaces.cypher")
    catalogue = Catalogue(own(HEADER + BODY))
    assert {catalogue.get("mine").group, catalogue.get("furnaces").group} == {"own", "steel"}
    assert catalogue.get("bases").group == "bases"


def test_a_name_that_ours_has_is_refused(own: Write) -> None:
    said = refused(own(HEADER + BODY, "bases.cypher"))
    assert "the question 'bases' exists already in" in said
    assert "own/bases.cypher:1:" in said


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDeclaration, match=r"nowhere: there is no such folder; INNOCHAIN_QUERIES names it"):
        Catalogue(tmp_path / "nowhere")


def test_our_own_files_are_proved_and_named_one_way() -> None:
    catalogue = Catalogue()
    questions = list(catalogue)
    assert len(questions) >= 20
    routes = [q.route for q in questions]
    assert len(set(routes)) == len(routes), "two questions share a route"
    assert all(q.path.suffix == ".cypher" and q.path.parent.name == q.group for q in questions)
    assert catalogue.get("not-yet-moved").name == "not_yet_moved"


def test_an_unknown_question_suggests_near_ones() -> None:
    with pytest.raises(Unknown) as e:
        Catalogue().get("university_base")
    assert "university_bases" in e.value.particulars["suggestions"]


# ---- parameters --------------------------------------------------------------------------------------------------------

BASE = "pilot-base:0123456789abcdef"


@pytest.mark.parametrize(("name", "given", "bound"), [
    ("bases", {}, {"region": None, "field": None, "level": None, "year": None, "modalities": ["done"], "limit": 20}),
    ("bases", {"year": "2024", "limit": 5, "modalities": "done,planned"}, {"year": 2024, "limit": 5, "modalities": ["done", "planned"]}),
    ("bases", {"region": "", "modalities": []}, {"region": None, "modalities": ["done"]}),
    ("base_profile", {"base": BASE}, {"base": BASE}),
    ("neighbours", {"node": BASE, "as_of": "2024年8月", "certain": "是", "min_confidence": "0.5", "direction": "out"},
     {"as_of": dt.date(2024, 8, 31), "certain": True, "min_confidence": 0.5, "direction": "out", "relations": None}),
    ("neighbours", {"node": BASE, "certain": False, "min_confidence": 0}, {"certain": False, "min_confidence": 0.0}),
    ("at_stage", {"stage": "pilot"}, {"stage": ["Instrument", "PilotBase", "Platform", "Project", "Rule", "Scenario", "Service"]}),
    ("nodes_by_id", {"ids": [BASE, "fund:0123456789abcdef"]}, {"ids": [BASE, "fund:0123456789abcdef"]}),
])  # fmt: skip
def test_parameters_are_bound(name: str, given: dict[str, Any], bound: dict[str, Any]) -> None:
    catalogue = Catalogue()
    made = catalogue.bind(catalogue.get(name), given)
    assert {k: made[k] for k in bound} == bound


@pytest.mark.parametrize(("name", "given", "parameter", "what"), [
    ("bases", {"colour": "red"}, "colour", "has no parameter 'colour'; it has field, level, limit"),
    ("base_profile", {}, "base", "needs base"),
    ("base_profile", {"base": "organization:0123456789abcdef"}, "base", "is no id of a Centre"),
    ("base_profile", {"base": "镁基地"}, "base", "look the name up first"),
    ("bases", {"limit": 0}, "limit", "0 is not within 1..200"),
    ("bases", {"limit": 201}, "limit", "201 is not within 1..200"),
    ("bases", {"limit": "many"}, "limit", "is no number"),
    ("bases", {"year": "2024.5"}, "year", "is no whole number"),
    ("bases", {"modalities": "done,maybe"}, "modalities", "'maybe' is none of done"),
    ("neighbours", {"node": BASE, "as_of": "yesterday"}, "as_of", "is no date"),
    ("neighbours", {"node": BASE, "as_of": "2024前"}, None, None),
    ("neighbours", {"node": BASE, "as_of": "2023年以来"}, "as_of", "no last day"),
    ("neighbours", {"node": BASE, "certain": "perhaps"}, "certain", "neither yes nor no"),
    ("neighbours", {"node": BASE, "min_confidence": 2}, "min_confidence", "2 is not within 0..1"),
    ("neighbours", {"node": BASE, "relations": ["HOSTS", "OWNED"]}, "relations", "'OWNED' is none of"),
    ("neighbours", {"node": BASE, "direction": "up"}, "direction", "'up' is none of both, out, in"),
    ("at_stage", {"stage": "moon"}, "stage", "'moon' is none of laboratory"),
    ("nodes_by_id", {"ids": "x:1"}, "ids", "is no id of a Any"),
])  # fmt: skip
def test_a_wrong_parameter_is_named(name: str, given: dict[str, Any], parameter: str | None, what: str | None) -> None:
    catalogue = Catalogue()
    if parameter is None:
        assert catalogue.bind(catalogue.get(name), given)["as_of"] == dt.date(2024, 12, 31)
        return
    with pytest.raises(BadParameter) as e:
        catalogue.bind(catalogue.get(name), given)
    assert what is not None
    assert what in str(e.value)
    assert e.value.errors[0]["parameter"] == parameter


def test_groups_become_kinds_and_an_id_names_its_one() -> None:
    catalogue = Catalogue()
    texts: list[str] = []

    class Ear:
        def ask(self, text: str, params: Any, timeout: float, limit: int) -> Any:
            texts.append(text)
            raise KeyboardInterrupt  # only the text is of interest here

    for name, given in (("neighbours", {"node": BASE}), ("nodes_by_id", {"ids": [BASE, BASE[:-1] + "0"]}),
                        ("nodes_by_id", {"ids": [BASE, "fund:0123456789abcdef"]}), ("base_served", {"facility": BASE})):  # fmt: skip
        with pytest.raises(KeyboardInterrupt):
            catalogue.run(Ear(), name, given, timeout=1, budget=1)  # type: ignore[arg-type]
    every = "|".join(load().kinds)
    assert f"(n:PilotBase {{id: $node}})-[r]-(m:{every})" in texts[0]
    assert "MATCH (n:PilotBase)\nWHERE n.id IN $ids" in texts[1]
    assert f"MATCH (n:{every})" in texts[2]
    assert "(b:PilotBase {id: $facility})-[r:SERVES]->(i:IndustryChain|Segment|Field)" in texts[3]


# ---- cursors -----------------------------------------------------------------------------------------------------------

GIVEN = {"region": "region:0123456789abcdef", "limit": 20}


def test_a_cursor_comes_back_as_its_skip() -> None:
    cursor = make_cursor("v1", "bases", GIVEN, 40)
    assert read_cursor(cursor, "v1", "bases", {"limit": "20", "region": GIVEN["region"]}) == 40
    assert "=" not in cursor


@pytest.mark.parametrize(("version", "name", "given", "error", "what"), [
    ("v2", "bases", GIVEN, CursorGone, "the graph has a new version"),
    ("v1", "centres", GIVEN, BadParameter, "other parameters"),
    ("v1", "bases", {**GIVEN, "limit": 21}, BadParameter, "other parameters"),
    ("v1", "bases", {**GIVEN, "year": 2024}, BadParameter, "other parameters"),
    ("v1", "bases", {}, BadParameter, "other parameters"),
])  # fmt: skip
def test_a_cursor_of_something_else_is_refused(version: str, name: str, given: dict[str, Any], error: type[Exception], what: str) -> None:
    with pytest.raises(error, match=what):
        read_cursor(make_cursor("v1", "bases", GIVEN, 40), version, name, given)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("cursor", ["", "x", "镁", "====", "a" * 5000, encoded("v1"), encoded("v1.2.3.4"), encoded("v1.m.40.é"), encoded("v1.m.镁.s"),
                                    encoded("a.b.c.d.e"), encoded("v1.m.-5.0000000000000000")])  # fmt: skip
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadParameter, match="none of ours"):
        read_cursor(cursor, "v1", "bases", GIVEN)


def test_a_cursor_changed_in_any_place_is_refused() -> None:
    cursor = make_cursor("v1", "bases", GIVEN, 40)
    plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    for n in range(len(plain)):
        changed = plain[:n] + ("1" if plain[n] != "1" else "2") + plain[n + 1 :]
        with pytest.raises((BadParameter, CursorGone)):
            read_cursor(encoded(changed), "v1", "bases", GIVEN)
