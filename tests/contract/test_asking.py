"""What a published graph answers, with the same expectation of every store."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from graph.errors import BadInput, QueryTimeout, ReadOnly
from graph.search import sort_key
from graph.snapshot import Snapshot
from graph.store.contract import Answer, Edge, Node, Store
from graph.store.open import open_store
from tests.contract.world import ENGINES, World, empty, quiet, settings_for

MONEY = {"size": 400_000_000.0, "size_high": None, "size_bound": "over", "size_unit": "元", "size_shown": "超4亿元"}
BASES = ("镁基地", "安康基地", "西安基地", "宝鸡基地", "Alpha 基地", "2号基地", "中宁基地")


def small_world(world: World) -> dict[str, str]:
    """Every column type once with a value and once without, and a second kind without any value; ids by name."""
    ids = {}

    def node(kind: str, name: str, **texts: Any) -> None:
        ids[name] = world.node(kind, name, **texts)

    node("Organization", "西北工业大学", types=["University", "Enterprise"], founded="1938年")
    node("Organization", "某机关", types=["Agency"], aliases=["机关", "某关"])
    node("Organization", "无类型单位")
    node("Achievement", "成果甲", year="2023", keywords=["镁", "轻合金"], needs_chemical_park="是", stage_stated="小试", hazards=["易燃"])
    node("Achievement", "成果乙", needs_chemical_park="否", year="0")
    node("Achievement", "成果丙", keywords=["陶瓷"])
    node("Instrument", "仪器甲", hours="1234.5")
    node("Instrument", "仪器乙")
    node("Fund", "基金甲", size="超4亿元")
    node("Fund", "基金乙", modality="encouraged")
    for n, name in enumerate(BASES):
        node("PilotBase", name, **({"staff": "180余人", "legal_person": "是"} if n == 0 else {}))
    for name in "上中下":
        node("Segment", name)
    # the same relation to other kinds, before and after PilotBase in the order of tables: parallel edges must survive that
    for kind in ("Batch", "Laboratory", "Platform"):
        node(kind, f"{kind} 承建", **({"member_kind": ["PilotBase"]} if kind == "Batch" else {}))
        for role in ("lead", "joint", "operates"):
            world.edge(ids["西北工业大学"], "HOSTS", ids[f"{kind} 承建"], role=role, since="2021-01-01")
    for event in ("filed", "recognised"):
        world.edge(ids["某机关"], "RECOGNIZES", ids["Batch 承建"], event=event)
    world.edge(ids["上"], "FEEDS", ids["中"])
    world.edge(ids["中"], "FEEDS", ids["下"], confidence=0.4)
    world.edge(ids["西北工业大学"], "HOSTS", ids["镁基地"], role="lead", since="2020-05-01", until="2023-12-31")
    world.edge(ids["西北工业大学"], "HOSTS", ids["镁基地"], role="joint", since="2024-01-01")
    world.edge(ids["某机关"], "RECOGNIZES", ids["镁基地"], event="filed", event_date="2022-03-01", level="省级")
    world.edge(ids["某机关"], "RECOGNIZES", ids["镁基地"], event="recognised", event_date="2024-08-14")
    world.edge(ids["成果甲"], "TRANSFERRED_TO", ids["某机关"], mode="license", amount="500万元", transfer_date="2024年8月", modality="planned")
    world.edge(ids["成果乙"], "TRANSFERRED_TO", ids["某机关"])
    return ids


@dataclass
class Opened:
    """A published store and the world's ids."""

    store: Store
    snapshot: Snapshot
    ids: Mapping[str, str]

    def ask(self, text: str, timeout: float = 20, limit: int = 1_000, **params: Any) -> Answer:
        return self.store.ask(text, params, timeout, limit)

    def column(self, text: str, **params: Any) -> list[Any]:
        return [next(iter(r.values())) for r in self.store.ask(text, params, 20, 1_000).rows]


@pytest.fixture(scope="module", params=ENGINES)
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    world = World(tmp_path_factory.mktemp("asking"))
    ids = small_world(world)
    settings = settings_for(request.param, world.workspace, request)
    if request.param == "neo4j":
        empty(request.getfixturevalue("neo4j_url"))
    with closing(open_store(settings)) as store:
        yield Opened(store, world.build(), ids)


@pytest.fixture
def graph(published: Opened) -> Opened:
    published.store.apply(published.snapshot, quiet)  # nothing to do, unless another module used the server in between
    return published


