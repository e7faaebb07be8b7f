"""Finds which thing each row speaks of: its id from the best key the row fills, as `graph.records.node_id` makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.ontology import KeyPart
from graph.records import fold
from graph.values import nfkc
from ingest.meaning import Link, Thing, parts_wanted
from ingest.sql import create, quoted

if TYPE_CHECKING:
    from ingest.cleaning import Values
    from ingest.columns import Columns

PLAIN = "[一-龥0-9A-Za-z()]*"  # folding only lowers such a text


def identify(w: Columns, values: list[list[Values]]) -> None:
    """The tables `ids0`, `ids1` … (row, i, id), one for each of the mapping's things. Those that others' keys need come first."""
    done: set[str] = set()
    waiting = list(enumerate(w.m.things))
    while waiting:
        ready = [(n, t) for n, t in waiting if all(e == t.name or e in done for e in _needed(w, t))] or waiting[:1]
        for n, thing in ready:
            _one(w, n, thing, values[n])
            done.add(thing.name)
        waiting = [x for x in waiting if x not in ready]


def _ends(w: Columns, thing: Thing, part: KeyPart) -> list[str]:
    """Names of the things that a part of a key like `<OWNS` means."""
    inward = part.side == "<"
    return [k.source if inward else k.target for k in w.m.links
            if k.relation == part.name and (k.target if inward else k.source) == thing.name]  # fmt: skip


def _needed(w: Columns, thing: Thing) -> list[str]:
    return [e for key in thing.keys for p in key if p.side for e in _ends(w, thing, p)]


def _one(w: Columns, n: int, thing: Thing, values: list[Values]) -> None:
    given = {v.said.name: v for v in values}
    base, i = (given[thing.each].table, "b.i") if thing.each else ("cells", "0")
    joins, form = "", dict[KeyPart, str]()
    for k, part in enumerate(dict.fromkeys(p for key in thing.keys for p in key)):
        if part.side:
            if not (source := _of_ends(w, thing, part)):
                continue
            form[part] = f"'{part.name}=' || k{k}.text"
        elif part.name not in given:
            continue
        elif (constant := given[part.name].constant) is not None:
            form[part] = quoted(_form(part.name, constant.text))
            continue
        else:
            table = given[part.name].table
            several = w.ontology.kinds[thing.kind].properties[part.name].many
            source = f"(SELECT row, string_agg(DISTINCT text, ',' ORDER BY text) AS text FROM {table} GROUP BY row)" if several else table
            form[part], folded = _folded(w, f"k{k}", part.name, source)
            joins += f" LEFT JOIN {source} k{k} ON k{k}.row = b.row{f' AND k{k}.i = b.i' if part.name == thing.each else ''}{folded}"
            continue
        joins += f" LEFT JOIN {source} k{k} ON k{k}.row = b.row"
    cases = "".join(f" WHEN {' AND '.join(f'{form[p]} IS NOT NULL' for p in key if not p.optional) or 'true'} THEN "
                    f"left(sha256(concat_ws(chr(31), {', '.join(form[p] for p in key if p in form)})), 16)"
                    for key in thing.keys if all(p in form or p.optional for p in key))  # fmt: skip
    w.db.execute(f"""CREATE OR REPLACE TABLE ids{n} AS SELECT * FROM (
        SELECT b.row, {i} AS i, '{w.ontology.kinds[thing.kind].prefix}:' || CASE{cases} END AS id FROM {base} b{joins}) WHERE id IS NOT NULL""")
    _missing(w, n, thing, values)


def _form(name: str, text: str) -> str:
    return nfkc(f"{name}={fold(text)}")


def _folded(w: Columns, alias: str, name: str, source: str) -> tuple[str, str]:
    """SQL of a key's part as it is hashed, and the join it needs: Python folds only what is not plain."""
    odd = [t for (t,) in w.db.execute(f"SELECT DISTINCT text FROM {source} x WHERE NOT regexp_full_match(text, {quoted(PLAIN)})").fetchall()]
    plain = f"{quoted(name + '=')} || lower({alias}.text)"
    if not odd:
        return plain, ""
    create(w.db, f"folded_{alias}", ("text", "form"), [(t, _form(name, t)) for t in odd])
    return f"coalesce(f{alias}.form, {plain})", f" LEFT JOIN folded_{alias} f{alias} ON f{alias}.text = {alias}.text"


def _of_ends(w: Columns, thing: Thing, part: KeyPart) -> str:
    names = [n for n, t in enumerate(w.m.things) if t.name in _ends(w, thing, part) and t.name != thing.name]
    if len(names) == 1 and not w.m.things[names[0]].several:
        return f"(SELECT row, id AS text FROM ids{names[0]})"
    every = " UNION ALL ".join(f"SELECT row, id FROM ids{n}" for n in names)
    return f"(SELECT row, string_agg(DISTINCT id, ',' ORDER BY id) AS text FROM ({every}) GROUP BY row)" if names else ""


def _missing(w: Columns, n: int, thing: Thing, values: list[Values]) -> None:
    """Set aside rows that say something of a thing without saying which; the first thing is what every row is about."""
    kind, tables = w.ontology.kinds[thing.kind], [v.table for v in values if v.table]
    speaking = "SELECT row FROM cells" if n == 0 else " UNION ".join(f"SELECT row FROM {t}" for t in tables)
    if not speaking:
        return
    names = {p.name for key in thing.keys for p in key}
    fields = ", ".join(dict.fromkeys(v.field for v in values if v.field and v.said.name in names)) or thing.name
    en, zh = f"{kind.name} cannot be told apart: give {parts_wanted(thing.keys)}", f"无法识别是哪个{kind.zh}：请填写 {fields}"
    w.db.execute(f"INSERT INTO bad SELECT row, ?, NULL, ?, ?, false FROM ({speaking}) WHERE row NOT IN (SELECT row FROM ids{n})", [fields, en, zh])


def without_end(w: Columns, link: Link, values: list[Values]) -> None:
    """Set aside rows that say how two things are related, in a column for that alone, while one of the two is not given."""
    elsewhere = {p.column for t in w.m.things for p in t.properties}
    elsewhere |= {c for k in w.m.links if k is not link for c in (*(p.column for p in k.properties), k.since, k.until, k.modality.column)}
    for end in (link.source, link.target):
        n = next(m for m, t in enumerate(w.m.things) if t.name == end)
        lacking = next((w.m.origin(p.column) for p in w.m.things[n].properties if p.column), end)
        for v in values:
            if v.table and v.said.column not in elsewhere:
                w.db.execute(f"INSERT INTO bad SELECT row, ?, shown, ?, ?, false FROM {v.table} WHERE row NOT IN (SELECT row FROM ids{n})",
                             [lacking, f"{v.field} is given, but not {lacking}", f"已填写{v.field}，却未填写{lacking}"])  # fmt: skip
