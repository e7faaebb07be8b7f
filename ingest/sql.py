"""Texts of SQL that tables are ingested by, and rows that go into DuckDB as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def column(name: str) -> str:
    """A column's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def create(db: DuckDBPyConnection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """A table of texts from rows, all at once: as columns, a hundred times quicker than one by one."""
    import pandas as pd

    db.execute(f"CREATE OR REPLACE TABLE {table} ({', '.join(f'{n} VARCHAR' for n in names)})")
    if rows:
        db.register("more", pd.DataFrame({n: pd.Series(c, dtype=object) for n, c in zip(names, zip(*rows, strict=True), strict=True)}))
        db.execute(f"INSERT INTO {table} SELECT {', '.join(f'{n}::VARCHAR' for n in names)} FROM more")
        db.unregister("more")
