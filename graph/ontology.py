"""The ontology, read from `ontology.yaml` and proved: a wrong declaration stops at load, with file and line.

Invariant: after `load()` every name used anywhere in the ontology is declared in it, and nothing is declared twice.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from graph.errors import BadDeclaration
from graph.values import TYPES, Physical

HERE = Path(__file__).with_name("ontology.yaml")
REFUSED_NAMES = frozenset({"title", "type", "labels", "start", "end", "properties", "node_type"})  # engines claim them
COMMON_COLUMNS: Mapping[str, Physical] = {"id": "STRING", "sort_key": "STRING", "modality": "STRING", "since": "DATE", "until": "DATE",
                                          "hash": "STRING"}
PLACE_COLUMNS = ("lies_in", "lies_in_by")  # lists, see graph.places
EDGE_COLUMNS: Mapping[str, Physical] = {"id": "STRING", "modality": "STRING", "confidence": "FLOAT", "since": "DATE", "until": "DATE",
                                        "hash": "STRING"}  # plus `evidence`, a list of claim ids
ANY = "Any"


@functools.cache
def _prefix(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


@dataclass(frozen=True, slots=True)
class Property:
    """A declared property of a kind or relation."""

    name: str
    is_: str
    zh: str
    en: str
    many: bool = False
    choices: tuple[str, ...] = ()
    kept: str = "everywhere"

    @property
    def columns(self) -> dict[str, tuple[Physical, bool]]:
        """Store column → (physical type, is a list)."""
        if self.kept == "snapshot":
            return {}
        return {self.name + suffix: (physical, self.many) for suffix, physical in TYPES[self.is_].columns.items()}


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One part of a key: a property's value, or the thing a relation leads to (`<` into us, `>` from us)."""

    name: str
    side: str  # "", "<" or ">"
    optional: bool


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    zh: str
    en: str
    definition: Mapping[str, str]
    color: str
    shape: str
    stage: int | None
    properties: Mapping[str, Property]
    keys: tuple[tuple[KeyPart, ...], ...]
    types: Mapping[str, Mapping[str, Any]]

    @property
    def prefix(self) -> str:
        """The id's prefix: PilotBase → pilot-base."""
        return _prefix(self.name)

    @property
    def codes(self) -> tuple[str, ...]:
        """Properties that alone identify one thing (a certain code), best first."""
        return tuple(k[0].name for k in self.keys if len(k) == 1 and not k[0].side and k[0].name != "name")

    @property
    def columns(self) -> dict[str, tuple[Physical, bool]]:
        """Store columns: common ones, then those of every property."""
        own = {c: t for p in self.properties.values() for c, t in p.columns.items()}
        return {c: (t, False) for c, t in COMMON_COLUMNS.items()} | {c: ("STRING", True) for c in PLACE_COLUMNS} | own


@dataclass(frozen=True, slots=True)
class Relation:
    name: str
    zh: str
    en: str
    back_zh: str
    back_en: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    path: bool
    symmetric: bool
    key: tuple[str, ...]
    properties: Mapping[str, Property]

    @property
    def columns(self) -> dict[str, tuple[Physical, bool]]:
        own = {c: t for p in self.properties.values() for c, t in p.columns.items()}
        return {c: (t, False) for c, t in EDGE_COLUMNS.items()} | {"evidence": ("STRING", True)} | own


@dataclass(frozen=True, slots=True)
class Ontology:
    """The whole declaration. `hash` is part of every graph version."""

    kinds: Mapping[str, Kind]
    relations: Mapping[str, Relation]
    groups: Mapping[str, tuple[str, ...]]
    stages: tuple[Mapping[str, str], ...]
    modalities: tuple[str, ...]
    modality_labels: Mapping[str, Mapping[str, str]]
    hash: str
    by_prefix: Mapping[str, str] = field(default_factory=dict)

    def kind_of(self, node_id: str) -> str | None:
        """The kind an id names by its prefix, or None."""
        return self.by_prefix.get(node_id.partition(":")[0])

    def expand(self, name: str) -> tuple[str, ...]:
        """Kinds behind a kind, a group, a type label or Any; empty when unknown."""
        if name == ANY:
            return tuple(self.kinds)
        if name in self.kinds:
            return (name,)
        if name in self.groups:
            return self.groups[name]
        return tuple(k.name for k in self.kinds.values() if name in k.types)

    def type_labels(self) -> Iterator[tuple[str, str]]:
        """(kind, type) of every type label."""
        for kind in self.kinds.values():
            for label in kind.types:
                yield kind.name, label

    def allows(self, relation: str, source: str, target: str) -> bool:
        r = self.relations[relation]
        return source in r.sources and target in r.targets


class _Lines(yaml.SafeLoader):
    """A loader that remembers where every mapping key stands and refuses a key written twice."""


