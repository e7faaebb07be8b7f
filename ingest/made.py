"""Columns that a mapping makes from others, as SQL over the rows of a table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ingest.meaning import Made, TableMapping
from ingest.readers import Row
from ingest.sql import column, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame


def frame(m: TableMapping, rows: Sequence[Row], heads: Sequence[str]) -> DataFrame:
    """Rows of text as columns: their numbers as `row`, and the columns the mapping needs; one that is not there is empty."""
    import pandas as pd

    width = len(heads)
    columns = [*zip(*(c if len(c) == width else (c + [""] * width)[:width] for _, c in rows), strict=True)] or [()] * width
    data: dict[str, Any] = {"row": pd.array([n for n, _ in rows], dtype="Int64")}
    for name in m.columns:
        data[name] = pd.Series(columns[heads.index(name)] if name in heads else [""] * len(rows), dtype=object)
    return pd.DataFrame(data)


def cells(db: DuckDBPyConnection, m: TableMapping, rows: DataFrame) -> None:
    """The table `cells`: a row's number, the columns the mapping needs, the ones it makes. An empty cell is NULL."""
    db.register("chunk", rows)
    named = "".join(f", nullif({column(c)}::VARCHAR, '') AS {column(c)}" for c in m.columns)
    text = f"SELECT row{named} FROM chunk"
    for n, made in enumerate(m.made):
        found = f" LEFT JOIN region ON region.form = replace(c{n}.{column(made.of)}, ' ', '')" if made.find else ""
        text = f"SELECT c{n}.*, {_expression(made)} AS {column(made.name)} FROM ({text}) c{n}{found}"
    db.execute(f"CREATE OR REPLACE TABLE cells AS {text}")
    db.unregister("chunk")


def _expression(made: Made) -> str:
    of = column(made.of)
    if made.map:
        cases = " ".join(f"WHEN {quoted(k)} THEN {quoted(v)}" for k, v in made.map.items())
        found = f"CASE {of} {cases} END"
        if made.split:
            mapped = f"list_transform({pieces(of, made.split)}, lambda x: CASE x {cases} END)"
            known = f"len(list_filter({mapped}, lambda x: x IS NULL)) = 0"
            found = f"CASE WHEN {known} THEN array_to_string(list_filter({mapped}, lambda x: x <> ''), '、') END"
    elif made.take:
        found = f"nullif(regexp_extract({of}, {quoted(made.take)}, 1), '')"
    elif made.find:
        found = "region.code"
    elif made.first:
        return f"coalesce({', '.join(map(column, made.first))})"
    else:
        parts = re.split(r"\{([^{}]+)\}", made.join)  # text, column, text, column, …
        return " || ".join(column(p) if n % 2 else quoted(p) for n, p in enumerate(parts) if p)
    if made.other is not None:
        found = f"CASE WHEN {of} IS NOT NULL THEN coalesce({found}, {quoted(made.other)}) END"
    return f"nullif({found}, '')"


def check(db: DuckDBPyConnection, made: Made) -> None:
    """Set aside, in `bad`, the rows whose value the column cannot be made from."""
    if made.join or made.first or made.other is not None:
        return
    of = column(made.of)
    known = list(itertools.islice(made.map, 12))
    en, zh = ((f"is none of {', '.join(known)}", f"不在 {'、'.join(known)} 之中") if made.map else
              (f"does not fit {made.take}", f"不符合 {made.take}") if made.take else
              ("is no region's name, or several regions'", "不是唯一的地区名称"))  # fmt: skip
    left_out = f" AND {of} NOT IN ({', '.join(quoted(k) for k, v in made.map.items() if not v)})" if "" in made.map.values() else ""
    if made.split and left_out:  # every piece may be one of those
        gone = f"list_value({', '.join(quoted(k) for k, v in made.map.items() if not v)})"
        left_out = f" AND NOT list_has_all({gone}, {pieces(of, made.split)})"
    db.execute(f"""INSERT INTO bad SELECT row, {quoted(made.of)}, {of}, {of} || ' ' || ?, '“' || {of} || '”' || ?, false
                   FROM cells WHERE {of} IS NOT NULL AND {column(made.name)} IS NULL{left_out}""", [en, zh])  # fmt: skip


def pieces(of: str, separators: str) -> str:
    """SQL of the list of trimmed pieces that an SQL text holds between separators."""
    return (f"list_filter(list_transform(regexp_split_to_array({of}, {quoted('[' + re.escape(separators) + ']')}), lambda x: trim(x)), "
            "lambda x: x <> '')")  # fmt: skip
