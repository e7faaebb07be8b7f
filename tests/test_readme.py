"""What the README tells people to type works as it stands there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def run(line: str, workspace: Path, expect: tuple[int, ...] = (0,)) -> str:
    words = [w for w in shlex.split(line, comments=True)]
    env = {k: v for k, v in os.environ.items() if not k.startswith("INNOCHAIN_")} | {"INNOCHAIN_WORKSPACE": str(workspace / "ws")}
    done = subprocess.run([str(BIN / words[0]), *words[1:]], capture_output=True, text=True, encoding="utf-8", cwd=workspace, env=env, timeout=240)
    assert done.returncode in expect, (line, done.returncode, done.stderr)
    return done.stdout


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    run("innochain ingest", tmp_path)
    run("innochain build", tmp_path)
    (tmp_path / "my-facts.csv").write_text(blocks("csv")[0], encoding="utf-8")
    lines = [x for block in blocks("sh") for x in block.splitlines() if x.startswith("innochain ") and "neo4j" not in x]
    assert len(lines) >= 6
    for line in lines:
        run(line, tmp_path)
    run("innochain show 某某中试基地", tmp_path)


def test_the_readme_is_short_and_names_only_files_that_exist() -> None:
    assert len(README.splitlines()) < 150
    for name in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / name).exists(), name
