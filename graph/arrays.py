"""A snapshot's edges and properties as columns: what whole-graph counts and rankings are computed on.

Rows are those of `graph.routes.Adjacency`. Only done, confirmed relations are given: what is planned or was seen on mirror
sites only decides nothing. The same on every store, because it reads the snapshot.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.adjacency import Adjacency
from graph.records import UNCONFIRMED
from graph.scan import scan
from graph.snapshot import Snapshot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

STEPS = 8  # of PART_OF or WITHIN that are followed; a circle ends there at the latest


class Arrays:
    """Columns of one snapshot, read when they are first asked for."""

    def __init__(self, snapshot: Snapshot, adjacency: Adjacency) -> None:
        self.snapshot, self.adjacency, self.a = snapshot, adjacency, adjacency._
        rows = np.repeat(np.arange(adjacency.size), np.diff(self.a["starts"]))
        out = self.a["out"]
        self.source = np.empty(len(self.a["edge_id"]), dtype=np.int64)
        self.target = np.empty_like(self.source)
        self.source[self.a["edge"][out]] = rows[out]
        self.target[self.a["edge"][out]] = self.a["other"][out]
        done = self.a["edge_modality"] == list(adjacency.ontology.modalities).index("done")
        self.done = done
        self.good = done & (self.a["edge_confidence"] > UNCONFIRMED + 1e-6)  # kept as 32-bit floats
        self.node_done = self.a["node_modality"] == list(adjacency.ontology.modalities).index("done")
        self._columns: dict[tuple[str, str], Any] = {}

    def rows(self, kind: str) -> slice:
        """The rows of a kind: they lie together, since ids begin with it and are in order."""
        found = np.flatnonzero(self.a["node_kind"] == self.adjacency.kinds.index(kind))
        return slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 0)

    def numbers(self) -> dict[str, dict[str, int]]:
        """How many nodes carry each label (kinds, and types within them), by modality: {"PilotBase": {"done": 12, "planned": 3}}."""
        modalities = list(self.adjacency.ontology.modalities)
        out: dict[str, dict[str, int]] = {}
        for kind, declared in self.adjacency.ontology.kinds.items():
            stated = self.a["node_modality"][self.rows(kind)]
            found = Counter((kind, m) for m in stated.tolist())
            if declared.types and len(stated):
                types = self.column(kind, "types")
                given = np.flatnonzero(~np.ma.getmaskarray(types))
                found.update((t, m) for held, m in zip(types.data[given], stated[given].tolist(), strict=True) for t in set(held))
            for (label, m), n in found.items():
                out.setdefault(label, {})[modalities[m]] = n
        return out

    def within(self, nodes: Ints, kinds: Iterable[str]) -> Mask:
        return np.isin(self.a["node_kind"][nodes], [self.adjacency.kinds.index(k) for k in kinds])

    @functools.cache  # noqa: B019  # lives as long as its version is served
    def edges(self, relation: str, source: str = "", target: str = "") -> Ints:
        """Edges of a relation (between two kinds), confirmed or not, in the order of their ids."""
        ok = self.a["edge_relation"] == self.adjacency.relations.index(relation)
        found = np.flatnonzero(ok)
        for kind, ends in ((source, self.source), (target, self.target)):
            if kind:
                found = found[self.within(ends[found], [kind])]
        return found

    def pairs(self, relation: str, source: str = "", target: str = "") -> tuple[Ints, Ints]:
        """(from, to) rows of the done, confirmed edges of a relation."""
        e = self.edges(relation, source, target)
        e = e[self.good[e]]
        return self.source[e], self.target[e]

    def column(self, kind: str, name: str) -> Any:
        """A stored property of a kind's nodes as a masked array, in the order of `rows`; all masked where the kind has none."""
        return self._read(f"nodes_{kind}", name, self.rows(kind).stop - self.rows(kind).start)

    def edge_column(self, relation: str, source: str, target: str, name: str) -> Any:
        """A stored property of the edges of a relation between two kinds, in the order of `edges`."""
        return self._read(f"edges_{relation}_{source}_{target}", name, len(self.edges(relation, source, target)))

    def _read(self, table: str, name: str, size: int) -> Any:
        if (table, name) not in self._columns:
            path = self.snapshot.folder / f"{table}.parquet"
            found = np.ma.masked_all(size, dtype=object)  # type: ignore[no-untyped-call]
            if size and path.exists():
                with scan() as db:
                    found = np.ma.asarray(db.execute(f'SELECT "{name}" AS x FROM read_parquet(?) ORDER BY id', [str(path)]).fetchnumpy()["x"])
            self._columns[table, name] = found
        return self._columns[table, name]

    def below(self, tops: Sequence[int], relation: str) -> Ints:
        """The rows themselves and what leads to them by a relation, in up to STEPS steps; a circle is walked once."""
        a, b = self.pairs(relation)
        seen = np.zeros(self.adjacency.size, dtype=bool)
        front = np.asarray(tops, dtype=np.int64)
        for _ in range(STEPS + 1):
            seen[front] = True
            reached = a[np.isin(b, front)]
            front = np.unique(reached[~seen[reached]])
            if not len(front):
                break
        return np.flatnonzero(seen)

    @functools.cache  # noqa: B019  # as `edges`
    def lies_in(self, kind: str) -> tuple[Ints, Ints, Any]:
        """(row, region's row, how it is known: see graph.places) of a kind's things, by row: every region that each lies in."""
        tables = [self.snapshot.folder / f"nodes_{k}.parquet" for k in (kind, "Region")]
        none = np.array([], dtype=np.int64)
        if not all(t.exists() for t in tables):
            return none, none, np.array([], dtype=object)
        with scan() as db:
            found = db.execute("""
                WITH region AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM read_parquet(?)),
                thing AS (SELECT row_number() OVER (ORDER BY id) - 1 AS n, unnest(lies_in) AS region, unnest(lies_in_by) AS how FROM read_parquet(?))
                SELECT t.n AS a, r.n AS b, how FROM thing t JOIN region r ON r.id = t.region ORDER BY 1, 2""",
                [str(tables[1]), str(tables[0])]).fetchnumpy()  # fmt: skip
        return found["a"] + self.rows(kind).start, found["b"] + self.rows("Region").start, np.ma.getdata(found["how"])

    def located(self, region: int, kinds: Sequence[str]) -> Mask:
        """Which rows of the graph lie in a region, as `graph.places` defines it."""
        found = np.zeros(self.adjacency.size, dtype=bool)
        for kind in kinds:
            a, b, _ = self.lies_in(kind)
            found[a[b == region]] = True
        return found

    def around(self, row: int, relation: str, out: bool, confirmed: bool = True) -> list[tuple[int, int]]:
        """(other, edge) of one node's edges of a relation in one direction, by the other's row: the done, confirmed ones, or the others."""
        part = slice(int(self.a["starts"][row]), int(self.a["starts"][row + 1]))
        other, edge = self.a["other"][part].astype(np.int64), self.a["edge"][part]
        ok = (self.a["out"][part] == out) & (self.a["edge_relation"][edge] == self.adjacency.relations.index(relation))
        ok &= self.good[edge] == confirmed
        return sorted(zip(other[ok].tolist(), edge[ok].tolist(), strict=True))

    def count(self, rows: Ints) -> Ints:
        """How often each row of the graph is among these."""
        return np.bincount(rows, minlength=self.adjacency.size)


def distinct(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Pairs once each: parallel edges say one thing."""
    if not len(a):
        return a, b
    found = np.unique(np.stack([a, b]), axis=1)
    return found[0], found[1]
