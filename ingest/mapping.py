"""A mapping: what the columns of a table mean, declared in YAML and proved against the ontology at load, with file and line.

    title: {zh: …, en: …}
    document: {title: …, issuer: …, published: …, publisher: …, url: …, licence: …, standing: table}   # what its facts cite
    columns:                     # further columns made from those of the file, in this order
      exchange: {of: location, map: {深圳证券交易所: SZ}}      # a value that is not in the map sets the row aside
      modes: {of: ways, split: "、", map: {转让: assign}}      # piece by piece
      digits: {of: code, take: '(\\d{6})'}                     # the first group
      stock: {join: "{digits}.{exchange}"}
      adcode: {of: city, find: Region}                         # by the name of a shipped region
      code: {first: [class4, class3]}                          # the first that is filled in
    things:                      # the first is what a row is about; others only where their key is filled in
      company: {kind: Organization, name: fullname, aliases: {of: name, split: "、"}, types: =Enterprise}
    relations:
      - {from: company, relation: LOCATED_IN, to: city, since: opened}

A property is a column's name, `=constant`, or {of: column, split: separators}. A thing whose name is split is several things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from graph.errors import BadDeclaration
from graph.ontology import Kind, lined, load, refuse
from ingest.publications import CONFIDENCE, Publication

HERE, TEMPLATES = Path(__file__).with_name("mappings"), Path(__file__).with_name("templates")
MADE = {"of", "map", "take", "join", "find", "first", "split", "else"}
MUST = "必填"  # how the explanation of a column begins that a form cannot do without
SECTIONS = {"title", "document", "form", "columns", "things", "relations", "private"}
FINDABLE = ("Region",)
COMMON = ("since", "until", "modality")


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

    @property
    def several(self) -> bool:
        """Its name is split, so a row may speak of several."""
        return any(p.split and p.name == "name" for p in self.properties)


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

    @property
    def columns(self) -> tuple[str, ...]:
        made = {m.name for m in self.made}
        used = [c for m in self.made for c in m.uses]
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


class _Prover:
    """Reads one parsed file, refusing what the ontology does not have."""

    def __init__(self, raw: dict[str, Any], file: str, reference: str) -> None:
        self.raw, self.file, self.reference, self.ontology = raw, file, reference, load()
        self.lines: dict[str, int] = raw["__lines__"]

    def refuse(self, line: int, what: str) -> BadDeclaration:
        return refuse(self.file, line, what)

    def items(self, block: Any, line: int, what: str) -> Iterator[tuple[str, Any, int]]:
        if not isinstance(block, dict):
            raise self.refuse(line, f"{what}: a mapping of names is needed, not {block!r}")
        for key, value in block.items():
            if key != "__lines__":
                yield str(key), value, block["__lines__"][key]

    def mapping(self, name: str) -> TableMapping:
        for key, _, line in self.items(self.raw, 1, self.file):
            if key not in SECTIONS:
                raise self.refuse(line, f"unknown section {key!r}; there are {', '.join(sorted(SECTIONS))}")
        for key in ("title", "document", "things"):
            if key not in self.raw:
                raise self.refuse(1, f"section {key!r} is missing")
        made = tuple(self.made(n, v, line) for n, v, line in self.items(self.raw.get("columns", {"__lines__": {}}), 1, "columns"))
        things = tuple(self.thing(n, v, line) for n, v, line in self.items(self.raw["things"], self.lines["things"], "things"))
        relations = self.raw.get("relations", [])
        links = tuple(self.link(v, {t.name: t for t in things}) for v in relations)
        for t in things:
            self.keyed(t, links, {x.name: x.kind for x in things}, self.lines["things"])
        private = self.raw.get("private", False)
        if not isinstance(private, bool):
            raise self.refuse(self.lines["private"], "private is true or false")
        form = {n: str(v) for n, v, _ in self.items(self.raw.get("form", {"__lines__": {}}), 1, "form")}
        title = {k: str(self.raw["title"][k]) for k in ("zh", "en")}
        mapping = TableMapping(name, self.reference, title, self.publication(name), made, things, links, private, form)
        if form and (odd := set(form) ^ set(mapping.columns)):
            raise self.refuse(self.lines["form"], f"form: {min(odd)!r} is explained but not used, or used but not explained")
        return mapping

    def publication(self, name: str) -> Publication:
        line = self.lines["document"]
        known = {f.name for f in fields(Publication)} - {"ref", "file", "read_sha256"}
        texts = {}
        for key, value, at in self.items(self.raw["document"], line, "document"):
            if key not in known:
                raise self.refuse(at, f"document: unknown field {key!r}; there are {', '.join(sorted(known))}")
            texts[key] = str(value)
        if "title" not in texts or texts.setdefault("standing", "table") not in CONFIDENCE:
            raise self.refuse(line, f"document: title is needed, and standing is one of {', '.join(CONFIDENCE)}")
        publication = Publication(ref=name, **texts)
        try:
            publication.values()
        except Exception as e:
            raise self.refuse(line, f"document: {e}") from e
        return publication

    def made(self, name: str, spec: Any, line: int) -> Made:
        given = {k: v for k, v, _ in self.items(spec, line, f"column {name}")}
        how = [k for k in ("map", "take", "join", "find", "first") if k in given]
        if unknown := set(given) - MADE:
            raise self.refuse(line, f"column {name!r}: unknown field {min(unknown)!r}; there are {', '.join(sorted(MADE))}")
        if len(how) != 1 or ("of" in given) == (how[0] in ("join", "first")):
            raise self.refuse(line, f"column {name!r}: write {{of: …}} with one of map, take, find, or {{join: …}}, or {{first: […]}}")
        if "take" in given:
            try:
                groups = re.compile(given["take"]).groups
            except re.error as e:
                raise self.refuse(line, f"column {name!r}: {given['take']!r} is no regular expression: {e}") from e
            if groups != 1:
                raise self.refuse(line, f"column {name!r}: take needs one group in round brackets")
        if given.get("find", FINDABLE[0]) not in FINDABLE:
            raise self.refuse(line, f"column {name!r}: find looks up {', '.join(FINDABLE)} only")
        pairs = {str(k): str(v) for k, v in given.get("map", {}).items() if k != "__lines__"}
        other = given.get("else")
        if "split" in given and "map" not in given:
            raise self.refuse(line, f"column {name!r}: split goes with map only")
        return Made(name, str(given.get("of", "")), pairs, given.get("take", ""), given.get("join", ""), given.get("find", ""),
                    tuple(map(str, given.get("first", ()))), str(given.get("split", "")), None if other is None else str(other))

    def said(self, name: str, spec: Any, line: int, many: bool) -> Said:
        if isinstance(spec, str):
            return Said(name, constant=spec[1:]) if spec.startswith("=") else Said(name, column=spec)
        given = {k: v for k, v, _ in self.items(spec, line, name)}
        if set(given) != {"of", "split"}:
            raise self.refuse(line, f"{name}: write a column, `=constant` or {{of: column, split: separators}}")
        if not many and name != "name":
            raise self.refuse(line, f"{name} holds one value; it cannot be split")
        return Said(name, column=str(given["of"]), split=str(given["split"]))

    def thing(self, name: str, spec: Any, line: int) -> Thing:
        given = {k: (v, at) for k, v, at in self.items(spec, line, f"thing {name}")}
        kind = self.ontology.kinds.get(given.pop("kind", ("", 0))[0])
        if kind is None:
            raise self.refuse(line, f"thing {name!r}: kind is one of {', '.join(self.ontology.kinds)}")
        properties = tuple(self.property(kind, str(p), v, at) for p, (v, at) in given.items())
        thing = Thing(name, kind.name, properties)
        if thing.several and any(p.column and p.name != "name" for p in properties):
            raise self.refuse(line, f"thing {name!r} is several in a row: besides its name it can have constants only")
        return thing

    def property(self, kind: Kind, name: str, spec: Any, line: int) -> Said:
        declared = kind.properties.get(name)
        if declared is None:
            raise self.refuse(line, f"{kind.name} has no property {name!r}; it has {', '.join(kind.properties)}")
        said = self.said(name, spec, line, declared.many)
        if said.constant and declared.choices and said.constant not in declared.choices:
            raise self.refuse(line, f"{name}: {said.constant!r} is none of {', '.join(declared.choices)}")
        return said

    def link(self, spec: Any, things: Mapping[str, Thing]) -> Link:
        line = spec.get("__lines__", {}).get("relation", self.lines["relations"]) if isinstance(spec, dict) else self.lines["relations"]
        given = {k: (v, at) for k, v, at in self.items(spec, line, "a relation")}
        ends = [given.pop(k, ("", 0))[0] for k in ("from", "relation", "to")]
        source, relation, target = (str(e) for e in ends)
        if relation not in self.ontology.relations:
            raise self.refuse(line, f"there is no relation {relation!r}; there are {', '.join(self.ontology.relations)}")
        for end in (source, target):
            if end not in things:
                raise self.refuse(line, f"{relation}: {end!r} is none of the things {', '.join(things)}")
        if not self.ontology.allows(relation, things[source].kind, things[target].kind):
            raise self.refuse(line, f"{relation} cannot lead from {things[source].kind} to {things[target].kind}")
        declared = self.ontology.relations[relation].properties
        modality = self.said("modality", given.pop("modality", ("=done", line))[0], line, False)
        if modality.constant and modality.constant not in self.ontology.modalities:
            raise self.refuse(line, f"modality {modality.constant!r} is none of {', '.join(self.ontology.modalities)}")
        since, until = (str(given.pop(k, ("", 0))[0]) for k in ("since", "until"))
        for name in given:
            if name not in declared:
                raise self.refuse(line, f"{relation} has no property {name!r}; it has {', '.join(declared) or 'none'}")
        properties = tuple(self.said(n, v, at, False) for n, (v, at) in given.items())
        return Link(source, relation, target, properties, since, until, modality)

    def keyed(self, thing: Thing, links: tuple[Link, ...], kinds: Mapping[str, str], line: int) -> None:
        """Refuse a thing that no row could tell apart: none of its kind's keys is mapped."""
        have = {p.name for p in thing.properties} | {">" + k.relation for k in links if k.source == thing.name}
        have |= {"<" + k.relation for k in links if k.target == thing.name}
        keys = self.ontology.kinds[thing.kind].keys
        if not any(all(p.optional or p.side + p.name in have for p in key) for key in keys):
            wanted = " or ".join(" + ".join(p.side + p.name for p in key if not p.optional) for key in keys)
            raise self.refuse(line, f"thing {thing.name!r} cannot be told apart: a {thing.kind} needs {wanted}")


def read(path: Path) -> TableMapping:
    """The mapping of a YAML file; its name is the file's. Raises BadDeclaration with file and line."""
    ours = path.resolve().parent in (HERE, TEMPLATES)
    return _Prover(lined(path), path.name, path.stem if ours else str(path.resolve())).mapping(path.stem)


def shipped() -> dict[str, Path]:
    """Files of the mappings that ship, by name."""
    return {p.stem: p for p in sorted(HERE.glob("*.yaml"))}


def templates() -> dict[str, Path]:
    """Mappings of the forms that people fill in, by name."""
    return {p.stem: p for p in sorted(TEMPLATES.glob("*.yaml"))}

