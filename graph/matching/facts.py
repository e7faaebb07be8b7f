"""What is compared: an achievement's wish and what is known of a candidate. Every part carries the claims that state it.

What only an unconfirmed source states never gets here: it decides nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Claims = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A property's value in the store's form, the words it was stated in, and who says so."""

    value: Any
    shown: str = ""
    evidence: Claims = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is. `basis`: how that is known, see graph.places; `id` is the region's."""

    name: str
    adcode: str
    longitude: float | None = None
    latitude: float | None = None
    basis: str = "stated"
    evidence: Claims = ()
    id: str = ""

    def within(self, other: Place) -> bool:
        """Is this the other region, or inside it? 610113 lies in 610100 and in 610000, all in 100000."""
        code = other.adcode
        stem = "" if code == "100000" else code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
        return self.adcode.startswith(stem)

    def km(self, other: Place) -> float | None:
        """Between the two seats, along the sphere."""
        if self.longitude is None or self.latitude is None or other.longitude is None or other.latitude is None:
            return None
        a, b = math.radians(self.latitude), math.radians(other.latitude)
        half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other.longitude - self.longitude) / 2) ** 2
        return 2 * 6371.0 * math.asin(math.sqrt(half))


@dataclass(frozen=True, slots=True)
class Held:
    """A credential and who holds it: the candidate itself or one of its hosts."""

    name: str
    scope: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    holder: str = ""
    evidence: Claims = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A service or an instrument."""

    name: str
    kind: str
    said: Mapping[str, Said] = field(default_factory=dict)
    evidence: Claims = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What may name a process: its name and the processes it states."""
        return (self.name, *(str(p) for p in (self.said["process"].value if "process" in self.said else ())))


@dataclass(frozen=True, slots=True)
class Related:
    """Something beside the candidate: a host, a park, a trial, a support."""

    id: str
    name: str
    what: str = ""
    evidence: Claims = ()
    modality: str = "done"


@dataclass(frozen=True, slots=True)
class Mark:
    """That an achievement was considered here: contacted, signed or refused."""

    achievement: str
    name: str
    answer: str
    reason: str
    date: dt.date | None
    evidence: Claims = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """The shortest way from the achievement or its owners: node ids, edge ids, and its names in order."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    names: tuple[str, ...] = ()
    weakest: float = 1.0
    evidence: Claims = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far candidate and wish are about the same: 0 to 1, None where the candidate states nothing to compare."""

    value: float | None
    basis: str = ""  # same, part, feeds, text
    wanted: str = ""
    found: str = ""
    evidence: Claims = ()


@dataclass(frozen=True)
class Wish:
    """What an achievement asks for; what is empty or None is not stated."""

    id: str | None = None
    name: str = ""
    fields: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()  # ids
    processes: tuple[str, ...] = ()
    scale: str = ""
    levels: tuple[int, int] | None = None
    stage: str = ""
    region: Place | None = None
    qualifications: tuple[str, ...] = ()  # "CNAS", or "CNAS:scope"
    budget: float | None = None  # yuan
    start: dt.date | None = None
    secrecy: str = ""
    hazards: tuple[str, ...] = ()
    chemical_park: bool | None = None
    owners: tuple[str, ...] = ()  # ids
    name_only: bool = False  # no field is stated: the name is compared
    piloted: Claims = ()  # a pilot trial it passed
    evidence: Mapping[str, Claims] = field(default_factory=dict)

    def claims(self, name: str) -> Claims:
        return self.evidence.get(name, ())


@dataclass(frozen=True)
class Candidate:
    """A base, centre or fund with all that a verdict may rest on."""

    id: str
    name: str
    kind: str
    modality: str = "done"
    said: Mapping[str, Said] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    held: tuple[Held, ...] = ()
    parks: tuple[tuple[str, bool | None, Claims], ...] = ()
    places: tuple[Place, ...] = ()
    hosts: tuple[Related, ...] = ()
    trials: tuple[Related, ...] = ()  # what = outcome
    supports: tuple[Related, ...] = ()
    marks: tuple[Mark, ...] = ()
    tie: Tie | None = None
    overlap: Overlap = field(default_factory=lambda: Overlap(None))
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # of its offers, whatever the wish

    def get(self, name: str) -> Said | None:
        return self.said.get(name)
