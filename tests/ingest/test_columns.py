"""Mappings run as columns: the claims are those a plain reading of the rows gives, to their ids, however the rows are cut."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as given_rows
from hypothesis import strategies as st

from graph.errors import BadRow
from graph.ontology import load
from graph.records import Claim, Evidence, Stated, check, claim, node_id
from ingest.columns import Columns
from ingest.load import ingest
from ingest.made import frame
from ingest.mapping import read
from ingest.meaning import Link, Said, TableMapping, Thing
from ingest.source import File
from ingest.text.mask import mask
from tests.ingest.conftest import Given

TEXT = """\
title: {zh: 成果, en: Achievements}
document: {title: 成果"名单", published: 2024年8月, standing: newspaper}
columns:
  granted: {of: share, map: {无: none, 全: whole}}
  ways: {of: modes, split: "、", map: {转让: assign, 许可: license, 不详: ""}, else: ""}
  digits: {of: code, take: '^(\\d{6})'}
  stock: {join: "{digits}.SH"}
  label: {first: [title, note]}
things:
  achievement: {kind: Achievement, name: name, year: year, keywords: {of: words, split: "、;"}, inventors_share: granted,
                modes_offered: {of: ways, split: "、"}, form: =新工艺, summary: label, needs_chemical_park: park}
  seller: {kind: Organization, stock_code: stock, name: seller, types: =Enterprise, founded: founded, url: page}
  buyers: {kind: Organization, name: {of: buyers, split: "、;"}, types: =Institute}
relations:
  - {from: seller, relation: OWNS, to: achievement, since: founded, modality: state}
  - {from: achievement, relation: TRANSFERRED_TO, to: buyers, mode: =assign, amount: amount, transfer_date: sold, until: sold}
  - {from: seller, relation: HOLDS_SHARES_IN, to: buyers, controlling: park}
  - {from: seller, relation: COOPERATES_WITH, to: buyers, modality: =planned}
