"""The arrays that paths are searched over, written by the build beside a snapshot's tables: a pure function of these.

Nodes and edges are rows in the order of their ids, so that comparing rows compares ids. Each node has a slice of half
edges (`starts`): the node at the other end (`other`), the edge (`edge`), and whether it runs outward (`out`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graph.ontology import Ontology

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

FILE = "adjacency.npz"
OPEN = np.iinfo(np.int32).min  # an unknown bound
_EPOCH = dt.date(1970, 1, 1)


def days(day: dt.date) -> int:
    """A day as the arrays hold it."""
    return (day - _EPOCH).days


def holds(since: Any, until: Any, day: int, certain: bool) -> Any:
    """What may have held on a day: an unknown bound does not exclude; `certain` wants both known."""
    ok = ((since == OPEN) | (since <= day)) & ((until == OPEN) | (until >= day))
    return ok & (since != OPEN) & (until != OPEN) if certain else ok


class Halves(NamedTuple):
    """Half edges: those of node n are `starts[n]:starts[n + 1]`, in the order of the node at the other end, then the edge."""

    starts: NDArray[Any]
    other: NDArray[Any]
    edge: NDArray[Any]
    out: NDArray[Any]


class Adjacency:
    """The arrays of one snapshot, loaded. Safe to share between threads: nothing writes to them."""

    def __init__(self, folder: Path, ontology: Ontology) -> None:
        self.ontology = ontology
        with np.load(folder / FILE) as arrays:
            self._: dict[str, NDArray[Any]] = {k: arrays[k] for k in arrays.files}
        self.kinds, self.relations = list(ontology.kinds), list(ontology.relations)
        self.symmetric = np.array([r.symmetric for r in ontology.relations.values()])
        kind = self._["node_kind"]
        firsts = np.flatnonzero(np.r_[True, kind[1:] != kind[:-1]]) if len(kind) else np.array([], dtype=np.int64)
        self._slices = {self.kinds[kind[a]]: (int(a), int(b)) for a, b in zip(firsts, [*firsts[1:], len(kind)], strict=True)}

    @cached_property
    def every(self) -> Halves:
        return Halves(*(self._[c] for c in Halves._fields))

    @cached_property
    def usual(self) -> Halves:
        """Only the done ones along path relations, which most questions walk: at 10^6 nodes 40 MB, made in a tenth of a second."""
        path = np.array([r.path for r in self.ontology.relations.values()])
        of_edge = path[self._["edge_relation"]] & (self._["edge_modality"] == list(self.ontology.modalities).index("done"))
        ok = of_edge[self._["edge"]]
        starts = np.concatenate([[0], np.cumsum(ok)])[self._["starts"]]
        return Halves(starts, *(column[ok] for column in self.every[1:]))

    @property
    def size(self) -> int:
        return len(self._["node_key"])

    def rows_of(self, kind: str) -> tuple[int, int]:
        """First row and the row after the last of a kind's nodes: they lie together, in the order of their ids."""
        return self._slices.get(kind, (0, 0))

    def number(self, node_id: str) -> int | None:
        """Row of a node id, or None."""
        first, last = self.rows_of(str(self.ontology.kind_of(node_id)))
        try:
            key = np.uint64(int(node_id.partition(":")[2], 16))
        except (ValueError, OverflowError):
            return None
        at = first + int(np.searchsorted(self._["node_key"][first:last], key))
        return at if at < last and self._["node_key"][at] == key else None

    def node_id(self, n: int) -> str:
        return f"{self.ontology.kinds[self.kinds[self._['node_kind'][n]]].prefix}:{int(self._['node_key'][n]):016x}"

    def edge_id(self, e: int) -> str:
        return f"e{int(self._['edge_id'][e]):016x}"

    def edge_number(self, edge_id: str) -> int:
        """Row of an edge's id, which is current: rows are in the order of ids."""
        return int(np.searchsorted(self._["edge_id"], np.uint64(int(edge_id[1:], 16))))

    def holds(self, node_id: str, day: dt.date, certain: bool) -> bool:
        """May a node have held on a day? `certain`: are both its bounds known, too?"""
        if (n := self.number(node_id)) is None:
            return False
        return bool(holds(self._["node_since"][n], self._["node_until"][n], days(day), certain))

    def degree(self, n: int) -> int:
        """Number of a node's relations, all types."""
        return int(self._["starts"][n + 1] - self._["starts"][n])


