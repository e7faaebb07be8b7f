"""What the tests stand on: a Neo4j, a Chromium, the shared folder; and a count at the end of who really met them.

Each is missing with a reason (skipped), unless INNOCHAIN_REQUIRE=1: then it is an error, and so is any skip of such a test.
A test that reaches for one by `request.getfixturevalue` marks itself (`pytest.mark.neo4j`) or has the parameter "neo4j".
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
import structlog
from filelock import FileLock
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = os.environ.get("INNOCHAIN_REQUIRE") == "1"
NEEDS = {"neo4j": ("neo4j_url", "Neo4j"), "browser": ("chromium", "Browser"), "shared": ("shared", "../shared")}
settings.register_profile("innochain", deadline=None)  # time is measured by the bench, never asserted by a test
settings.load_profile("innochain")
START_SECONDS = 120  # boots in 3 to 6 s on two idle cores; a loaded CI machine gets its time


def missing(reason: str) -> NoReturn:
    if REQUIRED:
        pytest.fail(f"required here (INNOCHAIN_REQUIRE=1): {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str, Callable[[Path], object]], Path]:
    """A folder of a name, filled by the first worker that asks for it while the others wait. Read only."""
    base = tmp_path_factory.getbasetemp()
    held = base if worker_id == "master" else base.parent  # pytest-xdist gives each worker a folder inside the session's

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = held / name, held / f"{name}.done"
        with FileLock(held / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                done.touch()
        return folder

    return made


# ---- Neo4j


@dataclass(frozen=True)
class Neo4jServer:
    url: str
    user: str
    password: str


@pytest.fixture(scope="session")
def neo4j_url() -> Iterator[Neo4jServer]:
    """A server to ask: the one of NEO4J_TEST_URI (the tests empty it), else one of our own on a free loopback port."""
    if url := os.environ.get("NEO4J_TEST_URI"):
        yield Neo4jServer(url, os.environ.get("INNOCHAIN_NEO4J_USER", "neo4j"), os.environ.get("INNOCHAIN_NEO4J_PASSWORD", ""))
        return
    lib = ROOT / ".cache" / "neo4j" / "lib"
    java = shutil.which("java")
    if java is None:
        missing("no java on PATH (sh tests/neo4j/prepare.sh)")
    if not (lib.parent / "stamp").exists():
        missing("no Neo4j jars in .cache/neo4j (sh tests/neo4j/prepare.sh)")
    with tempfile.TemporaryDirectory(prefix="innochain-neo4j-", ignore_cleanup_errors=True) as folder:
        # compiled once and quickly: a server of minutes never earns back what the second compiler costs
        server, port = start_neo4j(java, lib, Path(folder), "-XX:TieredStopAtLevel=1")
        try:
            password = secrets.token_urlsafe(16)
            set_password(f"bolt://127.0.0.1:{port}", password)
            yield Neo4jServer(f"neo4j://127.0.0.1:{port}", "neo4j", password)
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            if server.stdin:
                server.stdin.close()


def start_neo4j(java: str, lib: Path, folder: Path, *options: str) -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    command = [java, "-Xms256m", "-Xmx1g", "-XX:+UseSerialGC", *options, "-cp", f"{lib}/*"]
    command += [str(ROOT / "tests" / "neo4j" / "Server.java"), str(folder / "home"), str(port)]
    with log.open("wb") as out:  # its input is a pipe of ours: when the tests are killed, it ends too
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + START_SECONDS
    while b"READY" not in log.read_bytes():
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            server.wait()
            if server.stdin:
                server.stdin.close()
            missing(f"Neo4j did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)
    return server, port


def set_password(url: str, password: str) -> None:
    """A fresh server lets the initial neo4j/neo4j do one thing only: change its password."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(url, auth=("neo4j", "neo4j")) as driver, driver.session(database="system") as session:
        session.run("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new", new=password).consume()


# ---- Chromium and the shared folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; playwright drives it by executable_path."""
    from tests.browser.serving import CHROMIUMS

    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        missing("no chromium on PATH (sh tests/browser/prepare.sh)")
    return found


@pytest.fixture(scope="session")
def chromium_args() -> list[str]:
    """What it needs as root and without a network of its own."""
    from tests.browser.serving import CHROMIUM_ARGS

    return CHROMIUM_ARGS


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder: texts and tables for reading and testing that the project does not ship."""
    folder = Path(os.environ.get("INNOCHAIN_SHARED") or ROOT.parent / "shared").resolve()
    if not folder.is_dir():
        missing("no ../shared beside the checkout (INNOCHAIN_SHARED names another place)")
    return folder


# ---- marks and groups by what a test asks for


def needs(item: pytest.Item) -> list[str]:
    fixtures = getattr(item, "fixturenames", ())
    values = [v for v in getattr(getattr(item, "callspec", None), "params", {}).values() if isinstance(v, str)]
    return [n for n, (fixture, _) in NEEDS.items() if fixture in fixtures or n in values or item.get_closest_marker(n)]


@pytest.hookimpl(tryfirst=True)  # before -m selects, and before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        needed = needs(item)
        for need in needed:
            item.add_marker(need)
            item.user_properties.append(("needs", need))  # travels with the report from xdist's workers
        # one worker a server: the first of the two decides, since xdist joins several groups into a new one; of the rest one worker a
        # file, or both would make what the file's tests stand on
        group = next((n for n in ("neo4j", "browser") if n in needed), item.nodeid.partition("::")[0])
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(group))


# ---- the count at the end


class Tally:
    """Runs where the reports arrive: in the one process, or on xdist's controller."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.skipped: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for key, need in report.user_properties:
            if key != "needs":
                continue
            if report.skipped and not hasattr(report, "wasxfail"):
                reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
                self.skipped[str(need)][reason.removeprefix("Skipped: ")] += 1
            elif report.when == "call":
                self.ran[str(need)] += 1
            if report.failed:
                self.failed[str(need)] += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if REQUIRED and any(self.skipped.values()) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("what the tests met")
        for need, (_, shown) in NEEDS.items():
            terminalreporter.line(self.line(need, shown))
        if REQUIRED and any(self.skipped.values()):
            terminalreporter.line("INNOCHAIN_REQUIRE=1: none of these may be skipped", red=True)

    def line(self, need: str, shown: str) -> str:
        skipped = self.skipped[need]
        failed = f" ({self.failed[need]} failed)" if self.failed[need] else ""
        reasons = f" ({'; '.join(sorted(skipped))})" if skipped else ""
        return f"{shown}: {self.ran[need]} tests ran{failed}, {skipped.total()} skipped{reasons}"


def pytest_configure(config: pytest.Config) -> None:
    # as a service's own log: by itself structlog writes every variable of a broken request, a minute long where one is a whole graph
    made = structlog.processors
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure([made.add_log_level, made.TimeStamper("iso"), plain])
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally(), "innochain-tally")
