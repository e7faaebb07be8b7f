"""`make bench`: how long it takes to make, build, publish and ask synthetic provinces, on both stores, and to ingest a table.

    python tests/bench/run.py                     provinces of 10^4 and 10^6 nodes, on the embedded store and on Neo4j
    python tests/bench/run.py 10000 100000        these sizes, without tables and hold-out; today's other figures stay
    python tests/bench/run.py --store embedded    one store only
    python tests/bench/run.py --worlds FOLDER     keep the provinces there, and use those that are there
    python tests/bench/run.py --tables            only the ingest of tables, into today's file
    python tests/bench/holdout.py                 only how well match foresees held-out bases, into today's file

Writes `results/DATE.json` with machine and versions, and from it `bench/RESULTS.md`. Nothing in these worlds is a fact.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import importlib.metadata
import importlib.util
import itertools
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from api.terminal import walk_rarely  # noqa: E402
from graph import snapshot  # noqa: E402
from graph.errors import Empty  # noqa: E402
from graph.ledger import writing  # noqa: E402
from graph.settings import Settings  # noqa: E402
from graph.snapshot import Snapshot, open_current  # noqa: E402
from graph.store.open import open_store  # noqa: E402
from ingest.synth import synth  # noqa: E402
from queries.reader import Reader  # noqa: E402
from tests.bench import holdout  # noqa: E402
from tests.bench.asked import Drawn, answers, catalogue, timed  # noqa: E402
from tests.bench.report import lines, write_report  # noqa: E402

SIZES = (10_000, 1_000_000)
STORES = ("embedded", "neo4j")
TABLES = (250_000, 1_000_000)  # rows; that memory does not grow between the two is part of what is measured
SEED = 1


@contextlib.contextmanager
def clock(into: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    into[name] = round(time.perf_counter() - began, 3)


def quiet(what: str, done: int, total: int) -> None:
    pass


def note(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


# ---- worlds ---------------------------------------------------------------------------------------------------------------


def world(workspace: Path, nodes: int) -> tuple[Snapshot, dict[str, float]]:
    """A province and its snapshot, with seconds; one that is there already is used as it is."""
    with contextlib.suppress(Empty):
        return open_current(workspace), {}
    seconds: dict[str, float] = {}
    with clock(seconds, "make up"):
        synth(workspace, nodes, SEED)
    marks: list[tuple[str, float]] = []
    with writing(workspace), clock(seconds, "snapshot"):
        made = snapshot.build(workspace, progress=lambda what: marks.append((what, time.perf_counter())))
        marks.append(("", time.perf_counter()))
    for (what, at), (_, until) in itertools.pairwise(marks):
        seconds[f"snapshot: {what}"] = round(until - at, 3)
    return made, seconds


def measure(nodes: int, stores: dict[str, Callable[[Path], Settings]], workspace: Path, save: Callable[[dict[str, Any]], None]) -> None:
    """Saves what is known after every store, so that hours are not lost with the last."""
    note(f"{nodes:,} nodes: make up and build …")
    made, seconds = world(workspace, nodes)
    out: dict[str, Any] = {"nodes": made.manifest["nodes"], "edges": made.manifest["edges"], "seconds": seconds, "stores": {}}
    for name, settings in stores.items():
        taken: dict[str, float] = {}
        note(f"{nodes:,} nodes: publish to {name} …")
        store = open_store(settings(workspace))
        with clock(taken, "publish"):
            store.apply(made, quiet)
        store.close()
        with contextlib.closing(Reader(settings(workspace))) as reader:
            with clock(taken, "open"):
                reader.ask("stages")
                reader.adjacency()
            drawn, asked = Drawn(reader), dict[str, dict[str, Any]]()
            for part, every in (("answers", answers(drawn)), ("questions", catalogue(drawn))):
                for question, calls in every:
                    note(f"{nodes:,} nodes: {name}: {question}")
                    asked[question] = {"part": part, **timed(calls)}
        out["stores"][name] = {"seconds": taken, "asked": asked}
        out["megabytes"] = {"snapshot": size_of(made.folder), "embedded": size_of(workspace / "embedded")}
        out["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        save(out)


def size_of(folder: Path) -> float:
    return round(sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6, 1)


# ---- Neo4j, machine, tables -------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def neo4j() -> Iterator[Callable[[Path], Settings]]:
    """Settings of a server to measure: NEO4J_TEST_URI (it is emptied), or one of our own as the tests start it."""
    spec = importlib.util.spec_from_file_location("innochain_conftest", ROOT / "tests" / "conftest.py")
    assert spec
    assert spec.loader
    tests = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = tests
    spec.loader.exec_module(tests)
    with contextlib.ExitStack() as stack:
        if url := os.environ.get("NEO4J_TEST_URI"):
            user, password = os.environ.get("INNOCHAIN_NEO4J_USER", "neo4j"), os.environ.get("INNOCHAIN_NEO4J_PASSWORD", "")
        else:
            java, lib = shutil.which("java"), ROOT / ".cache" / "neo4j" / "lib"
            if java is None or not lib.exists():
                sys.exit("no Java or no Neo4j jars here: sh tests/neo4j/prepare.sh")
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="innochain-neo4j-", ignore_cleanup_errors=True))
            server, port = tests.start_neo4j(java, lib, Path(folder))
            stack.callback(server.wait)
            stack.callback(server.terminate)
            url, user, password = f"neo4j://127.0.0.1:{port}", "neo4j", "bench-of-innochain"
            tests.set_password(f"bolt://127.0.0.1:{port}", password)

        emptied: set[Path] = set()

        def settings(workspace: Path) -> Settings:
            from neo4j import GraphDatabase

            if workspace not in emptied:
                emptied.add(workspace)
                with GraphDatabase.driver(url, auth=(user, password)) as driver, driver.session() as session:
                    session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
            return Settings(workspace=workspace, store=url, neo4j_user=user, neo4j_password=password)

        yield settings


def machine() -> dict[str, Any]:
    def first(path: str, key: str) -> str:
        with contextlib.suppress(OSError):
            return next((x.split(":", 1)[1].strip() for x in Path(path).read_text().splitlines() if x.startswith(key)), "")
        return ""

    versions = {p: importlib.metadata.version(p) for p in ("kglite", "neo4j", "duckdb", "pandas", "numpy", "networkx")}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {"cpu": first("/proc/cpuinfo", "model name"), "cores": os.cpu_count(), "memory": first("/proc/meminfo", "MemTotal"),
            "system": platform.platform(), "python": platform.python_version(), "versions": versions, "commit": commit,
            "load": round(os.getloadavg()[0], 2), "loop_ms": loop()}  # fmt: skip


def loop() -> int:
    """Milliseconds of ten million additions: how fast this machine is today, since a shared one is often slowed down."""
    began = time.perf_counter()
    total = 0
    for i in range(10_000_000):
        total += i
    return round(1000 * (time.perf_counter() - began))


def ingest_tables() -> list[dict[str, Any]]:
    """Each in a process of its own, whose memory nobody has used before."""
    found = []
    for rows in TABLES:
        print(f"bench: ingest {rows:,} table rows …", file=sys.stderr, flush=True)
        done = subprocess.run([sys.executable, str(HERE / "tables.py"), str(rows)], stdout=subprocess.PIPE, text=True, check=True)
        found.append(json.loads(done.stdout))
    return found


def main() -> None:
    walk_rarely()  # as every process of ours
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of nodes")
    parser.add_argument("--store", choices=STORES, action="append", help="measure this store (default: both)")
    parser.add_argument("--worlds", type=Path, help="a folder that keeps the provinces")
    parser.add_argument("--tables", action="store_true", help="measure the ingest of tables only")
    given = parser.parse_args()
    path = HERE / "results" / f"{dt.date.today().isoformat()}.json"
    body: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {"date": path.stem, "synthetic": True}
    path.parent.mkdir(exist_ok=True)

    def save() -> None:
        path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        write_report(ROOT / "bench" / "RESULTS.md", body)

    def keep(out: dict[str, Any]) -> None:
        """What was measured today of other sizes and stores stays."""
        known = {r["nodes"]: r for r in body.get("results", [])}
        before = known.get(out["nodes"], {})
        known[out["nodes"]] = {**before, **out, "seconds": out["seconds"] or before.get("seconds", {}),
                               "stores": {**before.get("stores", {}), **out["stores"]}}  # fmt: skip
        body.update(machine=machine(), results=[known[n] for n in sorted(known)])
        save()

    if given.tables or not given.sizes:
        body["tables"] = {"machine": machine(), "results": ingest_tables()}
        save()
    if not given.tables:
        if not given.sizes:
            note("held-out bases …")
            body["holdout"] = holdout.held_out()
        with contextlib.ExitStack() as stack:
            stores: dict[str, Callable[[Path], Settings]] = {}
            for name in given.store or STORES:
                stores[name] = stack.enter_context(neo4j()) if name == "neo4j" else lambda w: Settings(workspace=w, store="embedded")
            worlds = given.worlds or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="innochain-bench-")))
            for n in given.sizes or SIZES:
                measure(n, stores, worlds / f"w{n}", keep)
    print("\n".join(lines(body)))
    note(f"{path.relative_to(ROOT)} and bench/RESULTS.md written")


if __name__ == "__main__":
    main()
