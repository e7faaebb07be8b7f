"""Two writers at once, kill -9 and a full disk: nothing that was there is lost, and the next run works."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph.errors import Busy
from graph.ledger import Ledger
from graph.snapshot import open_current
from ingest.load import ingest
from ingest.source import File
from tests.ingest.conftest import Given
from tests.world.making import build, live, rows

ROOT = Path(__file__).resolve().parents[2]
HEAD = "kind,subject,predicate,object_kind,object,value"
PRELUDE = """
import os, pathlib, signal, sys
import graph.ledger, graph.snapshot, graph.adjacency, ingest.load
from ingest.source import File
workspace, table = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])

def dies(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def work():
    ingest.load.ingest(workspace, [File(table)])
    with graph.ledger.writing(workspace):
        graph.snapshot.build(workspace)
"""


def child(code: str, *args: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PRELUDE + code, *map(str, args)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.fixture
def workspace(tmp_path: Path, given: Given) -> Path:
    """It holds one base and its snapshot."""
    ingest(tmp_path / "w", [File(given(HEAD, "PilotBase,镁基地,area,,,3亩"))])
    build(tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture
def more(given: Given) -> Path:
    """What the interrupted process is to add; its first row is rejected."""
    return given(HEAD, "Base,甲,,,,", *(f"PilotBase,{n}号基地,area,,,{n}亩" for n in range(1, 400)), name="more.csv")


def leftovers(workspace: Path) -> list[Path]:
    return [p for p in workspace.rglob("*") if p.name.startswith(".") or p.suffix == ".partial"]


# where the process dies → (is the new run in the ledger, statement that breaks it there)
DEATHS = {
    "while claims are written": (False, "graph.ledger.orjson.dumps = dies"),
    "before the run is turned into Parquet": (False, "graph.ledger.Run.close = dies"),
    "before the run is made visible": (False, "graph.ledger.write_atomically = dies"),
    "as the run is made visible": (False, "pathlib.Path.rename = dies"),
    "after the run, before the report": (True, "ingest.load.write_csv = dies"),
    "while identities are joined": (True, "graph.snapshot.resolve = dies"),
    "while tables are written": (True, "graph.snapshot.write_lookup = dies"),
    "while the arrays are written": (True, "graph.adjacency.write_arrays = dies"),
    "as the snapshot is made visible": (True, "build = graph.snapshot.build\ndef late(*a):\n    pathlib.Path.rename = dies\n    return build(*a)\n"
                                              "graph.snapshot.build = late"),
    "before its ids are published": (True, "graph.snapshot._publish_ids = dies"),
    "before it becomes current": (True, "graph.snapshot.write_atomically = dies"),
    "as it becomes current": (True, "build = graph.snapshot.build\ndef late(*a):\n"
                                    "    graph.snapshot._publish_ids = lambda *_: setattr(pathlib.Path, 'replace', dies)\n    return build(*a)\n"
                                    "graph.snapshot.build = late"),
}  # fmt: skip


@pytest.mark.parametrize("death", DEATHS)
def test_kill_9_at_any_point_loses_nothing_and_the_next_run_leaves_nothing_behind(workspace: Path, more: Path, death: str) -> None:
    before, version = live(workspace), open_current(workspace).version
    there, statement = DEATHS[death]
    died = child(f"{statement}\nwork()", workspace, more)
    assert died.returncode == -signal.SIGKILL, died.stderr
    after = live(workspace)
    assert before.items() <= after.items() and (len(after) > len(before)) == there
    assert open_current(workspace).version == version and len(rows(open_current(workspace), "PilotBase")) == 1
    done = child("work()", workspace, more)
    assert done.returncode == 0, done.stderr
    assert len(rows(open_current(workspace), "PilotBase")) == 400
    assert leftovers(workspace) == []
    assert build(workspace).version == open_current(workspace).version


def test_a_second_ingest_is_refused_naming_the_process_that_writes(workspace: Path, more: Path) -> None:
    code = PRELUDE + "with graph.ledger.writing(workspace):\n    print('holding', flush=True)\n    sys.stdin.read()\n"
    command = [sys.executable, "-c", code, str(workspace), str(more)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "holding\n"
        before = live(workspace)
        with pytest.raises(Busy, match=rf"another innochain process \(pid {other.pid}\) is writing in .*; wait until it is done"):
            ingest(workspace, [File(more)])
        assert live(workspace) == before
        other.kill()
    ingest(workspace, [File(more)])  # the lock died with its holder
    assert len(live(workspace)) > len(before)


FULL = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"  # a file that grows further gets EFBIG
FULL_LATER = """
import resource
close = graph.ledger.Run.close

def closing(run, **how):
    run._lines.flush()
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
    return close(run, **how)

graph.ledger.Run.close = closing
"""


@pytest.mark.parametrize("full", [FULL.format(size=1_000), FULL_LATER], ids=["while its lines are written", "while its Parquet file is written"])
def test_a_disk_that_fills_up_during_ingest_leaves_the_ledger_as_it_was(workspace: Path, more: Path, full: str) -> None:
    before, files = live(workspace), {p for p in workspace.rglob("*") if p.is_file()}
    failed = child(full + "work()", workspace, more)
    assert failed.returncode == 1 and failed.stderr
    assert live(workspace) == before
    assert {p for p in workspace.rglob("*") if p.is_file()} == files
    assert child("work()", workspace, more).returncode == 0


def test_a_disk_that_fills_up_during_a_build_leaves_the_old_snapshot_current(workspace: Path, more: Path) -> None:
    ingest(workspace, [File(more)])
    version, files = open_current(workspace).version, {p for p in workspace.rglob("*") if p.is_file()}
    full = child(FULL.format(size=16_384) + "with graph.ledger.writing(workspace):\n    graph.snapshot.build(workspace)", workspace, more)
    assert full.returncode == 1 and full.stderr
    assert open_current(workspace).version == version
    assert {p for p in workspace.rglob("*") if p.is_file()} == files
    assert len(rows(build(workspace), "PilotBase")) == 400
    assert len(Ledger(workspace).runs()) == 4  # two of the sources, two of published ids
