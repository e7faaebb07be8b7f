"""Degree-weighted path counts against values worked out by hand from their definition, and against every path there is."""

from __future__ import annotations

import itertools
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from graph import metapaths
from graph.adjacency import Adjacency, degree_products
from graph.errors import BadParameter, QueryTimeout
from graph.metapaths import Metapath, abbreviated, abbreviations, count, parse, paths_of
from graph.ontology import load
from graph.reach import Filter
from graph.routes import best_paths
from tests.contract.world import World

W = 0.4


class Drawn:
    """A small graph asked by names."""

    def __init__(self, folder: Path, nodes: dict[str, str], edges: list[tuple[str, str, str, dict[str, Any]]]) -> None:
        world = World(folder)
        self.ids = {name: world.node(kind, name) for name, kind in nodes.items()}
        for a, relation, b, how in edges:
            world.edge(self.ids[a], relation, self.ids[b], **how)
        self.names = {v: k for k, v in self.ids.items()}
        self.adjacency = Adjacency(world.build().folder, load())

    def counted(self, a: str, b: str, **f: Any) -> dict[str, tuple[int, float]]:
        found = count(self.adjacency, self.ids[a], self.ids[b], Filter(**f))
        return {abbreviated(load(), c.metapath): (c.paths, c.weighted) for c in found.items}

    def paths(self, a: str, b: str, route: str, **f: Any) -> list[str]:
        found, _ = paths_of(self.adjacency, self.ids[a], self.ids[b], parse(load(), route), Filter(**f))
        return ["-".join(self.names[n] for n in r.nodes) for r in found]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """U owns A, B, C and a patent P; V owns C too; A, B, C went to E, A to F too (to E even twice); U and E cooperate.

           ┌──── P              d(OWNS Achievement):    U 3, V 1; A 1, B 1, C 2
        U ─┼─ A ─┬─ F           d(OWNS Patent):         U 1; P 1
           ├─ B ─┼─ E ─ U       d(TRANSFERRED_TO):      A 2 (E once), B 1, C 1; E 3, F 1
        V ─┴─ C ─┘              d(COOPERATES_WITH):     U 1, E 1
    """
    return Drawn(tmp_path_factory.mktemp("drawn"),
                 {"U": "Organization", "V": "Organization", "E": "Organization", "F": "Organization", "A": "Achievement", "B": "Achievement",
                  "C": "Achievement", "P": "Patent"},
                 [("U", "OWNS", "A", {}), ("U", "OWNS", "B", {}), ("U", "OWNS", "C", {}), ("V", "OWNS", "C", {}), ("U", "OWNS", "P", {}),
                  ("A", "TRANSFERRED_TO", "E", {"mode": "license"}), ("A", "TRANSFERRED_TO", "E", {"mode": "equity", "confidence": 0.4}),
                  ("B", "TRANSFERRED_TO", "E", {"confidence": 0.8}), ("C", "TRANSFERRED_TO", "E", {"since": "2020-01-01"}),
                  ("A", "TRANSFERRED_TO", "F", {}), ("U", "COOPERATES_WITH", "E", {})])  # fmt: skip


def test_dwpc_worked_by_hand(drawn: Drawn) -> None:
    found = drawn.counted("U", "E", max_hops=2)
    # U-A-E: OWNS 3·1, TRANSFERRED_TO 2·3 → 18 ^ -0.4 = 0.3146958;  U-B-E: 3·1, 1·3 → 9 ^ -0.4 = 0.4152436;  U-C-E: 3·2, 1·3 → 18 ^ -0.4
    assert found["Oo>Att>O"] == (3, pytest.approx(2 * 18**-W + 9**-W, abs=1e-8))
    assert found["Oo>Att>O"][1] == pytest.approx(0.3146958 * 2 + 0.4152436, abs=1e-6)
    assert found["OcwO"] == (1, 1.0), "1·1 ^ -0.4; a relation that runs both ways has no arrow"
    assert set(found) == {"Oo>Att>O", "OcwO"}


def test_no_node_is_met_twice(drawn: Drawn) -> None:
    found = drawn.counted("U", "V")
    # U-C-V: OWNS 3·2, back 2·1 → 12 ^ -0.4
    assert found["Oo>A<oO"] == (1, pytest.approx(12**-W, abs=1e-8))
    # U-A-E-C-V: 3·1, 2·3, back 3·1, back 2·1 → 108;  U-B-E-C-V: 3·1, 1·3, 3·1, 2·1 → 54;  U-C-E-C-V meets C twice and is none
    assert found["Oo>Att>O<ttA<oO"] == (2, pytest.approx(108**-W + 54**-W, abs=1e-8))
    # U-E-C-V: cooperation 1·1, back 3·1, back 2·1 → 6
    assert found["OcwO<ttA<oO"] == (1, pytest.approx(6**-W, abs=1e-8))
    assert set(found) == {"Oo>A<oO", "OcwO<ttA<oO", "Oo>Att>O<ttA<oO"}


