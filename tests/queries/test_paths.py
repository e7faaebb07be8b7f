"""Paths: scores worked by hand, every filter, the k best against all simple paths, and the same answer on every store."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from graph import reach, routes
from graph.adjacency import Adjacency
from graph.errors import BadParameter, QueryTimeout, Unknown
from graph.ontology import load
from graph.reach import Filter
from graph.routes import Found, best_paths, chain_order
from graph.snapshot import Snapshot
from queries.answers.paths import paths
from queries.reader import Reader, plain
from tests.contract.world import World, quiet, settings_for

W = 0.4  # Himmelstein et al. 2017


class Small:
    """A world and its arrays, asked by names."""

    def __init__(self, adjacency: Adjacency, ids: dict[str, str]) -> None:
        self.adjacency, self.ids = adjacency, ids
        self.names = {v: k for k, v in ids.items()}

    def found(self, source: str | Sequence[str], target: str | Sequence[str], k: int = 10, rank: str = "score", **f: Any) -> Found:
        ends = [[self.ids[n] for n in ([x] if isinstance(x, str) else x)] for x in (source, target)]
        for key in ("avoid",):
            if key in f:
                f[key] = tuple(self.ids[n] for n in f[key])
        return best_paths(self.adjacency, *ends, Filter(**f), k, rank)

    def names_of(self, *args: Any, **f: Any) -> list[str]:
        return ["-".join(self.names[n] for n in r.nodes) for r in self.found(*args, **f).routes]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """U owns A, B, C. A went to E by licence; A was tried at P in base M, which F built. U and E cooperate (weakly)."""
    world, ids = World(tmp_path_factory.mktemp("paths")), {}
    for name, kind, more in (("U", "Organization", {"types": ["University"]}), ("E", "Organization", {"types": ["Enterprise"]}),
                             ("F", "Organization", {}), ("A", "Achievement", {}), ("B", "Achievement", {}), ("C", "Achievement", {}),
                             ("P", "Project", {}), ("M", "PilotBase", {}), ("Z", "Fund", {}),
                             ("N", "PilotBase", {"modality": "planned"})):  # fmt: skip
        ids[name] = world.node(kind, name, **more)

    def edge(source: str, relation: str, target: str, **how: Any) -> None:
        world.edge(ids[source], relation, ids[target], **how)

    for a in "ABC":
        edge("U", "OWNS", a)
    edge("A", "TRANSFERRED_TO", "E", mode="license", since="2022-01-01", until="2023-12-31")
    edge("A", "TRIED_IN", "P", since="2021-01-01")
    edge("P", "HELD_AT", "M")
    edge("P", "FOR_CLIENT", "E", confidence=0.8)
    edge("F", "BUILDS", "M")
    edge("U", "COOPERATES_WITH", "E", confidence=0.4)
    edge("B", "TRANSFERRED_TO", "E", modality="planned")
    edge("F", "BUILDS", "N", modality="planned")
    edge("E", "HOSTS", "N", role="lead", modality="planned")
    return Small(Adjacency(world.build().folder, load()), ids)


# ---- the score -----------------------------------------------------------------------------------------------------------


def test_scores_worked_by_hand(small: Small) -> None:
    routes_found = {"-".join(small.names[n] for n in r.nodes): r for r in small.found("U", "E").routes}
    assert list(routes_found) == ["U-A-P-E", "U-A-E", "U-E"]
    # U-E: COOPERATES_WITH has degree 1 at both ends; stages 0 → 3 go one way
    straight = routes_found["U-E"]
    assert (straight.damping, straight.weakest, straight.chain_order, straight.score) == (1.0, 0.4, 1.0, 0.4)
    # U-A-E: OWNS 3 at U and 1 at A, TRANSFERRED_TO 1 at A and 2 at E (planned ones count for the degree)
    by_licence = routes_found["U-A-E"]
    assert by_licence.damping == pytest.approx((3 * 1) ** -W * (1 * 2) ** -W, abs=1e-9)
    assert by_licence.score == pytest.approx(0.488359, abs=1e-6)  # 6 ^ -0.4
    assert (by_licence.weakest, by_licence.chain_order) == (1.0, 1.0)
    # U-A-P-E: 3·1, 1·1, 1·1; weakest evidence 0.8; stages 0, 0, 2, 3
    tried = routes_found["U-A-P-E"]
    assert tried.damping == pytest.approx(3**-W, abs=1e-9)
    assert tried.score == pytest.approx(0.8 * 0.644394, abs=1e-6)  # 3 ^ -0.4
    assert (tried.weakest, tried.chain_order, tried.hops) == (0.8, 1.0, 3)


@pytest.mark.parametrize(("stages", "order"), [
    ([], 1.0), ([-1, -1], 1.0), ([2], 1.0), ([1, 1, 1], 1.0), ([0, 1, 2, 3], 1.0), ([3, 2, 1, 0], 1.0), ([0, -1, 3], 1.0),
    ([0, 3, 0], 0.75), ([3, 0, 3], 0.75), ([0, 2, 1, 3], 0.8333), ([0, 0, 2, 2, 1], 0.75), ([0, 1, 0, 1, 0], 0.75),
])  # fmt: skip
def test_chain_order(stages: list[int], order: float) -> None:
    assert chain_order(stages) == order


def test_undated_is_marked(small: Small) -> None:
    undated = {"-".join(small.names[n] for n in r.nodes): bool(r.undated) for r in small.found("A", "E", max_hops=2).routes}
    assert undated == {"A-E": False, "A-P-E": True, "A-U-E": True}


# ---- filters ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("filter_", "found"), [
    ({}, ["U-A-P-E", "U-A-E", "U-E"]),
    ({"relations": ("OWNS", "TRANSFERRED_TO")}, ["U-A-E"]),
    ({"relations": ("COOPERATES_WITH",)}, ["U-E"]),
    ({"kinds": ("Achievement",)}, ["U-A-E", "U-E"]),
    ({"kinds": ("Fund",)}, ["U-E"]),
    ({"max_hops": 1}, ["U-E"]),
    ({"max_hops": 2}, ["U-A-E", "U-E"]),
    ({"min_confidence": 0.5}, ["U-A-P-E", "U-A-E"]),
    ({"min_confidence": 0.9}, ["U-A-E"]),
    ({"avoid": ("P",)}, ["U-A-E", "U-E"]),
    ({"avoid": ("A",)}, ["U-E"]),
    ({"through": "Project"}, ["U-A-P-E"]),
    ({"through": "Achievement"}, ["U-A-P-E", "U-A-E"]),
    ({"through": "Fund"}, []),
    ({"as_of": dt.date(2022, 6, 1)}, ["U-A-P-E", "U-A-E", "U-E"]),
    ({"as_of": dt.date(2024, 1, 1)}, ["U-A-P-E", "U-E"]),
    ({"as_of": dt.date(2020, 1, 1)}, ["U-E"]),
    ({"as_of": dt.date(2022, 6, 1), "certain": True}, []),
    ({"modalities": ("done", "planned")}, ["U-A-P-E", "U-A-E", "U-B-E", "U-E"]),
    ({"modalities": ("planned",)}, []),
])  # fmt: skip
def test_filters(small: Small, filter_: dict[str, Any], found: list[str]) -> None:
    assert sorted(small.names_of("U", "E", **filter_)) == sorted(found)


def test_certain_keeps_what_is_dated_on_both_sides(small: Small) -> None:
    assert small.names_of("A", "E", as_of=dt.date(2022, 6, 1), certain=True) == ["A-E"]
    assert small.names_of("A", "E", as_of=dt.date(2024, 1, 1), certain=True) == []


def test_direction(small: Small) -> None:
    assert sorted(small.names_of("U", "E", direction="out")) == ["U-A-E", "U-A-P-E", "U-E"]
    assert small.names_of("E", "U", direction="out") == ["E-U"], "what is symmetric goes both ways, nothing else backwards"
    assert small.names_of("F", "P") == ["F-M-P"]
    assert small.names_of("F", "P", direction="out") == []


def test_a_planned_node_is_passed_only_when_asked_but_may_be_an_end(small: Small) -> None:
    both = {"modalities": ("done", "planned"), "relations": ("BUILDS", "HOSTS")}
    assert small.names_of("F", "E", **both) == ["F-N-E"]
    assert small.names_of("F", "E", relations=("BUILDS", "HOSTS")) == []
    assert small.names_of("F", "N", **both) == ["F-N"]


def test_ends_that_are_the_same(small: Small) -> None:
    (route,) = small.found("U", "U").routes
    assert (route.nodes, route.edges, route.score, route.hops) == ((small.ids["U"],), (), 1.0, 0)
    assert small.names_of(["U", "E"], ["E", "F"], 3, "hops") == ["E", "U-E", "U-A-E"]
    assert small.found("U", "U", through="Project") == Found([], False), "an empty path passes through nothing"


def test_no_way_is_an_empty_answer(small: Small) -> None:
    assert small.found("U", "Z") == Found([], False)
    assert best_paths(small.adjacency, [small.ids["U"]], ["fund:ffffffffffffffff"], Filter()) == Found([], False)


def test_set_to_set(small: Small) -> None:
    one_by_one = [(r.score, r.nodes) for s in "UF" for t in "EP" for r in small.found(s, t).routes]
    together = [(r.score, r.nodes) for r in small.found(["U", "F"], ["E", "P"]).routes]
    assert together == sorted(one_by_one, key=lambda x: (-x[0], len(x[1]), x[1]))[:10]
    assert {n[0] for _, n in together} == {small.ids["U"], small.ids["F"]}


def test_rank_by_hops(small: Small) -> None:
    assert small.names_of("U", "E", rank="hops") == ["U-E", "U-A-E", "U-A-P-E"]
    assert small.names_of("U", "E", 1, "hops") == ["U-E"]
    assert small.names_of("U", "E", 1) == ["U-A-P-E"]


def test_a_small_budget_is_said(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not small.found("U", "E").truncated
    monkeypatch.setattr(routes, "OPENED", 1)
    assert small.found("U", "E").truncated
    monkeypatch.undo()
    monkeypatch.setattr(reach, "REACHED", 1)
    assert small.found("U", "E").truncated


def test_longer_ways_are_not_counted_against_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many long ways between two ends that few short ones join: the answer is whole, and said to be."""
    world = World(tmp_path)
    ids = [world.node("Organization", f"机构{n}") for n in range(9)]
    for a, b in itertools.combinations(ids, 2):
        world.edge(a, "COOPERATES_WITH", b)
    adjacency = Adjacency(world.build().folder, load())
    monkeypatch.setattr(routes, "OPENED", 20)  # there are 1 + 7 ways of at most two steps, and 13,700 in all
    for rank in ("score", "hops"):
        found = best_paths(adjacency, [ids[0]], [ids[1]], Filter(max_hops=2), 50, rank)
        assert ([r.hops for r in found.routes], found.truncated) == ([1] + [2] * 7, False)


