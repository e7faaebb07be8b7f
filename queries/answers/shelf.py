"""One graph version's candidates of a kind, held ready for matching: names and fields as an index over character pairs.

Read once a version from the snapshot's arrays and its SQLite, so that a question over 10^5 candidates costs milliseconds and
only the best are fetched from the store. Invariant: a pure function of the snapshot.
"""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import orjson

from graph.adjacency import Adjacency
from graph.matching.facts import Overlap, Place
from graph.matching.near import of_kind, steps
from graph.matching.standard import Standard, standard
from graph.matching.text import Index
from graph.places import short_place
from graph.records import fold
from queries.reader import Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

ABOUT = {"PilotBase": ("SERVES", "OFFERS"), "VerificationCentre": ("SERVES", "OFFERS"), "Fund": ("FOCUSES_ON",)}
CHUNK = 500  # ids in one SQL text
_held: WeakKeyDictionary[Reader, dict[tuple[str, str], Any]] = WeakKeyDictionary()
_lock = threading.RLock()  # a shelf needs the regions


@dataclass(frozen=True)
class Regions:
    """Regions by id and by the name, full or short, that a base's name may begin with."""

    by_id: dict[str, Place]
    by_name: dict[str, Place]

    def at_head(self, name: str) -> tuple[Place, int] | None:
        """(place, length) of the longest province or city that a name begins with."""
        for n in range(min(12, len(name)), 1, -1):
            if place := self.by_name.get(name[:n]):
                return place, n
        return None


@dataclass
class Shelf:
    """Candidates of one kind: `ids[i]`, its texts in `index`, its industries in `served` (row, industry) pairs."""

    ids: list[str]
    names: list[str]
    numbers: NDArray[Any]
    index: Index
    silent: NDArray[Any]  # states nothing to compare
    served: NDArray[Any]
    places: tuple[NDArray[Any], NDArray[Any]]  # (row, region's node) of every region that each lies in
    size: int

    def inside(self, region: int | None) -> NDArray[Any]:
        """1 for every row that lies in a region, else 0."""
        found = np.zeros(self.size)
        found[self.places[0][self.places[1] == (-1 if region is None else region)]] = 1.0
        return found

    def overlaps(self, adjacency: Adjacency, terms: Sequence[str], industries: Sequence[str]) -> Overlaps:
        """Every candidate's overlap with a wish."""
        value, text, term = self.index.best(terms, self.size)
        near: dict[int, tuple[str, str, str]] = {}
        for about, (strength, of) in _related(adjacency, industries, self.index.standard.overlap).items():
            for row in self.served[self.served[:, 1] == about][:, 0].tolist():
                if strength > value[row]:
                    value[row], near[row] = strength, self._basis(adjacency, strength, of, about)
        return Overlaps(np.where(self.silent & (value == 0), np.nan, value), text, term, near, terms, self.index)

    def overlap_of_one(self, adjacency: Adjacency, row: int, terms: Sequence[str], industries: Sequence[str]) -> tuple[float, tuple[str, str, str]]:
        """The same of one candidate: (value, basis)."""
        value, text, term = self.index.of_one(terms, row)
        basis = ("text", terms[term], self.index.texts[text]) if text >= 0 else ("", "", "")
        related = _related(adjacency, industries, self.index.standard.overlap)
        for about in self.served[self.served[:, 0] == row][:, 1].tolist():
            if about in related and related[about][0] > value:
                value, basis = related[about][0], self._basis(adjacency, *related[about], about)
        return (math.nan if value == 0 and self.silent[row] else value), basis

    def _basis(self, adjacency: Adjacency, strength: float, of: int, about: int) -> tuple[str, str, str]:
        key = next(k for k in ("same", "part", "feeds") if self.index.standard.overlap[k] == strength)
        return key, adjacency.node_id(of), adjacency.node_id(about)


@dataclass(frozen=True)
class Overlaps:
    """`values`: of every row, nan = unknown. `of` says what a row's rests on: (basis, wanted, found)."""

    values: NDArray[Any]
    text: NDArray[Any]
    term: NDArray[Any]
    near: dict[int, tuple[str, str, str]]
    terms: Sequence[str]
    index: Index

    def of(self, row: int) -> tuple[str, str, str]:
        if row in self.near:
            return self.near[row]
        return ("text", self.terms[self.term[row]], self.index.texts[self.text[row]]) if self.text[row] >= 0 else ("", "", "")


def _related(adjacency: Adjacency, industries: Sequence[str], overlap: Any) -> dict[int, tuple[float, int]]:
    """Fields, chains and segments near the wanted ones: row → (strength, wanted row). One step, so a cyclic chain ends too."""
    wanted = np.array(sorted(n for i in industries if (n := adjacency.number(i)) is not None), dtype=np.int64)
    out: dict[int, tuple[float, int]] = {}
    if not len(wanted):
        return out
    for relation, key in (("FEEDS", "feeds"), ("PART_OF", "part")):
        node, other, _ = steps(adjacency, wanted, (relation,))
        out.update({o: (overlap[key], n) for n, o in zip(node.tolist(), other.tolist(), strict=True)})
    out.update({n: (overlap["same"], n) for n in wanted.tolist()})
    return out


def kept(reader: Reader, what: str, make: Any) -> Any:
    """What `make` gives, once a version."""
    version = reader.snapshot().version
    held = _held.setdefault(reader, {})
    if (version, what) not in held:
        with _lock:
            if (version, what) not in held:
                made = make()
                for old in [k for k in held if k[0] != version]:
                    del held[old]
                held[version, what] = made
    return held[version, what]


