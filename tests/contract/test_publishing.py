"""What publishing does to a store: whole or not at all, only the difference, resumable, seen while it runs."""

from __future__ import annotations

import itertools
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.errors import Empty, StoreRefused
from graph.settings import Settings
from graph.snapshot import Snapshot
from graph.store.contract import Answer, Store, Version
from graph.store.open import open_store
from queries.reader import Reader
from tests.contract.world import World, quiet

ROOT = Path(__file__).resolve().parents[2]
NAMES = "MATCH (n:PilotBase) RETURN n.name AS name, n.modality AS modality ORDER BY n.sort_key, n.id"
SUMMARIES = "MATCH (n:PilotBase) RETURN n.summary AS s ORDER BY n.id"
EDGES = "MATCH (a)-[r]->(b) WHERE r.id IS NOT NULL RETURN [startNode(r).id, r, endNode(r).id] AS edge ORDER BY r.id"


def ask(store: Store, text: str, **params: Any) -> list[dict[str, Any]]:
    found: Answer = store.ask(text, params, 30, 10_000)
    return found.rows


def first_world(workspace: Path) -> World:
    """基地甲 hosted twice, 基地乙 that will vanish, an organisation that is University and Enterprise."""
    world = World(workspace)
    school = world.node("Organization", "学校", types=["University", "Enterprise"])
    for name in ("基地甲", "基地乙", "基地丙"):
        world.node("PilotBase", name, staff="10人")
    a, b = world.node("PilotBase", "基地甲"), world.node("PilotBase", "基地乙")
    world.edge(school, "HOSTS", a, role="lead")
    world.edge(school, "HOSTS", a, role="joint")
    world.edge(school, "HOSTS", b, role="lead")
    return world


def second_world(workspace: Path) -> World:
    """基地乙 and its edge gone, 基地丁 come, 基地丙 changed, 学校 no longer an Enterprise, one HOSTS edge changed."""
    world = World(workspace)
    school = world.node("Organization", "学校", types=["University"])
    a = world.node("PilotBase", "基地甲", staff="10人")
    world.node("PilotBase", "基地丙", staff="20人")
    d = world.node("PilotBase", "基地丁")
    world.edge(school, "HOSTS", a, role="lead", since="2020-01-01")
    world.edge(school, "HOSTS", a, role="joint")
    world.edge(school, "BUILDS", d)
    return world


def assert_holds(store: Store, made: Snapshot) -> None:
    """Ids and content are exactly the snapshot's: compared with a store that never held anything else."""
    assert store.version() == Version(made.version)
    fresh_place = made.folder.parent.parent / f"fresh-{made.version}"
    with closing(open_store(Settings(workspace=fresh_place, store="embedded"))) as fresh:
        fresh.apply(made, quiet)
        for text in (EDGES, *(f"MATCH (n:{kind}) RETURN n ORDER BY n.id" for kind in made.manifest["nodes_by_kind"])):
            assert ask(store, text) == ask(fresh, text)
        for label in ("University", "Enterprise"):
            text = f"MATCH (n:{label}) RETURN n.id AS id ORDER BY id"
            assert ask(store, text) == ask(fresh, text)


def test_nothing_published_yet(store: Store) -> None:
    assert store.version() == Version(None)
    assert store.version().shown == ""


def test_the_embedded_store_says_what_to_do_when_empty(tmp_path: Path) -> None:
    with closing(open_store(Settings(workspace=tmp_path, store="embedded"))) as store, pytest.raises(Empty, match="innochain build"):
        ask(store, "RETURN 1 AS one")


def test_a_publication_holds_exactly_the_snapshot(store: Store, tmp_path: Path) -> None:
    first = first_world(tmp_path).build()
    store.apply(first, quiet)
    assert_holds(store, first)
    second = second_world(tmp_path).build()
    assert second.version != first.version
    store.apply(second, quiet)
    assert_holds(store, second)
    assert [r["name"] for r in ask(store, NAMES)] == ["基地丙", "基地丁", "基地甲"]
    store.apply(first, quiet)  # and back
    assert_holds(store, first)


def test_progress_ends_at_the_whole(store: Store, tmp_path: Path) -> None:
    made, seen = first_world(tmp_path).build(), []
    store.apply(made, lambda what, done, total: seen.append((what, done, total)))
    total = made.manifest["nodes"] + made.manifest["edges"]
    assert seen[-1][1:] == (total, total)
    assert {w for w, _, _ in seen} == {"Document", "Organization", "PilotBase", "HOSTS"}