# ---- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name", "column", "value"), [
    ("Achievement", "成果甲", "stage_stated", "小试"),
    ("Achievement", "成果乙", "stage_stated", None),
    ("Achievement", "成果甲", "year", 2023),
    ("Achievement", "成果乙", "year", 0),
    ("Achievement", "成果丙", "year", None),
    ("Instrument", "仪器甲", "hours", 1234.5),
    ("Instrument", "仪器乙", "hours", None),
    ("Achievement", "成果甲", "needs_chemical_park", True),
    ("Achievement", "成果乙", "needs_chemical_park", False),
    ("Achievement", "成果丙", "needs_chemical_park", None),
    ("Organization", "西北工业大学", "founded_earliest", dt.date(1938, 1, 1)),
    ("Organization", "西北工业大学", "founded_latest", dt.date(1938, 12, 31)),
    ("Organization", "某机关", "founded_latest", None),
    ("Achievement", "成果甲", "keywords", ["轻合金", "镁"]),
    ("Achievement", "成果乙", "keywords", None),
    ("Achievement", "成果甲", "hazards", ["易燃"]),
    ("Achievement", "成果甲", "maturity_min", None),  # no row of the table has one: the column may be missing in the engine
    ("Segment", "中", "position", None),
    ("PilotBase", "镁基地", "staff", 180.0),
    ("PilotBase", "镁基地", "staff_bound", "over"),
    *(("Fund", "基金甲", c, v) for c, v in MONEY.items()),
    *(("Fund", "基金乙", c, None) for c in MONEY),
])  # fmt: skip
def test_a_value_comes_back_with_its_type_and_a_missing_one_is_null(graph: Opened, kind: str, name: str, column: str, value: Any) -> None:
    found = graph.ask(f"MATCH (n:{kind} {{id: $id}}) RETURN n.{column} AS v, n.{column} IS NULL AS missing", id=graph.ids[name])
    assert found.rows == [{"v": value, "missing": value is None}]
    assert type(found.rows[0]["v"]) is type(value)
    node = graph.column(f"MATCH (n:{kind} {{id: $id}}) RETURN n", id=graph.ids[name])[0]
    assert node.properties.get(column) == value
    assert (column in node.properties) == (value is not None), "a null is left out of the node"


def test_a_node_shows_its_declared_properties_and_not_ours(graph: Opened) -> None:
    (node,) = graph.column("MATCH (n:Organization {id: $id}) RETURN n", id=graph.ids["西北工业大学"])
    assert node == Node(graph.ids["西北工业大学"], "Organization", ("Enterprise", "University"), {
        "name": "西北工业大学", "types": ["Enterprise", "University"], "modality": "done", "founded_earliest": dt.date(1938, 1, 1),
        "founded_latest": dt.date(1938, 12, 31), "founded_shown": "1938年"})  # fmt: skip
    assert node.name == "西北工业大学"


def test_nulls_of_an_edge(graph: Opened) -> None:
    text = ("MATCH (a:Achievement)-[r:TRANSFERRED_TO]->(:Organization) "
            "RETURN r.amount AS amount, r.transfer_date_latest AS day, r.mode AS mode, r.until AS until, r.modality AS how "
            "ORDER BY a.name")  # fmt: skip
    by_how = {r.pop("how"): r for r in graph.ask(text).rows}
    assert by_how == {"planned": {"amount": 5_000_000.0, "day": dt.date(2024, 8, 31), "mode": "license", "until": None},
                      "done": {"amount": None, "day": None, "mode": None, "until": None}}  # fmt: skip


@pytest.mark.parametrize(("value"), [0, -1, 2**53, 1.5, -0.25, True, False, None, "", "镁 '\"\\ \n $x {} 🧪", dt.date(1949, 10, 1),
                                     [], [1, 2], ["a", "镁"], [dt.date(2024, 2, 29)], {"b": 1, "a": [1, None]}])  # fmt: skip
def test_a_parameter_comes_back_as_it_went(graph: Opened, value: Any) -> None:
    (back,) = graph.column("RETURN $value AS v", value=value)
    assert back == value
    assert type(back) is type(value)


def test_keys_of_a_map_are_sorted(graph: Opened) -> None:
    (back,) = graph.column("MATCH (n:Fund {id: $id}) RETURN {z: n.size, a: n.name, m: {y: 1, b: 2}} AS v", id=graph.ids["基金甲"])
    assert list(back) == ["a", "m", "z"]
    assert list(back["m"]) == ["b", "y"]


# ---- shape -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("relation", "column", "expected"), [
    ("HOSTS", "role", ["joint", "lead"]),
    ("RECOGNIZES", "event", ["filed", "recognised"]),
])  # fmt: skip
def test_parallel_edges_are_kept(graph: Opened, relation: str, column: str, expected: list[str]) -> None:
    text = f"MATCH (:Organization)-[r:{relation}]->(b:PilotBase {{id: $id}}) RETURN [startNode(r).id, r, endNode(r).id] AS e ORDER BY r.{column}"
    edges = graph.column(text, id=graph.ids["镁基地"])
    assert [e.properties[column] for e in edges] == expected
    assert len({e.id for e in edges}) == 2
    assert {(e.relation, e.target) for e in edges} == {(relation, graph.ids["镁基地"])}
    assert all(len(e.properties["evidence"]) == 1 and e.properties["evidence"][0].startswith("c") for e in edges)