def test_which_of_two_parallel_edges_depends_on_the_rest_of_the_path(tmp_path: Path) -> None:
    """A strong edge of a hub beats a weak one alone, but not where the path's evidence is weaker still."""
    world = World(tmp_path)
    a, b, c, d = (world.node("Organization", n) for n in "ABCD")
    world.edge(a, "COOPERATES_WITH", b, confidence=0.4)
    world.edge(a, "SPUN_OUT", b, confidence=0.8)
    world.edge(a, "SPUN_OUT", d)
    world.edge(b, "INCUBATED_BY", c, confidence=0.2)
    adjacency = Adjacency(world.build().folder, load())
    (alone,) = best_paths(adjacency, [a], [b], Filter()).routes
    assert (alone.weakest, alone.score) == (0.8, pytest.approx(0.8 * 2**-W, abs=1e-9))
    (onward,) = best_paths(adjacency, [a], [c], Filter()).routes
    assert (onward.weakest, onward.damping, onward.score) == (0.2, 1.0, 0.2)
    assert onward.edges[0] != alone.edges[0]


# ---- against all simple paths ------------------------------------------------------------------------------------------------

RELATIONS = ("COOPERATES_WITH", "HOLDS_SHARES_IN", "SPUN_OUT", "INCUBATED_BY")
TYPES = ("University", "TransferOrg", "Enterprise", "Agency")
Line = tuple[int, int, str, float]