def test_degrees_are_those_of_the_metaedge(drawn: Drawn) -> None:
    """A patent does not make its owner a hub of achievements; two edges between two nodes make one neighbour."""
    a = drawn.adjacency
    products = {}
    for n in range(a.size):
        for row in range(int(a._["starts"][n]), int(a._["starts"][n + 1])):
            if a._["out"][row]:
                ends = (drawn.names.get(a.node_id(n)), drawn.names.get(a.node_id(int(a._["other"][row]))))
                products[ends] = int(a._["edge_degrees"][a._["edge"][row]])
    assert products == {("U", "A"): 3, ("U", "B"): 3, ("U", "C"): 6, ("V", "C"): 2, ("U", "P"): 1, ("A", "E"): 6, ("B", "E"): 3, ("C", "E"): 3,
                        ("A", "F"): 2, **{x: 1 for x in (("U", "E"), ("E", "U")) if x in products}}  # fmt: skip
    assert (degree_products(a._, a.symmetric) == a._["edge_degrees"]).all(), "a snapshot without them gets the same when it is loaded"


def test_a_path_is_damped_as_its_kind_of_route_is(drawn: Drawn) -> None:
    by_names = {"-".join(drawn.names[n] for n in r.nodes): r.damping
                for r in best_paths(drawn.adjacency, [drawn.ids["U"]], [drawn.ids["E"]], Filter(max_hops=2), 10).routes}  # fmt: skip
    assert by_names == {"U-E": 1.0, "U-A-E": pytest.approx(18**-W, abs=1e-9), "U-B-E": pytest.approx(9**-W, abs=1e-9),
                        "U-C-E": pytest.approx(18**-W, abs=1e-9)}  # fmt: skip


@pytest.mark.parametrize(("f", "found"), [
    ({}, (3, 2 * 18**-W + 9**-W)), ({"min_confidence": 0.9}, (2, 2 * 18**-W)), ({"avoid": ("A",)}, (2, 18**-W + 9**-W)),
    ({"kinds": ("Achievement",)}, (3, 2 * 18**-W + 9**-W)), ({"through": "Achievement"}, (3, 2 * 18**-W + 9**-W)), ({"through": "Project"}, None),
    ({"kinds": ("Project",)}, None), ({"direction": "out"}, (3, 2 * 18**-W + 9**-W)), ({"relations": ("OWNS",)}, None),
])  # fmt: skip
def test_the_filter_holds_and_degrees_stay_those_of_the_graph(drawn: Drawn, f: dict[str, Any], found: tuple[int, float] | None) -> None:
    if "avoid" in f:
        f = {"avoid": tuple(drawn.ids[n] for n in f["avoid"])}
    got = drawn.counted("U", "E", **f).get("Oo>Att>O")
    assert got == (found if found is None else (found[0], pytest.approx(found[1], abs=1e-8)))


def test_as_of_counts_what_may_hold(drawn: Drawn) -> None:
    import datetime as dt

    assert drawn.counted("U", "E", as_of=dt.date(2019, 1, 1))["Oo>Att>O"] == (2, pytest.approx(18**-W + 9**-W, abs=1e-8))
    assert drawn.counted("U", "E", as_of=dt.date(2019, 1, 1), certain=True) == {}


def test_paths_of_one_kind_the_weightiest_first(drawn: Drawn) -> None:
    assert drawn.paths("U", "E", "Oo>Att>O")[0] == "U-B-E"
    assert sorted(drawn.paths("U", "E", "Oo>Att>O")) == ["U-A-E", "U-B-E", "U-C-E"]
    assert sorted(drawn.paths("U", "V", "Oo>Att>O<ttA<oO")) == ["U-A-E-C-V", "U-B-E-C-V"]
    assert drawn.paths("V", "U", "Oo>Att>O<ttA<oO")[0] == "V-C-E-B-U"
    assert drawn.paths("U", "V", "OcwO") == []
    first, counted = paths_of(drawn.adjacency, drawn.ids["U"], drawn.ids["E"], parse(load(), "Oo>Att>O"), Filter(), skip=1, limit=1)
    assert len(first) == 1 and counted is not None and counted.paths == 3


