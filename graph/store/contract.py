"""What a graph store is: few verbs, plain values. One contract suite (`tests/contract/`) runs on every store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from graph.ontology import PLACE_COLUMNS, Ontology
from graph.snapshot import Snapshot

Progress = Callable[[str, int, int], None]  # what, done, of how many
HIDDEN = frozenset({"id", "hash", "sort_key", *PLACE_COLUMNS})  # columns that are ours, not the thing's


@dataclass(frozen=True, slots=True)
class Node:
    """A node: `properties` holds declared ones that are present, dates as `datetime.date`."""

    id: str
    kind: str
    types: tuple[str, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.properties.get("name", self.id))


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge with its ends' ids; `properties` includes confidence, modality, since, until and evidence (claim ids)."""

    id: str
    relation: str
    source: str
    target: str
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def undated(self) -> bool:
        """Is a bound unknown, so that on a day it only may hold?"""
        return self.properties.get("since") is None or self.properties.get("until") is None


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows by column name. `truncated`: the row budget cut them."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What the store holds. While a publication runs, `publishing_to` names what it is becoming."""

    current: str | None
    publishing_to: str | None = None

    @property
    def shown(self) -> str:
        return f"{self.current or ''}→{self.publishing_to}" if self.publishing_to else self.current or ""


class Store(Protocol):
    """A place the graph is published to and asked. Implementations: `embedded.EmbeddedStore`, `bolt.BoltStore`."""

    def define(self, ontology: Ontology) -> None:
        """Create what the ontology needs (constraints, indexes); safe to repeat."""

    def load(self, snapshot: Snapshot, progress: Progress) -> None:
        """Make the store hold exactly this snapshot, starting from nothing."""

    def apply(self, snapshot: Snapshot, progress: Progress) -> None:
        """Make the store hold exactly this snapshot, writing only the difference where the engine allows. Resumable."""

    def ask(self, text: str, params: Mapping[str, Any], timeout: float, limit: int) -> Answer:
        """Run a read. Raises QueryTimeout, ReadOnly, StoreUnavailable, Empty."""

    def version(self) -> Version:
        """What is published here."""

    def close(self) -> None:
        """Give back what is held."""


_known: dict[tuple[str, str], frozenset[str]] = {}  # by ontology and name: put together anew for each of 2,000 nodes it took 0.2 s


def _columns(ontology: Ontology, name: str) -> frozenset[str]:
    """Columns a kind or relation has; none for an unknown one."""
    if (ontology.hash, name) not in _known:
        found = ontology.kinds.get(name) or ontology.relations.get(name)
        _known[ontology.hash, name] = frozenset(found.columns if found else ())
    return _known[ontology.hash, name]


def node(ontology: Ontology, labels: Iterable[str], properties: Mapping[str, Any]) -> Node:
    """A `Node` from an engine's labels and properties: undeclared and null properties dropped."""
    labels = list(labels)
    kind = next((x for x in labels if x in ontology.kinds), "")
    declared = _columns(ontology, kind)
    kept = {k: v for k, v in sorted(properties.items()) if k in declared and k not in HIDDEN and v is not None and v != []}
    return Node(str(properties.get("id", "")), kind, tuple(sorted(x for x in labels if x != kind)), kept)


def edge(ontology: Ontology, relation: str, properties: Mapping[str, Any]) -> Edge:
    """An `Edge` whose ends are not known yet; `shape` sets them from the triple around it."""
    declared = _columns(ontology, relation)
    kept = {k: v for k, v in sorted(properties.items()) if k in declared and k not in HIDDEN and v is not None and v != []}
    return Edge(str(properties.get("id", "")), relation, "", "", kept)


def shape(value: Any) -> Any:
    """Turn `[start id, edge, end id]` into the edge with its ends, inside lists too; sort the keys of maps."""
    if isinstance(value, list):
        if len(value) == 3 and isinstance(value[1], Edge) and isinstance(value[0], str):
            return Edge(value[1].id, value[1].relation, value[0], value[2], value[1].properties)
        return [shape(v) for v in value]
    if isinstance(value, dict):
        return {k: shape(v) for k, v in sorted(value.items())}
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value