@st.composite
def random_graph(draw: Callable[..., Any]) -> tuple[list[str], list[Line]]:
    types = draw(st.lists(st.sampled_from(TYPES), min_size=4, max_size=7))
    ends = st.integers(0, len(types) - 1)
    lines = draw(st.lists(st.tuples(ends, ends, st.sampled_from(RELATIONS), st.sampled_from((0.2, 0.4, 0.8, 1.0))), min_size=5, max_size=18))
    return types, [x for x in lines if x[0] != x[1]]


def brute(ids: list[str], stages: list[int], lines: list[Line], f: Filter, k: int) -> list[tuple[float, tuple[str, ...]]]:
    """The definition itself: every simple path, its best choice among parallel edges, sorted."""
    merged: dict[tuple[str, str, str], float] = {}
    for a, b, relation, confidence in lines:
        s, t = (ids[a], ids[b]) if relation != "COOPERATES_WITH" else sorted((ids[a], ids[b]))
        merged[relation, s, t] = max(confidence, merged.get((relation, s, t), 0))
    degree = Counter((n, r, r != "COOPERATES_WITH" and n == s) for r, s, t in merged for n in (s, t))  # all are of one kind here
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(ids)
    for (r, s, t), c in merged.items():
        step = ((degree[s, r, r != "COOPERATES_WITH"] * degree[t, r, False]) ** -W, c)
        graph.add_edge(s, t, step=step)
        if f.direction == "any" or r == "COOPERATES_WITH":
            graph.add_edge(t, s, step=step)
    stage = dict(zip(ids, stages, strict=True))
    out = []
    simple = {tuple(p) for p in nx.all_simple_paths(graph, ids[0], ids[1], cutoff=f.max_hops)}
    for nodes in simple:
        choices = [[d["step"] for d in graph[u][v].values()] for u, v in itertools.pairwise(nodes)]
        best = max(math.prod(d for d, _ in steps) * min(c for _, c in steps) for steps in itertools.product(*choices))
        out.append((round(best * chain_order([stage[n] for n in nodes]), 6), nodes))
    return sorted(out, key=lambda x: (-x[0], len(x[1]), x[1]))[:k]