@pytest.mark.parametrize("kind", ["Batch", "Laboratory", "Platform"])
def test_parallel_edges_are_kept_to_every_kind(graph: Opened, kind: str) -> None:
    edges = graph.column(f"MATCH (:Organization)-[r:HOSTS]->(b:{kind}) RETURN [startNode(r).id, r, endNode(r).id] AS e ORDER BY r.role")
    assert [e.properties["role"] for e in edges] == ["joint", "lead", "operates"]
    assert {e.properties["since"] for e in edges} == {dt.date(2021, 1, 1)}
    assert all(e.properties["evidence"][0].startswith("c") and e.properties["confidence"] == 1.0 for e in edges)


@pytest.mark.parametrize(("label", "names"), [
    ("University", ["西北工业大学"]), ("Enterprise", ["西北工业大学"]), ("Agency", ["某机关"]), ("Hospital", []),
    ("Organization:University:Enterprise", ["西北工业大学"]), ("Organization:University:Agency", []),
    ("University|Agency", ["某机关", "西北工业大学"]), ("Contract", []),
])  # fmt: skip
def test_every_type_of_a_node_finds_it(graph: Opened, label: str, names: list[str]) -> None:
    assert graph.column(f"MATCH (n:{label}) RETURN n.name AS name ORDER BY n.sort_key, n.id") == sorted(names, key=sort_key)


def test_labels_are_the_kind_and_its_types(graph: Opened) -> None:
    text = "MATCH (n:Organization) UNWIND labels(n) AS label RETURN label, count(*) AS n ORDER BY label"
    assert {r["label"]: r["n"] for r in graph.ask(text).rows} == {"Agency": 1, "Enterprise": 1, "Organization": 3, "University": 1}


def test_an_edge_and_a_path_carry_their_ends(graph: Opened) -> None:
    text = ("MATCH p = (a:Segment {id: $id})-[:FEEDS*1..3]-(b:Segment) RETURN [n IN nodes(p) | n.id] AS nodes, "
            "[r IN relationships(p) | [startNode(r).id, r, endNode(r).id]] AS edges ORDER BY length(p), b.id")  # fmt: skip
    up, mid, down = (graph.ids[n] for n in "上中下")
    rows = graph.ask(text, id=down).rows
    assert [r["nodes"] for r in rows] == [[down, mid], [down, mid, up]]
    assert [[(e.source, e.target) for e in r["edges"]] for r in rows] == [[(mid, down)], [(mid, down), (up, mid)]], "ends as stated, not as walked"
    assert all(isinstance(e, Edge) and e.relation == "FEEDS" for r in rows for e in r["edges"])
    assert rows[0]["edges"][0].properties["confidence"] == pytest.approx(0.4)


# ---- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "roles"), [
    (dt.date(2020, 4, 30), []), (dt.date(2020, 5, 1), ["lead"]), (dt.date(2023, 12, 31), ["lead"]), (dt.date(2024, 1, 1), ["joint"]),
    (dt.date(2099, 1, 1), ["joint"]), (None, ["joint", "lead"]),
])  # fmt: skip
def test_dates_are_compared_as_dates(graph: Opened, day: dt.date | None, roles: list[str]) -> None:
    text = ("MATCH (:Organization)-[r:HOSTS]->(:PilotBase) WHERE $day IS NULL OR ((r.since IS NULL OR r.since <= $day) "
            "AND (r.until IS NULL OR r.until >= $day)) RETURN r.role AS role ORDER BY role")  # fmt: skip
    assert graph.column(text, day=day) == roles


def test_parts_and_order_of_dates(graph: Opened) -> None:
    text = "MATCH ()-[r:RECOGNIZES]->(:PilotBase) RETURN r.event_date_earliest AS day, r.event_date_earliest.year AS year ORDER BY day DESC"
    assert graph.ask(text).rows == [{"day": dt.date(2024, 8, 14), "year": 2024}, {"day": dt.date(2022, 3, 1), "year": 2022}]


def test_lists_are_searched(graph: Opened) -> None:
    assert graph.column("MATCH (n:Achievement) WHERE '镁' IN n.keywords RETURN n.name AS v ORDER BY v") == ["成果甲"]
    assert graph.column("MATCH (n:Achievement) WHERE any(k IN n.keywords WHERE k IN $w) RETURN n.name AS v ORDER BY n.sort_key, n.id",
                        w=["陶瓷", "轻合金"]) == ["成果丙", "成果甲"]  # fmt: skip
    assert graph.column("MATCH (n:Achievement) WHERE n.name IN $w RETURN n.name AS v", w=[]) == []


