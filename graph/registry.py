"""The register of one kind of facility as columns: what each is filtered by and counted by. Made once a version."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graph.arrays import Arrays
from graph.standing import GRANTS, STATUSES, Event, Standing, standing

FACETS = ("region", "level", "field", "chain", "host_type", "year", "status")
SORTS = ("id", "name", "year", "level", "status")
LEVELS = (("国家",), ("省", "自治区", "直辖市"), ("市", "州", "盟"), ("区", "县"))  # words of a level, the highest first
Facet = str | int  # a value: a row of the graph (region, field, chain), or a word


@dataclass
class Entry:
    """One facility: facet → its values (none = unknown), and the acts of agencies on it or its batch.

    `confirmed`: the values that do not rest on unconfirmed facts alone.
    """

    row: int
    values: dict[str, set[Facet]] = field(default_factory=lambda: defaultdict(set))
    confirmed: dict[str, set[Facet]] = field(default_factory=lambda: defaultdict(set))
    events: list[Event] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)  # region → how it is known, see graph.places

    def say(self, facet: str, values: Iterable[Facet], sure: bool) -> None:
        self.values[facet] |= set(values)
        if sure:
            self.confirmed[facet] |= set(values)


class Register:
    """All facilities of a kind, in the order of their ids."""

    def __init__(self, g: Arrays, kind: str) -> None:
        self.g, self.kind = g, kind
        rows = g.rows(kind)
        self.entries = {n: Entry(n) for n in range(rows.start, rows.stop) if g.node_done[n]}
        self._places()
        self._served()
        self._hosts()
        self._acts()

    def _done(self, relation: str, source: str = "", target: str = "") -> Iterable[tuple[int, int, bool]]:
        """(from, to, is confirmed) of the done edges of a relation."""
        e = self.g.edges(relation, source, target)
        e = e[self.g.done[e]]
        return zip(self.g.source[e].tolist(), self.g.target[e].tolist(), self.g.good[e].tolist(), strict=True)

    def _above(self, relation: str) -> dict[int, list[int]]:
        out: dict[int, list[int]] = defaultdict(list)
        for a, b in zip(*(x.tolist() for x in self.g.pairs(relation)), strict=True):
            out[a].append(b)
        return out

    def _places(self) -> None:
        for a, region, how in zip(*self.g.lies_in(self.kind), strict=True):
            if a in self.entries:
                self.entries[a].say("region", [int(region)], True)
                self.entries[a].places[int(region)] = str(how)
        within, region = self._above("WITHIN"), self.g.rows("Region")
        for a, at, sure in self._done("LOCATED_IN", self.kind):
            if a in self.entries and not sure:
                self.entries[a].say("region", (x for x in _all_above(at, within) if region.start <= x < region.stop), False)

    def _served(self) -> None:
        part, chains = self._above("PART_OF"), self.g.rows("IndustryChain")
        for a, at, sure in self._done("SERVES", self.kind):
            for x in _all_above(at, part) if a in self.entries else ():
                self.entries[a].say("chain" if chains.start <= x < chains.stop else "field", [x], sure)

    def _hosts(self) -> None:
        types, first = self.g.column("Organization", "types"), self.g.rows("Organization").start
        for relation in ("HOSTS", "BUILDS"):
            for a, b, sure in self._done(relation, "Organization", self.kind):
                if b in self.entries and (found := types[a - first]) is not np.ma.masked:
                    self.entries[b].say("host_type", map(str, found), sure)

    def _acts(self) -> None:
        own, batches = self._events(self.kind), self._events("Batch")
        years = self.g.column("Batch", "year")
        first = self.g.rows("Batch").start
        levels = self.g.column("Batch", "level")
        for row, events in own.items():
            if row in self.entries:
                self.entries[row].events += events
        for a, batch, sure in self._done("IN_BATCH", self.kind, "Batch"):
            if a in self.entries:
                entry = self.entries[a]
                entry.events += batches.get(batch, []) if sure else []  # what is unconfirmed decides no status
                entry.say("level", [str(x) for x in [levels[batch - first]] if x is not np.ma.masked], sure)
                entry.say("year", [int(x) for x in [years[batch - first]] if x is not np.ma.masked], sure)
        for entry in self.entries.values():
            entry.say("level", (e.level for e in entry.events if e.level), True)
            entry.say("year", (e.earliest.year for e in entry.events if e.earliest and e.event in GRANTS), True)

    def _events(self, target: str) -> dict[int, list[Event]]:
        g, out = self.g, dict[int, list[Event]]()
        e = g.edges("RECOGNIZES", "Organization", target)
        if not len(e):
            return out
        columns = [g.edge_column("RECOGNIZES", "Organization", target, c) for c in ("event", "event_date_earliest", "level", "valid_until_latest")]
        for n in np.flatnonzero(g.good[e]).tolist():
            event, earliest, level, until = (c[n] for c in columns)
            made = Event(_word(event), _day(earliest), _word(level), _day(until), int(e[n]))
            out.setdefault(int(g.target[e[n]]), []).append(made)
        return out

    # ---- asking

    def on(self, as_of: dt.date) -> dict[int, Standing]:
        return {n: standing(e.events, as_of) for n, e in self.entries.items()}

    def found(self, wanted: Mapping[str, Facet], on: Mapping[int, Standing]) -> tuple[list[int], dict[str, Counter[Facet | None]]]:
        """Rows that fit every wanted facet; and by facet how many fit the others: per value, None = unknown.

        What is unknown does not fit a wanted value (`unknown` asks for it).
        """
        counts: dict[str, Counter[Facet | None]] = {f: Counter() for f in FACETS}
        fits = []
        for n, entry in self.entries.items():
            failed = [f for f, v in wanted.items() if not self._fits(entry, on[n], f, v)]
            if not failed:
                fits.append(n)
            for f in FACETS if not failed else failed if len(failed) == 1 else ():
                counts[f].update(self._values(entry, on[n], f) or [None])
        return fits, counts

    def ordered(self, rows: Iterable[int], on: Mapping[int, Standing], by: str) -> list[int]:
        """Rows by `id`, by `name` as people sort names, by `year` (the latest first), `level` (the highest first) or `status`; then by name.

        What is not known comes last.
        """
        if by == "id":
            return sorted(rows)
        names, first = np.ma.filled(self.g.column(self.kind, "sort_key"), ""), self.g.rows(self.kind).start
        statuses = list(STATUSES)

        def key(n: int) -> Any:
            held = self.entries[n].values.get(by, ())
            if by == "year":
                return -max((int(x) for x in held), default=0)
            if by == "level":
                return min((_rank(str(x)) for x in held), default=len(LEVELS) + 1)
            return statuses.index(on[n].status) if by == "status" else 0

        return sorted(rows, key=lambda n: (key(n), str(names[n - first]), n))

    @staticmethod
    def _values(entry: Entry, stands: Standing, facet: str) -> set[Facet]:
        return {stands.status} if facet == "status" else entry.values.get(facet, set())

    def _fits(self, entry: Entry, stands: Standing, facet: str, value: Facet) -> bool:
        held = self._values(entry, stands, facet)
        return not held if value == "unknown" and facet != "status" else value in held


def _rank(level: str) -> int:
    return next((n for n, words in enumerate(LEVELS) if any(w in level for w in words)), len(LEVELS))


def _all_above(start: int, parents: Mapping[int, list[int]]) -> set[int]:
    seen, front = set[int](), [start]
    while front:
        if (at := front.pop()) not in seen:
            seen.add(at)
            front += parents.get(at, ())
    return seen


def _word(value: Any) -> str:
    return "" if value is np.ma.masked else str(value)


def _day(value: Any) -> dt.date | None:
    return None if value is np.ma.masked else np.datetime64(value, "D").astype(object)