def test_the_strongest_of_parallel_edges_stands_for_them(drawn: Drawn) -> None:
    found = count(drawn.adjacency, drawn.ids["A"], drawn.ids["E"], Filter(max_hops=1)).items
    assert [(c.paths, c.example.weakest) for c in found] == [(1, 1.0)]


def test_from_is_to(drawn: Drawn) -> None:
    assert drawn.counted("U", "U") == {"O": (1, 1.0)}
    assert drawn.paths("U", "U", "O") == ["U"] and drawn.paths("U", "V", "O") == [] and drawn.paths("U", "U", "Oo>A<oO") == []
    assert drawn.counted("U", "U", through="Achievement") == {}


def test_what_is_too_much_is_left_out_whole_and_said(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = drawn.ids["U"], drawn.ids["E"]
    assert count(drawn.adjacency, *ends, Filter()).whole_hops == 4
    for most, whole in ((5, 4), (2, 0)):
        monkeypatch.setattr(metapaths, "JOINED", most)
        found = count(drawn.adjacency, *ends, Filter())
        counted = {abbreviated(load(), c.metapath): c.paths for c in found.items}
        assert (counted, found.whole_hops) == ({"Oo>Att>O": 3, "OcwO": 1} if whole else {}, whole)
    with pytest.raises(BadParameter, match="more than 2 paths"):
        paths_of(drawn.adjacency, *ends, parse(load(), "Oo>Att>O"), Filter())
    monkeypatch.undo()
    with pytest.raises(QueryTimeout):
        count(drawn.adjacency, *ends, Filter(), seconds=0)


def test_only_along_the_chain(tmp_path: Path) -> None:
    """Laboratory L (stage 0), base M (2), product X (3), project J (2), organisation G (beside the chain), achievement A (0)."""
    made = Drawn(tmp_path, {"G": "Organization", "L": "Laboratory", "M": "PilotBase", "A": "Achievement", "J": "Project", "X": "Product"},
                 [("G", "HOSTS", "L", {"role": "lead"}), ("G", "HOSTS", "M", {"role": "lead"}), ("A", "TRIED_IN", "J", {}), ("J", "HELD_AT", "M", {}),
                  ("J", "YIELDS", "X", {}), ("G", "BUILDS", "X", {})])  # fmt: skip
    free, bound = ({abbreviated(load(), c.metapath) for c in count(made.adjacency, made.ids["L"], made.ids["X"], Filter(chain_only=c)).items}
                   for c in (False, True))  # fmt: skip
    assert "L<hOb>PRO" in free & bound, "what has no stage may lie between"
    assert "L<hOh>PB<haPRy>PRO" in free & bound, "0, free, 2, 2, 3"
    back = {abbreviated(load(), c.metapath) for c in count(made.adjacency, made.ids["X"], made.ids["L"], Filter(chain_only=True)).items}
    assert back == set(), "from industry to the laboratory is the other way"

    def found(a: str, b: str, chain_only: bool) -> set[str]:
        routes = best_paths(made.adjacency, [made.ids[a]], [made.ids[b]], Filter(chain_only=chain_only, max_hops=5), 20).routes
        return {"-".join(made.names[n] for n in r.nodes) for r in routes}

    assert found("A", "X", False) == {"A-J-X", "A-J-M-G-X"} == found("A", "X", True)
    assert found("J", "L", False) == {"J-M-G-L", "J-X-G-L"} and found("J", "L", True) == set(), "2 then 0, whatever lies between"
    assert found("L", "A", True) == set() and found("L", "M", True) == {"L-G-M"} and "L-G-X-J-M" in found("L", "M", False)


# ---- short names ---------------------------------------------------------------------------------------------------


def test_every_kind_and_relation_has_a_short_name_of_its_own() -> None:
    ontology = load()
    kinds, relations = abbreviations(ontology)
    assert set(kinds) == set(ontology.kinds) and len(set(kinds.values())) == len(kinds)
    assert set(relations) == set(ontology.relations) and len(set(relations.values())) == len(relations)
    for r in ontology.relations.values():
        direction = "both" if r.symmetric else "in"
        m = Metapath((r.targets[0], r.sources[0]), ((r.name, direction),))
        assert parse(ontology, abbreviated(ontology, m)) == m


@pytest.mark.parametrize(("text", "what"), [
    ("", "no kind of route"), ("Oo>", "no kind of route"), ("o>A", "no kind of route"), ("Oo>ZZ", "'ZZ' in"), ("Ozz>A", "'zz' in"),
    ("OoA", "write < or >"), ("Ocw>O", "write < or >"), ("O<o>A", "write < or >"), ("Oo>Ao>Ao>Ao>Ao>A", "no kind of route"),
    ("O o>A", "no kind of route"),
])  # fmt: skip
def test_a_wrong_short_name_is_refused(text: str, what: str) -> None:
    with pytest.raises(BadParameter) as e:
        parse(load(), text)
    assert what in str(e.value)


# ---- against every path there is -----------------------------------------------------------------------------------

Line = tuple[int, int, str]


@st.composite
def random_graph(draw: Callable[..., Any]) -> tuple[list[str], list[Line]]:
    kinds = ["Organization", "Organization", *draw(st.lists(st.sampled_from(("Organization", "Achievement", "Project")), min_size=2, max_size=6))]
    ends = st.integers(0, len(kinds) - 1)
    relations = {("Organization", "Organization"): ("COOPERATES_WITH", "SPUN_OUT"), ("Organization", "Achievement"): ("OWNS", "BROKERED"),
                 ("Achievement", "Organization"): ("TRANSFERRED_TO", "SPUN_OUT"), ("Achievement", "Project"): ("TRIED_IN",),
                 ("Project", "Organization"): ("FOR_CLIENT",)}  # fmt: skip
    lines = []
    for a, b in draw(st.lists(st.tuples(ends, ends), min_size=4, max_size=22)):
        if a != b and (choices := relations.get((kinds[a], kinds[b]))):
            lines.append((a, b, draw(st.sampled_from(choices))))
    return kinds, lines


def by_definition(kinds: list[str], lines: list[Line], hops: int) -> dict[tuple[Any, ...], tuple[int, float]]:
    """Walk everything: (kinds, steps) → (paths, DWPC)."""
    steps: defaultdict[int, set[tuple[int, str, str]]] = defaultdict(set)
    for a, b, r in lines:
        out, back = ("both", "both") if r == "COOPERATES_WITH" else ("out", "in")
        steps[a].add((b, r, out))
        steps[b].add((a, r, back))
    degree = Counter((n, r, d, kinds[m]) for n, found in steps.items() for m, r, d in found)
    turned = {"out": "in", "in": "out", "both": "both"}
    total: defaultdict[tuple[Any, ...], list[float]] = defaultdict(list)
    todo: list[tuple[tuple[int, ...], tuple[Any, ...], float]] = [((0,), (), 1.0)]
    while todo:
        nodes, taken, product = todo.pop()
        for m, r, d in steps[nodes[-1]] if len(taken) < hops else ():
            if m in nodes:
                continue
            longer = product * degree[nodes[-1], r, d, kinds[m]] * degree[m, r, turned[d], kinds[nodes[-1]]]
            if m == 1:
                total[tuple(kinds[n] for n in (*nodes, m)), (*taken, (r, d))].append(longer)
            else:
                todo.append(((*nodes, m), (*taken, (r, d)), longer))
    return {key: (len(products), sum(p**-W for p in products)) for key, products in total.items()}


@seed(20170922)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(random_graph(), st.integers(1, 4))
def test_counts_are_exact(made: tuple[list[str], list[Line]], hops: int) -> None:
    kinds, lines = made
    with tempfile.TemporaryDirectory() as folder:
        graph = Drawn(Path(folder), {str(n): k for n, k in enumerate(kinds)}, [(str(a), r, str(b), {}) for a, b, r in lines])
    wanted = by_definition(kinds, lines, hops)
    found = count(graph.adjacency, graph.ids["0"], graph.ids["1"], Filter(max_hops=hops)).items
    assert {(c.metapath.kinds, c.metapath.steps): (c.paths, c.weighted) for c in found} == {
        key: (n, pytest.approx(w, rel=1e-7)) for key, (n, w) in wanted.items()}  # fmt: skip
    assert [c.weighted for c in found] == sorted((c.weighted for c in found), reverse=True)
    for c in found:
        listed, _ = paths_of(graph.adjacency, graph.ids["0"], graph.ids["1"], c.metapath, Filter(), limit=1000)
        assert len({r.nodes for r in listed}) == c.paths
        assert math.fsum(r.damping for r in listed) == pytest.approx(c.weighted, abs=1e-6)
        assert listed[0] == c.example
        assert all(a.damping >= b.damping for a, b in itertools.pairwise(listed))