def test_no_rows_still_have_columns(graph: Opened) -> None:
    found = graph.ask("MATCH (n:Contract) RETURN n AS contract, n.amount AS amount ORDER BY n.id")
    assert (found.columns, found.rows, found.truncated) == (("contract", "amount"), [], False)


def test_a_node_that_an_optional_match_lacks_is_null(graph: Opened) -> None:
    text = "MATCH (n:Fund {id: $id}) OPTIONAL MATCH (n)<-[:FOUNDS]-(o:Organization) WITH n, o, collect(o) AS found RETURN o, found ORDER BY n.id"
    assert graph.ask(text, id=graph.ids["基金甲"]).rows == [{"found": [], "o": None}]


def test_chinese_names_stand_in_the_order_of_their_sound(graph: Opened) -> None:
    text = "MATCH (n:PilotBase) RETURN n.name AS name ORDER BY n.sort_key, n.id"
    assert graph.column(text) == ["2号基地", "Alpha 基地", "安康基地", "宝鸡基地", "镁基地", "西安基地", "中宁基地"]
    assert graph.column(text.replace("sort_key,", "sort_key DESC,"))[:2] == ["中宁基地", "西安基地"]
    assert graph.column(text + " SKIP $skip LIMIT $limit", skip=2, limit=2) == ["安康基地", "宝鸡基地"]


# ---- budgets and refusals ----------------------------------------------------------------------------------------------

SLOW = ("UNWIND range(1, 2000) AS a UNWIND range(1, 2000) AS b UNWIND range(1, 2000) AS c WITH a, b, c WHERE (a * b + c) % 7 = 3 "
        "RETURN count(*) AS n")  # fmt: skip


def test_a_query_over_its_time_is_stopped(graph: Opened) -> None:
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"within 0\.2 s"):
        graph.ask(SLOW, timeout=0.2)
    assert time.monotonic() - began < 15, "it was stopped, not only reported late"
    assert graph.column("RETURN 1 AS one") == [1], "the store answers on"


def test_rows_over_the_budget_are_cut_and_said(graph: Opened) -> None:
    text = "MATCH (n:PilotBase) RETURN n.name AS name ORDER BY n.sort_key, n.id"
    whole = graph.ask(text, limit=len(BASES))
    assert (len(whole.rows), whole.truncated) == (len(BASES), False)
    cut = graph.ask(text, limit=3)
    assert (cut.rows, cut.truncated) == (whole.rows[:3], True)


@pytest.mark.parametrize("text", [
    "CREATE (n:PilotBase {id: 'pilot-base:x'}) RETURN n",
    "MATCH (n:PilotBase) SET n.name = '改' RETURN n",
    "MATCH (n:PilotBase) DETACH DELETE n",
    "MATCH (n:PilotBase) REMOVE n.name",
    "MERGE (n:PilotBase {id: 'pilot-base:x'}) RETURN n",
    "FOREACH (x IN [1] | CREATE (:PilotBase {id: 'pilot-base:x'}))",
    "MATCH (a:Segment) MATCH (b:Fund) CREATE (a)-[:FEEDS]->(b)",
    "CREATE INDEX made FOR (n:PilotBase) ON (n.name)",
])  # fmt: skip
def test_writes_are_refused(graph: Opened, text: str) -> None:
    with pytest.raises(ReadOnly, match="only reads"):
        graph.ask(text)
    assert graph.column("MATCH (n:PilotBase) WHERE n.name IS NOT NULL AND n.name <> '改' RETURN count(n) AS n") == [len(BASES)]


@pytest.mark.parametrize("text", [
    "MATCH (n:PilotBase RETURN n", "MATCH (n:PilotBase) RETURN m", "MATCH (n:PilotBase) WHERE n.id = $missing RETURN n",
    "RETURN nofunction(1) AS x", "", "SELECT 1",
])  # fmt: skip
def test_a_text_that_is_no_cypher_is_bad_input(graph: Opened, text: str) -> None:
    with pytest.raises(BadInput, match="the store refused the query"):
        graph.ask(text)


def test_version_is_the_snapshots(graph: Opened) -> None:
    found = graph.store.version()
    assert (found.current, found.publishing_to, found.shown) == (graph.snapshot.version, None, graph.snapshot.version)


def test_counts_are_the_snapshots(graph: Opened) -> None:
    text = "MATCH (n) WHERE n.id IS NOT NULL AND n.id <> 'graph' RETURN count(n) AS n"
    assert graph.column(text) == [graph.snapshot.manifest["nodes"]]
    assert graph.column("MATCH ()-[r]->() RETURN count(r) AS n") == [graph.snapshot.manifest["edges"]]
