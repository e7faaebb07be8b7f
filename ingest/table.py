"""The table form of `ingest/data/`: one row a fact, read into claims; a wrong row is set aside with its reason.

Two passes: the first checks every row on its own, the second finds each thing's id from the best key its rows give,
so that an owner or a document named further down still counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.errors import BadFile, BadRow
from graph.ledger import Run
from graph.ontology import KeyPart, Ontology, load
from graph.records import Claim, Evidence, Stated, check, claim, node_id
from graph.values import BadValue, clean_date
from ingest.files import Table
from ingest.publications import Publication, key_text, region_names
from ingest.quarantine import Refused
from ingest.text.mask import mask

COLUMNS = ("kind", "subject", "predicate", "object_kind", "object", "value", "qualifiers", "modality", "confidence", "since", "until",
           "start", "end", "quote_sha256", "note", "document")
REQUIRED = ("kind", "subject")
DOCUMENT = "@document"
SECRECY = frozenset({"密级", "保密级别", "涉密等级", "涉密情况", "secrecy"})  # heads of a column that says whether a row is secret
PUBLIC = frozenset({"", "公开", "非密", "非涉密", "不涉密", "无密级", "无", "否", "/", "-", "—", "public"})  # what says there: not secret
SECRET = ("it is marked secret and is refused whole", "标有密级，整行不予接收")
BRINGS = frozenset({"BUILDS", "HOSTS", "FOUNDS", "SPUN_OUT", "OFFERS", "YIELDS", "PRODUCES"})  # what they lead to need not exist before
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PLACE = re.compile(r"[0-9]{1,9}")  # fits the snapshot's 32-bit columns
Thing = tuple[str, str]  # (kind, name or @handle or adcode)


@dataclass(slots=True)
class Row:
    """A row that has passed on its own."""

    line: int
    cells: Mapping[str, str]
    publication: Publication
    subject: Thing
    predicate: str
    object: Thing | None
    values: dict[str, Any]
    evidence: str
    modality: str
    confidence: float
    since: str | None
    until: str | None


@dataclass
class Reading:
    """What a source states. `refused`, `read` and `notes` (rows below the heads that are no data) hold after `write`.

    `whole`: all the source has is here, so what is absent is gone. `secret`: refused rows of earlier that stay refused.
    """

    claims: list[Claim] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    read: int = 0
    notes: int = 0
    encoding: str = "utf-8"
    mapping: str = ""
    whole: bool = True
    replaces: bool = False  # a document: its new text takes the place of the old, however much of it
    secret: list[Refused] = field(default_factory=list)

    def write(self, run: Run, progress: Callable[[int], None]) -> None:
        """Add everything to the run."""
        run.add(self.claims)


def _get(cells: Mapping[str, str], name: str) -> str:
    return cells.get(name) or ""


def clean_date_cell(text: str, column: str, publication: Publication) -> dict[str, str | None]:
    """A date cell as earliest and latest day, empty when nothing is stated. Raises BadRow."""
    if not text:
        return {}
    try:
        return clean_date(text, publication.day)
    except BadValue as e:
        raise BadRow(f"{column}: {e}", f"{column}:{e.zh}", column, text) from e


def check_heads(path: Path, table: Table) -> None:
    """Refuse a table that is not in this form, saying what is."""
    if unknown := [h for h in table.heads if h not in COLUMNS]:
        raise BadFile(f"{path}:1: unknown column {unknown[0]!r}; the columns are {', '.join(COLUMNS)}")
    if missing := [h for h in REQUIRED if h not in table.heads]:
        raise BadFile(f"{path}:1: column {missing[0]!r} is missing; a table of facts needs at least {', '.join(REQUIRED)}")
    if not table.rows:
        raise BadFile(f"{path}: there are heads but no rows")


class FactTable:
    """Reads one table. `default` is the publication its rows cite; `others` may be named in the column `document`."""

    def __init__(self, source: str, table: Table, default: Publication, others: Mapping[str, Publication]) -> None:
        self.source, self.table, self.default, self.others = source, table, default, others
        self.ontology: Ontology = load()
        self.own = default.standing == "table"  # the table itself is the document: evidence is the cell
        self.out = Reading(read=len(table.rows), encoding=table.encoding)
        self.rows: list[Row] = []
        self.secret = {(_get(c, "kind"), _get(c, "subject")) for _, c in table.rows
                       if _get(c, "predicate") == "secrecy" and _get(c, "value") not in PUBLIC}  # fmt: skip
        self.given: dict[Thing, dict[str, tuple[Any, int]]] = {}  # property values by thing, with their line
        self.many: dict[tuple[Thing, str], set[str]] = {}  # values of many-valued properties
        self.into: dict[tuple[str, Thing], list[Row]] = {}
        self.from_: dict[tuple[str, Thing], list[Row]] = {}
        self.ids: dict[Thing, str | None] = {}

    def read(self) -> Reading:
        for line, cells in self.table.rows:
            if (_get(cells, "kind"), _get(cells, "subject")) in self.secret:
                why = BadRow(*SECRET, "subject")
                self.out.refused.append(Refused(self.table.name, line, {}, why, True))
                continue
            try:
                self._take(self._row(line, cells))
            except BadRow as e:
                self._refuse(line, cells, e)
        named: set[Thing] = {r.subject for r in self.rows if r.predicate in ("", "name")}
        for publication in sorted({r.publication for r in self.rows}, key=lambda p: p.ref):
            self.out.claims += publication.claims(self.source)
        for row in self.rows:
            fresh = {t for t in (row.subject, row.object) if t} - named
            try:
                self.out.claims += list(self._claims(row, named))
            except BadRow as e:
                named -= fresh  # its claims are dropped whole, so the next row must do the naming
                self._refuse(row.line, row.cells, e)
        return self.out

    def _refuse(self, line: int, cells: Mapping[str, str], why: BadRow) -> None:
        self.out.refused.append(Refused(self.table.name, line, {h: cells.get(h, "") for h in self.table.heads}, why))

    # ---- first pass: a row on its own

    def _row(self, line: int, cells: Mapping[str, str]) -> Row:
        publication = self._publication(_get(cells, "document"))
        kind, predicate = _get(cells, "kind"), _get(cells, "predicate")
        subject = self._thing(kind, _get(cells, "subject"), "subject")
        modality = _get(cells, "modality") or "done"
        if modality not in self.ontology.modalities:
            raise BadRow(f"modality {modality!r} is none of {', '.join(self.ontology.modalities)}", f"情态“{modality}”无效", "modality")
        days = {n: clean_date_cell(_get(cells, n), n, publication) for n in ("since", "until")}
        object_, values = self._content(kind, predicate, cells, publication)
        return Row(line, cells, publication, subject, predicate, object_, values, self._evidence(line, cells, publication), modality,
                   self._confidence(_get(cells, "confidence"), publication), days["since"].get("earliest"), days["until"].get("latest"))

    def _content(self, kind: str, predicate: str, cells: Mapping[str, str], publication: Publication) -> tuple[Thing | None, dict[str, Any]]:
        if predicate in self.ontology.relations:
            target = self._thing(_get(cells, "object_kind"), _get(cells, "object"), "object")
            if not self.ontology.allows(predicate, kind, target[0]):
                r = self.ontology.relations[predicate]
                raise BadRow(f"{predicate} cannot lead from {kind} to {target[0]}; it leads from {', '.join(r.sources)} to {', '.join(r.targets)}",
                             f"关系 {predicate} 不能从 {kind} 指向 {target[0]}", "predicate")
            return target, check(predicate, self._qualifiers(_get(cells, "qualifiers")), publication.day)
        if predicate.isupper():
            raise BadRow(f"there is no relation {predicate!r}; there are {', '.join(self.ontology.relations)}", f"没有关系“{predicate}”", "predicate")
        if predicate in ("", "name"):
            name = _get(cells, "value") or (_get(cells, "subject") if not _get(cells, "subject").startswith("@") else "")
            return None, {} if not name else check(kind, {"name": mask(name)}, publication.day)
        value = mask(_get(cells, "value"))
        declared = self.ontology.kinds[kind].properties.get(predicate)
        return None, check(kind, {predicate: [value] if declared and declared.many else value}, publication.day)

    def _thing(self, kind: str, name: str, field_name: str) -> Thing:
        if kind not in self.ontology.kinds:
            raise BadRow(f"there is no kind {kind!r}; there are {', '.join(self.ontology.kinds)}", f"没有种类“{kind}”",
                         "kind" if field_name == "subject" else "object_kind")
        if not name:
            raise BadRow(f"{field_name} is empty", f"{field_name} 为空", field_name)
        if name == DOCUMENT and kind != "Document":
            raise BadRow(f"{DOCUMENT} is a Document, not a {kind}", f"{DOCUMENT} 是 Document,不是 {kind}", field_name)
        return kind, name

    def _publication(self, ref: str) -> Publication:
        if ref and ref not in self.others:
            raise BadRow(f"document {ref!r} is not in documents.csv", f"documents.csv 中没有“{ref}”", "document")
        return self.others[ref] if ref else self.default

    def _qualifiers(self, text: str) -> dict[str, str]:
        pairs = [p.partition("=") for p in text.split(";") if p.strip()]
        if any(not sep for _, sep, _ in pairs):
            raise BadRow(f"qualifiers {text!r}: write property=value; property=value", "限定应写作 属性=值; 属性=值", "qualifiers")
        names = [k.strip() for k, _, _ in pairs]
        if twice := {n for n in names if names.count(n) > 1}:
            raise BadRow(f"qualifier {min(twice)!r} is given twice", f"限定“{min(twice)}”重复", "qualifiers")
        return {k.strip(): mask(v.strip()) for k, _, v in pairs}

    def _confidence(self, text: str, publication: Publication) -> float:
        try:
            stated = float(text) if text else 1.0
        except ValueError:
            stated = -1.0
        if not 0 <= stated <= 1:
            raise BadRow(f"confidence {text!r} is not between 0 and 1", f"置信度“{text}”不在 0 与 1 之间", "confidence")
        return min(stated, publication.cap)

    def _evidence(self, line: int, cells: Mapping[str, str], publication: Publication) -> str:
        span = [cells.get("start") or "", cells.get("end") or ""]
        quote = cells.get("quote_sha256") or ""
        if not all(_PLACE.fullmatch(s) for s in span if s) or (span[0] == "") != (span[1] == "") or (span[0] and int(span[0]) >= int(span[1])):
            raise BadRow(f"start {span[0]!r} and end {span[1]!r} are no span", "起止位置不是有效的区间", "start")
        if bool(quote) != bool(span[0]) or (quote and not _SHA256.fullmatch(quote)):
            raise BadRow("a span and the sha256 of its quote belong together", "区间与引文校验值须同时给出", "quote_sha256")
        note = mask(cells.get("note") or "") or None
        if span[0]:
            return Evidence(publication.node_id, int(span[0]), int(span[1]), quote, note=note).json()
        if self.own and publication is self.default:
            return Evidence(publication.node_id, sheet=self.table.name, row=line, column=cells.get("predicate") or "subject", note=note).json()
        return Evidence(publication.node_id, note=note).json()

    def _take(self, row: Row) -> None:
        given = self.given.setdefault(row.subject, {})
        for name, value in row.values.items() if row.object is None else ():
            if isinstance(value, list):
                self.many.setdefault((row.subject, name), set()).update(str(v.value) for v in value)
                continue
            before = given.setdefault(name, (value, row.line))
            if before[0].value != value.value:
                raise BadRow(f"{name} of {row.subject[1]} is already {before[0].shown!r} in line {before[1]}",
                             f"{row.subject[1]} 的 {name} 已在第 {before[1]} 行给出：{before[0].shown}", name, value.shown)
        if row.object:
            self.into.setdefault((row.predicate, row.object), []).append(row)
            self.from_.setdefault((row.predicate, row.subject), []).append(row)
        self.rows.append(row)

    # ---- second pass: ids, then claims

    def _id(self, thing: Thing, publication: Publication) -> str:
        if thing[1] == DOCUMENT:
            return publication.node_id
        if thing in self.ids:
            if (found := self.ids[thing]) is None:
                raise BadRow(f"the keys of {thing[0]} {thing[1]} need each other", f"{thing[1]} 的主键互相依赖", "subject")
            return found
        self.ids[thing] = None
        try:
            self.ids[thing] = made = self._make_id(thing)
        except BadRow:
            del self.ids[thing]
            raise
        return made

    def _make_id(self, thing: Thing) -> str:
        kind, name = thing
        lacking: list[str] = []
        for key in self.ontology.kinds[kind].keys:
            parts = [(p, self._part(thing, p)) for p in key]
            if absent := [p for p, v in parts if v is None and not p.optional]:
                lacking += [p.side + p.name for p in absent]
                continue
            return node_id(kind, tuple((p.name, v) for p, v in parts if v is not None))
        en, zh = " or ".join(dict.fromkeys(lacking)), "、".join(dict.fromkeys(lacking))
        raise BadRow(f"{kind} {name} cannot be told apart: give {en}", f"{kind} {name} 缺少主键：{zh}", "subject", name)

    def _part(self, thing: Thing, part: KeyPart) -> str | None:
        kind, name = thing
        if part.side:
            rows = (self.into if part.side == "<" else self.from_).get((part.name, thing), [])
            ends = {self._id(r.subject if part.side == "<" else r.object or r.subject, r.publication) for r in rows}
            return ",".join(sorted(ends)) or None
        if stated := self.given.get(thing, {}).get(part.name):
            return key_text(stated[0])
        if several := self.many.get((thing, part.name)):
            return ",".join(sorted(several))
        if kind == "Region" and part.name == "adcode":
            return name if re.fullmatch(r"\d{6}", name) else region_names().get(name)
        return mask(name) if part.name == "name" and not name.startswith("@") else None

    def _claims(self, row: Row, named: set[Thing]) -> Iterator[Claim]:
        common: dict[str, Any] = {"confidence": row.confidence, "valid_from": row.since, "valid_to": row.until}
        subject = self._id(row.subject, row.publication)
        for thing in (row.subject, row.object):
            if thing and thing not in named and thing[1] != DOCUMENT:
                named.add(thing)
                made = self._naming(thing, row)
                if made.modality != "done":
                    named.discard(thing)  # where it is stated more firmly, it is named again
                yield made
        if row.object:
            value = {k: {"v": v.value, "s": v.shown} for k, v in row.values.items()}
            target = self._id(row.object, row.publication)
            yield claim(self.source, subject, row.predicate, row.evidence, object=target, value=value or None, modality=row.modality, **common)
            return
        if not row.values:
            raise BadRow(f"{row.subject[1]} is a handle: give its name in value", f"{row.subject[1]} 是代号，请在 value 写名称", "value")
        for name, value in row.values.items():
            for one in value if isinstance(value, list) else [value]:
                yield claim(self.source, subject, name, row.evidence, value=one.value, shown=one.shown, modality=row.modality, **common)

    def _id_code(self, thing: Thing) -> str:
        code = self._part(thing, self.ontology.kinds["Region"].keys[0][0])
        return code or thing[1]

    def _naming(self, thing: Thing, row: Row) -> Claim:
        """A thing that is only mentioned is known by its name there, or by its code."""
        kind, name = thing
        if name.startswith("@"):
            raise BadRow(f"the handle {name} has no row with its name", f"代号 {name} 没有名称行", "subject", name)
        texts = {"adcode": self._id_code(thing)} if kind == "Region" else {"name": mask(name)}
        ((prop, value),) = check(kind, texts).items()
        stated: Stated = value
        planned = thing == row.object and row.predicate in BRINGS  # a base somebody plans to build is not there because of that
        return claim(self.source, self._id(thing, row.publication), prop, row.evidence, value=stated.value, shown=stated.shown,
                     confidence=row.confidence, modality=row.modality if planned else "done")
