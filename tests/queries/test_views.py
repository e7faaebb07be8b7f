"""Views, what nodes share and the numbered sources: the same from each store, and one file for a notebook."""

from __future__ import annotations

import re

import pytest

from graph.errors import BadParameter
from graph.picture import MOST as DRAWN
from graph.picture import arranged
from graph.routes import Filter
from graph.store.contract import Node
from queries.answers.views import appendix, common_neighbours, counts, report, view
from queries.reader import Reader, plain


def ids(reader: Reader, *names: str) -> list[str]:
    return [reader.resolve(n) for n in names]


def test_a_view_is_the_relations_among_its_nodes(reader: Reader) -> None:
    made = view(reader, ids(reader, "合成大学", "合成中试基地", "合成成果一", "合成材料公司"), Filter())
    names = {n.id: n.name for n in made["nodes"]}
    lines = {(names[e.source], e.relation, names[e.target]) for e in made["edges"]}
    assert {("合成大学", "HOSTS", "合成中试基地"), ("合成大学", "OWNS", "合成成果一"), ("合成成果一", "TRANSFERRED_TO", "合成材料公司")} <= lines
    around = [r["edge"] for i in names for r in reader.ask("neighbours", {"node": i, "limit": 200}).rows]
    assert {e.id for e in made["edges"]} == {e.id for e in around if {e.source, e.target} <= set(names)}
    x = {names[i]: p[0] for i, p in made["positions"].items()}
    assert max(x["合成大学"], x["合成成果一"]) < x["合成中试基地"] < x["合成材料公司"], "left to right by the stage of the chain"


def test_counts_agree_with_the_neighbours(reader: Reader) -> None:
    some, f = ids(reader, "合成大学", "合成中试基地"), Filter(min_confidence=0.5, modalities=("done", "planned"))
    found = counts(reader, some, f)["counts"]
    for i in some:
        rows = reader.ask("neighbours", {"node": i, "limit": 200, "min_confidence": 0.5, "modalities": ["done", "planned"]}).rows
        assert sum(c["edges"] for c in found[i]) == len(rows) > 0


def test_common_neighbours_are_neighbours_of_both(reader: Reader) -> None:
    some = ids(reader, "合成中试基地", "合成大学", "合成材料公司")
    page = common_neighbours(reader, some, Filter())
    assert [r["shared"] for r in page.rows] == sorted((r["shared"] for r in page.rows), reverse=True)
    for r in page.rows:
        assert len({e.source if e.source in some else e.target for e in r["edges"]}) == r["shared"] >= 2
    with pytest.raises(BadParameter, match="2 to 50"):
        common_neighbours(reader, some[:1], Filter())


def test_every_edge_has_its_numbered_source(reader: Reader) -> None:
    made = view(reader, ids(reader, "西北工业大学", "科技成果“三项改革”"), Filter())
    found = appendix(reader, made["nodes"], made["edges"])
    assert made["edges"] and all(found["of"][e.id] for e in made["edges"])
    assert [s["number"] for s in found["sources"]] == list(range(1, len(found["sources"]) + 1))
    assert {s["document"]["id"] for s in found["sources"]} >= {reader.evidence(e.properties["evidence"])[0]["document"]["id"] for e in made["edges"]}
    for s in found["sources"]:
        assert s["document"]["name"] in s["texts"]["zh"] and s["texts"]["zh"].endswith("。") and s["texts"]["en"].endswith(".")
        assert ("未经证实" in s["texts"]["zh"]) == (s["document"]["standing"] in ("mirror", "unknown", None))


def test_a_report_is_one_file_that_a_notebook_frames(reader: Reader) -> None:
    some = ids(reader, "合成大学", "合成中试基地")
    html = report(reader, some, Filter(), "合成视图")
    assert "合成大学 —承建/依托→ 合成中试基地" in html and html == report(reader, some, Filter(), "合成视图")
    assert len(re.findall(r"(?m)^<script", html)) == 3 and not re.search(r"<link|<iframe|url\(http", html)
    assert html._repr_html_().startswith('<iframe srcdoc="&lt;!doctype html&gt;') and 'sandbox="allow-scripts"' in html._repr_html_()
    assert "鼓励" not in html and "modality: done" in report(reader, some, Filter(), lang="en")


def test_a_report_says_how_many_it_left_out(reader: Reader) -> None:
    some = [r["node"].id for label in ("Document", "Observation") for r in reader.ask("of_kind", {"label": label, "limit": 200}).rows][: DRAWN + 7]
    assert len(some) == DRAWN + 7
    assert "另有 7 个未画出" in report(reader, some, Filter())


def test_more_than_500_are_refused(reader: Reader) -> None:
    with pytest.raises(BadParameter, match="at most 500"):
        view(reader, [f"document:{n:016x}" for n in range(501)], Filter())


def test_places_are_a_function_of_the_nodes_and_nothing_lies_on_another(reader: Reader) -> None:
    kinds = ["PilotBase", "Document", "Fund", "Target", "VerificationCentre", "Region", "Achievement"]
    nodes = [Node(f"{reader.ontology.kinds[k].prefix}:{n:016x}", k, (), {"name": str(n)}) for n, k in enumerate(kinds * 70)]
    at, _ = arranged(nodes, reader.ontology)
    assert at == arranged(list(nodes), reader.ontology)[0] and len(at) == len(nodes)
    cells = {(round(x / 83), round(y / 52)) for x, y in at.values()}
    assert len(cells) == len(nodes), "each has a cell of its own"
    assert plain(at)