def _mapping(loader: _Lines, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    seen: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if key.value in seen:
            raise refuse(loader.name, line, f"{key.value!r} is declared twice (first on line {seen[key.value]})")
        seen[key.value] = line
    out: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    out["__lines__"] = seen
    return out


_Lines.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def refuse(file: str, line: int, what: str) -> BadDeclaration:
    """The refusal of a declaration, with its file and line."""
    return BadDeclaration(f"{file}:{line}: {what}", errors=[{"file": str(file), "line": line, "what": what}])


def _items(block: Mapping[str, Any]) -> Iterator[tuple[str, Any, int]]:
    for key, value in block.items():
        if key != "__lines__":
            yield key, value, block["__lines__"][key]


class _Prover:
    """Reads the parsed YAML into the dataclasses above, refusing what does not hold together."""

    def __init__(self, raw: dict[str, Any], file: str) -> None:
        self.raw, self.file = raw, file
        self.kind_names = [k for k, _, _ in _items(raw["kinds"])]
        self.groups = {g: tuple(v) for g, v, _ in _items(raw["groups"])}

    def refuse(self, line: int, what: str) -> BadDeclaration:
        return refuse(self.file, line, what)

    def fields(self, block: Mapping[str, Any], line: int, allowed: set[str], required: set[str]) -> None:
        if not isinstance(block, dict):
            raise self.refuse(line, f"{block!r} stands where a mapping needs fields: {', '.join(sorted(required))}")
        for name, _, at in _items(block):
            if name not in allowed:
                raise self.refuse(at, f"unknown field {name!r}; allowed: {', '.join(sorted(allowed))}")
        if missing := required - set(block):
            raise self.refuse(line, f"missing {', '.join(sorted(missing))}")

    def properties(self, block: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Property]:
        out: dict[str, Property] = {}
        for name, p, line in _items(block):
            self.fields(p, line, {"is", "zh", "en", "many", "in", "kept"}, {"is", "zh", "en"})
            if name in {*REFUSED_NAMES, *COMMON_COLUMNS, *PLACE_COLUMNS, *EDGE_COLUMNS} or name == "evidence":
                raise self.refuse(line, f"property {name!r}: the name is taken by an engine or by the common columns")
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise self.refuse(line, f"property {name!r} is not snake_case")
            if p["is"] not in TYPES:
                raise self.refuse(line, f"property {name!r}: no value type {p['is']!r}; there are {', '.join(sorted(TYPES))}")
            choices = tuple(types) if p.get("in") == "types" else tuple(p.get("in", ()))
            if p.get("kept", "everywhere") not in ("everywhere", "snapshot"):
                raise self.refuse(line, f"property {name!r}: kept is `snapshot` or not written")
            if (p["is"] == "choice") != bool(choices):
                raise self.refuse(line, f"property {name!r}: a choice needs `in: [...]`, other types must not have it")
            if p.get("many") and len(TYPES[p["is"]].columns) > 1:
                raise self.refuse(line, f"property {name!r}: a {p['is']} cannot be many")
            if p["is"] == "kind":
                choices = tuple(self.kind_names)
            made = Property(name, p["is"], p["zh"], p["en"], bool(p.get("many")), choices, p.get("kept", "everywhere"))
            if clash := {c for q in out.values() for c in q.columns} & set(made.columns):
                raise self.refuse(line, f"property {name!r}: the stores already have a column {min(clash)!r}, of another property")
            out[name] = made
        return out

    def key(self, parts: list[str], line: int, properties: Mapping[str, Property], relations: set[str]) -> tuple[KeyPart, ...]:
        out = []
        for text in parts:
            side, name, optional = text[0] if text[0] in "<>" else "", text.strip("<>?"), text.endswith("?")
            if name not in (relations if side else properties):
                raise self.refuse(line, f"key part {text!r} is neither a property of this kind nor a relation with < or >")
            out.append(KeyPart(name, side, optional))
        return tuple(out)

    def kinds(self) -> dict[str, Kind]:
        raw, out = self.raw, dict[str, Kind]()
        shared = self.properties(raw["every_node"], {})
        relations = {r for r, _, _ in _items(raw["relations"])}
        for block in ("keys", "properties", "types"):
            for name, _, line in _items(raw[block]):
                if name not in self.kind_names:
                    raise self.refuse(line, f"{block}: there is no kind {name!r}")
        for name, k, line in _items(raw["kinds"]):
            self.fields(k, line, {"zh", "en", "definition", "color", "shape", "stage"}, {"zh", "en", "definition", "color", "shape"})
            self.fields(k["definition"], line, {"zh", "en"}, {"zh", "en"})
            if name not in raw["keys"] or name not in raw["properties"]:
                raise self.refuse(line, f"kind {name!r} has no entry under keys or properties")
            if not re.fullmatch(r"([A-Z][a-z]+)+", name):
                raise self.refuse(line, f"kind {name!r} is not CamelCase")
            if (stage := k.get("stage")) is not None and stage not in range(len(raw["stages"])):
                raise self.refuse(line, f"kind {name!r}: stage {stage!r} is none of the {len(raw['stages'])} stages")
            types = {}
            for label, t, at in _items(raw["types"].get(name, {})):
                self.fields(t, at, {"zh", "en", "stage", "color"}, {"zh", "en"})
                types[label] = t
            own = self.properties(raw["properties"][name], types)
            if twice := set(own) & set(shared):
                raise self.refuse(line, f"kind {name!r} declares {', '.join(sorted(twice))} again: every kind has it")
            properties = shared | own
            keys = tuple(self.key(parts, raw["keys"]["__lines__"][name], properties, relations) for parts in raw["keys"][name])
            out[name] = Kind(name, k["zh"], k["en"], {"zh": k["definition"]["zh"], "en": k["definition"]["en"]}, k["color"], k["shape"],
                             stage, properties, keys, types)
        return out

    def ends(self, names: list[str], line: int) -> tuple[str, ...]:
        out: list[str] = []
        for name in names:
            members = self.kind_names if name == ANY else self.groups.get(name, [name] if name in self.kind_names else [])
            if not members:
                raise self.refuse(line, f"{name!r} is neither a kind nor a group")
            out += [m for m in members if m not in out]
        return tuple(out)

    def relations(self) -> dict[str, Relation]:
        out, labels = dict[str, Relation](), dict[str, str]()
        allowed = {"zh", "en", "back_zh", "back_en", "from", "to", "path", "symmetric", "key", "properties"}
        for name, r, line in _items(self.raw["relations"]):
            self.fields(r, line, allowed, {"zh", "en", "back_zh", "back_en", "from", "to"})
            if not re.fullmatch(r"[A-Z]+(_[A-Z]+)*", name):
                raise self.refuse(line, f"relation {name!r} is not UPPER_SNAKE")
            for label in (r["zh"], r["en"]):
                if label in labels:
                    raise self.refuse(line, f"{name} and {labels[label]} share the label {label!r}: one name a thing")
                labels[label] = name
            properties = self.properties(r["properties"], {}) if "properties" in r else {}
            if unknown := set(r.get("key", ())) - set(properties):
                raise self.refuse(line, f"key names {', '.join(sorted(unknown))}, which {name} does not declare")
            out[name] = Relation(name, r["zh"], r["en"], r["back_zh"], r["back_en"], self.ends(r["from"], line), self.ends(r["to"], line),
                                 bool(r.get("path")), bool(r.get("symmetric")), tuple(r.get("key", ())), properties)
        return out

    def prove(self, digest: str) -> Ontology:
        for name, members, line in _items(self.raw["groups"]):
            if unknown := [m for m in members if m not in self.kind_names]:
                raise self.refuse(line, f"group {name!r} names {', '.join(unknown)}, which is no kind")
        kinds = self.kinds()
        labels = [*kinds, *self.groups, *(t for k in kinds.values() for t in k.types), ANY]
        if twice := {x for x in labels if labels.count(x) > 1}:
            raise self.refuse(1, f"{', '.join(sorted(twice))} names two things")
        strip = [{k: v for k, v in s.items() if k != "__lines__"} for s in self.raw["stages"]]
        modalities = {m["id"]: {"zh": m["zh"], "en": m["en"]} for m in self.raw["modalities"]}
        return Ontology(kinds, self.relations(), self.groups, tuple(strip), tuple(modalities), modalities, digest,
                        {k.prefix: k.name for k in kinds.values()})


def lined(path: Path) -> dict[str, Any]:
    """A YAML declaration; every mapping in it has `__lines__`, the line of each key. Raises BadDeclaration with file and line."""
    try:
        loader = _Lines(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError) as e:
        raise refuse(path.name, 1, f"cannot be read: {e}") from e
    loader.name = str(path.name)
    try:
        raw = loader.get_single_data()
    except yaml.MarkedYAMLError as e:
        raise refuse(path.name, (e.problem_mark.line + 1) if e.problem_mark else 0, str(e.problem)) from e
    finally:
        loader.dispose()
    if not isinstance(raw, dict):
        raise refuse(path.name, 1, "there are no sections")
    return raw


def read(path: Path) -> Ontology:
    """The ontology of a file. Raises BadDeclaration with file and line."""
    raw = lined(path)
    top = {"stages", "modalities", "groups", "every_node", "kinds", "keys", "types", "properties", "relations"}
    if unknown := set(raw) - top - {"__lines__"}:
        raise refuse(path.name, raw["__lines__"][min(unknown)], f"unknown section {min(unknown)!r}")
    if missing := top - set(raw):
        raise refuse(path.name, 1, f"section {min(missing)!r} is missing")
    return _Prover(raw, path.name).prove(hashlib.sha256(path.read_bytes()).hexdigest())


@functools.cache
def load() -> Ontology:
    """The project's ontology, read and proved once a process."""
    return read(HERE)
