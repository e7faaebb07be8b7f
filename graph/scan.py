"""Reading Parquet: one DuckDB engine for the whole process."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@functools.cache
def _engine() -> DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={"enable_external_file_cache": "false"})  # what a file held is kept by who asked, if at all


def scan() -> DuckDBPyConnection:
    """A connection to read with, for one thread, closed as a context manager; what it must create is TEMP.

    An engine of its own costs 10 to 40 ms to open, and a graph has a hundred tables.
    """
    return _engine().cursor()
