"""A source: something that states facts, under one name in the ledger. A new one is a table under `data/facts/` with its row
in `data/documents.csv`, a mapping beside the shipped ones, or, where code is needed, a module under `sources/`.
`chosen()` turns what was asked for into sources.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from graph.errors import BadFile, Unknown
from ingest import mapping as mappings
from ingest import quarantine
from ingest.files import TABLES, TEXTS, Decoded, Table, sha256_of, table
from ingest.grids import grids
from ingest.mapped import Mapped, Rows
from ingest.meaning import TableMapping
from ingest.publications import DATA, Publication, read_publications, shipped
from ingest.readers import READERS
from ingest.table import COLUMNS, FactTable, Reading, check_heads
from ingest.text.read import document_claims, known


class Source(Protocol):
    """What `innochain ingest` can run. `private`: its facts leave only under that scope.

    `origin`: the file it is read from; `guessed`: its name was made from that file's.
    """

    name: str
    private: bool
    origin: str
    guessed: bool

    def read(self) -> Reading:
        """Everything the source states now. Raises BadFile when it cannot be read at all."""


class Published:
    """A publication whose facts ship as `ingest/data/facts/REF.csv`."""

    private, origin, guessed = False, "", False

    def __init__(self, ref: str) -> None:
        self.name = ref

    @property
    def path(self) -> Path:
        return DATA / "facts" / f"{self.name}.csv"

    def read(self) -> Reading:
        rows = table(self.path)
        check_heads(self.path, rows)
        return self.reading(rows)

    def reading(self, rows: Table) -> Reading:
        if self.name not in shipped():
            raise BadFile(f"{DATA / 'documents.csv'}: there is no row for {self.name!r}")
        return FactTable(self.name, rows, shipped()[self.name], shipped()).read()


class File:
    """A file somebody gives: a text document, a table in the form of `ingest/data/`, or one that a mapping or template explains."""

    def __init__(self, path: Path, as_: str = "") -> None:
        self.path, self.guessed, self.origin = path, not as_, str(path.resolve())
        self.mapping: TableMapping | None = mapping_named(as_) if as_ else None
        self.name = self.mapping.name if self.mapping else as_ or f"file-{path.name}"
        if not as_ and path.suffix.lower() in TEXTS and path.is_file() and (publication := known(path, Decoded("", "", sha256_of(path)))):
            self.name, self.guessed = f"text-{publication.ref}", False  # the text of a shipped publication, wherever it lies
        self.private = bool(self.mapping and self.mapping.private)
        if as_ and not self.mapping and as_ in find():
            raise BadFile(f"--as {as_}: a shipped source bears this name; choose another")

    def read(self) -> Reading:
        suffix = self.path.suffix.lower()
        if suffix in TEXTS and not self.mapping:
            encoding, claims = document_claims(self.name, self.path)
            return Reading(claims=list(claims), read=1, encoding=encoding, replaces=True)
        if self.path.is_dir():
            raise BadFile(f"{self.path} is a folder; give the files in it")
        if suffix not in READERS:
            raise BadFile(f"{self.path}: {suffix or 'nameless'} files cannot be read; give one of {', '.join(sorted({*TEXTS, *READERS}))}")
        if self.mapping:
            return Mapped(self.mapping, self.name, Rows.of_file(self.path, self.mapping))
        if suffix in TABLES and self._states_facts():
            rows = table(self.path)
            check_heads(self.path, rows)
            return self.reading(rows)
        return self._by_heads()

    def _states_facts(self) -> bool:
        """Is this a table in the form of `ingest/data/`?"""
        with grids(self.path, COLUMNS) as found:
            return bool((first := next(found, None)) and {"kind", "subject", "predicate"} & set(first.heads))

    def reading(self, rows: Table) -> Reading:
        """A table in the form of `ingest/data/`, with the publications named beside it."""
        beside = self.path.with_name("documents.csv")
        others = read_publications(beside) if beside.exists() and beside != self.path else {}
        itself = Publication(ref=self.name, title=self.path.name, standing="table", read_sha256=rows.sha256)
        made = FactTable(self.name, rows, others.get(self.path.stem, itself), others).read()
        made.mapping = self.origin
        return made

    def _by_heads(self) -> Reading:
        """The template whose heads the file has; else a fact table in another format; else a clear refusal."""
        known = {n: mappings.read(p) for n, p in mappings.templates().items()}
        wanted = {c for m in known.values() for c in m.columns} | set(COLUMNS)
        with grids(self.path, wanted) as found:
            first = next(found, None)
            heads = set(first.heads) if first else set()
            if first and {"kind", "subject"} <= heads:
                rows = tuple((n, dict(zip(first.heads, cells, strict=False))) for n, cells in first.rows)
                made = Table(first.name, first.encoding, sha256_of(self.path), first.heads, rows)
                check_heads(self.path, made)
                return self.reading(made)
        fits = [m for m in known.values() if set(m.columns) - m.optional <= heads]
        if not fits:
            seen = ", ".join(sorted(filter(None, heads))[:12]) or "no known head was found"
            raise BadFile(f"{self.path}: nothing says what its columns mean ({seen}); name a mapping with --as ({', '.join(mappings.shipped())}, "
                          "or a .yaml of your own), or fill in a template (innochain template)")  # fmt: skip
        best = max(fits, key=lambda m: len(set(m.columns) & heads))
        own = of_form(best, self.path.name)
        return Mapped(own, self.name, Rows.of_file(self.path, own))


class Quarantined:
    """A quarantine file that comes back: its rows, under their source."""

    origin, guessed = "", False

    def __init__(self, path: Path) -> None:
        self.mended = quarantine.read(path)
        self.name = self.mended.source
        self.mapping = mapping_named(self.mended.mapping) if self.mended.mapping else None
        self.table = Path(self.mended.mapping) if self.mended.mapping and not self.mapping else None  # of a fact table: the file
        self.private = bool(self.mapping and self.mapping.private)

    def read(self) -> Reading:
        if self.mapping:
            reading: Reading = Mapped(self.mapping, self.name, Rows.of_mended(self.mended))
        else:
            reading = self._facts()
        reading.whole, reading.secret = False, list(self.mended.secret)
        return reading

    def _facts(self) -> Reading:
        """Rows of a fact table need the others of their table: handles, owners and documents stand there."""
        fixed = {n: dict(zip(self.mended.heads, cells, strict=False)) for rows in self.mended.rows.values() for n, cells in rows}
        source = File(self.table, self.name) if self.table else find().get(self.name)
        if not isinstance(source, Published | File):
            raise BadFile(f"{self.name!r} is no source of fact tables; leave the first columns of the file as they were")
        around = table(source.path)
        rows = dict(around.rows) | fixed
        return source.reading(replace(around, rows=tuple(sorted(rows.items()))))


def of_form(m: TableMapping, title: str) -> TableMapping:
    """A template is a form, not a publication: what is filled in is what this file says."""
    return replace(m, reference=f"{m.name}@{title}", publication=replace(m.publication, title=title))


def mapping_named(name: str) -> TableMapping | None:
    """A shipped mapping or template by name (`FORM@TITLE` as filled in), or one of your own by the path of its .yaml."""
    form, at, title = name.partition("@")
    if at and form in mappings.templates():
        return of_form(mappings.read(mappings.templates()[form]), title)
    if name.endswith((".yaml", ".yml")):
        return mappings.read(Path(name))
    path = mappings.shipped().get(name) or mappings.templates().get(name)
    return mappings.read(path) if path else None


@functools.cache
def find() -> dict[str, Source]:
    """The shipped sources by name: every table of `data/facts/` with its row in `documents.csv`, and the modules that need code."""
    found: dict[str, Source] = {p.stem: Published(p.stem) for p in sorted((DATA / "facts").glob("*.csv"))}
    package = importlib.import_module("ingest.sources")
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        source: Source = importlib.import_module(f"ingest.sources.{module}").SOURCE
        found[source.name] = source
    return dict(sorted(found.items()))


def chosen(names: Iterable[str], as_: str = "") -> list[Source]:
    """Sources for what was asked: names of shipped ones, or paths of files. Nothing asked = every shipped source."""
    wanted = list(names)
    if as_ and (len(wanted) != 1 or wanted[0] in find()):
        raise BadFile("--as says what one file is: give exactly one path with it")
    if not wanted:
        return list(find().values())
    out: list[Source] = []
    for name in wanted:
        if name in find():
            out.append(find()[name])
        elif Path(name).exists() or Path(name).suffix:
            path = Path(name)
            out.append(Quarantined(path) if quarantine.is_one(path) else File(path, as_))
        else:
            raise Unknown(f"{name!r} is neither a shipped source nor a file; shipped are: {', '.join(find())}")
    return out
