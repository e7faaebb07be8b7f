"""A workspace that holds a document to cite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.making import state, thing


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Its ledger holds one source, `papers`, that states the document every made claim cites by default."""
    made = tmp_path / "workspace"
    state(made, "papers", thing("papers", "Document", "测试文件", standing="issuer", published="2024-08-14"))
    return made