def regions(reader: Reader) -> Regions:
    """Regions of this version, with the coordinates of their seats."""
    return kept(reader, "regions", functools.partial(_regions, reader))  # type: ignore[no-any-return]


def _regions(reader: Reader) -> Regions:
    raw: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in reader.sqlite().execute(
            "SELECT subject, predicate, value FROM facts WHERE subject >= 'region:' AND subject < 'region;' AND won = 1 "
            "AND predicate IN ('name', 'adcode', 'longitude', 'latitude') ORDER BY subject, predicate, claim"):  # fmt: skip
        raw.setdefault(subject, {}).setdefault(predicate, orjson.loads(value))
    by_id = {i: Place(str(r.get("name", i)), str(r["adcode"]), r.get("longitude"), r.get("latitude"), id=i) for i, r in raw.items() if "adcode" in r}
    by_name: dict[str, Place] = {}
    for place in sorted(by_id.values(), key=lambda p: p.adcode, reverse=True):  # a province's short name wins over a county's
        if place.adcode.endswith("00") and place.adcode != "100000":
            by_name |= {place.name: place, short_place(place.name): place}
    return Regions(by_id, by_name)


def places_of(reader: Reader, node: str, finest: bool = True) -> list[tuple[str, str]]:
    """(region, how it is known) of the regions a thing lies in; the finest are those that hold no other of them."""
    g, number = reader.arrays(), reader.adjacency().number
    row = number(node)
    things, regions_, how = g.lies_in(str(reader.ontology.kind_of(node)))
    part = slice(*np.searchsorted(things, [row, row + 1])) if row is not None else slice(0)
    held = dict(zip(regions_[part].tolist(), how[part].tolist(), strict=True))
    if not finest:
        return [(reader.adjacency().node_id(r), str(basis)) for r, basis in held.items()]
    above = kept(reader, "above", functools.partial(_above, reader))
    holding = {outer for r in held for outer in above.get(r, ())}
    return [(reader.adjacency().node_id(r), str(basis)) for r, basis in held.items() if r not in holding]


def _above(reader: Reader) -> dict[int, list[int]]:
    """Each region's next larger ones, by rows: a province's own relations are too many to look through for each of its bases."""
    out: dict[int, list[int]] = {}
    for inner, outer in zip(*(x.tolist() for x in reader.arrays().pairs("WITHIN")), strict=True):
        out.setdefault(inner, []).append(outer)
    return out


def shelf(reader: Reader, kind: str) -> Shelf:
    """The candidates of a kind in this version; funds also where only planned or encouraged."""
    return kept(reader, kind, functools.partial(_shelf, reader, kind))  # type: ignore[no-any-return]


def _shelf(reader: Reader, kind: str) -> Shelf:
    adjacency, known, planned = reader.adjacency(), regions(reader), kind == "Fund"
    rows = of_kind(adjacency, kind, planned)
    row_of = {int(n): i for i, n in enumerate(rows)}
    ids = [adjacency.node_id(int(n)) for n in rows]
    prefix, called = reader.ontology.kinds[kind].prefix, dict[str, list[str]]()
    for node, text in reader.sqlite().execute("SELECT node, text FROM names WHERE node >= ? AND node < ? ORDER BY alias, node, text",
                                              [prefix + ":", prefix + ";"]):  # fmt: skip
        called.setdefault(node, []).append(text)
    index = Index(standard())
    for i, node in enumerate(ids):
        for text in called.get(node, ()):
            head = known.at_head(text)
            index.add(i, text, _bare_of_place(text, head[1] if head else 0, index.standard))
    node_, other, _ = steps(adjacency, rows, ABOUT[kind], out=True, planned=planned) if len(rows) else (rows, rows, rows)
    names = names_of(reader, {adjacency.node_id(int(o)) for o in np.unique(other)})
    served = []
    for n, o in zip(node_.tolist(), other.tolist(), strict=True):
        if (name := names.get(adjacency.node_id(o))) is not None:
            index.add(row_of[n], name)
        served.append((row_of[n], o))
    silent = np.ones(len(ids), dtype=bool)
    silent[index.owner] = False
    named = [called.get(i, [i])[0] for i in ids]
    thing, region, _ = reader.arrays().lies_in(kind)
    ok = np.isin(thing, rows)
    places = np.searchsorted(rows, thing[ok]), region[ok]
    return Shelf(ids, named, rows, index, silent, np.array(served, dtype=np.int64).reshape(-1, 2), places, len(ids))


def _bare_of_place(text: str, head: int, standard_: Standard) -> str:
    plain = fold(text[head:])
    for word in standard_.words["generic"]:
        plain = plain.replace(word, " ")
    return plain


def names_of(reader: Reader, ids: Iterable[str]) -> dict[str, str]:
    """Names of nodes from the snapshot."""
    wanted, out = sorted(ids), dict[str, str]()
    for i in range(0, len(wanted), CHUNK):
        part = wanted[i : i + CHUNK]
        out |= dict(reader.sqlite().execute(f"SELECT node, name FROM names WHERE node IN ({', '.join('?' * len(part))})", part))
    return out


def overlap_of(found: tuple[str, str, str], value: float, names: dict[str, str]) -> Overlap:
    """An overlap in words: ids of industries as their names."""
    basis, wanted, text = found
    return Overlap(None if np.isnan(value) else float(value), basis, names.get(wanted, wanted), names.get(text, text))
