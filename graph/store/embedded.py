"""The embedded store: kglite, in this process. One of two modules that import an engine.

Invariant: `embedded/VERSION.kgl` is built beside, counted, then made current by renaming the pointer file; it is never
edited and can always be rebuilt from the snapshot. Readers hold a frozen graph and swap it between questions.
"""

from __future__ import annotations

import contextlib
import os
import threading
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kglite

from graph import schema
from graph.errors import BadInput, Empty, QueryTimeout, ReadOnly, StoreRefused, StoreUnavailable
from graph.ledger import write_atomically
from graph.ontology import Ontology
from graph.scan import scan
from graph.snapshot import Snapshot
from graph.store.contract import Answer, Progress, Version, edge, node, shape
from graph.values import Physical

_PANDAS = {"INTEGER": "Int64", "FLOAT": "Float64", "BOOLEAN": "boolean"}  # nullable: a null integer must not become a float
_KGLITE = {"STRING": "string", "INTEGER": "integer", "FLOAT": "float", "BOOLEAN": "boolean", "DATE": "datetime"}
kglite.set_query_warning_policy("silent")  # a kind without nodes is no mistake: the catalogue has proved every label


class EmbeddedStore:
    """See `contract.Store`. `version()` also notices a newly published file and swaps to it."""

    def __init__(self, workspace: Path, ontology: Ontology) -> None:
        self.folder, self.ontology = workspace / "embedded", ontology
        self._held: tuple[str, kglite.FrozenGraph] | None = None
        self._swap = threading.Lock()

    def define(self, ontology: Ontology) -> None:
        self.ontology = ontology

    def load(self, snapshot: Snapshot, progress: Progress) -> None:
        graph = self._build(snapshot, progress)
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f".{snapshot.version}.{os.getpid()}.kgl"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what has no form for mapped loading is of no account: we load whole
            graph.save(str(beside))
        beside.replace(self.folder / f"{snapshot.version}.kgl")
        write_atomically(self.folder / "current", snapshot.version)
        for old in sorted(self.folder.glob("*.kgl"), key=lambda p: p.stat().st_mtime)[:-2]:  # a server may still open the one before
            old.unlink(missing_ok=True)
        for left in self.folder.glob(".*.kgl"):
            left.unlink(missing_ok=True)

    def apply(self, snapshot: Snapshot, progress: Progress) -> None:
        with contextlib.suppress(StoreUnavailable):  # a file that is lost or spoilt is made again
            if self.version().current == snapshot.version:
                return
        self.load(snapshot, progress)

    def ask(self, text: str, params: Mapping[str, Any], timeout: float, limit: int) -> Answer:
        if self._held is None:
            self.version()
        if self._held is None:
            raise Empty("nothing is published in the embedded store yet; run `innochain build`")
        if params.get("skip") == 0:  # this engine keeps only the best rows while it sorts when LIMIT is a number without SKIP: 24 ms, else 100
            text = text.replace("SKIP $skip LIMIT $limit", f"LIMIT {int(params['limit'])}")
        try:
            found = self._held[1].cypher(text, params=dict(params), timeout_ms=max(1, int(timeout * 1000)), row_limit=limit + 1)
        except kglite.CypherTimeoutError as e:
            raise QueryTimeout(f"the query did not finish within {timeout:g} s; ask for less, or raise INNOCHAIN_QUERY_SECONDS") from e
        except kglite.ReadOnlyError as e:
            raise ReadOnly("only reads are allowed here: the graph is changed by ingesting and building") from e
        except kglite.KgError as e:
            raise BadInput(f"the store refused the query: {e}") from e
        rows = [{k: shape(self._plain(v)) for k, v in row.items()} for row in found.to_list()]
        return Answer(tuple(found.columns), rows[:limit], len(rows) > limit)

    def version(self) -> Version:
        published = self._pointer()
        if published and (self._held is None or self._held[0] != published):
            with self._swap:
                if self._held is None or self._held[0] != published:
                    try:
                        graph = kglite.load(str(self.folder / f"{published}.kgl"))
                    except (kglite.KgError, OSError, ValueError) as e:
                        raise StoreUnavailable(f"the embedded graph {published} cannot be opened ({e}); run `innochain build`") from e
                    self._held = (published, graph.freeze())  # one assignment: a reader sees the old or the new
        return Version(self._held[0] if self._held else None)

    def close(self) -> None:
        self._held = None

    def _pointer(self) -> str | None:
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "current").read_text().strip() or None
        return None

    def _plain(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._plain(v) for v in value]
        if isinstance(value, dict):
            if value.keys() == {"id", "labels", "properties"}:
                return node(self.ontology, value["labels"], value["properties"])
            if value.keys() == {"id", "start", "end", "type", "properties"}:
                return edge(self.ontology, value["type"], value["properties"])
            return {k: self._plain(v) for k, v in value.items()}
        return value

    def _build(self, snapshot: Snapshot, progress: Progress) -> kglite.KnowledgeGraph:
        graph, done, total = kglite.KnowledgeGraph(), 0, snapshot.manifest["nodes"] + snapshot.manifest["edges"]
        for kind, path in snapshot.node_tables():
            declared = self.ontology.kinds[kind]
            frame, spec = _frame(path, declared.columns)
            graph.add_nodes(frame, kind, "id", column_types=spec)
            if "types" in frame:
                for label in declared.types:
                    ids = frame["id"][[label in (t or ()) for t in frame["types"]]].tolist()
                    if ids:
                        graph.add_label(kind, ids, label)
            done += len(frame)
            progress(kind, done, total)
        begun: set[tuple[str, str]] = set()
        for relation, source, target, path in snapshot.edge_tables():
            frame, spec = _frame(path, {"from": ("STRING", False), "to": ("STRING", False), **self.ontology.relations[relation].columns})
            _add_edges(graph, frame, spec, relation, source, target, (relation, source) in begun)
            begun.add((relation, source))
            done += len(frame)
            progress(relation, done, total)
        info = graph.graph_info()
        wanted = (snapshot.manifest["nodes"], snapshot.manifest["edges"])
        if (info["node_count"], info["edge_count"]) != wanted:
            held = f"{info['node_count']} nodes and {info['edge_count']} edges"
            raise StoreRefused(f"the engine holds {held}, the snapshot {wanted[0]} and {wanted[1]}")
        return graph