@seed(20240814)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(random_graph(), st.sampled_from(("any", "out")), st.integers(1, 5), st.integers(1, 6))
def test_the_k_best_are_exact(made: tuple[list[str], list[Line]], direction: str, max_hops: int, k: int) -> None:
    types, lines = made
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        ids = [world.node("Organization", f"机构{n}", types=[t]) for n, t in enumerate(types)]
        for a, b, relation, confidence in lines:
            world.edge(ids[a], relation, ids[b], confidence=confidence)
        adjacency = Adjacency(world.build().folder, load())
    stages = [{"University": 0, "TransferOrg": 1, "Enterprise": 3, "Agency": -1}[t] for t in types]
    f = Filter(direction=direction, max_hops=max_hops)
    found = best_paths(adjacency, [ids[0]], [ids[1]], f, k)
    wanted = brute(ids, stages, lines, f, k)
    assert not found.truncated
    assert [round(r.score, 6) for r in found.routes] == pytest.approx([s for s, _ in wanted], abs=2e-6)
    clear = [n for (s, n), (before, after) in zip(wanted, neighbours_of(wanted), strict=True) if abs(s - before) > 1e-5 and abs(s - after) > 1e-5]
    assert [r.nodes for r in found.routes if r.nodes in clear] == clear, "paths of clearly different score stand in the same places"
    assert best_paths(adjacency, [ids[0]], [ids[1]], f, k) == found, "asked again, the same"


def neighbours_of(wanted: list[tuple[float, tuple[str, ...]]]) -> list[tuple[float, float]]:
    scores = [math.inf, *(s for s, _ in wanted), -math.inf]
    # the last one may be tied with one that was cut off
    return [(scores[i], scores[i + 2] if i + 2 < len(scores) - 1 else scores[i + 1]) for i in range(len(wanted))]


# ---- the whole answer ----------------------------------------------------------------------------------------------------------

