"""States what a chunk of rows says as claims in a Parquet file: the same, to their ids, as `graph.records.claim` would make.

What a row is about is stated by every row. What it only mentions (an owner, a place) is stated once in a table, where
it is met first: `told_…` remembers it over the chunks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from graph.records import canonical_json
from ingest.meaning import Link
from ingest.sql import quoted

if TYPE_CHECKING:
    from ingest.cleaning import Values
    from ingest.columns import Columns


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL of the rows that one property or one relation states, and what is the same in all their claims."""

    source: str
    kind: str
    predicate: str
    field: str | None  # the file's column that evidence names


class Stating:
    """One chunk of one sheet. `selects` collects the SQL of its claims."""

    def __init__(self, w: Columns, sheet: str, stamp: str) -> None:
        self.w, self.db, self.sheet, self.stamp = w, w.db, sheet, stamp
        self.selects: list[str] = []

    def write(self, part: Path) -> None:
        self.db.execute(f"COPY ({' UNION ALL '.join(self.selects)}) TO {quoted(str(part))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")

    def facts(self, things: list[list[Values]]) -> None:
        """What is said of the mapping's things, one list of values for each."""
        own = [self._fact(0, v) for v in things[0]]
        self.selects += [self._claim(s, shown="shown") for s in own]
        mentions = [self._of_others(self._fact(n, v), own) for n, values in enumerate(things) for v in values if n]
        for name in dict.fromkeys(s.predicate for s in mentions):
            told = self._once([s for s in mentions if s.predicate == name], "subject, value", "arg_min(shown, place) AS shown")
            self.selects += [self._claim(s, shown="shown") for s in told]

    def relations(self, links: list[list[Values]]) -> None:
        """How the mapping's things are related, one list of values for each link."""
        words = {"object": "object", "modality": "modality", "since": "since", "until": "until"}
        every = [(link, self._relation(link, v)) for link, v in zip(self.w.m.links, links, strict=True)]
        own = [s for link, s in every if link.source == self.w.m.things[0].name]
        self.selects += [self._claim(s, **words) for s in own]
        mentions = [self._of_others(s, own) for link, s in every if link.source != self.w.m.things[0].name]
        for name in dict.fromkeys(s.predicate for s in mentions):
            told = self._once([s for s in mentions if s.predicate == name], "subject, object, value, modality, since, until")
            self.selects += [self._claim(s, **words) for s in told]

    @staticmethod
    def _of_others(s: Statement, own: list[Statement]) -> Statement:
        """Without what the row says, from the same column, of the thing it is about: a row can mention that one once more."""
        if (s.predicate, s.field) not in {(x.predicate, x.field) for x in own}:
            return s
        return replace(s, source=f"SELECT * FROM ({s.source}) q WHERE NOT EXISTS (SELECT 1 FROM ids0 z WHERE z.row = q.row AND z.id = q.subject)")

    def _fact(self, n: int, v: Values) -> Statement:
        thing, name = self.w.m.things[n], v.said.name
        if v.constant:
            source = f"SELECT id AS subject, {quoted(v.constant.value)} AS value, {quoted(v.constant.shown)} AS shown, row FROM ids{n}"
        else:
            own = " AND x.i = v.i" if name == thing.each else ""
            source = f"SELECT x.id AS subject, v.value, v.shown, v.row FROM {v.table} v JOIN ids{n} x ON x.row = v.row{own}"
        return Statement(source, thing.kind, name, v.field)

    def _relation(self, link: Link, values: list[Values]) -> Statement:
        things = self.w.m.things
        a, b = (next(m for m, t in enumerate(things) if t.name == end) for end in (link.source, link.target))
        by = {v.said.name: (f"v{k}", v) for k, v in enumerate(values)}
        joins = "".join(f" LEFT JOIN {v.table} {alias} ON {alias}.row = x.row" for alias, v in by.values() if v.table)
        day = {n: f"{by[n][0]}.value->>'$.{end}'" if n in by else "NULL::VARCHAR" for n, end in (("since", "earliest"), ("until", "latest"))}
        modality = f"coalesce({by['modality'][0]}.value, 'done')" if "modality" in by else quoted(link.modality.constant)
        distinct = "DISTINCT " if things[a].several or things[b].several else ""
        source = f"""SELECT {distinct}x.id AS subject, y.id AS object, {self._nested(by)} AS value, x.row, {modality} AS modality,
            {day['since']} AS since, {day['until']} AS until FROM ids{a} x JOIN ids{b} y ON y.row = x.row{joins} WHERE x.id <> y.id"""
        target = sorted(things[b].properties, key=lambda p: p.name != "name")
        return Statement(source, things[a].kind, link.relation, next((self.w.m.origin(p.column) for p in target if p.column), None))

    def _nested(self, by: dict[str, tuple[str, Values]]) -> str:
        """SQL of a relation's value: its properties as JSON, by name."""
        parts = []
        for name, (alias, v) in sorted(by.items()):
            if name in ("since", "until", "modality"):
                continue
            if v.constant:
                parts.append(quoted(f'"{name}":{{"s":{json.dumps(v.constant.shown, ensure_ascii=False)},"v":{v.constant.nested}}}'))
            else:
                parts.append(f"""'"{name}":{{"s":' || to_json({alias}.shown)::VARCHAR || ',"v":' || {alias}.nested || '}}'""")
        return f"nullif('{{' || concat_ws(',', {', '.join(parts)}) || '}}', '{{}}')" if parts else "NULL::VARCHAR"

    def _once(self, statements: list[Statement], key: str, rest: str = "") -> list[Statement]:
        """What no row has said before, each where it is met first."""
        names, predicate = key.split(", "), statements[0].predicate
        told, fresh = f"told_{predicate}", f"fresh_{predicate}"
        if told not in self.w.told:
            self.w.told.add(told)
            self.db.execute(f"CREATE TABLE {told} ({', '.join(f'{n} VARCHAR' for n in names)})")
        every = " UNION ALL ".join(f"SELECT *, {n} AS n, row * 1000 + {n} AS place FROM ({s.source})" for n, s in enumerate(statements))
        same = " AND ".join(f"t.{n} {'=' if n in ('subject', 'object') else 'IS NOT DISTINCT FROM'} f.{n}" for n in names)
        picked = ", ".join(filter(None, (key, rest, "min(row) AS row", "arg_min(n, place) AS n")))
        self.db.execute(f"""CREATE OR REPLACE TABLE {fresh} AS SELECT * FROM (SELECT {picked} FROM ({every}) GROUP BY {key}) f
                            WHERE NOT EXISTS (SELECT 1 FROM {told} t WHERE {same})""")
        self.db.execute(f"INSERT INTO {told} SELECT {key} FROM {fresh}")
        return [replace(s, source=f"SELECT * FROM {fresh} WHERE n = {n}") for n, s in enumerate(statements)]

    def _claim(self, s: Statement, object: str = "", shown: str = "", modality: str = "", since: str = "", until: str = "") -> str:
        """SQL of claims. What is hashed is the JSON list that `claim` hashes, put together from texts that are escaped already."""
        cap = float(self.w.m.publication.cap)
        where = {"column": s.field, "document": self.w.document}
        begins = canonical_json({k: v for k, v in where.items() if v})[:-1] + ',"row":'
        ends = ',"sheet":' + json.dumps(self.sheet, ensure_ascii=False) + "}"
        inner = [json.dumps(x, ensure_ascii=False)[1:-1] for x in (begins, ends)]
        head = f'[{json.dumps(self.w.source, ensure_ascii=False)}, "'

        def name(x: str) -> str:  # ids, names of ours, days: nothing to escape
            return f"""coalesce('"' || {x} || '"', 'null')""" if x else "'null'"

        def words(x: str) -> str:
            return f"coalesce(to_json({x})::VARCHAR, 'null')" if x else "'null'"

        content = ", ".join((quoted(head), "subject", quoted(f'", "{s.kind}", "{s.predicate}", '), name(object), "', '", words("value"), "', '",
                             words(shown), quoted(f', "{inner[0]}'), "row", quoted(inner[1] + '", '), name(modality or "'done'"),
                             quoted(f", {json.dumps(cap)}, "), name(since), "', '", name(until), "']'"))  # fmt: skip
        return f"""SELECT 'c' || left(sha256(concat({content})), 24) AS claim_id, {quoted(self.w.source)} AS source, {quoted(self.stamp)} AS run,
            subject, '{s.kind}' AS kind, '{s.predicate}' AS predicate, {object or 'NULL::VARCHAR'} AS object, value,
            {shown or 'NULL::VARCHAR'} AS shown,
            concat({quoted(begins)}, row, {quoted(ends)}) AS evidence, {modality or "'done'"} AS modality, {cap}::DOUBLE AS confidence,
            {since or 'NULL'}::DATE AS valid_from, {until or 'NULL'}::DATE AS valid_to FROM ({s.source})"""
