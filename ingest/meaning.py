"""What a proved mapping says of a table's columns: made columns, things, relations. `ingest.mapping` reads it from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.ontology import KeyPart
from ingest.publications import Publication

MUST = "必填"  # how the explanation of a column begins that a form cannot do without


@dataclass(frozen=True, slots=True)
class Made:
    """A column made from others: exactly one of `map`, `take`, `join`, `find`, `first`."""

    name: str
    of: str
    map: Mapping[str, str] = field(default_factory=dict)
    take: str = ""
    join: str = ""
    find: str = ""
    first: tuple[str, ...] = ()
    split: str = ""  # with `map`: every piece is mapped, and they are joined again by 、
    other: str | None = None  # `else`: what a value becomes that does not fit ("" = nothing); without it the row is set aside

    @property
    def uses(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{([^{}]+)\}", self.join)) if self.join else self.first or (self.of,)


@dataclass(frozen=True, slots=True)
class Said:
    """Where a property's value comes from: a column, or a constant."""

    name: str
    column: str = ""
    constant: str = ""
    split: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    kind: str
    properties: tuple[Said, ...]
    keys: tuple[tuple[KeyPart, ...], ...]  # those of its kind that count here
    each: str = ""  # the property whose cell names several such things

    @property
    def several(self) -> bool:
        return bool(self.each)


@dataclass(frozen=True, slots=True)
class Link:
    """A relation that every row states between two of its things."""

    source: str
    relation: str
    target: str
    properties: tuple[Said, ...]
    since: str
    until: str
    modality: Said


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A proved mapping. `columns` are the file's own columns it needs."""

    name: str
    reference: str  # by which it is found again: its name when it ships, else its path
    title: Mapping[str, str]
    publication: Publication
    made: tuple[Made, ...]
    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    private: bool
    form: Mapping[str, str]  # of a template: what to write in each column
    skip: Mapping[str, frozenset[str]]  # rows that are no data: column → what it then holds

    @property
    def columns(self) -> tuple[str, ...]:
        made = {m.name for m in self.made}
        used = [*self.skip, *(c for m in self.made for c in m.uses)]
        used += [p.column for t in self.things for p in t.properties if p.column]
        used += [p.column for k in self.links for p in k.properties if p.column]
        for link in self.links:
            used += [c for c in (link.since, link.until, link.modality.column) if c]
        return tuple(dict.fromkeys(c for c in used if c not in made))

    @property
    def optional(self) -> frozenset[str]:
        """Columns that a table may lack: those of a template that need not be filled in."""
        return frozenset(c for c, text in self.form.items() if not text.startswith(MUST))

    def origin(self, column: str) -> str:
        """The file's own column that a made one comes from, as evidence names it."""
        made = next((m for m in self.made if m.name == column), None)
        return self.origin(made.uses[0]) if made and made.uses[0] != column else column

    def thing(self, name: str) -> Thing:
        return next(t for t in self.things if t.name == name)


def parts_wanted(keys: Iterable[tuple[KeyPart, ...]]) -> str:
    """What must be given to tell a thing apart, in words: `uscc or name`."""
    return " or ".join(" + ".join(p.side + p.name for p in key if not p.optional) for key in keys)
