"""Opens the store that a setting names; imports only that engine."""

from __future__ import annotations

from graph.ontology import load
from graph.settings import Settings
from graph.store.contract import Store


def open_store(settings: Settings) -> Store:
    """The store of `settings.store`. Does not connect yet."""
    if settings.store == "embedded":
        from graph.store.embedded import EmbeddedStore

        return EmbeddedStore(settings.workspace, load())
    from graph.store.bolt import BoltStore

    return BoltStore(settings, load())
