"""A mapping: what the columns of a table mean, declared in YAML and proved against the ontology at load, with file and line.

    title: {zh: …, en: …}
    document: {title: …, issuer: …, published: …, publisher: …, url: …, licence: …, standing: table}   # what its facts cite
    skip: {name: [市辖区]}          # rows that are no data, by what a column holds
    columns:                     # further columns made from those of the file, in this order
      exchange: {of: location, map: {深圳证券交易所: SZ}}      # a value that is not in the map sets the row aside
      modes: {of: ways, split: "、", map: {转让: assign}}      # piece by piece; what is mapped to "" is left out
      digits: {of: code, take: '(\\d{6})'}                     # the first group
      stock: {join: "{digits}.{exchange}"}
      adcode: {of: city, find: Region}                         # by the name or code of a shipped region
      code: {first: [class4, class3]}                          # the first that is filled in
    things:                      # the first is what a row is about; others only where their key is filled in
      company: {kind: Organization, name: fullname, aliases: {of: name, split: "、"}, types: =Enterprise}
    relations:
      - {from: company, relation: LOCATED_IN, to: city, since: opened}

A property is a column's name, `=constant`, or {of: column, split: separators}. A thing whose name or code is split is several
things. `key: [name]` in a thing says which parts of a key tell it apart here, where a table gives the others in some rows only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from graph.errors import BadDeclaration
from graph.ontology import KeyPart, Kind, lined, load, refuse
from graph.scan import scan
from ingest.meaning import Link, Made, Said, TableMapping, Thing, parts_wanted
from ingest.publications import CONFIDENCE, Publication

HERE, TEMPLATES = Path(__file__).with_name("mappings"), Path(__file__).with_name("templates")
MADE = {"of", "map", "take", "join", "find", "first", "split", "else"}
SECTIONS = {"title", "document", "skip", "form", "columns", "things", "relations", "private"}
FINDABLE = ("Region",)


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
        made = self.columns()
        things = tuple(self.thing(n, v, line) for n, v, line in self.items(self.raw["things"], self.lines["things"], "things"))
        relations = self.raw.get("relations", [])
        links = tuple(self.link(v, {t.name: t for t in things}) for v in relations)
        for t in things:
            self.keyed(t, links, {x.name: x.kind for x in things}, self.lines["things"])
        private = self.raw.get("private", False)
        if not isinstance(private, bool):
            raise self.refuse(self.lines["private"], "private is true or false")
        form = {n: str(v) for n, v, _ in self.items(self.raw.get("form", {"__lines__": {}}), 1, "form")}
        title = {n: str(v) for n, v, _ in self.items(self.raw["title"], self.lines["title"], "title")}
        if set(title) != {"zh", "en"}:
            raise self.refuse(self.lines["title"], "title: write {zh: …, en: …}")
        mapping = TableMapping(name, self.reference, title, self.publication(name), made, things, links, private, form, self.skip())
        if form and (odd := set(form) ^ set(mapping.columns)):
            raise self.refuse(self.lines["form"], f"form: {min(odd)!r} is explained but not used, or used but not explained")
        return mapping

    def columns(self) -> tuple[Made, ...]:
        found: list[Made] = []
        every = [*self.items(self.raw.get("columns", {"__lines__": {}}), 1, "columns")]
        later = {n for n, _, _ in every}
        for name, spec, line in every:
            found.append(self.made(name, spec, line))
            if too_early := later & set(found[-1].uses):
                raise self.refuse(line, f"column {name!r} is made from {min(too_early)!r}, which is made only here or later; choose another name")
            later.discard(name)
        return tuple(found)

    def skip(self) -> dict[str, frozenset[str]]:
        found = {}
        for column, values, line in self.items(self.raw.get("skip", {"__lines__": {}}), 1, "skip"):
            if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
                raise self.refuse(line, f"skip: write {column}: [a value, another], each a text")
            found[column] = frozenset(values)
        return found

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
            self.pattern(name, str(given["take"]), line)
        if given.get("find", FINDABLE[0]) not in FINDABLE:
            raise self.refuse(line, f"column {name!r}: find looks up {', '.join(FINDABLE)} only")
        pairs = {str(k): str(v) for k, v in given.get("map", {}).items() if k != "__lines__"}
        other = given.get("else")
        if "split" in given and "map" not in given:
            raise self.refuse(line, f"column {name!r}: split goes with map only")
        return Made(name, str(given.get("of", "")), pairs, given.get("take", ""), given.get("join", ""), given.get("find", ""),
                    tuple(map(str, given.get("first", ()))), str(given.get("split", "")), None if other is None else str(other))

    def pattern(self, name: str, pattern: str, line: int) -> None:
        """Refuse a pattern that the engine which runs it does not read: it has no look-ahead, no back references."""
        import duckdb

        try:
            with scan() as db:
                db.execute("SELECT regexp_extract('', ?, 1)", [pattern]).fetchall()
            groups = re.compile(pattern).groups
        except (re.error, duckdb.Error) as e:
            raise self.refuse(line, f"column {name!r}: {pattern!r} is no regular expression: {str(e).splitlines()[0]}") from e
        if groups != 1:
            raise self.refuse(line, f"column {name!r}: take needs one group in round brackets")

    def said(self, name: str, spec: Any, line: int, splits: bool) -> Said:
        if isinstance(spec, str):
            return Said(name, constant=spec[1:]) if spec.startswith("=") else Said(name, column=spec)
        given = {k: v for k, v, _ in self.items(spec, line, name)}
        if set(given) != {"of", "split"}:
            raise self.refuse(line, f"{name}: write a column, `=constant` or {{of: column, split: separators}}")
        if not splits:
            raise self.refuse(line, f"{name} holds one value; it cannot be split")
        return Said(name, column=str(given["of"]), split=str(given["split"]))

    def thing(self, name: str, spec: Any, line: int) -> Thing:
        given = {k: (v, at) for k, v, at in self.items(spec, line, f"thing {name}")}
        kind = self.ontology.kinds.get(str(given.pop("kind", ("", 0))[0]))
        if kind is None:
            raise self.refuse(line, f"thing {name!r}: kind is one of {', '.join(self.ontology.kinds)}")
        keys = self.keys(kind, *given.pop("key", ([], line)))
        properties = tuple(self.property(kind, str(p), v, at) for p, (v, at) in given.items())
        each = [p.name for p in properties if p.split and not kind.properties[p.name].many]
        if each and (len(each) > 1 or any(p.column and p.name != each[0] for p in properties)):
            raise self.refuse(line, f"thing {name!r} is several in a row: besides its {each[0]} it can have constants only")
        return Thing(name, kind.name, properties, keys, *each)

    def keys(self, kind: Kind, wanted: Any, line: int) -> tuple[tuple[KeyPart, ...], ...]:
        """The kind's keys, or what is left of them when only the `wanted` parts are to count."""
        if not wanted:
            return kind.keys
        parts = {p.side + p.name for key in kind.keys for p in key}
        if not isinstance(wanted, list) or set(wanted) - parts:
            raise self.refuse(line, f"key: write some of [{', '.join(sorted(parts))}]")
        keys = (tuple(p for p in key if p.side + p.name in wanted) for key in kind.keys
                if all(p.optional or p.side + p.name in wanted for p in key))  # fmt: skip
        return tuple(dict.fromkeys(k for k in keys if k))

    def property(self, kind: Kind, name: str, spec: Any, line: int) -> Said:
        declared = kind.properties.get(name)
        if declared is None:
            raise self.refuse(line, f"{kind.name} has no property {name!r}; it has {', '.join(kind.properties)}")
        said = self.said(name, spec, line, declared.many or name == "name" or name in kind.codes)
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
        if not any(all(p.optional or p.side + p.name in have for p in key) for key in thing.keys):
            raise self.refuse(line, f"thing {thing.name!r} cannot be told apart: a {thing.kind} needs {parts_wanted(thing.keys)}")


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