"""
HEADS = ("name", "year", "words", "share", "modes", "title", "note", "park", "code", "seller", "founded", "page", "buyers", "state", "amount", "sold")
WORDS = st.sampled_from(["镁合金", "Ａ公司", "a公司", "某“大学”", "甲、乙;甲", "it's \"x\"\\", "电话13800138000", "㈱某 社",
                         "x、、 y", "《甲》", "𠮷", "é\u200bz"])  # fmt: skip
DAYS = st.sampled_from(["2024年8月", "2024-02-30", "2023年以来", "2020前", "二〇二〇", "2024-08-14"])
CELLS = {"share": ["无", "全", "半"], "modes": ["转让、许可", "许可", "不详", "转让、不详", "送人"], "park": ["是", "否", "也许", "有"],
         "code": ["600000.SH", "600001", "6000", "600000"], "page": ["http://a.cn/b?c=d", "www.a.cn", "HTTP://ａ.cn", "https://a.cn:80"],
         "state": ["done", "planned", "maybe"], "amount": ["500万元", "约3亿", "500", "10-20万元", "1e5元"],
         "year": ["2024", "２０２４", "去年", "2024.0"]}  # fmt: skip
CELL = {h: st.sampled_from([*CELLS[h], *[CELLS[h][0]] * 4]) if h in CELLS else DAYS if h in ("founded", "sold") else WORDS for h in HEADS}
ROW = st.fixed_dictionaries({h: CELL[h] if h == "name" else st.one_of(st.just(""), CELL[h]) for h in HEADS})


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> TableMapping:
    path = tmp_path_factory.mktemp("m") / "deals.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return read(path)


def run(m: TableMapping, rows: list[tuple[int, dict[str, str]]], size: int) -> tuple[set[Claim], dict[int, str]]:
    """The claims that columns give, as they stand in their files, and the refused rows with the field that is wrong."""
    claims, refused = set[Claim](), dict[int, str]()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"preserve_insertion_order": "false"}) as db:
        columns = Columns(m, "deals", db)
        for at in range(0, len(rows), size):
            part = Path(folder) / f"{at}.parquet"
            some = frame(m, [(n, [r[h] for h in HEADS]) for n, r in rows[at : at + size]], HEADS)
            bad = columns.run(some, '表"1"', part, "now")
            refused |= {n: why.field for n, why, _ in bad}
            found = duckdb.execute(f"SELECT {', '.join(Claim._fields)} FROM read_parquet('{part}')").fetchall()
            made = [Claim(*(x.isoformat() if isinstance(x, dt.date) else x for x in c)) for c in found]
            assert len({c.claim_id for c in made}) == len(made), "no claim twice in a file"
            assert not claims & set(made), "nor in two files of a run"
            claims |= set(made)
    return claims, refused


# ---- a plain reading of the same rows


class Plain:
    """What a mapping says of rows, one by one."""

    def __init__(self, m: TableMapping) -> None:
        self.m, self.day, self.told = m, m.publication.day, set[tuple[object, ...]]()

    def read(self, n: int, row: dict[str, str]) -> list[Claim]:
        """The claims of a row. Raises ValueError where it must be refused."""
        cells = row | self._made(row)
        ids = {t.name: self._ids(t, cells) for t in self.m.things}
        ids = {t.name: self._ids(t, cells, ids) for t in self.m.things}
        if not ids[self.m.things[0].name]:
            raise ValueError("which?")
        links = [(link, self._link(link, cells)) for link in self.m.links]
        self._complete(ids, links, cells)
        out: list[Claim] = []
        for k, t in enumerate(self.m.things):
            out += self._facts(n, t, cells, ids[t.name], bool(k))
        for link, values in links:
            out += self._relations(n, link, values, ids)
        return out

    def _made(self, row: dict[str, str]) -> dict[str, str]:
        made = {"granted": {"无": "none", "全": "whole", "": ""}[row["share"]]}
        pieces = [x for x in map(str.strip, row["modes"].split("、")) if x]
        known = {"转让": "assign", "许可": "license", "不详": ""}
        made["ways"] = "、".join(known[x] for x in pieces if known[x]) if all(x in known for x in pieces) else ""
        made["digits"] = row["code"][:6]
        if row["code"] and len(row["code"]) < 6:
            raise ValueError(row["code"])
        made["stock"] = made["digits"] and made["digits"] + ".SH"
        made["label"] = row["title"] or row["note"]
        return made

    def _values(self, owner: str, said: Said, cells: dict[str, str]) -> list[Stated]:
        text = said.constant or cells[said.column]
        if not text:
            return []
        texts = [x.strip() for x in text.replace(";", "、").split("、") if x.strip()] if said.split else [text]
        declared = (load().kinds.get(owner) or load().relations[owner]).properties[said.name]
        texts = [mask(x) if declared.is_ == "text" else x for x in dict.fromkeys(texts)]
        values = [v for x in texts for v in _list(check(owner, {said.name: [x] if declared.many else x}, self.day)[said.name])]
        return [v._replace(shown=cells["share"]) if said.column == "granted" else v for v in values]

    def _ids(self, t: Thing, cells: dict[str, str], ends: dict[str, list[str]] | None = None) -> list[str]:
        values = {p.name: self._values(t.kind, p, cells) for p in t.properties}
        every = [{t.each: [v]} for v in values[t.each]] if t.each else [{}]
        out = []
        for one in every:
            have = {k: ",".join(sorted(str(v.value) for v in vs)) for k, vs in (values | one).items() if vs}
            have |= {link.relation: ",".join(sorted(set((ends or {}).get(link.source, [])))) for link in self.m.links if link.target == t.name}
            key = next((k for k in t.keys if all(p.optional or have.get(p.name) for p in k)), None)
            if key:
                out.append(node_id(t.kind, tuple((p.name, have[p.name]) for p in key if have.get(p.name))))
            elif any(values[p.name] for p in t.properties if p.column):
                raise ValueError("which?")
        return out

    def _link(self, link: Link, cells: dict[str, str]) -> dict[str, Any]:
        given: dict[str, Any] = {p.name: v[0] for p in link.properties if (v := self._values(link.relation, p, cells))}
        days = {n: check("Organization", {"founded": cells[c]}, self.day)["founded"] for n, c in (("since", link.since), ("until", link.until))
                if c and cells[c]}  # fmt: skip
        state = link.modality.constant or cells[link.modality.column] or "done"
        if state not in load().modalities:
            raise ValueError(state)
        return given | {"@" + n: v for n, v in days.items()} | {"@modality": state}

    def _complete(self, ids: dict[str, list[str]], links: list[tuple[Link, dict[str, Any]]], cells: dict[str, str]) -> None:
        for (link, _), own in zip(links, (["state"], ["amount", "sold"], [], []), strict=True):
            if any(cells[c] for c in own) and not (ids[link.source] and ids[link.target]):
                raise ValueError("an end is not given")

    def _claim(self, n: int, column: str | None, *args: Any, **how: Any) -> Claim:
        evidence = Evidence(self.m.publication.node_id, sheet='表"1"', row=n, column=column).json()
        return claim("deals", *args, evidence, confidence=0.8, **how)

    def _facts(self, n: int, t: Thing, cells: dict[str, str], ids: list[str], once: bool) -> Iterator[Claim]:
        for p in t.properties:
            values = self._values(t.kind, p, cells)
            for subject, v in zip(ids, values, strict=True) if p.name == t.each else ((i, v) for i in ids for v in values):
                if once and (subject, p.name, str(v.value)) in self.told:
                    continue
                if once:
                    self.told.add((subject, p.name, str(v.value)))
                yield self._claim(n, None if p.constant else self.m.origin(p.column), subject, p.name, value=v.value, shown=v.shown)

    def _relations(self, n: int, link: Link, given: dict[str, Any], ids: dict[str, list[str]]) -> Iterator[Claim]:
        value = {k: {"v": v.value, "s": v.shown} for k, v in given.items() if not k.startswith("@")} or None
        since, until = (given[x].value[end] if x in given else None for x, end in (("@since", "earliest"), ("@until", "latest")))
        column = {"achievement": "name", "buyers": "buyers"}[link.target]
        for a, b in dict.fromkeys((a, b) for a in ids[link.source] for b in ids[link.target] if a != b):
            key = (a, link.relation, b, str(value), given["@modality"], since, until)
            if link.source != self.m.things[0].name:
                if key in self.told:
                    continue
                self.told.add(key)
            yield self._claim(n, column, a, link.relation, object=b, value=value, modality=given["@modality"], valid_from=since, valid_to=until)


def _list(value: Any) -> list[Stated]:
    return value if isinstance(value, list) else [value]


def test_a_row_that_mentions_what_it_is_about_says_nothing_twice(given: Given, tmp_path: Path) -> None:
    own = given("title: {zh: a, en: a}", "document: {title: 分类}", "columns: {up: {first: [upper, code]}}", "things:",
                "  it: {kind: Field, scheme: =S, code: code, name: name}", "  whole: {kind: Field, scheme: =S, code: up}",
                "relations: [{from: it, relation: PART_OF, to: whole}]", name="own.yaml")  # fmt: skip
    path = given("code,upper,name", "A,,农业", "A1,A,种植", "A2,A,林业")
    first = ingest(tmp_path / "w", [File(path, str(own))]).sources["own"]
    again = ingest(tmp_path / "w", [File(path, str(own))]).sources["own"]
    assert (again.new, again.unchanged, again.removed) == (0, first.new, 0)


EMPTY = dict.fromkeys(HEADS, "")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([EMPTY | {"name": "甲", "buyers": "乙、丙", "amount": "500万元", "sold": "2024年8月"}] * 2, 1)
@example([EMPTY | {"name": "甲", "buyers": "a公司、Ａ公司", "seller": "Ａ公司", "park": "是", "state": "planned"}], 9)
@given_rows(st.lists(ROW, min_size=1, max_size=6), st.integers(1, 7))
def test_claims_of_columns_are_those_of_a_plain_reading(mapping: TableMapping, rows: list[dict[str, str]], size: int) -> None:
    plain, expected, wrong = Plain(mapping), set[Claim](), set[int]()
    for n, row in enumerate(rows, 2):
        told = set(plain.told)
        try:
            expected |= set(plain.read(n, row))
        except (BadRow, KeyError, ValueError):
            plain.told = told
            wrong.add(n)
    claims, refused = run(mapping, [*enumerate(rows, 2)], size)
    assert set(refused) == wrong
    assert {(c.subject, c.predicate, c.object, c.value, c.shown, c.evidence) for c in claims} == {
        (c.subject, c.predicate, c.object, c.value, c.shown, c.evidence) for c in expected}  # fmt: skip
    assert claims == expected
