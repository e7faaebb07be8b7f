"""Runs a mapping over the rows of a table as columns in DuckDB, chunk by chunk, so that memory stays flat.

Checks compile to SQL; Python cleans only what is distinct (dates, amounts, codes) and explains only what is refused.
A row is stated whole or refused whole. Claims are the same, to their ids, as `graph.records.claim` would make them.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import BadRow
from graph.ontology import Kind, load
from graph.records import canonical_json, clean, fold
from graph.values import BadValue, nfkc
from ingest.grids import Row
from ingest.mapping import Link, Made, Said, TableMapping, Thing
from ingest.publications import region_names
from ingest.table import PUBLIC, SECRET, clean_date_cell
from ingest.text.mask import mask

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHUNK = 200_000  # rows at a time: two cores are used from 130,000 on (DuckDB's row groups), memory stays near 1 GB
_PLAIN = "[一-龥0-9A-Za-z()]*"  # folding only lowers such a text
_PERSONAL = r"[0-9][0-9 —-]{8}|[０-９@＠]|电话|联系人"  # only there could `mask` find something
_ADDRESS = r"https?://[0-9A-Za-z.-]+(:[0-9]+)?(/[!-~]*)?"  # a plain web address


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def column(name: str) -> str:
    """A column's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class Columns:
    """One mapping at work on one DuckDB file. `rejected` collects (sheet, row, error, secret) of the chunk last run."""

    def __init__(self, mapping: TableMapping, source: str, db: DuckDBPyConnection) -> None:
        self.m, self.source, self.db, self.day = mapping, source, db, mapping.publication.day
        self.ontology = load()
        self.kinds: list[Kind] = [self.ontology.kinds[t.kind] for t in mapping.things]
        self.document = mapping.publication.node_id
        db.execute("CREATE TABLE told (subject VARCHAR, predicate VARCHAR, what VARCHAR)")
        db.execute("CREATE TABLE region (form VARCHAR, code VARCHAR)")
        if any(m.find for m in mapping.made):
            self._insert("region", ("form", "code"), list(region_names().items()))

    def run(self, rows: Sequence[Row], heads: Sequence[str], sheet: str, part: Path, stamp: str) -> list[tuple[int, BadRow, bool]]:
        """State what these rows say in a Parquet file `part`; answer the refused ones: (row, reason, is secret)."""
        self._cells(rows, heads)
        db = self.db
        db.execute("CREATE OR REPLACE TABLE bad (row BIGINT, field VARCHAR, value VARCHAR, en VARCHAR, zh VARCHAR, secret BOOLEAN)")
        db.execute("CREATE OR REPLACE TABLE said (owner INTEGER, p VARCHAR, row BIGINT, i BIGINT, field VARCHAR, value VARCHAR, nested VARCHAR, "
                   "shown VARCHAR)")  # fmt: skip
        for made in self.m.made:
            self._check_made(made)
        for n, thing in enumerate(self.m.things):
            for said in thing.properties:
                self._say(n, said, thing, self.kinds[n].name)
        for n, link in enumerate(self.m.links, len(self.m.things)):
            for said in (*link.properties, *_days(link), *((link.modality,) if link.modality.column else ())):
                self._say(n, said, link, link.relation)
        self._identify()
        refused = db.execute("SELECT row, field, value, en, zh, secret FROM bad "
                             "QUALIFY row_number() OVER (PARTITION BY row ORDER BY secret DESC, rowid) = 1 ORDER BY row").fetchall()  # fmt: skip
        for table in ("said", "ids"):
            db.execute(f"DELETE FROM {table} WHERE row IN (SELECT row FROM bad)")
        self._claims(sheet, part, stamp)
        return [(row, BadRow(en, zh, field or "", value), secret) for row, field, value, en, zh, secret in refused]

    # ---- cells and made columns

    def _cells(self, rows: Sequence[Row], heads: Sequence[str]) -> None:
        import pandas as pd

        data: dict[str, Any] = {"row": pd.array([n for n, _ in rows], dtype="Int64")}
        for name in self.m.columns:
            at = heads.index(name) if name in heads else -1
            data[name] = pd.Series([c[at] or None if -1 < at < len(c) else None for _, c in rows], dtype=object)
        self.db.register("chunk", pd.DataFrame(data))
        named = "".join(f", {column(c)}::VARCHAR AS {column(c)}" for c in self.m.columns)
        text = f"SELECT row{named} FROM chunk"
        for n, made in enumerate(self.m.made):
            text = f"SELECT c{n}.*, {self._expression(made)} AS {column(made.name)} FROM ({text}) c{n}" + (
                f" LEFT JOIN region ON region.form = replace(c{n}.{column(made.of)}, ' ', '')" if made.find else "")  # fmt: skip
        self.db.execute(f"CREATE OR REPLACE TABLE cells AS {text}")
        self.db.unregister("chunk")

    @staticmethod
    def _expression(made: Made) -> str:
        of = column(made.of)
        if made.map:
            cases = " ".join(f"WHEN {quoted(k)} THEN {quoted(v)}" for k, v in made.map.items())
            made_of = f"CASE {of} {cases} END"
            if made.split:
                mapped = f"list_transform({_pieces(of, made.split)}, x -> CASE x {cases} END)"
                made_of = f"CASE WHEN len(list_filter({mapped}, x -> x IS NULL)) = 0 THEN array_to_string({mapped}, '、') END"
        elif made.take:
            made_of = f"nullif(regexp_extract({of}, {quoted(made.take)}, 1), '')"
        elif made.find:
            made_of = "region.code"
        elif made.first:
            return f"coalesce({', '.join(map(column, made.first))})"
        else:
            parts = re.split(r"\{([^{}]+)\}", made.join)  # text, column, text, column, …
            return " || ".join(column(p) if n % 2 else quoted(p) for n, p in enumerate(parts) if p)
        return f"CASE WHEN {of} IS NULL THEN NULL ELSE coalesce({made_of}, {quoted(made.other)}) END" if made.other else made_of

    def _check_made(self, made: Made) -> None:
        if made.join or made.first or made.other is not None:
            return
        of = column(made.of)
        known = list(itertools.islice(made.map, 12))
        why = ((f"is none of {', '.join(known)}", f"不在 {'、'.join(known)} 之中") if made.map else
               (f"does not fit {made.take}", f"不符合 {made.take}") if made.take else
               ("is no region's name, or several regions'", "不是唯一的地区名称"))  # fmt: skip
        self.db.execute(f"""INSERT INTO bad SELECT row, {quoted(made.of)}, {of}, {of} || ' ' || ?, '“' || {of} || '”' || ?, false
                            FROM cells WHERE {of} IS NOT NULL AND {column(made.name)} IS NULL""", why)  # fmt: skip

    # ---- values

    def _say(self, owner: int, said: Said, by: Thing | Link, declared_in: str) -> None:
        """Clean one property's cells into `said`, the ones that cannot be cleaned into `bad`."""
        if said.constant:
            value, nested, shown = self._cleaned(declared_in, said.name, said.constant)
            self.db.execute("INSERT INTO said SELECT ?, ?, row, -1, NULL, ?, ?, ? FROM cells", [owner, said.name, value, nested, shown])
            return
        of, field = column(said.column), self.m.origin(said.column)
        if said.split:
            pieces = _pieces(of, said.split)
            many = isinstance(by, Thing) and by.several and said.name == "name"
            at = "generate_subscripts(l, 1) - 1" if many else "0"
            stated = f"SELECT row, {at} AS i, unnest(l) AS stated FROM (SELECT row, list_distinct({pieces}) AS l FROM cells)"
        else:
            stated = f"SELECT row, 0 AS i, {of} AS stated FROM cells WHERE {of} IS NOT NULL"
        self.db.execute(f"CREATE OR REPLACE TABLE stated AS {stated}")
        if said.name == "secrecy":
            self.db.execute("INSERT INTO bad SELECT row, ?, NULL, ?, ?, true FROM stated WHERE NOT list_contains(?, stated)",
                            [field, *SECRET, list(PUBLIC)])  # fmt: skip
        plain = self._plain(declared_in, said.name)
        if plain != "false":
            self.db.execute(f"INSERT INTO said SELECT ?, ?, row, i, ?, to_json(stated), to_json(stated), stated FROM stated WHERE {plain}",
                            [owner, said.name, field])  # fmt: skip
        self._clean(declared_in, said.name, plain)
        self.db.execute("INSERT INTO said SELECT ?, ?, row, i, ?, value, nested, shown FROM stated JOIN clean USING (stated) WHERE value IS NOT NULL",
                        [owner, said.name, field])  # fmt: skip
        self.db.execute("INSERT INTO bad SELECT row, ?, stated, en, zh, false FROM stated JOIN clean USING (stated) WHERE value IS NULL", [field])

    def _cleaned(self, declared_in: str, name: str, text: str) -> tuple[str, str, str]:
        """(canonical JSON, JSON as it stands inside a relation's value, words) of one stated text. Raises BadRow."""
        if name == "modality":
            if text not in self.ontology.modalities:
                raise BadRow(f"{text!r} is none of {', '.join(self.ontology.modalities)}", f"“{text}”不在 {'、'.join(self.ontology.modalities)} 之中")
            return text, text, text
        if name in ("since", "until"):
            return canonical_json(clean_date_cell(text, name, self.m.publication)), "", text
        kind = self.ontology.kinds.get(declared_in)
        declared = (kind or self.ontology.relations[declared_in]).properties[name]
        try:
            value = clean(declared, mask(text) if declared.is_ == "text" else text, self.day)
        except BadValue as e:
            raise BadRow(f"{name}: {e}", f"{declared.zh}：{e.zh}", name, text) from e
        if isinstance(value.value, str):
            return (quoted := json.dumps(value.value, ensure_ascii=False)), quoted, value.shown
        return canonical_json(value.value), json.dumps(value.value, ensure_ascii=False, sort_keys=True, separators=(",", ":")), value.shown

    def _plain(self, declared_in: str, name: str) -> str:
        """The SQL condition under which a stated text is its own value: for names and addresses, not for codes, dates, amounts."""
        declared = (self.ontology.kinds.get(declared_in) or self.ontology.relations[declared_in]).properties.get(name)
        if declared and declared.is_ == "text":
            return f"NOT regexp_matches(stated, {quoted(_PERSONAL)})"
        return f"regexp_full_match(stated, {quoted(_ADDRESS)})" if declared and declared.is_ == "url" else "false"

    def _clean(self, declared_in: str, name: str, plain: str) -> None:
        """`clean`: what each distinct stated text that is not plain becomes, or why it is nothing."""
        made: list[tuple[str | None, ...]] = []
        for (stated,) in self.db.execute(f"SELECT DISTINCT stated FROM stated WHERE NOT ({plain})").fetchall():
            try:
                made.append((stated, *self._cleaned(declared_in, name, stated), None, None))
            except BadRow as e:
                made.append((stated, None, None, None, e.detail, e.reason_zh))
        self.db.execute("CREATE OR REPLACE TABLE clean (stated VARCHAR, value VARCHAR, nested VARCHAR, shown VARCHAR, en VARCHAR, zh VARCHAR)")
        self._insert("clean", ("stated", "value", "nested", "shown", "en", "zh"), made)

    def _insert(self, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Many rows at once: as columns, a hundred times quicker than one by one."""
        import pandas as pd

        if rows:
            self.db.register("more", pd.DataFrame({n: pd.Series(c, dtype=object) for n, c in zip(names, zip(*rows, strict=True), strict=True)}))
            self.db.execute(f"INSERT INTO {table} SELECT {', '.join(f'{n}::VARCHAR' for n in names)} FROM more")
            self.db.unregister("more")

    # ---- ids

    def _identify(self) -> None:
        """`ids`: which thing each row speaks of, by the best key it fills. Things that others' keys need come first."""
        self.db.execute("CREATE OR REPLACE TABLE ids (owner INTEGER, row BIGINT, i BIGINT, id VARCHAR)")
        done: set[str] = set()
        waiting = list(enumerate(self.m.things))
        while waiting:
            ready = [(n, t) for n, t in waiting if all(e == t.name or e in done for e in self._needed(t))] or waiting[:1]
            for n, thing in ready:
                self._identify_one(n, thing)
                done.add(thing.name)
            waiting = [w for w in waiting if w not in ready]

    def _ends(self, thing: Thing, side: str, relation: str) -> list[str]:
        return [k.source if side == "<" else k.target for k in self.m.links
                if k.relation == relation and (k.target if side == "<" else k.source) == thing.name]  # fmt: skip

    def _needed(self, thing: Thing) -> list[str]:
        return [e for key in self.ontology.kinds[thing.kind].keys for p in key if p.side for e in self._ends(thing, p.side, p.name)]

    def _identify_one(self, n: int, thing: Thing) -> None:
        kind = self.kinds[n]
        given = {p.name: p for p in thing.properties}
        names = [x for x in dict.fromkeys(p.name for key in kind.keys for p in key if not p.side) if x in given]
        sides = list(dict.fromkeys((p.side, p.name) for key in kind.keys for p in key if p.side))
        text = "CASE WHEN value[1] = '\"' THEN value->>'$' ELSE value END"
        several = "string_agg(DISTINCT text, ',' ORDER BY text)"
        picked = "".join(f", {several if kind.properties[x].many else 'max(text)'} "
                         f"FILTER (p = {quoted(x)}) AS {column(x)}" for x in names)  # fmt: skip
        self.db.execute(f"""CREATE OR REPLACE TABLE wide AS SELECT row, i{picked} FROM (SELECT row, i, p, {text} AS text FROM said
                            WHERE owner = {n} AND field IS NOT NULL AND list_contains({names!r}, p)) GROUP BY row, i""")
        for x in names:
            if given[x].constant:
                self.db.execute(f"UPDATE wide SET {column(x)} = ?", [given[x].constant])
        joined = ""
        for k, (side, relation) in enumerate(sides):
            owners = [m for m, t in enumerate(self.m.things) if t.name in self._ends(thing, side, relation)]
            joined += f""" LEFT JOIN (SELECT row, string_agg(DISTINCT id, ',' ORDER BY id) AS s{k} FROM ids
                WHERE list_contains({owners!r}::INTEGER[], owner) GROUP BY row) j{k} USING (row)"""
        kept = "".join(f", {column(x)}" for x in names) + "".join(f", s{k}" for k in range(len(sides)))
        self.db.execute(f"CREATE OR REPLACE TABLE wide AS SELECT row, i{kept} FROM wide{joined}")
        for x in names:
            self._fold(x)
        part: Callable[[Any], str] = lambda p: (f"'{p.name}=' || s{sides.index((p.side, p.name))}" if p.side  # noqa: E731
                                                else column(p.name) if p.name in given else "NULL")  # fmt: skip
        cases = ""
        for key in kind.keys:
            needed = " AND ".join(f"{part(p)} IS NOT NULL" for p in key if not p.optional) or "true"
            cases += f" WHEN {needed} THEN left(sha256(concat_ws(chr(31), {', '.join(part(p) for p in key)})), 16)"
        self.db.execute(f"INSERT INTO ids SELECT {n}, row, i, '{kind.prefix}:' || CASE{cases} END AS id FROM wide WHERE CASE{cases} END IS NOT NULL")
        wanted = " or ".join(" + ".join(p.side + p.name for p in key if not p.optional) for key in kind.keys)
        fields = ", ".join(dict.fromkeys(self.m.origin(s.column) for s in thing.properties if s.column and s.name in names)) or thing.name
        absent = f"SELECT row FROM {'cells' if n == 0 else f'(SELECT DISTINCT row FROM said WHERE owner = {n} AND field IS NOT NULL)'}"
        self.db.execute(f"INSERT INTO bad SELECT row, ?, NULL, ?, ?, false FROM ({absent}) WHERE row NOT IN (SELECT row FROM ids WHERE owner = {n})",
                        [fields, f"{kind.name} cannot be told apart: give {wanted}", f"无法识别是哪个{kind.zh}：请填写 {fields}"])  # fmt: skip

    def _fold(self, name: str) -> None:
        """Turn a key's texts into `part=folded`, as `graph.records.node_id` does."""
        c = column(name)
        odd = [r[0] for r in self.db.execute(f"SELECT DISTINCT {c} FROM wide WHERE NOT regexp_full_match({c}, {quoted(_PLAIN)})").fetchall()]
        self.db.execute("CREATE OR REPLACE TABLE folded (text VARCHAR, form VARCHAR)")
        self._insert("folded", ("text", "form"), [(t, nfkc(f"{name}={fold(t)}")) for t in odd])
        form = f"CASE WHEN {c} IS NOT NULL THEN coalesce(form, {quoted(name + '=')} || lower({c})) END"
        self.db.execute(f"CREATE OR REPLACE TABLE wide AS SELECT wide.* REPLACE ({form} AS {c}) FROM wide LEFT JOIN folded ON folded.text = wide.{c}")

    # ---- claims

    def _claims(self, sheet: str, part: Path, stamp: str) -> None:
        self.db.execute("CREATE OR REPLACE TABLE facts (subject VARCHAR, kind VARCHAR, predicate VARCHAR, object VARCHAR, value VARCHAR, "
                        "shown VARCHAR, field VARCHAR, row BIGINT, modality VARCHAR, since VARCHAR, until VARCHAR)")  # fmt: skip
        for n, kind in enumerate(self.kinds):
            self.db.execute(f"""CREATE OR REPLACE TABLE fresh AS SELECT ids.id AS subject, s.p AS predicate, s.value, s.shown, s.field, s.row
                FROM said s JOIN ids ON ids.owner = s.owner AND ids.row = s.row AND (s.i = -1 OR ids.i = s.i OR s.p <> 'name') WHERE s.owner = {n}""")
            if n:  # what a row only mentions is stated once in a table, where it is met first
                self.db.execute("""CREATE OR REPLACE TABLE fresh AS SELECT * FROM fresh f WHERE NOT EXISTS (
                    SELECT 1 FROM told t WHERE t.subject = f.subject AND t.predicate = f.predicate AND t.what = f.value)
                    QUALIFY row_number() OVER (PARTITION BY subject, predicate, value ORDER BY row) = 1""")
                self.db.execute("INSERT INTO told SELECT subject, predicate, value FROM fresh")
            self.db.execute(f"INSERT INTO facts SELECT subject, '{kind.name}', predicate, NULL, value, shown, field, row, 'done', NULL, NULL "
                            "FROM fresh")  # fmt: skip
        for n, link in enumerate(self.m.links, len(self.m.things)):
            self._relate(n, link)
        frame: Mapping[str, str] = {
            "claim_id": "'c' || left(sha256(content), 24)", "source": quoted(self.source), "run": quoted(stamp), "subject": "subject", "kind": "kind",
            "predicate": "predicate", "object": "object", "value": "value", "shown": "shown", "evidence": "evidence", "modality": "modality",
            "confidence": f"{self.m.publication.cap}::DOUBLE", "valid_from": "since::DATE", "valid_to": "until::DATE"}  # fmt: skip
        json_of: Callable[[str], str] = lambda x: f"coalesce(to_json({x})::VARCHAR, 'null')"  # noqa: E731
        bare: Callable[[str], str] = lambda x: f"""coalesce('"' || {x} || '"', 'null')"""  # noqa: E731  # ids, names of ours, days: nothing to escape
        parts = [quoted(json.dumps(self.source, ensure_ascii=False)), *map(bare, ("subject", "kind", "predicate", "object")),
                 *map(json_of, ("value", "shown", "evidence")), bare("modality"), quoted(json.dumps(float(self.m.publication.cap))),
                 bare("since"), bare("until")]  # fmt: skip
        evidence = f"""'{{' || CASE WHEN field IS NULL THEN '' ELSE '"column":' || to_json(field)::VARCHAR || ',' END
                       || '"document":"{self.document}","row":' || row || ',"sheet":' || to_json(?)::VARCHAR || '}}'"""
        self.db.execute(f"""COPY (SELECT {', '.join(f'{e} AS {n}' for n, e in frame.items())} FROM (
            SELECT *, '[' || concat_ws(', ', {', '.join(parts)}) || ']' AS content FROM (SELECT *, {evidence} AS evidence FROM facts)))
            TO {quoted(str(part))} (FORMAT parquet, COMPRESSION zstd)""", [sheet])

    def _relate(self, n: int, link: Link) -> None:
        a, b = (next(m for m, t in enumerate(self.m.things) if t.name == end) for end in (link.source, link.target))
        names = sorted(s.name for s in link.properties)
        several = any(self.m.things[end].several for end in (a, b))
        made = ", ".join(f"""max('"{p}":{{"s":' || to_json(shown)::VARCHAR || ',"v":' || nested || '}}') FILTER (p = '{p}')""" for p in names)
        value = f"'{{' || concat_ws(',', {made}) || '}}'" if names else "NULL"
        modality = "max(value) FILTER (p = 'modality')" if link.modality.column else quoted(link.modality.constant)
        self.db.execute(f"""CREATE OR REPLACE TABLE fresh AS
            SELECT {'DISTINCT' if several else ''} x.id AS subject, y.id AS object, nullif(q.value, '{{}}') AS value, x.row,
                coalesce(q.modality, {quoted(link.modality.constant or 'done')}) AS modality, q.since, q.until
            FROM ids x JOIN ids y USING (row) LEFT JOIN (
                SELECT row, {value} AS value, {modality} AS modality, max(value->>'$.earliest') FILTER (p = 'since') AS since,
                       max(value->>'$.latest') FILTER (p = 'until') AS until FROM said WHERE owner = {n} GROUP BY row) q USING (row)
            WHERE x.owner = {a} AND y.owner = {b} AND x.id <> y.id""")
        if a:  # between things that a row only mentions: once
            self.db.execute(f"""CREATE OR REPLACE TABLE fresh AS SELECT * FROM fresh f WHERE NOT EXISTS (
                SELECT 1 FROM told t WHERE t.subject = f.subject AND t.predicate = '{link.relation}'
                AND t.what = concat_ws(' ', f.object, f.value, f.modality, f.since, f.until))
                QUALIFY row_number() OVER (PARTITION BY subject, object, value, modality, since, until ORDER BY row) = 1""")
            self.db.execute(f"INSERT INTO told SELECT subject, '{link.relation}', concat_ws(' ', object, value, modality, since, until) FROM fresh")
        field = next((self.m.origin(p.column) for p in self.m.thing(link.target).properties if p.column and p.name == "name"), None) or next(
            (self.m.origin(p.column) for p in self.m.thing(link.target).properties if p.column), None)
        self.db.execute(f"INSERT INTO facts SELECT subject, '{self.kinds[a].name}', '{link.relation}', object, value, NULL, ?, row, modality, "
                        "since, until FROM fresh", [field])  # fmt: skip


def _pieces(column: str, separators: str) -> str:
    return f"list_filter(list_transform(regexp_split_to_array({column}, {quoted('[' + re.escape(separators) + ']')}), x -> trim(x)), x -> x <> '')"


def _days(link: Link) -> Iterator[Said]:
    yield from (Said(name, column=c) for name, c in (("since", link.since), ("until", link.until)) if c)
