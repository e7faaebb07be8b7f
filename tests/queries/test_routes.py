"""Kinds of route and paths between sets as whole answers, equal on every store; sets, the shared filter, what was asked of the store."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import Any

import pytest

from graph.errors import BadParameter, CursorGone, Merged, Unknown
from graph.reach import Filter
from graph.snapshot import Snapshot
from queries.answers import paths as answers
from queries.answers.paths import members, named, paths
from queries.answers.routes import route_paths, routes
from queries.reader import Reader, plain
from tests.contract.world import quiet, settings_for

PAIRS = [("合成大学", "合成材料公司", Filter()), ("合成大学", "合成中试基地", Filter(max_hops=3)), ("西工大", "西安交通大学", Filter()),
         ("合成大学", "合成材料公司", Filter(direction="out", as_of=dt.date(2023, 6, 1), min_confidence=0.5))]  # fmt: skip


def ends(reader: Reader, *names: str) -> list[str]:
    return [reader.resolve(n) for n in names]


@pytest.mark.parametrize(("a", "b", "f"), PAIRS)
def test_routes_are_whole_answers(reader: Reader, a: str, b: str, f: Filter) -> None:
    source, target = ends(reader, a, b)
    found = routes(reader, source, target, f, 200)
    nodes, edges = {n["id"]: n for n in found["nodes"]}, {e["id"]: e for e in found["edges"]}
    assert found["items"] and found["total"] == len(found["items"]) and not found["truncated"] and found["whole_hops"] == f.max_hops
    for item in found["items"]:
        example = item["example"]
        assert [nodes[n]["kind"] for n in example["nodes"]] == item["kinds"] and example["nodes"][0] == source and example["nodes"][-1] == target
        for step, u, e in zip(item["relations"], example["nodes"], example["edges"], strict=False):
            assert edges[e]["relation"] == step["relation"] and edges[e]["properties"]["evidence"]
            assert step["direction"] == "both" or (edges[e]["source"] == u) == (step["direction"] == "out")
        assert item["sentence"]["zh"] and item["sentence"]["en"] and str(item["total_paths"]) in item["sentence"]["zh"]
        listed = route_paths(reader, source, target, item["route"], f, 200)
        assert len(listed["paths"]) == item["total_paths"] == listed["total_paths"] and listed["next_cursor"] is None
        assert listed["paths"][0]["nodes"] == example["nodes"]
        assert sum(p["weight"] for p in listed["paths"]) == pytest.approx(item["weighted"], abs=1e-6)
        assert sum(p["share"] for p in listed["paths"]) == pytest.approx(1, abs=1e-3)
    assert [i["weighted"] for i in found["items"]] == sorted((i["weighted"] for i in found["items"]), reverse=True)
    assert set(nodes) == {n for i in found["items"] for n in i["example"]["nodes"]}


def test_both_stores_give_equal_answers(whole: Snapshot, request: pytest.FixtureRequest, neo4j_url: Any) -> None:
    kept = []
    for engine in ("embedded", "neo4j"):
        with closing(Reader(settings_for(engine, whole.folder.parent.parent, request))) as reader:
            reader.store.apply(whole, quiet)
            found: list[Any] = []
            for a, b, f in PAIRS:
                source, target = ends(reader, a, b)
                found.append(routes(reader, source, target, f))
                found += [route_paths(reader, source, target, i["route"], f) for i in found[-1]["items"][:3]]
            found.append(paths(reader, [named(reader, "PilotBase@陕西省")], [reader.resolve("合成大学"), reader.resolve("省科技厅")], Filter(), 10))
            found.append(reader.search("合成", f=Filter(modalities=("done",), min_confidence=0.5)))
            kept.append(found)
    assert kept[0] == kept[1]
    assert plain(kept[0]) == kept[0], "plain JSON values only"


def test_pages_of_routes_put_together_are_the_whole(reader: Reader) -> None:
    source, target = ends(reader, "合成大学", "合成材料公司")
    whole = routes(reader, source, target, Filter(), 200)["items"]
    seen: list[Any] = []
    cursor = None
    for _ in range(len(whole)):
        page = routes(reader, source, target, Filter(), 1, cursor)
        seen, cursor = seen + page["items"], page["next_cursor"]
        if cursor is None:
            break
    assert seen == whole and len(whole) > 1 and cursor is None
    first = routes(reader, source, target, Filter(), 1)["next_cursor"]
    with pytest.raises(BadParameter, match="other parameters"):
        routes(reader, source, target, Filter(max_hops=3), 1, first)
    with pytest.raises(CursorGone):
        routes(reader, source, target, Filter(), 1, make_old(first))


def make_old(cursor: str) -> str:
    from queries.cursor import make_cursor

    assert cursor
    return make_cursor("0123456789abcdef", "routes", {}, 1)


def test_from_is_to(reader: Reader) -> None:
    some = reader.resolve("合成大学")
    (only,) = routes(reader, some, some, Filter())["items"]
    assert (only["route"], only["total_paths"], only["weighted"], only["example"]["nodes"]) == ("O", 1, 1.0, [some])
    assert route_paths(reader, some, some, "O", Filter())["paths"][0]["edges"] == []


def test_bad_input_is_named(reader: Reader) -> None:
    a, b = ends(reader, "合成大学", "合成中试基地")
    for call, what in ((lambda: routes(reader, a, b, Filter(max_hops=5)), "max_hops: 5 is not within 1..4"),
                       (lambda: routes(reader, a, b, Filter(kinds=("Base",))), "kinds: 'Base' is none of"),
                       (lambda: routes(reader, a, b, Filter(), 0), "limit: 0"),
                       (lambda: route_paths(reader, a, b, "nonsense", Filter()), "route: 'nonsense' is no kind of route"),
                       (lambda: route_paths(reader, a, b, "Ocwo", Filter()), "route: 'Ocwo' is no kind of route"),
                       (lambda: route_paths(reader, a, b, "OcwO", Filter()), "is no Organization, as OcwO wants")):  # fmt: skip
        with pytest.raises(BadParameter) as e:
            call()
        assert what in str(e.value)


def test_a_node_that_is_gone_or_was_merged_is_said(reader: Reader) -> None:
    some, gone = reader.resolve("合成大学"), "organization:ffffffffffffffff"
    old, new = reader.sqlite().execute("SELECT id, canonical FROM referents WHERE id LIKE 'organization:%' ORDER BY id LIMIT 1").fetchone()
    for call in (lambda x: routes(reader, some, x, Filter()), lambda x: routes(reader, some, some, Filter(avoid=(x,))),
                 lambda x: paths(reader, [some], [x], Filter()), lambda x: paths(reader, [x, some], [some], Filter()),
                 lambda x: paths(reader, [some], [some], Filter(avoid=(x,)))):  # fmt: skip
        with pytest.raises(Unknown):
            call(gone)
        with pytest.raises(Merged) as e:
            call(old)
        assert e.value.particulars["id"] == new


# ---- sets ------------------------------------------------------------------------------------------------------------


def test_a_set_is_ids_or_a_kind_in_a_region(reader: Reader) -> None:
    bases = members(reader, [named(reader, "PilotBase@陕西省")])
    assert bases and all(b.startswith("pilot-base:") for b in bases) and len(set(bases)) == len(bases)
    inside = members(reader, [named(reader, "PilotBase@雁塔区")])
    assert set(inside) <= set(bases), "what lies in a district lies in its province"
    assert set(members(reader, [named(reader, "PilotBase@")])) >= set(bases)
    groups = members(reader, [named(reader, "Centre@陕西省")])
    assert set(groups) > set(bases) or set(groups) == set(bases)
    universities = members(reader, ["University@"])
    assert reader.resolve("合成大学") in universities
    assert members(reader, [bases[0], bases[0]]) == [bases[0]]
    assert members(reader, ["Fund@"], ("encouraged",)) and not set(members(reader, ["Fund@"], ("encouraged",))) & set(members(reader, ["Fund@"]))


def test_paths_between_sets_are_those_of_their_members(reader: Reader) -> None:
    bases = members(reader, [named(reader, "PilotBase@陕西省")])
    targets = ends(reader, "合成大学", "省科技厅")
    together = paths(reader, [named(reader, "PilotBase@陕西省")], targets, Filter(max_hops=3), 10)["paths"]
    alone = [p for b in bases for t in targets for p in paths(reader, [b], [t], Filter(max_hops=3), 10)["paths"]]
    best = sorted(alone, key=lambda p: (-p["score"], p["hops"], p["nodes"], p["edges"]))[:10]
    assert [p["nodes"] for p in together] == [p["nodes"] for p in best] and together


def test_sets_stay_bounded(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    region = named(reader, "Region@").partition("@")[0]
    with pytest.raises(BadParameter, match="has more than 200 members"):
        members(reader, [f"{region}@"])
    with pytest.raises(BadParameter, match="'Base' is no kind, group or type"):
        members(reader, ["Base@"])
    with pytest.raises(BadParameter, match="region"):
        members(reader, ["PilotBase@organization:ffffffffffffffff"])
    with pytest.raises(Unknown, match="has no members"):
        members(reader, [named(reader, "Laboratory@北京市")])
    monkeypatch.setattr(answers, "MOST", 1)
    with pytest.raises(BadParameter, match="2 nodes; a set has 1 at most"):
        members(reader, ends(reader, "合成大学", "合成中试基地"))


# ---- the filter and what was asked -----------------------------------------------------------------------------------


def test_search_takes_the_filter(reader: Reader) -> None:
    everything = {h["id"]: h for h in reader.search("合成", limit=200)}
    done = {h["id"] for h in reader.search("合成", limit=200, f=Filter())}
    assert done == {i for i, h in everything.items() if h["modality"] == "done"} and set(everything) - done
    some = reader.resolve("合成大学")
    assert some in done and some not in {h["id"] for h in reader.search("合成", limit=200, f=Filter(avoid=(some,)))}
    assert {h["kind"] for h in reader.search("合成", limit=200, f=Filter(kinds=("Fund", "Segment")))} == {"Fund", "Segment"}
    assert reader.search("合成", ["PilotBase"], f=Filter(kinds=("Fund",))) == []
    weak = {h["id"] for h in reader.search("基地", limit=200)} - {h["id"] for h in reader.search("基地", limit=200, f=Filter(
        modalities=(), min_confidence=0.5))}  # fmt: skip
    assert weak, "some bases are known from mirrors only"
    for node in weak:
        claims = [f["claim"] for f in reader.facts(node) if f["predicate"] == "name"]
        assert all(e["confidence"] < 0.5 for e in reader.evidence(claims))
    day = dt.date(2000, 1, 1)
    assert reader.search("合成大学", f=Filter(as_of=day)) and not reader.search("合成大学", f=Filter(as_of=day, certain=True))


def test_neighbours_keep_away_from_what_is_to_be_avoided(reader: Reader) -> None:
    given = {"node": reader.resolve("合成中试基地"), "limit": 100}
    rows = reader.ask("neighbours", given).rows
    away = rows[0]["neighbour"].id
    kept = reader.ask("neighbours", {**given, "avoid": [away]}).rows
    assert [r["edge"].id for r in kept] == [r["edge"].id for r in rows if r["neighbour"].id != away] and len(kept) < len(rows)


def test_what_was_asked_of_the_store_can_be_seen_and_run_again(reader: Reader) -> None:
    a, b = ends(reader, "合成大学", "合成材料公司")
    for found in (paths(reader, [a], [b], Filter(), explain=True), routes(reader, a, b, Filter(), explain=True)):
        assert {x["question"] for x in found["cypher"]} == {"nodes_by_id", "edges_by_id"}
        got = [r for x in found["cypher"] for r in reader.store.ask(x["text"], x["parameters"], 10, 1000).rows]
        assert {r["node"].id for r in got if "node" in r} == {n["id"] for n in found["nodes"]}
        assert {r["edge"].id for r in got if "edge" in r} == {e["id"] for e in found["edges"]}
    assert "cypher" not in paths(reader, [a], [b], Filter())


def test_where_nothing_is_found_it_is_said_which_part_of_the_filter_hides_what_there_is(reader: Reader) -> None:
    source, target = ends(reader, "西工大", "陕西省科学技术厅")
    for found in (routes(reader, source, target, Filter()), paths(reader, [source], [target], Filter())):
        assert [i["without"] for i in found["instead"]] == [["relations"]], "documents that name both: no road along the chain"
        query, said = found["instead"][0]["query"], found["instead"][0]
        assert set(query) == {"relations"} and "西北工业大学 — " in said["zh"] and "the relations" in said["en"]
        assert routes(reader, source, target, Filter(relations=tuple(query["relations"])))["items"], "what is suggested holds"
    assert "instead" not in routes(reader, *ends(reader, "合成大学", "合成材料公司"), Filter())
    a, b = ends(reader, "合成大学", "合成材料公司")
    near = paths(reader, [a], [b], Filter(max_hops=1, relations=("HOSTS",), kinds=("Fund",)))["instead"]
    assert near and all(paths(reader, [a], [b], Filter(**({"max_hops": 1, "relations": ("HOSTS",), "kinds": ("Fund",)} | {
        k: tuple(v) if isinstance(v, list) else v for k, v in x["query"].items()})))["paths"] for x in near)  # fmt: skip
