"""Pydantic models, enums and claims, all derived from the ontology.

A record is a row that has been checked; a claim is one checked statement of it. Ids are computed here and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo, WithJsonSchema, create_model

from graph.errors import BadRow
from graph.ontology import Ontology, Property, load
from graph.values import TYPES, BadValue, nfkc

UNCONFIRMED = 0.4  # the most a fact seen only on mirror sites can weigh; such facts decide nothing

KindName = StrEnum("KindName", {k: k for k in load().kinds})  # type: ignore[misc]  # members come from the ontology
RelationName = StrEnum("RelationName", {r: r for r in load().relations})  # type: ignore[misc]
Modality = StrEnum("Modality", {m: m for m in load().modalities})  # type: ignore[misc]


class Stated(NamedTuple):
    """A cleaned value and the words it was stated in."""

    value: Any
    shown: str


def canonical_json(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, no nulls inside mappings."""
    if isinstance(value, Mapping):
        value = {k: v for k, v in value.items() if v is not None}
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def clean(prop: Property, text: str, anchor: dt.date | None = None) -> Stated:
    """One stated text as a value of a property. Raises BadValue."""
    kind = TYPES[prop.is_]
    value = kind.clean(text, anchor)
    if prop.choices and value not in prop.choices:
        raise BadValue(f"{text!r} is none of {', '.join(prop.choices)}", f"“{text}”不在 {'、'.join(prop.choices)} 之中")
    return Stated(value, nfkc(text) if kind.name != "text" else text.strip())


def _field(prop: Property) -> Any:
    def cleaned(raw: Any, info: ValidationInfo) -> Stated:
        try:
            return clean(prop, raw if isinstance(raw, str) else str(raw), (info.context or {}).get("anchor"))
        except BadValue as e:
            raise ValueError(str(e), e.zh) from e

    schema: dict[str, Any] = {"type": "string", "description": f"{prop.zh} / {prop.en} ({prop.is_})"}
    if prop.choices:
        schema["enum"] = list(prop.choices)
    one: Any = Annotated[Stated, BeforeValidator(cleaned), WithJsonSchema(schema)]
    return (list[one] if prop.many else one) | None


@functools.cache
def model(name: str) -> type[BaseModel]:
    """The model of a kind's or relation's properties (extra = forbid). Input: stated texts; output: `Stated` values."""
    ontology = load()
    owner = ontology.kinds.get(name) or ontology.relations[name]
    spec: dict[str, Any] = {p.name: (_field(p), None) for p in owner.properties.values()}
    return create_model(name, __config__=ConfigDict(extra="forbid", frozen=True), **spec)


def check(name: str, texts: Mapping[str, Any], anchor: dt.date | None = None) -> dict[str, Any]:
    """Checked values of a kind or relation by property; a `many` property gives a list. Raises BadRow naming the field."""
    try:
        record = model(name).model_validate(dict(texts), context={"anchor": anchor})
    except ValidationError as e:
        first = e.errors(include_url=False)[0]
        where = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            known = ", ".join(model(name).model_fields)
            raise BadRow(f"{name} has no property {where!r}; it has: {known}", f"{name} 没有属性“{where}”；可用：{known}", where,
                         first["input"]) from e
        cause = first.get("ctx", {}).get("error")
        en, zh = (*cause.args, "")[:2] if cause else (first["msg"], "")
        raise BadRow(f"{where}: {en}", f"{where}:{zh or en}", where, first["input"]) from e
    return {k: v for k, v in record if v is not None}


def digest(*parts: str) -> str:
    """16 hex characters of sha256 over the NFKC of the parts."""
    return hashlib.sha256("\x1f".join(nfkc(p) for p in parts).encode()).hexdigest()[:16]


def node_id(kind: str, key: tuple[tuple[str, str], ...]) -> str:
    """The provisional id of a thing from (key part, value) pairs, e.g. (("name", "西北工业大学"),)."""
    return f"{load().kinds[kind].prefix}:{digest(*(f'{part}={fold(value)}' for part, value in key))}"


def fold(text: str) -> str:
    """The form under which names are equal: NFKC, no spaces, no outer 《》, plain quotes and dashes, lower case."""
    plain = nfkc(text).casefold().replace(" ", "")
    for odd, usual in (("—", "-"), ("–", "-"), ("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"'), ("·", "")):
        plain = plain.replace(odd, usual)
    return plain[1:-1] if plain.startswith("《") and plain.endswith("》") and plain.count("《") == 1 else plain


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a document says it: a span of code points of its un-normalised text, or a cell of a table, and our note."""

    document: str
    start: int | None = None
    end: int | None = None
    quote_sha256: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    note: str | None = None

    def json(self) -> str:
        return canonical_json({f.name: getattr(self, f.name) for f in fields(self)})


class Claim(NamedTuple):
    """One row of the ledger, but for its run. `value` is canonical JSON; a relation's value holds its properties."""

    claim_id: str
    source: str
    subject: str
    kind: str
    predicate: str
    object: str | None
    value: str | None
    shown: str | None
    evidence: str
    modality: str
    confidence: float
    valid_from: str | None
    valid_to: str | None


def claim(source: str, subject: str, predicate: str, evidence: str, *, object: str | None = None, value: Any = None,
          shown: str | None = None, modality: str = "done", confidence: float = 1.0,
          valid_from: str | None = None, valid_to: str | None = None, ontology: Ontology | None = None) -> Claim:  # fmt: skip
    """A claim with its content hash: equal content gives the equal id, whenever and in whatever run it is stated."""
    kind = (ontology or load()).kind_of(subject) or ""
    text = None if value is None else canonical_json(value)
    content = (source, subject, kind, predicate, object, text, shown, evidence, modality, float(confidence), valid_from, valid_to)
    return Claim("c" + hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:24], *content)