def _add_edges(graph: kglite.KnowledgeGraph, frame: Any, spec: dict[str, str], relation: str, source: str, target: str, again: bool) -> None:
    """One table of edges. Only a relation's first load from a source kind keeps parallel edges: a later one merges every
    edge into the first of its pair. So in a later one all but that first are created by Cypher (80,000 a second)."""
    parallel = frame.duplicated(["from", "to"]) if again else None
    graph.add_relationships(frame if parallel is None else frame[~parallel], relation, source, "from", target, "to", column_types=spec)
    if parallel is None or not parallel.any():
        return
    rows = [{k: v for k, v in r.items() if v is not None}
            for r in frame[parallel].astype(object).where(frame[parallel].notna(), None).to_dict("records")]  # fmt: skip
    text = schema.write_edges("CREATE", relation, source, target)
    for i in range(0, len(rows), 5_000):
        graph.cypher(text, params={"rows": [{"from": r.pop("from"), "to": r.pop("to"), "p": r} for r in rows[i : i + 5_000]]})


def _frame(path: Path, columns: Mapping[str, tuple[Physical, bool]]) -> tuple[Any, dict[str, str]]:
    """A table as a data frame with the ontology's types; columns without any value are left out."""
    import pandas as pd

    with scan() as db:
        present = [r[0] for r in db.execute("DESCRIBE FROM read_parquet(?)", [str(path)]).fetchall() if r[0] in columns and r[0] != "hash"]
        counting = ", ".join(f'count("{c}")' for c in present)
        counts = db.execute(f"SELECT {counting} FROM read_parquet(?)", [str(path)]).fetchone() or ()
        used = [c for c, n in zip(present, counts, strict=True) if n]
        chosen = ", ".join(f'"{c}"' for c in used)
        rows = db.execute(f"SELECT {chosen} FROM read_parquet(?) ORDER BY id", [str(path)]).fetchall()
    data, spec = {}, {}
    for i, name in enumerate(used):
        physical, many = columns[name]
        values = [r[i] for r in rows]
        data[name] = pd.Series(values, dtype=_PANDAS[physical] if physical in _PANDAS and not many else object)
        spec[name] = "list" if many else _KGLITE[physical]
    return pd.DataFrame(data), spec
