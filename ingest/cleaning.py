"""Cleans what the cells of one property state, by the ontology's value types: in SQL where a text is its own value,
in Python once for every distinct text where it is not (codes, dates, amounts, what could hold personal data).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.errors import BadRow
from graph.ontology import Property
from graph.records import canonical_json, clean
from graph.values import BadValue
from ingest.made import pieces
from ingest.meaning import Said
from ingest.sql import column, create, quoted
from ingest.table import PUBLIC, SECRET, clean_date_cell
from ingest.text.mask import mask

if TYPE_CHECKING:
    from ingest.columns import Columns

PERSONAL = r"[0-9][0-9 —-]{8}|[０-９@＠]|电话|联系人"  # only there could `mask` find something
ADDRESS = r"https?://[0-9A-Za-z.-]+(:[0-9]+)?(/[!-~]*)?"  # a plain web address


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One stated text: its value as canonical JSON, as a key's part, as it stands in a relation's value; its words."""

    value: str
    text: str
    nested: str
    shown: str


@dataclass(frozen=True, slots=True)
class Values:
    """Where one property's values stand: the DuckDB table `v` (row, i, value, text, nested, shown), or one constant for all rows.

    `i` numbers the things of a row that is about several; `field` is the file's column that evidence names.
    """

    said: Said
    table: str = ""
    constant: Cleaned | None = None
    field: str | None = None


def values_of(w: Columns, table: str, declared_in: str, said: Said, each: bool = False) -> Values:
    """Clean one property's cells into `table`; those that cannot be cleaned set their row aside. `each`: every piece is a thing."""
    if said.constant:
        return Values(said, constant=cleaned(w, declared_in, said.name, said.constant))
    of, field = column(said.column), w.m.origin(said.column)
    mapped = next((m for m in w.m.made if m.name == said.column and m.map and not m.split), None)
    words = column(mapped.of) if mapped else of  # what was stated before it was mapped
    if said.split:
        at = "generate_subscripts(l, 1) - 1" if each else "0"
        cut = f"SELECT row, {at} AS i, unnest(l) AS stated FROM (SELECT row, list_distinct({pieces(of, said.split)}) AS l FROM cells)"
        stated = f"SELECT *, stated AS words FROM ({cut})"
    else:
        stated = f"SELECT row, 0 AS i, {of} AS stated, {words} AS words FROM cells WHERE {of} IS NOT NULL"
    plain = _plain(_declared(w, declared_in, said.name))
    w.db.execute(f"CREATE OR REPLACE TABLE stated AS SELECT *, {plain} AS plain FROM ({stated})")
    if said.name == "secrecy":
        w.db.execute("INSERT INTO bad SELECT row, ?, NULL, ?, ?, true FROM stated WHERE NOT list_contains(?, stated)", [field, *SECRET, list(PUBLIC)])
    odd = [t for (t,) in w.db.execute("SELECT DISTINCT stated FROM stated WHERE NOT plain").fetchall()]
    as_it_is = "to_json(stated)::VARCHAR"
    made = [f"SELECT row, i, {as_it_is} AS value, stated AS text, {as_it_is} AS nested, words AS shown FROM stated WHERE plain"]
    if odd:
        if _clean(w, declared_in, said.name, odd):
            w.db.execute("INSERT INTO bad SELECT row, ?, stated, en, zh, false FROM stated JOIN clean USING (stated) WHERE value IS NULL", [field])
        made.append(f"SELECT row, i, value, text, nested, {'words AS shown' if mapped else 'shown'} FROM stated JOIN clean USING (stated) "
                    "WHERE NOT plain AND value IS NOT NULL")  # fmt: skip
    w.db.execute(f"CREATE OR REPLACE TABLE {table} AS {' UNION ALL '.join(made)}")
    return Values(said, table, field=field)


def _declared(w: Columns, declared_in: str, name: str) -> Property | None:
    return (w.ontology.kinds.get(declared_in) or w.ontology.relations[declared_in]).properties.get(name)


def _plain(declared: Property | None) -> str:
    """The SQL condition under which a stated text is its own value: for names and addresses, not for codes, dates, amounts."""
    if declared and declared.is_ == "text":
        return f"NOT regexp_matches(stated, {quoted(PERSONAL)})"
    if declared and declared.is_ == "url":
        return f"regexp_full_match(stated, {quoted(ADDRESS)})"
    return "false"


def _clean(w: Columns, declared_in: str, name: str, texts: list[str]) -> int:
    """The table `clean`: what each text becomes, or why it is nothing. Answers how many are nothing."""
    made: list[tuple[str | None, ...]] = []
    wrong = 0
    for stated in texts:
        try:
            c = w.cleaned(declared_in, name, stated)
            made.append((stated, c.value, c.text, c.nested, c.shown, None, None))
        except BadRow as e:
            wrong += 1
            made.append((stated, None, None, None, None, e.detail, e.reason_zh))
    create(w.db, "clean", ("stated", "value", "text", "nested", "shown", "en", "zh"), made)
    return wrong


def cleaned(w: Columns, declared_in: str, name: str, text: str) -> Cleaned:
    """Raises BadRow."""
    if name == "modality":
        if text not in w.ontology.modalities:
            known = w.ontology.modalities
            raise BadRow(f"{text!r} is none of {', '.join(known)}", f"“{text}”不在 {'、'.join(known)} 之中")
        return Cleaned(text, text, text, text)
    if name in ("since", "until"):
        day = canonical_json(clean_date_cell(text, name, w.m.publication))
        return Cleaned(day, day, day, text)
    declared = _declared(w, declared_in, name)
    assert declared is not None
    try:
        value = clean(declared, mask(text) if declared.is_ == "text" else text, w.day)
    except BadValue as e:
        raise BadRow(f"{name}: {e}", f"{declared.zh}：{e.zh}", name, text) from e
    nested = json.dumps(value.value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if isinstance(value.value, str):
        return Cleaned(nested, value.value, nested, value.shown)
    whole = canonical_json(value.value)
    return Cleaned(whole, whole, nested, value.shown)
