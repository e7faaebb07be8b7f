"""The notebooks run from top to bottom on the facts that ship."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import jupytext
import pytest
import uvicorn
from nbclient import NotebookClient

from api.app import create_app
from graph.settings import Settings
from tests.shipped import Once, ship

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def served(once: Once) -> Iterator[tuple[Path, str]]:
    workspace = once("shipped", ship)
    settings = Settings(workspace=workspace, store="embedded")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield workspace, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


ANSWERS = ("paths", "routes", "match", "pair", "achievements", "match_many", "sleeping", "judge", "conflicts", "chain", "chains", "gaps", "cascade",
           "promises", "contradictions", "registry", "offers", "measures_for", "overview", "quality", "report")  # fmt: skip


def test_every_answer_is_called_in_a_notebook() -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "notebooks").glob("*.py"))
    assert [name for name in ANSWERS if f"{name}(graph, " not in text and f"{name}(graph)" not in text] == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning", "ignore::ResourceWarning",
                            "ignore::pytest.PytestUnraisableExceptionWarning")  # fmt: skip
@pytest.mark.parametrize("name", ["policy_researcher", "technology_manager", "api_consumer"])
def test_the_notebook_runs(name: str, served: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNOCHAIN_WORKSPACE", str(served[0]))
    monkeypatch.setenv("INNOCHAIN_URL", served[1])
    notebook = jupytext.read(ROOT / "notebooks" / f"{name}.py")
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    assert all(c.get("execution_count") for c in notebook.cells if c.cell_type == "code")
