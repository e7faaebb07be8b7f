"""Runs a mapping over the rows of a table as columns in DuckDB, chunk by chunk, so that memory stays flat.

Checks compile to SQL; Python cleans only what is distinct (dates, amounts, codes) and explains only what is refused.
A row is stated whole or refused whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import BadRow
from graph.ontology import load
from ingest.cleaning import Values, cleaned, values_of
from ingest.identify import identify, without_end
from ingest.made import cells, check
from ingest.meaning import Link, Said, TableMapping
from ingest.publications import region_names
from ingest.sql import create
from ingest.stating import Stating

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

KEPT = 100_000  # cleaned texts, near 50 MB
CHUNK = 245_760  # rows at a time: two of DuckDB's row groups, so that two cores are used; memory stays near 1.6 GB (150,000: 1.2 GB, 14 % slower)


class Columns:
    """One mapping at work in one DuckDB database."""

    def __init__(self, mapping: TableMapping, source: str, db: DuckDBPyConnection) -> None:
        self.m, self.source, self.db, self.day = mapping, source, db, mapping.publication.day
        self.ontology = load()
        self.document = mapping.publication.node_id
        self.told: set[str] = set()  # tables of what has been mentioned before
        self.cleaned = lru_cache(KEPT)(partial(cleaned, self))  # codes, days and amounts come again in later chunks
        if any(m.find for m in mapping.made):
            names = region_names()
            create(db, "region", ("form", "code"), [*names.items(), *((c, c) for c in sorted(set(names.values())))])

    def run(self, rows: DataFrame, sheet: str, part: Path, stamp: str) -> list[tuple[int, BadRow, bool]]:
        """State what these rows (of `made.frame`) say in a Parquet file `part`; answer the refused ones: (row, reason, is secret)."""
        cells(self.db, self.m, rows)
        self.db.execute("CREATE OR REPLACE TABLE bad (row BIGINT, field VARCHAR, value VARCHAR, en VARCHAR, zh VARCHAR, secret BOOLEAN)")
        for made in self.m.made:
            check(self.db, made)
        things = [[values_of(self, f"v{n}_{k}", t.kind, p, p.name == t.each) for k, p in enumerate(t.properties)]
                  for n, t in enumerate(self.m.things)]  # fmt: skip
        links = [[values_of(self, f"r{n}_{k}", x.relation, p) for k, p in enumerate(_says(x))] for n, x in enumerate(self.m.links)]
        identify(self, things)
        for link, values in zip(self.m.links, links, strict=True):
            without_end(self, link, values)
        refused = self.db.execute("SELECT row, field, value, en, zh, secret FROM bad QUALIFY row_number() OVER "
                                  "(PARTITION BY row ORDER BY secret DESC, rowid) = 1 ORDER BY row").fetchall()  # fmt: skip
        for n in range(len(things)) if refused else ():
            self.db.execute(f"DELETE FROM ids{n} WHERE row IN (SELECT row FROM bad)")
        self._state(things, links, Stating(self, sheet, stamp), part)
        return [(row, BadRow(en, zh, field or "", value), secret) for row, field, value, en, zh, secret in refused]

    def _state(self, things: list[list[Values]], links: list[list[Values]], stating: Stating, part: Path) -> None:
        stating.facts(things)
        stating.relations(links)
        stating.write(part)


def _says(link: Link) -> Iterator[Said]:
    """All that a relation takes from columns, and its constants."""
    yield from link.properties
    yield from (Said(name, column=c) for name, c in (("since", link.since), ("until", link.until)) if c)
    if link.modality.column:
        yield link.modality
