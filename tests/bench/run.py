"""`make bench`: how long it takes to write, build, publish and ask synthetic worlds of growing size.

    python tests/bench/run.py                     worlds of 10^3, 10^4 and 10^5 nodes, embedded
    python tests/bench/run.py 1000 1000000        these sizes
    python tests/bench/run.py --neo4j             the same worlds on Neo4j too, with the ratio of the same run
    python tests/bench/run.py --tables            only the ingest of tables, into today's file
    python tests/bench/holdout.py                 only how well match foresees held-out bases, into today's file

Writes `results/DATE.json` with machine and versions, and a table on stdout. Every name begins with 合成: nothing here is a fact.
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
import random
import resource
import shutil
import statistics
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

from graph import snapshot  # noqa: E402
from graph.ledger import Ledger, writing  # noqa: E402
from graph.reach import Filter  # noqa: E402
from graph.records import Claim, Evidence, claim, node_id  # noqa: E402
from graph.settings import Settings  # noqa: E402
from graph.snapshot import Snapshot, open_current  # noqa: E402
from graph.store.contract import Store  # noqa: E402
from graph.store.open import open_store  # noqa: E402
from queries.answers.paths import paths  # noqa: E402
from queries.answers.quality import LISTS, overview, quality  # noqa: E402
from queries.answers.routes import routes  # noqa: E402
from queries.reader import Reader  # noqa: E402
from tests.bench import holdout  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
TABLES = (250_000, 1_000_000)  # rows; that memory does not grow between the two is part of what is measured
SHARES = {"Organization": 30, "Achievement": 40, "PilotBase": 2, "Project": 10, "Segment": 3, "Fund": 1, "Patent": 14}  # of a hundred nodes
LINES = (  # relation, from, to, edges a node of the first kind has on average
    ("OWNS", "Organization", "Achievement", 1.4), ("OWNS", "Organization", "Patent", 0.5), ("PROTECTED_BY", "Achievement", "Patent", 0.4),
    ("TRIED_IN", "Achievement", "Project", 0.25), ("HELD_AT", "Project", "PilotBase", 1.0), ("FOR_CLIENT", "Project", "Organization", 1.0),
    ("TRANSFERRED_TO", "Achievement", "Organization", 0.3), ("APPLIES_TO", "Achievement", "Segment", 1.0), ("SERVES", "PilotBase", "Segment", 3.0),
    ("HOSTS", "Organization", "PilotBase", 0.1), ("OPERATES_IN", "Organization", "Segment", 0.8), ("FEEDS", "Segment", "Segment", 1.5),
    ("INVESTS_IN", "Fund", "Organization", 8.0), ("COOPERATES_WITH", "Organization", "Organization", 0.7),
    ("SPUN_OUT", "Organization", "Organization", 0.1),
)  # fmt: skip
HAN = "材料化工光电智能制造航空航天生物医药新能源镁铝钛合金陶瓷激光芯片轴承传感器催化纤维涂层薄膜电池检测压铸成形精密数控"
SUFFIX = {"Organization": ("大学", "研究院", "有限公司"), "Achievement": ("制备技术", "方法"), "PilotBase": ("中试基地",), "Project": ("中试项目",),
          "Segment": ("环节",), "Fund": ("基金",), "Patent": ("装置",)}  # fmt: skip
TYPES = {"大学": "University", "研究院": "Institute", "有限公司": "Enterprise"}
DAY = dt.date(2015, 1, 1)


class Synthetic:
    """Claims of a world of n nodes, always the same for the same n."""

    def __init__(self, n: int) -> None:
        self.random = random.Random(n)
        self.ids: dict[str, list[str]] = {}
        self.document = node_id("Document", (("name", "合成世界"),))
        self.evidence = Evidence(self.document, note="合成").json()
        self.names = {k: [self._name(k, i) for i in range(max(2, n * share // 100))] for k, share in SHARES.items()}

    def _name(self, kind: str, i: int) -> str:
        return "合成" + "".join(self.random.choices(HAN, k=self.random.randint(3, 8))) + str(i) + self.random.choice(SUFFIX[kind])

    def _say(self, subject: str, predicate: str, **how: Any) -> Claim:
        return claim("synthetic", subject, predicate, self.evidence, **how)

    def claims(self) -> Iterator[Claim]:
        yield self._say(self.document, "name", value="合成世界", shown="合成世界")
        for kind, names in self.names.items():
            self.ids[kind] = [node_id(kind, (("name", name),)) for name in names]
            for made, name in zip(self.ids[kind], names, strict=True):
                yield self._say(made, "name", value=name, shown=name)
                yield from self._properties(kind, made, name)
        for relation, source, target, mean in LINES:
            yield from self._lines(relation, source, target, mean)

    def _properties(self, kind: str, made: str, name: str) -> Iterator[Claim]:
        if kind == "Organization":
            yield self._say(made, "types", value=next(t for s, t in TYPES.items() if name.endswith(s)), shown="")
        elif kind == "Achievement":
            year = self.random.randint(2010, 2025)
            yield self._say(made, "year", value=year, shown=str(year))
            yield self._say(made, "keywords", value=self.random.choice(HAN), shown="")
        elif kind == "PilotBase":
            area = float(self.random.randint(100, 50_000))
            yield self._say(made, "area", value={"value": area, "bound": "exact", "unit": "m²"}, shown=f"{area:.0f}平方米")

    def _lines(self, relation: str, source: str, target: str, mean: float) -> Iterator[Claim]:
        sources, targets, pick = self.ids[source], self.ids[target], self.random
        for _ in range(int(mean * len(sources))):
            # a few things are hubs, as in life: the square favours small numbers
            a, b = sources[int(pick.random() ** 2 * len(sources))], targets[int(pick.random() ** 2 * len(targets))]
            value = {"role": {"v": pick.choice(("lead", "joint")), "s": ""}} if relation == "HOSTS" else None
            if a != b:
                since = (DAY + dt.timedelta(days=pick.randrange(3_650))).isoformat() if pick.random() < 0.5 else None
                yield self._say(a, relation, object=b, value=value, confidence=pick.choice((0.4, 0.8, 1.0)), valid_from=since)


# ---- measuring ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def clock(into: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    into[name] = round(time.perf_counter() - began, 3)


def p50(call: Callable[[Any], Any], arguments: list[Any]) -> float:
    """Median milliseconds over the arguments, after one call to warm up."""
    return round(statistics.median(milliseconds(call, arguments)), 3)


def milliseconds(call: Callable[[Any], Any], arguments: list[Any]) -> list[float]:
    call(arguments[0])
    times = []
    for argument in arguments:
        began = time.perf_counter()
        call(argument)
        times.append((time.perf_counter() - began) * 1_000)
    return times


def quiet(what: str, done: int, total: int) -> None:
    pass


def write(workspace: Path, world: Synthetic) -> tuple[Snapshot, dict[str, float]]:
    """Ledger and snapshot, with seconds; the snapshot's own steps as `snapshot: …`."""
    seconds: dict[str, float] = {}
    with writing(workspace):
        with clock(seconds, "ledger"), Ledger(workspace).run("synthetic") as run:
            run.add(world.claims())
            run.close(complete=True)
        marks: list[tuple[str, float]] = []
        with clock(seconds, "snapshot"):
            made = snapshot.build(workspace, progress=lambda what: marks.append((what, time.perf_counter())))
            marks.append(("", time.perf_counter()))
    for (what, at), (_, until) in itertools.pairwise(marks):
        seconds[f"snapshot: {what}"] = round(until - at, 3)
    return made, seconds


