"""One opened graph: the store's Cypher and the snapshot's search, evidence and path arrays behind plain methods.

HTTP, command line, notebooks and pages all read through here, so that they answer alike. Invariant: every answer is of
one graph version; a new publication is picked up between calls.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import functools
import re
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from graph import search
from graph.adjacency import Adjacency
from graph.arrays import Arrays
from graph.changes import changes
from graph.errors import Ambiguous, BadParameter, CursorGone, Empty, InnochainError, Merged, Unknown
from graph.ontology import Ontology, load
from graph.reach import Filter
from graph.settings import Settings
from graph.snapshot import Snapshot, open_current
from graph.store.contract import Edge, Node, Store, Version
from graph.store.open import open_store
from queries.catalogue import Catalogue, Result
from queries.cursor import make_cursor, read_cursor
from queries.kept import Kept
from queries.sources import Sourced

LOOKUP_LIMIT = 1_000
KEPT = 16  # whole-graph tables and rankings that are kept
T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    """A question's rows with the cursor of the next page, the version they are of, and what was run."""

    rows: list[dict[str, Any]]
    next_cursor: str | None
    truncated: bool
    version: str
    cypher: dict[str, Any]


class Reader(Sourced):
    """Opens what the settings name. Cheap to make; the store and the snapshot are opened at the first question."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ontology: Ontology = load()
        self.catalogue = Catalogue(settings.queries)
        self._snapshots: dict[str, Snapshot] = {}
        self._arrays: dict[str, Adjacency] = {}
        self._derived: dict[tuple[str, Hashable], Any] = {}
        self._kept = Kept()
        self._local = threading.local()  # of each thread: the version asked for, the SQLite connection, what ran
        self._lock = threading.Lock()

    @functools.cached_property
    def store(self) -> Store:
        return open_store(self.settings)

    def close(self) -> None:
        if "store" in self.__dict__:
            self.store.close()

    # ---- version, snapshot

    def version(self) -> Version:
        if (held := getattr(self._local, "version", None)) is not None:
            return cast(Version, held)
        found = self.store.version()
        if found.current is None:
            raise Empty(f"nothing is published in {self.settings.store} yet; run `innochain build`, or `innochain publish --store …`")
        return found

    def snapshot(self) -> Snapshot:
        """The snapshot of the version that the store answers with."""
        current = str(self.version().current)
        with self._lock:
            if current not in self._snapshots:
                self._snapshots = {current: open_current(self.settings.workspace, current)}
            return self._snapshots[current]

    def sqlite(self) -> sqlite3.Connection:
        """This thread's connection to the snapshot's SQLite file."""
        snapshot = self.snapshot()
        held = getattr(self._local, "held", None)
        if held is None or held[0] != snapshot.version:
            held = (snapshot.version, snapshot.sqlite())
            self._local.held = held
        connection: sqlite3.Connection = held[1]
        return connection

    def adjacency(self) -> Adjacency:
        snapshot = self.snapshot()
        with self._lock:
            if snapshot.version not in self._arrays:
                self._arrays = {snapshot.version: Adjacency(snapshot.folder, self.ontology)}
            return self._arrays[snapshot.version]

    def derived(self, key: Hashable, make: Callable[[], T]) -> T:
        """What an analysis makes of the whole graph: made once a version and key, the KEPT last used are kept."""
        at = (self.snapshot().version, key)
        with self._lock:
            found = self._derived.pop(at, None)
            if found is not None:
                self._derived[at] = found  # the last used stands last
                return cast(T, found)
        made = make()
        with self._lock:
            self._derived[at] = made
            self._derived = dict([x for x in self._derived.items() if x[0][0] == at[0]][-KEPT:])
        return made

    def arrays(self) -> Arrays:
        """The snapshot's edges and properties as columns."""
        return self.derived("arrays", lambda: Arrays(self.snapshot(), self.adjacency()))

    def stamp(self) -> dict[str, Any]:
        """What every answer carries: its graph version, and that the graph is made up where it is."""
        made_up = {"synthetic": True} if self.snapshot().manifest.get("synthetic") else {}
        return {"graph_version": self.version().shown, **made_up}

    # ---- names and ids

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Names by id, from the snapshot."""
        found = (self.sqlite().execute("SELECT node, name FROM names WHERE node = ? LIMIT 1", [i]).fetchone() for i in sorted(set(ids)))
        return {row[0]: row[1] for row in found if row}

    def claims(self, subject: str, predicate: str, target: str | None = None) -> list[str]:
        """Ids of the claims that state a property of a thing, or its relation to another."""
        same = "" if target is None else " AND value = ?"
        rows = self.sqlite().execute(f"SELECT DISTINCT claim FROM facts WHERE subject = ? AND predicate = ? AND won = 1{same} ORDER BY claim",
                                     [subject, predicate, *([] if target is None else [target])])  # fmt: skip
        return [r[0] for r in rows]

    def canonical(self, node_id: str) -> str:
        """The id itself when it is current. Raises Merged when it was joined into another, Unknown with three suggestions."""
        db = self.sqlite()
        if db.execute("SELECT 1 FROM names WHERE node = ? LIMIT 1", [node_id]).fetchone():
            return node_id
        merged = db.execute("SELECT canonical FROM referents WHERE id = ?", [node_id]).fetchone()
        if merged:
            raise Merged(f"{node_id} was joined into {merged[0]}", id=merged[0], old=node_id)
        raise self._unknown(node_id)

    def current(self, ids: Sequence[str]) -> dict[str, str]:
        """Each id's current id: its own, or of what it was joined into. Ids the graph lacks are left out."""
        db, out = self.sqlite(), dict[str, str]()
        for at in range(0, len(ids), 500):
            some = list(ids[at : at + 500])
            marks = ", ".join("?" * len(some))
            out |= dict(db.execute(f"SELECT id, canonical FROM referents WHERE id IN ({marks})", some).fetchall())
            out |= {i: i for (i,) in db.execute(f"SELECT DISTINCT node FROM names WHERE node IN ({marks})", some)}
        return {i: out[i] for i in ids if i in out}

    def resolve(self, text: str, kinds: Sequence[str] = ()) -> str:
        """The id that an id, a name or an alias stands for. Raises Ambiguous with candidates, Unknown with suggestions."""
        if self.ontology.kind_of(text):
            try:
                return self.canonical(text)
            except Merged as e:
                return str(e.particulars["id"])
        found = [h for h in search.named(self.sqlite(), text) if not kinds or h.kind in kinds]
        if len(found) > 1:
            raise Ambiguous(f"{text!r} names {len(found)} things; give an id", candidates=[self.hit(h) for h in found])
        if not found:
            raise self._unknown(text, kinds)
        return found[0].id

    def _unknown(self, text: str, kinds: Sequence[str] = ()) -> Unknown:
        near = search.find(self.sqlite(), text, kinds, 3)
        if not near and self.ontology.kind_of(text):
            prefix = text.partition(":")[0]
            ids = [r[0] for r in self.sqlite().execute("SELECT DISTINCT node FROM names WHERE node >= ? AND node < ? LIMIT 2000",
                                                       [prefix + ":", prefix + ";"])]  # fmt: skip
            close = difflib.get_close_matches(text, ids, 3, 0)
            near = [h for i in close for h in self._hits_of(i)]
        return Unknown(f"there is no node {text!r}", suggestions=[self.hit(h) for h in near])

    def _hits_of(self, node_id: str) -> list[search.Hit]:
        row = self.sqlite().execute("SELECT node, kind, name, text, modality FROM names WHERE node = ? LIMIT 1", [node_id]).fetchone()
        return [search.Hit(row[0], row[1], row[2], row[3], 0.0, row[4])] if row else []

    @staticmethod
    def hit(h: search.Hit) -> dict[str, Any]:
        return {"id": h.id, "kind": h.kind, "name": h.name, "matched": h.matched, "score": h.score, "modality": h.modality}

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, f: Filter | None = None) -> list[dict[str, Any]]:
        """Nodes whose name, alias, pinyin or initials fit, best first. `kinds`: kinds, groups or types' kinds.

        Of a filter, what bears on one node counts: kinds, modalities, dates, least confidence of its name, and what to avoid.
        """
        wide = [k for x in kinds for k in self.ontology.expand(x)]
        if f is None:
            return [self.hit(h) for h in search.find(self.sqlite(), text, wide, limit)]
        wide = [k for k in wide or self.ontology.kinds if not f.kinds or k in f.kinds]
        return [self.hit(h) for h in search.find(self.sqlite(), text, wide or ["none"], limit, f.modalities, lambda n: self._let_through(f, n))]

    def _let_through(self, f: Filter, node_id: str) -> bool:
        if node_id in f.avoid:
            return False
        if f.as_of and not self.adjacency().holds(node_id, f.as_of, f.certain):
            return False
        return f.min_confidence == 0 or (self.sqlite().execute(
            "SELECT max(e.confidence) FROM facts f JOIN evidence e ON e.claim = f.claim WHERE f.subject = ? AND f.predicate = 'name'",
            [node_id]).fetchone()[0] or 0.0) >= f.min_confidence  # fmt: skip

    def lookup(self, wanted: Iterable[str]) -> list[dict[str, Any]]:
        """What each of up to 1,000 names, codes or ids stands for: `match` when certain, else `candidates`."""
        wanted = list(wanted)
        if len(wanted) > LOOKUP_LIMIT:
            raise BadParameter(f"{len(wanted)} names; at most {LOOKUP_LIMIT} in one call", errors=[{"parameter": "queries"}])
        return [self._look(text) for text in wanted]

    def _look(self, text: str) -> dict[str, Any]:
        codes = self.sqlite().execute("SELECT DISTINCT subject FROM facts WHERE value = ? AND predicate IN "
                                      f"({', '.join('?' * len(self._codes))}) LIMIT 5", [f'"{text}"', *self._codes]).fetchall()  # fmt: skip
        if len(codes) == 1:
            return {"query": text, "match": self.hit(self._hits_of(codes[0][0])[0]), "candidates": []}
        try:
            return {"query": text, "match": self.hit(self._hits_of(self.resolve(text))[0]), "candidates": []}
        except Ambiguous as e:
            return {"query": text, "match": None, "candidates": e.particulars["candidates"]}
        except Unknown as e:
            return {"query": text, "match": None, "candidates": e.particulars["suggestions"]}

    @functools.cached_property
    def _codes(self) -> list[str]:
        return sorted({c for k in self.ontology.kinds.values() for c in k.codes})

    # ---- questions

    def ask(self, name: str, given: Mapping[str, Any] | None = None, cursor: str | None = None, *, names: bool = False) -> Page:
        """Ask a question of the catalogue. With `names`, node parameters may be names; otherwise ids, and merged ids raise Merged."""
        return self.steady(lambda version: self._ask(version, name, dict(given or {}), cursor, names))

    def steady(self, work: Callable[[Version], T]) -> T:
        """What `work` gives, done again when a publication came in between: an answer is of the one version it names."""
        if (held := getattr(self._local, "version", None)) is not None:
            return work(held)
        while True:
            if (ran := getattr(self._local, "ran", None)) is not None:
                ran.clear()
            version = self._local.version = self.version()  # asked once, not at every step: on Neo4j that is a journey each
            try:
                done, problem = work(version), None
            except InnochainError as e:
                done, problem = None, e
            finally:
                self._local.version = None
            if self.version() != version:
                continue
            if problem:
                raise problem
            return cast(T, done)

    def _ask(self, version: Version, name: str, given: dict[str, Any], cursor: str | None, names: bool) -> Page:
        question = self.catalogue.get(name)
        for p in question.parameters:
            value = given.get(p.name)
            if p.type == "node" and value:
                given[p.name] = self.resolve(str(value), self.ontology.expand(p.of)) if names else str(value)
        self.catalogue.bind(question, given)
        for p in question.parameters:
            if p.type == "node" and given.get(p.name):
                self.canonical(given[p.name])
        skip = read_cursor(cursor, str(version.current), question.name, given) if cursor else 0
        result = self._run(question.name, given, skip)
        following = make_cursor(str(version.current), question.name, given, result.next_skip) if result.next_skip else None
        return Page(result.answer.rows, following, result.answer.truncated, version.shown, {"text": result.text, "parameters": result.params})

    def _run(self, name: str, given: Mapping[str, Any], skip: int = 0) -> Result:
        s = self.settings

        def run() -> Result:
            return self.catalogue.run(self.store, name, given, timeout=s.query_seconds, budget=s.row_budget, skip=skip)

        held = getattr(self._local, "version", None)
        found = self._kept.get(held.current, name, given, skip, run) if held else run()
        if (ran := getattr(self._local, "ran", None)) is not None:
            ran.append({"question": name, "text": found.text, "parameters": found.params})
        return found

    @contextlib.contextmanager
    def watched(self) -> Iterator[list[dict[str, Any]]]:
        """Collects what is asked of the store meanwhile, for `explain=cypher`: `{question, text, parameters}` each."""
        self._local.ran = ran = list[dict[str, Any]]()
        try:
            yield ran
        finally:
            self._local.ran = None

    def node(self, node_id: str) -> Node:
        """One node by its current id."""
        rows = self._run("node", {"node": self.canonical(node_id)}).answer.rows
        if not rows:
            raise self._unknown(node_id)
        found: Node = rows[0]["node"]
        return found

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """Nodes by id, fetched a kind at a time, so that each is found by its index."""
        out: dict[str, Node] = {}
        for _, group in self.by_kind(ids):
            out |= {r["node"].id: r["node"] for r in self._run("nodes_by_id", {"ids": group}).answer.rows}
        return out

    def edges(self, by_source: Mapping[str, Sequence[str]]) -> dict[str, Edge]:
        """Edges by id; `by_source` gives the edge ids that start at each node."""
        out: dict[str, Edge] = {}
        for _, group in self.by_kind(by_source):
            wanted = sorted({e for s in group for e in by_source[s]})
            out |= {r["edge"].id: r["edge"] for r in self._run("edges_by_id", {"sources": group, "edges": wanted}).answer.rows}
        return out

    def by_kind(self, ids: Iterable[str]) -> list[tuple[str, list[str]]]:
        """(kind, its ids): asked a kind at a time, each id is found by its index."""
        groups: dict[str, list[str]] = {}
        for i in sorted(set(ids)):
            groups.setdefault(str(self.ontology.kind_of(i)), []).append(i)
        return sorted(groups.items())

    # ---- versions

    def changes(self, since: str) -> list[dict[str, str]]:
        """What changed since a version whose snapshot is still kept. Raises CursorGone for one that is not."""
        if not re.fullmatch(r"[0-9a-f]{16}", since):
            raise BadParameter(f"since: {since!r} is no graph version", errors=[{"parameter": "since", "value": since}])
        before = Snapshot(self.settings.workspace / "snapshots" / since)
        if not before.folder.exists():
            raise CursorGone(f"version {since} is no longer kept here; read the graph anew")
        return changes(before, self.snapshot())

    def stats(self) -> dict[str, Any]:
        """Numbers of the graph, by kind and relation."""
        m = self.snapshot().manifest
        return {"version": self.version().shown, "nodes": m["nodes"], "edges": m["edges"], "nodes_by_kind": m["nodes_by_kind"],
                "edges_by_relation": m["edges_by_relation"]}


def plain(value: Any) -> Any:
    """An answer as JSON values: nodes and edges as objects, dates as ISO text, floats to 9 significant digits."""
    if isinstance(value, Node):
        return {"id": value.id, "kind": value.kind, "types": list(value.types), "name": value.name,
                "properties": {k: plain(v) for k, v in value.properties.items() if k not in ("name", "types")}}
    if isinstance(value, Edge):
        return {"id": value.id, "relation": value.relation, "source": value.source, "target": value.target,
                "properties": {k: plain(v) for k, v in value.properties.items()}}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    return value
