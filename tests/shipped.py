"""Workspaces that tests and pictures stand on: every shipped fact, built and published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from graph.ledger import writing
from graph.settings import Settings
from graph.snapshot import build
from graph.store.open import open_store
from ingest.load import ingest
from ingest.source import chosen

Once = Callable[[str, Callable[[Path], object]], Path]  # the fixture `once`


def ship(workspace: Path, texts: Sequence[Path] = ()) -> Path:
    """Ingests every shipped fact, and the texts given, then builds into the embedded store. Answers the workspace."""
    ingest(workspace, [*chosen([]), *(chosen([str(p) for p in texts]) if texts else [])])
    publish(workspace)
    return workspace


def publish(workspace: Path, settings: Settings | None = None) -> None:
    """Ledger → snapshot → the store of the settings, the embedded one without."""
    with writing(workspace):
        snapshot = build(workspace)
        store = open_store(settings or Settings(workspace=workspace, store="embedded"))
        store.apply(snapshot, lambda *_: None)
        store.close()


def founding_texts(shared: Path) -> list[Path]:
    """The founding document's text, where the shared folder has it."""
    return sorted((shared / "data" / "seed").glob("*.txt"))