def ask(reader: Reader, world: Synthetic, times: int) -> dict[str, float]:
    """Median milliseconds of what people ask."""
    pick = random.Random(1)
    orgs, bases = world.ids["Organization"], world.ids["PilotBase"]
    universities = [i for i, n in zip(orgs, world.names["Organization"], strict=True) if n.endswith("大学")]
    names = [n for k in ("Organization", "Achievement", "PilotBase") for n in pick.sample(world.names[k], min(20, len(world.names[k])))]
    words = [n[2 : 2 + pick.randint(2, 4)] for n in names]
    some = [pick.choice(orgs) for _ in range(times)]
    ends = [(pick.choice(orgs), pick.choice(bases)) for _ in range(max(5, times // 10))]
    along = milliseconds(lambda e: paths(reader, [e[0]], [e[1]], Filter(), 10), ends)
    near = joined(reader, ends)
    hubs = list(itertools.pairwise(busiest(reader, 8)))
    return {
        "point read": p50(lambda i: reader.ask("node", {"node": i}), some),
        "neighbours": p50(lambda i: reader.ask("neighbours", {"node": i}), some),
        "chain": p50(lambda i: reader.ask("university_chain", {"university": i}), [pick.choice(universities) for _ in range(times)]),
        "base list": p50(lambda _: reader.ask("bases", {}), [0] * 10),
        "search": p50(lambda w: reader.search(w), words),
        "paths": round(statistics.median(along), 3),
        "paths, the slowest": round(max(along), 3),
        "paths of ends that are near": p50(lambda e: paths(reader, [e[0]], [e[1]], Filter(), 10), near),
        "paths of hubs": p50(lambda e: paths(reader, [e[0]], [e[1]], Filter(), 10), hubs),
        "paths of 20 to 20": p50(lambda _: paths(reader, [e[0] for e in near[:20]], [e[1] for e in near[:20]], Filter(), 10), [0] * 5),
        "kinds of route": p50(lambda e: routes(reader, e[0], e[1], Filter()), near),
        "kinds of route of hubs": p50(lambda e: routes(reader, e[0], e[1], Filter()), hubs),
        **{f"quality, {which}": p50(lambda _, which=which: quality(reader, which), [0] * 5) for which in LISTS},
        "quality, counts": p50(lambda _: overview(reader), [0] * 3),
    }


def joined(reader: Reader, ends: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs that paths join: each start with what a walk of three random steps from it leads to."""
    a, pick, out = reader.adjacency(), random.Random(2), list[tuple[str, str]]()
    for start, _ in ends:
        n = first = a.number(start) or 0
        for _ in range(3):
            if a.degree(n):
                n = int(a._["other"][pick.randrange(int(a._["starts"][n]), int(a._["starts"][n + 1]))])
        if n != first:
            out.append((start, a.node_id(n)))
    return out


def busiest(reader: Reader, k: int) -> list[str]:
    a = reader.adjacency()
    return [a.node_id(n) for n in sorted(range(a.size), key=lambda n: (-a.degree(n), n))[:k]]


def publish(settings: Settings, made: Snapshot) -> tuple[Store, dict[str, float]]:
    seconds: dict[str, float] = {}
    store = open_store(settings)
    with clock(seconds, "publish"):
        store.apply(made, quiet)
    return store, seconds


def measure(size: int, servers: list[Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="innochain-bench-") as folder:
        workspace, world = Path(folder), Synthetic(size)
        made, seconds = write(workspace, world)
        out: dict[str, Any] = {"nodes": made.manifest["nodes"], "edges": made.manifest["edges"], "seconds": seconds, "stores": {}}
        for name, settings in [("embedded", Settings(workspace=workspace, store="embedded"))] + [("neo4j", s(workspace)) for s in servers]:
            store, taken = publish(settings, made)
            store.close()
            with contextlib.closing(Reader(settings)) as reader:
                with clock(taken, "load"):
                    reader.ask("stages")
                    reader.adjacency()
                out["stores"][name] = {"seconds": taken, "p50_ms": ask(reader, world, 200 if name == "embedded" else 50)}
        out["megabytes"] = {"snapshot": size_of(open_current(workspace).folder), "embedded": size_of(workspace / "embedded")}
        out["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return out


def size_of(folder: Path) -> float:
    return round(sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6, 1)


# ---- Neo4j, machine, table -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def neo4j(wanted: bool) -> Iterator[list[Callable[[Path], Settings]]]:
    """Settings of a server to measure: NEO4J_TEST_URI (it is emptied), or one of our own as the tests start it."""
    if not wanted:
        yield []
        return
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

        def settings(workspace: Path) -> Settings:
            from neo4j import GraphDatabase

            with GraphDatabase.driver(url, auth=(user, password)) as driver, driver.session() as session:
                session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
            return Settings(workspace=workspace, store=url, neo4j_user=user, neo4j_password=password)  # type: ignore[arg-type]

        yield [settings]


def machine() -> dict[str, Any]:
    def first(path: str, key: str) -> str:
        with contextlib.suppress(OSError):
            return next((x.split(":", 1)[1].strip() for x in Path(path).read_text().splitlines() if x.startswith(key)), "")
        return ""

    versions = {p: importlib.metadata.version(p) for p in ("kglite", "neo4j", "duckdb", "pandas", "numpy", "networkx")}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {"cpu": first("/proc/cpuinfo", "model name"), "cores": os.cpu_count(), "memory": first("/proc/meminfo", "MemTotal"),
            "system": platform.platform(), "python": platform.python_version(), "versions": versions, "commit": commit}  # fmt: skip


def table(results: list[dict[str, Any]]) -> Iterator[str]:
    def row(name: str, values: list[Any]) -> str:
        return f"{name:<46}" + "".join(f"{v if v is not None else '':>14}" for v in values)

    yield row("nodes", [r["nodes"] for r in results])
    yield row("edges", [r["edges"] for r in results])
    for name in results[0]["seconds"]:
        yield row(f"{name} (s)", [r["seconds"].get(name) for r in results])
    for store in results[0]["stores"]:
        for part, unit in (("seconds", "s"), ("p50_ms", "ms, p50")):
            for name in results[0]["stores"][store][part]:
                yield row(f"{store}: {name} ({unit})", [r["stores"][store][part][name] for r in results])
    if "neo4j" in results[0]["stores"]:
        for name in results[0]["stores"]["neo4j"]["p50_ms"]:
            yield row(f"embedded / neo4j: {name}", [ratio(r, "p50_ms", name) for r in results])
        yield row("embedded / neo4j: publish", [ratio(r, "seconds", "publish") for r in results])
    yield row("snapshot (MB)", [r["megabytes"]["snapshot"] for r in results])
    yield row("embedded file (MB)", [r["megabytes"]["embedded"] for r in results])
    yield row("peak memory so far (MB)", [r["peak_memory_mb"] for r in results])
    for r, bigger in itertools.pairwise(results):
        for name in r["seconds"]:
            grown = bigger["seconds"][name] / max(r["seconds"][name], 0.2) / (bigger["nodes"] / r["nodes"])
            if grown > 1.5:
                yield f"! {name} grew {grown:.1f} times faster than the nodes from {r['nodes']} to {bigger['nodes']}"


def ingest_tables() -> list[dict[str, Any]]:
    """Each in a process of its own, whose memory nobody has used before."""
    found = []
    for rows in TABLES:
        print(f"bench: ingest {rows:,} table rows …", file=sys.stderr, flush=True)
        done = subprocess.run([sys.executable, str(HERE / "tables.py"), str(rows)], stdout=subprocess.PIPE, text=True, check=True)
        found.append(json.loads(done.stdout))
    return found


def table_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    for f in found:
        yield (f"ingest {f['rows']:,} table rows: {f['seconds']} s, {f['rows_per_second']:,} rows/s, {f['claims_per_second']:,} claims/s, "
               f"peak memory {f['peak_memory_mb']} MB")  # fmt: skip


def ratio(result: dict[str, Any], part: str, name: str) -> float:
    return round(result["stores"]["embedded"][part][name] / max(result["stores"]["neo4j"][part][name], 1e-9), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[*SIZES], help="numbers of nodes")
    parser.add_argument("--neo4j", action="store_true", help="measure Neo4j too")
    parser.add_argument("--tables", action="store_true", help="measure the ingest of tables only")
    given = parser.parse_args()
    today = dt.date.today().isoformat()
    path = HERE / "results" / f"{today}.json"
    if given.tables and path.exists():
        body = json.loads(path.read_bytes())
        body["tables"] = {"machine": machine(), "results": (found := ingest_tables())}
        path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print("\n".join(table_lines(found)))
        return
    results = []
    with neo4j(given.neo4j) as servers:
        for size in given.sizes or SIZES:
            print(f"bench: {size} nodes …", file=sys.stderr, flush=True)
            results.append(measure(size, servers))
    path.parent.mkdir(exist_ok=True)
    found = ingest_tables()
    print("bench: held-out bases …", file=sys.stderr, flush=True)
    held = holdout.held_out()
    body = {"date": today, "synthetic": True, "machine": machine(), "results": results, "tables": {"machine": machine(), "results": found},
            "holdout": held}  # fmt: skip
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\n".join([*table(results), *table_lines(found), *holdout.table(held["rows"])]))
    print(f"bench: {path.relative_to(ROOT)} written", file=sys.stderr)


if __name__ == "__main__":
    main()
