"""A table of facts, written as somebody would give it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Given = Callable[..., Path]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Write a file of these lines and answer its path."""

    def write(*lines: str, name: str = "facts.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return path

    return write
