"""kill -9 while public tables go in, at moments nobody chose: what comes after is the same graph as of one clean run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from graph.ledger import Ledger
from tests.ingest.real import SETS
from tests.world.making import build

ROOT = Path(__file__).resolve().parents[2]
SOME = ("moe-universities", "university-websites", "listed-companies")
# One process imports everything and forks before it opens anything: a kill costs what it interrupts, not the imports.
KILLING = """
import json, os, pathlib, random, signal, sys, time
import duckdb, pandas, ingest.columns, ingest.load
from tests.ingest.real import real_sources

clean, killed, shared, names = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4:]

def start(workspace):
    pid = os.fork()
    if pid == 0:
        ingest.load.ingest(workspace, real_sources(shared, names))
        os._exit(0)
    return pid

def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

began = time.monotonic()
assert ended(start(clean)) == 0
took, pick, ends = time.monotonic() - began, random.Random(), []
for n in range(10):
    pid = start(killed)
    time.sleep(pick.uniform(n, n + 1) / 10 * took)  # a moment of each tenth, so that none is missed
    os.kill(pid, signal.SIGKILL)
    ends.append(ended(pid))
assert ended(start(killed)) == 0
print(json.dumps(ends))
"""


def test_killed_ten_times_and_run_again_is_the_same_as_one_clean_run(shared: Path, tmp_path: Path) -> None:
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    done = subprocess.run([sys.executable, "-c", KILLING, clean, killed, shared, *SOME], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert -9 in json.loads(done.stdout), "some were killed before they were done"
    assert set(SOME) <= set(SETS)
    runs = Ledger(killed).runs()
    assert sorted(r.source for r in runs) == sorted(SOME), "no run twice, none half"
    assert [p for p in (killed / "ledger").rglob("*") if p.name.startswith(".") or p.suffix == ".partial"] == []
    assert build(killed).version == build(clean).version