def test_the_same_version_again_does_nothing(store: Store, settings: Settings, tmp_path: Path) -> None:
    made, seen = first_world(tmp_path).build(), []
    store.apply(made, quiet)
    before = footprint(settings)
    store.apply(made, lambda *step: seen.append(step))
    assert seen == []
    assert footprint(settings) == before


def footprint(settings: Settings) -> Any:
    """What any write would change: the server's last transaction, or the files' times."""
    if settings.store == "embedded":
        return sorted((p.name, p.stat().st_mtime_ns, p.stat().st_ino) for p in (settings.workspace / "embedded").iterdir())
    return raw(settings, "SHOW DATABASE neo4j YIELD lastCommittedTxn RETURN lastCommittedTxn AS n")


def raw(settings: Settings, text: str, **params: Any) -> list[dict[str, Any]]:
    """Ask the server without our adapter."""
    from neo4j import GraphDatabase

    auth = (settings.neo4j_user, settings.neo4j_password.get_secret_value())
    with GraphDatabase.driver(settings.store, auth=auth) as driver, driver.session() as session:
        return session.run(text, params).data()


# ---- swap under load ---------------------------------------------------------------------------------------------------


def world_of(workspace: Path, mark: str) -> Snapshot:
    world = World(workspace)
    for n in range(30):
        world.node("PilotBase", f"基地{n}", summary=mark)
    return world.build()


def test_readers_see_one_version_while_another_is_published(tmp_path: Path) -> None:
    """Embedded: every answer is of one version whole, the page names that version, and no question fails."""
    marks = {world_of(tmp_path, m).version: m for m in ("甲", "乙", "丙")}
    snapshots = [Snapshot(tmp_path / "snapshots" / v) for v in marks]
    stop, wrong, seen = threading.Event(), [], set()
    own = tmp_path / "own"
    own.mkdir()
    (own / "summaries.cypher").write_text("""// title.zh: 说明
// title.en: Summaries
// doc.zh: 各基地的说明。
// doc.en: Summaries of all bases.
// returns: summary str
MATCH (n:PilotBase)
RETURN n.summary AS summary
ORDER BY n.id
""", encoding="utf-8")
    with closing(Reader(Settings(workspace=tmp_path, store="embedded", queries=own))) as reader:
        reader.store.apply(snapshots[0], quiet)

        def look() -> None:
            while not stop.is_set():
                try:
                    page = reader.ask("summaries")
                except Exception as e:
                    wrong.append(e)
                    return
                found = {r["summary"] for r in page.rows}
                seen.add(page.version)
                if found != {marks[page.version]} or len(page.rows) != 30:
                    wrong.append((page.version, marks[page.version], found))

        threads = [threading.Thread(target=look) for _ in range(4)]
        for t in threads:
            t.start()
        with closing(open_store(Settings(workspace=tmp_path, store="embedded"))) as publisher:
            for made in itertools.islice(itertools.cycle(snapshots), 1, 16):
                publisher.apply(made, quiet)
        stop.set()
        for t in threads:
            t.join()
    assert wrong == []
    assert len(seen) == 3


def test_a_publication_between_asking_and_answering_is_noticed(tmp_path: Path) -> None:
    """The version is looked up, another thread swaps, the question runs: the page must not name the old version."""
    first, second = world_of(tmp_path, "甲"), world_of(tmp_path, "乙")
    with closing(Reader(Settings(workspace=tmp_path, store="embedded"))) as reader:
        store = reader.store
        store.apply(first, quiet)
        assert reader.version().current == first.version
        real, swapped = store.ask, []

        def late(*question: Any) -> Answer:
            if not swapped:
                swapped.append(store.apply(second, quiet))
                store.version()  # as another thread's question does
            return real(*question)

        store.ask = late  # type: ignore[method-assign]
        page = reader.ask("of_kind", {"label": "PilotBase"})
    assert {r["node"].properties["summary"] for r in page.rows} == {"乙"}
    assert page.version == second.version


