"""A source: something that states facts, under one name in the ledger. A new one is a module beside the smallest one.

Every module of `ingest.sources` has one `SOURCE`; `find()` lists them.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from graph.errors import BadFile, Unknown
from ingest.files import TABLES, TEXTS, table
from ingest.publications import DATA, Publication, read_publications, shipped
from ingest.table import FactTable, Reading, check_heads
from ingest.text.read import document_claims


class Source(Protocol):
    """What `innochain ingest` can run. `private`: its facts leave only under that scope."""

    name: str
    private: bool

    def read(self) -> Reading:
        """Everything the source states now. Raises BadFile when it cannot be read at all."""


class Published:
    """A publication whose facts ship as `ingest/data/facts/REF.csv`."""

    private = False

    def __init__(self, ref: str) -> None:
        self.name = ref

    def read(self) -> Reading:
        path = DATA / "facts" / f"{self.name}.csv"
        rows = table(path)
        check_heads(path, rows)
        if self.name not in shipped():
            raise BadFile(f"{DATA / 'documents.csv'}: there is no row for {self.name!r}")
        return FactTable(self.name, rows, shipped()[self.name], shipped()).read()


class File:
    """A file somebody gives: a text document, or a table in the form of `ingest/data/`."""

    private = False

    def __init__(self, path: Path) -> None:
        self.path, self.name, self.encoding = path, f"file-{path.name}", ""

    def read(self) -> Reading:
        suffix = self.path.suffix.lower()
        if suffix in TEXTS:
            self.encoding, claims = document_claims(self.name, self.path)
            return Reading(claims=list(claims), read=1)
        if suffix not in TABLES:
            raise BadFile(f"{self.path}: {suffix or 'no'} files cannot be read; give one of {', '.join(sorted(TEXTS | TABLES))}")
        rows = table(self.path)
        self.encoding = rows.encoding
        check_heads(self.path, rows)
        beside = self.path.with_name("documents.csv")
        others = read_publications(beside) if beside.exists() and beside != self.path else {}
        itself = Publication(ref=self.name, title=self.path.name, standing="table", read_sha256=rows.sha256)
        return FactTable(self.name, rows, others.get(self.path.stem, itself), others).read()


@functools.cache
def find() -> dict[str, Source]:
    """The shipped sources by name."""
    found: dict[str, Source] = {}
    package = importlib.import_module("ingest.sources")
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        source: Source = importlib.import_module(f"ingest.sources.{module}").SOURCE
        found[source.name] = source
    return found


def chosen(names: Iterable[str]) -> list[Source]:
    """Sources for what was asked: names of shipped ones, or paths of files. Nothing asked = every shipped source."""
    wanted = list(names)
    if not wanted:
        return list(find().values())
    out: list[Source] = []
    for name in wanted:
        if name in find():
            out.append(find()[name])
        elif Path(name).exists() or Path(name).suffix:
            out.append(File(Path(name)))
        else:
            raise Unknown(f"{name!r} is neither a shipped source nor a file; shipped are: {', '.join(find())}")
    return out
