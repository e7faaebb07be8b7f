"""Files of facts, written as somebody would give them, and the command line as its users meet it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

Given = Callable[..., Path]
CLI = Callable[..., "Said"]


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Write a file of these lines and answer its path."""

    def write(*lines: str, name: str = "facts.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return path

    return write


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CLI:
    """Run `innochain …` in this process, on the workspace `w` of the test's folder."""
    from api.cli import main

    monkeypatch.setenv("INNOCHAIN_WORKSPACE", str(tmp_path / "w"))

    def run(*args: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["innochain", *map(str, args)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as e:
            code = e.code if isinstance(e.code, int) else int(e.code is not None)
        return Said(code, *capsys.readouterr())

    return run