def test_a_reader_of_neo4j_is_told_that_it_changes(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    """Questions asked while a publication runs all succeed; every one says one version, or from which to which."""
    first, second = world_of(tmp_path, "甲"), world_of(tmp_path, "乙")
    neo4j_store.apply(first, quiet)
    allowed = {first.version, f"{first.version}→{second.version}", second.version}
    shown, wrong, stop = [], [], threading.Event()

    def look() -> None:
        with closing(open_store(neo4j_settings)) as reader:
            while not stop.is_set():
                try:
                    before, rows, after = reader.version().shown, ask(reader, SUMMARIES), reader.version()
                except Exception as e:
                    wrong.append(e)
                    return
                shown.append(before)
                if len(rows) != 30 or (before == after.shown == first.version and {r["s"] for r in rows} != {"甲"}):
                    wrong.append((before, after, len(rows)))

    thread = threading.Thread(target=look)
    thread.start()
    neo4j_store.apply(second, quiet)
    stop.set()
    thread.join()
    assert wrong == []
    assert set(shown) <= allowed
    assert {r["s"] for r in ask(neo4j_store, SUMMARIES)} == {"乙"}


# ---- only the difference -------------------------------------------------------------------------------------------------


def test_only_what_differs_is_written(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    """A mark of ours on everything held: what a publication rewrites loses it."""
    neo4j_store.apply(first_world(tmp_path).build(), quiet)
    raw(neo4j_settings, "MATCH (n) WHERE n.hash IS NOT NULL SET n.untouched = true")
    raw(neo4j_settings, "MATCH ()-[r]->() SET r.untouched = true")
    steps: list[tuple[str, int, int]] = []
    neo4j_store.apply(second_world(tmp_path).build(), lambda *step: steps.append(step))
    nodes = raw(neo4j_settings, "MATCH (n) WHERE n.hash IS NOT NULL RETURN n.name AS name, n.untouched AS kept")
    edges = raw(neo4j_settings, "MATCH ()-[r]->() RETURN type(r) AS t, r.role AS role, r.untouched AS kept")
    assert {r["name"]: bool(r["kept"]) for r in nodes} == {"学校": False, "基地甲": True, "基地丙": False, "基地丁": False, "测试文件": True}
    # the joint edge is stated as before, word for word
    assert {(r["t"], r["role"]): bool(r["kept"]) for r in edges} == {("HOSTS", "lead"): False, ("HOSTS", "joint"): True, ("BUILDS", None): False}
    assert steps[-1][1] == 7, "3 nodes and 2 edges written, 1 node and 1 edge deleted"


def test_a_type_that_is_no_longer_stated_is_no_label(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    neo4j_store.apply(first_world(tmp_path).build(), quiet)
    labels = "MATCH (n:Organization) RETURN labels(n) AS labels"
    assert set(raw(neo4j_settings, labels)[0]["labels"]) == {"Organization", "University", "Enterprise"}
    neo4j_store.apply(second_world(tmp_path).build(), quiet)
    assert set(raw(neo4j_settings, labels)[0]["labels"]) == {"Organization", "University"}


def test_the_first_load_goes_in_batches(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    from graph.store.bolt import BATCH

    world = World(tmp_path)
    for n in range(2 * BATCH + 1):
        world.node("Field", f"领域{n}")
    made, steps = world.build(), []
    neo4j_store.apply(made, lambda *step: steps.append(step))
    assert [s[1] for s in steps if s[0] == "Field"] == [1 + BATCH, 1 + 2 * BATCH, 2 + 2 * BATCH]
    assert raw(neo4j_settings, "MATCH (n:Field) RETURN count(n) AS n") == [{"n": 2 * BATCH + 1}]
    names = {r["name"] for r in raw(neo4j_settings, "SHOW CONSTRAINTS YIELD name RETURN name")}
    assert {"innochain_Field", "innochain_HOSTS"} <= names


# ---- kill -9 ---------------------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from graph.settings import Settings
from graph.snapshot import Snapshot
from graph.store import embedded
from graph.store.open import open_store

steps = int(sys.argv[2])

def die(*_):
    global steps
    steps -= 1
    if steps <= 0:
        os.kill(os.getpid(), signal.SIGKILL)

settings = Settings()
if sys.argv[3] == "pointer":
    embedded.write_atomically = die  # everything is on disk but the pointer
    die_at_progress = lambda *_: None
else:
    die_at_progress = die
open_store(settings).apply(Snapshot(Path(sys.argv[1])), die_at_progress)
"""


def publish_and_die(settings: Settings, made: Snapshot, steps: int, moment: str = "progress") -> None:
    """Publish in another process, which kills itself after some steps."""
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "INNOCHAIN_WORKSPACE": str(settings.workspace), "INNOCHAIN_STORE": settings.store,
           "INNOCHAIN_NEO4J_USER": settings.neo4j_user, "INNOCHAIN_NEO4J_PASSWORD": settings.neo4j_password.get_secret_value()}  # fmt: skip
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(made.folder), str(steps), moment], env=env, capture_output=True,
                         text=True, timeout=120, check=False)  # fmt: skip
    assert run.returncode == -9, run.stderr


@pytest.mark.parametrize("moment", ["progress", "pointer"])
def test_kill_9_in_an_embedded_publication_leaves_the_old_version(tmp_path: Path, moment: str) -> None:
    settings = Settings(workspace=tmp_path, store="embedded")
    first = first_world(tmp_path).build()
    with closing(open_store(settings)) as serving:
        serving.apply(first, quiet)
        second = second_world(tmp_path).build()
        publish_and_die(settings, second, 1, moment)
        assert serving.version() == Version(first.version)
        with closing(open_store(settings)) as fresh:
            assert fresh.version() == Version(first.version)
            assert [r["name"] for r in ask(fresh, NAMES)] == ["基地丙", "基地甲", "基地乙"]
        with closing(open_store(settings)) as again:
            again.apply(second, quiet)
        assert [r["name"] for r in ask(serving, NAMES)] == ["基地丙", "基地甲", "基地乙"], "an answer changes only after version() was asked"
        assert serving.version() == Version(second.version)
        assert_holds(serving, second)
    assert not [p.name for p in (tmp_path / "embedded").iterdir() if p.name.startswith(".")], "nothing half-written is left"


def test_kill_9_in_the_first_load_of_neo4j(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    made = first_world(tmp_path).build()
    publish_and_die(neo4j_settings, made, 2)
    assert neo4j_store.version() == Version(None, made.version)
    assert neo4j_store.version().shown == f"→{made.version}"
    assert 0 < raw(neo4j_settings, "MATCH (n) WHERE n.hash IS NOT NULL RETURN count(n) AS n")[0]["n"] < made.manifest["nodes"]
    neo4j_store.apply(made, quiet)
    assert_holds(neo4j_store, made)


@pytest.mark.parametrize("steps", [1, 3, 5, 6])
def test_kill_9_in_a_difference_is_seen_and_finished(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path, steps: int) -> None:
    first, second = first_world(tmp_path).build(), second_world(tmp_path).build()
    neo4j_store.apply(first, quiet)
    publish_and_die(neo4j_settings, second, steps)
    assert neo4j_store.version() == Version(first.version, second.version)
    assert neo4j_store.version().shown == f"{first.version}→{second.version}"
    neo4j_store.apply(second, quiet)
    assert_holds(neo4j_store, second)


def test_a_killed_difference_can_be_taken_back(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    first, second = first_world(tmp_path).build(), second_world(tmp_path).build()
    neo4j_store.apply(first, quiet)
    publish_and_die(neo4j_settings, second, 4)
    neo4j_store.apply(first, quiet)
    assert_holds(neo4j_store, first)


# ---- refusals ----------------------------------------------------------------------------------------------------------------


def test_somebody_elses_nodes_are_left_alone(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    raw(neo4j_settings, "CREATE (:Film {name: 'theirs'})")
    with pytest.raises(StoreRefused, match="holds 1 nodes that are not Innochain's; publish to an empty database"):
        neo4j_store.apply(first_world(tmp_path).build(), quiet)
    assert raw(neo4j_settings, "MATCH (n) RETURN labels(n) AS l, n.name AS name") == [{"l": ["Film"], "name": "theirs"}]
    assert neo4j_store.version() == Version(None)


def test_a_node_under_our_label_that_is_not_ours_stops_the_next_publication(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    made = first_world(tmp_path).build()
    neo4j_store.apply(made, quiet)
    raw(neo4j_settings, "CREATE (:PilotBase {name: 'theirs'})")
    second = second_world(tmp_path).build()
    with pytest.raises(StoreRefused, match="without an id; remove them, then publish again"):
        neo4j_store.apply(second, quiet)
    assert neo4j_store.version() == Version(made.version), "nothing was begun"
    raw(neo4j_settings, "MATCH (n:PilotBase {name: 'theirs'}) DELETE n")
    neo4j_store.apply(second, quiet)
    assert_holds(neo4j_store, second)


def test_a_publication_that_does_not_add_up_is_refused(neo4j_settings: Settings, neo4j_store: Store, tmp_path: Path) -> None:
    """Somebody deletes a node while it runs: the new version is not said to be there, and publishing again mends it."""
    made, gone = first_world(tmp_path).build(), []

    def meddle(what: str, done: int, total: int) -> None:
        if what == "HOSTS" and not gone:
            gone.append(raw(neo4j_settings, "MATCH (n:PilotBase {name: '基地丙'}) DETACH DELETE n"))

    with pytest.raises(StoreRefused, match=r"holds 4 nodes and 3 edges, the snapshot 5 and 3; publish again"):
        neo4j_store.apply(made, meddle)
    assert neo4j_store.version() == Version(None, made.version)
    neo4j_store.apply(made, quiet)
    assert_holds(neo4j_store, made)
