"""Which achievements sleep, and which of them promises most. Computed on columns; ids and sentences are made by the caller.

    potential = Σ weight x part,   maturity (m-1)/8,   moved n/(n+3),   demands n/(n+2),   capacity n/(n+2)

`moved`: achievements that moved in the liveliest of its industries; `demands`: open ones there and on the achievement itself;
`capacity`: bases and centres serving it that state a free slot. A part that is not known counts as the mean of those known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.arrays import Arrays, distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays import Ints, Mask

    Floats = NDArray[np.float64]

TESTS = ("tried", "transferred", "licensed", "spun_out")  # each wakes an achievement
STAGES = ("laboratory", "verification", "pilot", "industry")
LICENCES = ("license", "open_license", "use_before_pay")
WEIGHTS = {"maturity": 0.35, "moved": 0.25, "demands": 0.2, "capacity": 0.2}
HALF = {"moved": 3.0, "demands": 2.0, "capacity": 2.0}  # the number that gives half of a part
CENTRES = ("PilotBase", "VerificationCentre")


@dataclass(frozen=True)
class Definition:
    """What sleeping means: none of `moved_by` has happened; ages, deadlines and free slots are looked at on `as_of`."""

    as_of: dt.date
    moved_by: tuple[str, ...] = TESTS


@dataclass(frozen=True)
class Wanted:
    """Which sleeping achievements: rows of the graph for owner, field and region; years; maturity from–to."""

    owner: int | None = None
    field: int | None = None
    region: int | None = None
    min_age: int = 0
    maturity: tuple[int, int] | None = None


@dataclass(frozen=True)
class Ranking:
    """Sleeping achievements, best first. `parts` and `known` by part, `best` the industry that counted (-1: none), `awake`: all by
    achievement; `asked` (open demands) and `roomy` (bases with a free slot) by row of the graph.
    """

    order: Ints
    score: Floats
    parts: dict[str, Floats]
    known: dict[str, Mask]
    counts: dict[str, Ints]
    best: Ints
    awake: Mask
    asked: Mask
    roomy: Mask


class Achievements:
    """All achievements of a snapshot: number n is the n-th by id."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays, self.slice = arrays, arrays.rows("Achievement")
        self.size = self.slice.stop - self.slice.start
        self.tests = self._tests()
        low, high = (arrays.column("Achievement", f"maturity_{x}") for x in ("min", "max"))
        self.low = np.ma.filled(low.astype(float), np.nan) if self.size else np.zeros(0)
        self.high = np.ma.filled(high.astype(float), np.nan) if self.size else np.zeros(0)
        self.low, self.high = np.where(np.isnan(self.low), self.high, self.low), np.where(np.isnan(self.high), self.low, self.high)
        self.year = self._years()
        a, i = distinct(*arrays.pairs("APPLIES_TO", "Achievement"))
        self.applies = (a - self.slice.start, i)

    def _mark(self, rows: Ints) -> Mask:
        found = np.zeros(self.size, dtype=bool)
        found[rows - self.slice.start] = True
        return found

    def _tests(self) -> dict[str, Mask]:
        g = self.arrays
        tried = self._mark(g.pairs("TRIED_IN")[0])
        spun = self._mark(g.pairs("SPUN_OUT", "Achievement")[0])
        transferred, licensed = np.zeros((2, self.size), dtype=bool)
        given, patents = g.pairs("PROTECTED_BY")
        by_patent = np.zeros(g.adjacency.size, dtype=np.int8)  # 1 transferred, 2 licensed
        for kind in ("Achievement", "Patent"):
            e = g.edges("TRANSFERRED_TO", kind, "Organization")
            mode = np.ma.filled(g.edge_column("TRANSFERRED_TO", kind, "Organization", "mode").astype(object), "")
            as_licence, good = np.isin(mode.astype(str), LICENCES), g.good[e]
            for licence, mark in ((False, transferred), (True, licensed)):
                rows = g.source[e[good & (as_licence == licence)]]
                if kind == "Achievement":
                    mark[rows - self.slice.start] = True
                else:
                    by_patent[rows] |= 2 if licence else 1
        patent_rows = g.rows("Patent")
        opened = g.column("Patent", "open_license")
        by_patent[patent_rows] |= np.where(np.ma.filled(opened.astype(object), False).astype(bool), 2, 0).astype(np.int8)
        for bit, mark in ((1, transferred), (2, licensed)):
            mark[given[(by_patent[patents] & bit) > 0] - self.slice.start] = True
        return {"tried": tried, "transferred": transferred, "licensed": licensed, "spun_out": spun}

    def _years(self) -> Any:
        """Year of registration, as the register number states it, else the year stated; nan where neither is."""
        stated = np.ma.filled(self.arrays.column("Achievement", "year").astype(float), np.nan)
        numbers = np.ma.filled(self.arrays.column("Achievement", "registration_no").astype(object), "").astype(str)
        registered = np.array([float(x[3:7]) if len(x) == 12 else np.nan for x in numbers]) if self.size else np.zeros(0)
        return np.where(np.isnan(registered), stated, registered)

    def stages(self) -> Ints:
        """The furthest stage of each on record, as a number of STAGES."""
        g, pilot = self.arrays, np.zeros(self.size, dtype=bool)
        a, p = g.pairs("TRIED_IN")
        kind = np.ma.filled(g.column("Project", "project_kind").astype(object), "").astype(str)
        pilot[a[kind[p - g.rows("Project").start] == "pilot"] - self.slice.start] = True
        out: Ints = np.where(self.tests["tried"], 1, 0)
        out[pilot] = 2
        out[self.tests["transferred"] | self.tests["licensed"] | self.tests["spun_out"]] = 3
        return out

    def awake(self, definition: Definition) -> Mask:
        found = np.zeros(self.size, dtype=bool)
        for test in definition.moved_by:
            found |= self.tests[test]
        return found

    def demanded(self, as_of: dt.date) -> tuple[Ints, Ints]:
        """(demand, what it seeks) of the demands whose deadline, where stated, has not passed."""
        g = self.arrays
        d, sought = distinct(*g.pairs("SEEKS"))
        deadline = g.column("Demand", "deadline_latest")
        still = _not_before(deadline, as_of) | np.ma.getmaskarray(deadline)
        ok = still[d - g.rows("Demand").start]
        return d[ok], sought[ok]

    def roomy(self, as_of: dt.date) -> Mask:
        """Which rows of the graph are bases or centres that state a free slot on or after a day."""
        g, found = self.arrays, np.zeros(self.arrays.adjacency.size, dtype=bool)
        for offer in ("Service", "Instrument"):
            by, what = g.pairs("OFFERS", "", offer)
            free = _not_before(g.column(offer, "next_free_latest"), as_of)
            found[by[free[what - g.rows(offer).start]]] = True
        found &= g.within(np.arange(g.adjacency.size), CENTRES) & g.node_done
        return found

    def rank(self, definition: Definition) -> Ranking:
        """All that sleep under a definition, by potential, ties by id."""
        g, (a, i) = self.arrays, self.applies
        awake = self.awake(definition)
        demands, sought = self.demanded(definition.as_of)
        base, served = distinct(*g.pairs("SERVES"))
        roomy = self.roomy(definition.as_of)
        of_industry = {"moved": g.count(i[awake[a]]), "demands": g.count(sought), "capacity": g.count(served[roomy[base]])}
        counts = {k: _most(n[i], a, self.size) for k, n in of_industry.items()}
        direct = g.count(sought)[self.slice]
        counts["demands"] = counts["demands"] + direct
        placed = np.bincount(a, minlength=self.size) > 0
        known = {"maturity": ~np.isnan(self.low), "moved": placed, "demands": placed | (direct > 0), "capacity": placed}
        parts = {"maturity": ((self.low + self.high) / 2 - 1) / 8, **{k: n / (n + HALF[k]) for k, n in counts.items()}}
        asleep, score = ~awake & g.node_done[self.slice], np.zeros(self.size)
        for name, weight in WEIGHTS.items():
            usual = known[name] & asleep
            parts[name] = np.where(known[name], parts[name], parts[name][usual].mean() if usual.any() else 0.0)
            score += weight * parts[name]
        score = np.round(score, 9).astype(np.float64)
        rows = np.flatnonzero(asleep)
        best = self._liveliest(of_industry)
        return Ranking(rows[np.lexsort((rows, -score[rows]))], score, parts, known, counts, best, awake, g.count(demands) > 0, roomy)

    def _liveliest(self, of_industry: dict[str, Ints]) -> Ints:
        """Of each achievement's industries the one where most happens; ties by id."""
        a, i = self.applies
        lively = sum(of_industry.values())[i] if len(i) else i  # type: ignore[index]
        best = np.full(self.size, -1)
        order = np.lexsort((-i, lively))  # the last one written stays
        best[a[order]] = i[order]
        return best

    def wanted(self, w: Wanted, as_of: dt.date) -> tuple[Mask, dict[str, Mask]]:
        """Which achievements a filter keeps; and which it can say nothing of, by what is unknown. Unknown is not kept, only counted."""
        g, ok, unknown = self.arrays, np.ones(self.size, dtype=bool), dict[str, Any]()
        owners, owned = g.pairs("OWNS", "Organization", "Achievement")
        if w.owner is not None:
            ok &= self._mark(owned[owners == w.owner])
        if w.region is not None:
            ok &= self._mark(owned[g.located(w.region, ["Organization"])[owners]])
        if w.field is not None:
            a, i = self.applies
            ok &= np.bincount(a[np.isin(i, g.below([w.field], "PART_OF"))], minlength=self.size) > 0
        if w.min_age:
            unknown["age"] = ok & np.isnan(self.year)
            ok = ok & (as_of.year - self.year >= w.min_age)  # nan compares false
        if w.maturity:
            unknown["maturity"] = ok & np.isnan(self.low)
            ok = ok & (self.low <= w.maturity[1]) & (self.high >= w.maturity[0])
        return ok, unknown


def _not_before(days: Any, as_of: dt.date) -> Mask:
    """Which stated days are this one or later; unknown ones are not."""
    if days.dtype == object or not len(days):
        return np.zeros(len(days), dtype=bool)
    found: Mask = np.asarray(days.data.astype("datetime64[D]") >= np.datetime64(as_of)) & ~np.ma.getmaskarray(days)
    return found


def _most(values: Ints, of: Ints, size: int) -> Ints:
    found = np.zeros(size, dtype=np.int64)
    np.maximum.at(found, of, values)
    return found