PAIRS = [("中国重型机械研究院", "陕西省科学技术厅", {}), ("西工大", "西安交通大学", {}), ("合成大学", "合成投资", {}),
         ("合成大学", "合成材料公司", {"direction": "out", "as_of": dt.date(2023, 6, 1)}), ("合成大学", "合成大学", {})]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "f"), PAIRS)
def test_paths_are_whole_answers(reader: Reader, source: str, target: str, f: dict[str, Any]) -> None:
    a, b = reader.resolve(source), reader.resolve(target)
    made = paths(reader, [a], [b], Filter(**f))
    nodes, edges = {n["id"]: n for n in made["nodes"]}, {e["id"]: e for e in made["edges"]}
    assert made["paths"]
    assert made["graph_version"] == reader.snapshot().version
    assert [n["id"] for n in made["nodes"]] == sorted(nodes)
    assert {n for p in made["paths"] for n in p["nodes"]} == set(nodes)
    assert {e for p in made["paths"] for e in p["edges"]} == set(edges)
    for p in made["paths"]:
        assert (p["nodes"][0], p["nodes"][-1], p["hops"]) == (a, b, len(p["edges"]))
        for u, v, e in zip(p["nodes"], p["nodes"][1:], p["edges"], strict=False):
            assert {edges[e]["source"], edges[e]["target"]} == {u, v}
            assert edges[e]["properties"]["evidence"], "every step says who says so"
        x = p["explained"]
        assert p["score"] == pytest.approx(x["damping"] * x["weakest_evidence"] * x["chain_order"], abs=1e-8)
        assert x["sentence"]["zh"]
        assert x["sentence"]["en"]
    assert [p["score"] for p in made["paths"]] == sorted((p["score"] for p in made["paths"]), reverse=True)


def test_both_stores_give_equal_paths(whole: Snapshot, request: pytest.FixtureRequest, neo4j_url: Any) -> None:
    answers = []
    for engine in ("embedded", "neo4j"):
        with closing(Reader(settings_for(engine, whole.folder.parent.parent, request))) as reader:
            reader.store.apply(whole, quiet)
            answers.append([paths(reader, [reader.resolve(a)], [reader.resolve(b)], Filter(**f)) for a, b, f in PAIRS])
    assert answers[0] == answers[1]
    assert plain(answers[0]) == answers[0], "plain JSON values only"


@pytest.mark.parametrize(("f", "k", "rank", "what"), [
    (Filter(relations=("OWNED",)), 5, "score", "relations: 'OWNED' is none of"), (Filter(kinds=("Base",)), 5, "score", "kinds: 'Base'"),
    (Filter(modalities=("maybe",)), 5, "score", "modalities: 'maybe'"), (Filter(through="Base"), 5, "score", "through: 'Base'"),
    (Filter(direction="in"), 5, "score", "direction: 'in' is none of any, out"), (Filter(max_hops=9), 5, "score", "max_hops: 9 is not within 1..8"),
    (Filter(max_hops=0), 5, "score", "max_hops: 0"), (Filter(), 0, "score", "k: 0 is not within 1..50"), (Filter(), 51, "score", "k: 51"),
    (Filter(), 5, "length", "rank: 'length' is none of score, hops"),
])  # fmt: skip
def test_a_wrong_filter_is_named(reader: Reader, f: Filter, k: int, rank: str, what: str) -> None:
    some = reader.resolve("合成大学")
    with pytest.raises(BadParameter) as e:
        paths(reader, [some], [some], f, k, rank)
    assert str(e.value).startswith(what)


def test_an_unknown_end_is_said(reader: Reader) -> None:
    with pytest.raises(Unknown, match="there is no node"):
        paths(reader, ["organization:ffffffffffffffff"], [reader.resolve("合成大学")], Filter())


def test_a_search_that_takes_too_long_is_refused_not_cut(small: Small) -> None:
    ends = [small.ids["U"]], [small.ids["F"]]
    with pytest.raises(QueryTimeout, match="fewer steps"):
        best_paths(small.adjacency, *ends, Filter(), seconds=0)
    assert best_paths(small.adjacency, *ends, Filter(), seconds=60) == best_paths(small.adjacency, *ends, Filter())