def degree_products(arrays: Mapping[str, NDArray[Any]], symmetric: NDArray[Any]) -> NDArray[np.int64]:
    """Of each edge the product of its two ends' degrees under its metaedge (Himmelstein et al. 2017, doi:10.7554/eLife.26726).

    A metaedge is (kind, relation, kind) in one direction; a node's degree under it is the number of different nodes at the
    other end, so that two edges between the same two nodes (hosting in two roles) count once.
    """
    node = np.repeat(np.arange(len(arrays["starts"]) - 1, dtype=np.int64), np.diff(arrays["starts"]))
    relation = arrays["edge_relation"][arrays["edge"]].astype(np.int64)
    side = np.where(symmetric[relation], 0, arrays["out"])
    # 7 bits a kind, 8 a relation, 1 the side: 47 are left for the node
    under = ((node << 8 | relation) << 1 | side) << 7 | arrays["node_kind"][arrays["other"]]
    order = np.lexsort((arrays["other"], under))
    u, o = under[order], arrays["other"][order]
    fresh = np.r_[True, (u[1:] != u[:-1]) | (o[1:] != o[:-1])] if len(u) else np.array([], dtype=bool)
    group = np.cumsum(np.r_[True, u[1:] != u[:-1]]) - 1 if len(u) else np.array([], dtype=np.int64)
    degrees = np.zeros(len(u), dtype=np.int64)
    degrees[order] = np.bincount(group, weights=fresh).astype(np.int64)[group] if len(u) else 0
    products = np.ones(len(arrays["edge_id"]), dtype=np.int64)
    np.multiply.at(products, arrays["edge"], degrees)
    return products


def write_arrays(db: DuckDBPyConnection, ontology: Ontology, folder: Path, nodes: Sequence[tuple[str, Path]], edges: Sequence[Path]) -> None:
    """Write `adjacency.npz` into a snapshot folder from its tables: about 18 bytes an edge and direction."""
    kinds, relations, modalities = list(ontology.kinds), list(ontology.relations), list(ontology.modalities)
    selects = []
    for kind, path in nodes:
        declared = ontology.kinds[kind]
        stage = "NULL" if declared.stage is None else str(declared.stage)
        if declared.types and "types" in declared.properties:
            cases = " ".join(f"WHEN '{t}' THEN {v['stage']}" for t, v in declared.types.items() if v.get("stage") is not None)
            stage = f"list_min(list_transform(types, lambda t: CASE t {cases} END))"
        selects.append(f"SELECT id, {kinds.index(kind)} AS kind, modality, since, until, ({stage})::INT AS stage FROM read_parquet('{path}')")
    codes = " ".join(f"WHEN '{m}' THEN {i}" for i, m in enumerate(modalities))
    db.execute(f"""CREATE OR REPLACE TABLE array_nodes AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, kind, since, until,
        CASE modality {codes} END AS modality, coalesce(stage, -1) AS stage FROM ({' UNION ALL '.join(selects)})""")
    days = "coalesce(date_diff('day', DATE '1970-01-01', {0}), -2147483648)::INT"
    n = db.execute(f"""SELECT id, kind::UTINYINT AS kind, modality::UTINYINT AS modality, {days.format('since')} AS since,
        {days.format('until')} AS until, stage::TINYINT AS stage FROM array_nodes ORDER BY n""").fetchnumpy()
    wanted = []
    for path in edges:
        relation = path.stem.split("_", 1)[1].rsplit("_", 2)[0]
        wanted.append(f"""SELECT id, "from", "to", {relations.index(relation)} AS relation, confidence, since, until, modality
                          FROM read_parquet('{path}')""")
    none = """SELECT '' AS id, '' AS "from", '' AS "to", 0 AS relation, 0 AS confidence, NULL::DATE AS since, NULL::DATE AS until,
              '' AS modality WHERE false"""
    rows = " UNION ALL ".join(wanted) or none
    e = db.execute(f"""SELECT a.n::INT AS a, b.n::INT AS b, ('0x' || e.id[2:])::UBIGINT AS id, e.relation::UTINYINT AS relation,
        e.confidence::FLOAT AS confidence, {days.format('e.since')} AS since, {days.format('e.until')} AS until,
        (CASE e.modality {codes} END)::UTINYINT AS modality
        FROM ({rows}) e JOIN array_nodes a ON a.id = e."from" JOIN array_nodes b ON b.id = e."to" ORDER BY e.id""").fetchnumpy()
    a, b, m = np.asarray(e["a"]), np.asarray(e["b"]), len(e["a"])
    source = np.concatenate([a, b])
    other = np.concatenate([b, a])
    edge = np.concatenate([np.arange(m, dtype=np.int32)] * 2)
    order = np.lexsort((edge, other, source))
    arrays: dict[str, Any] = {f"node_{c}": np.asarray(n[c]) for c in ("kind", "modality", "since", "until", "stage")}
    arrays |= {f"edge_{c}": np.asarray(e[c]) for c in ("id", "relation", "confidence", "since", "until", "modality")}
    arrays["node_key"] = np.array([int(i.partition(":")[2], 16) for i in n["id"]], dtype=np.uint64)
    arrays["starts"] = np.searchsorted(source[order], np.arange(len(n["id"]) + 1)).astype(np.int64)
    arrays |= {"other": other[order].astype(np.int32), "edge": edge[order], "out": (np.arange(2 * m) < m)[order]}
    arrays["edge_degrees"] = degree_products(arrays, np.array([r.symmetric for r in ontology.relations.values()]))
    np.savez(folder / FILE, **arrays)
