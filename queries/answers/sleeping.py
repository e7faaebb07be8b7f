"""Sleeping achievements (沉睡成果): those nobody tried, took over or licensed, the most promising first, each with its reasons.

The order is over all of them, from the snapshot's columns (`graph.potential`), made once a version; a page fetches what it shows.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graph.errors import BadParameter
from graph.potential import TESTS, WEIGHTS, Achievements, Definition, Ranking, Wanted
from queries.cursor import make_cursor, read_cursor
from queries.reader import Reader, plain

EXAMPLES = 3  # things named in a reason; the number beside them is the whole
TEST_NAMES = {"tried": ("开展验证或中试", "tried"), "transferred": ("转让", "transferred"), "licensed": ("许可", "licensed"),
              "spun_out": ("衍生企业", "spun out")}  # fmt: skip


def sleeping(reader: Reader, *, owner: str = "", field: str = "", region: str = "", min_age: int = 0, maturity: str = "",
             moved_by: Sequence[str] = TESTS, as_of: dt.date | None = None, limit: int = 20,
             cursor: str | None = None) -> dict[str, Any]:  # fmt: skip
    """`{items, next_cursor, total, definition, unknown, graph_version}`; an item is `{node, owners, age, score, parts, reasons, unknown}`.

    `owner`, `field` (segment, field or chain with all inside it) and `region` are ids, `min_age` years since registration,
    `maturity` a level or levels such as 4..6. What is unknown to a filter is not listed but counted in `unknown`.
    """
    definition, wanted = _checked(min_age, maturity, moved_by, as_of, limit)
    given = {"owner": owner, "field": field, "region": region, "min_age": min_age, "maturity": maturity, "moved_by": definition.moved_by,
             "as_of": definition.as_of, "limit": limit}  # fmt: skip

    def work(version: Any) -> dict[str, Any]:
        rows: dict[str, Any] = {k: _row(reader, v, kinds, k) for k, v, kinds in (("owner", owner, ["Organization"]), ("region", region, ["Region"]),
                                                                 ("field", field, reader.ontology.groups["Industry"])) if v}  # fmt: skip
        skip = read_cursor(cursor, str(version.current), "sleeping", given) if cursor else 0
        found = reader.derived("achievements", lambda: Achievements(reader.arrays()))
        ranking = reader.derived(("sleeping", definition), lambda: found.rank(definition))
        asked = Wanted(**rows, **wanted)
        ok, unknown = reader.derived(("wanted", asked, definition.as_of), lambda: found.wanted(asked, definition.as_of))
        order = ranking.order[ok[ranking.order]]
        asleep = np.zeros(found.size, dtype=bool)
        asleep[ranking.order] = True
        page = order[skip : skip + limit].tolist()
        more = make_cursor(str(version.current), "sleeping", given, skip + limit) if len(order) > skip + limit else None
        return {"items": _items(reader, found, ranking, page, definition), "next_cursor": more, "total": len(order),
                "definition": _shown(definition), "unknown": {k: int((m & asleep).sum()) for k, m in unknown.items()}, **reader.stamp()}  # fmt: skip

    return reader.steady(work)


def _checked(min_age: int, maturity: str, moved_by: Sequence[str], as_of: dt.date | None, limit: int) -> tuple[Definition, dict[str, Any]]:
    def refuse(name: str, value: object, what: str) -> BadParameter:
        return BadParameter(f"{name}: {value!r} {what}", errors=[{"parameter": name, "value": str(value)}])

    if not moved_by or (strange := [t for t in moved_by if t not in TESTS]):
        raise refuse("moved_by", strange[0] if moved_by else "", f"is none of {', '.join(TESTS)}")
    if not 1 <= limit <= 200:
        raise refuse("limit", limit, "is not within 1..200")
    if not 0 <= min_age <= 100:
        raise refuse("min_age", min_age, "is not within 0..100 years")
    levels = None
    if maturity:
        low, _, high = maturity.replace("-", "..").partition("..")
        if not (low.isdigit() and (high or low).isdigit()) or not 1 <= int(low) <= int(high or low) <= 9:
            raise refuse("maturity", maturity, "is no level: write 5, or 4..6, from 1 to 9")
        levels = (int(low), int(high or low))
    known = tuple(t for t in TESTS if t in moved_by)
    return Definition(as_of or dt.date.today(), known), {"min_age": min_age, "maturity": levels}


def _row(reader: Reader, node: str, kinds: Sequence[str], name: str) -> int:
    """The row of an id. Raises Unknown, Merged, BadParameter for a thing of another kind."""
    reader.canonical(node)
    if reader.ontology.kind_of(node) not in kinds:
        raise BadParameter(f"{name}: {node!r} is none of {', '.join(kinds)}", errors=[{"parameter": name, "value": node}])
    return int(reader.adjacency().number(node))  # type: ignore[arg-type]  # a current id has a row


def _shown(d: Definition) -> dict[str, Any]:
    zh, en = ("、".join(TEST_NAMES[t][0] for t in d.moved_by), ", ".join(TEST_NAMES[t][1] for t in d.moved_by))
    return {"moved_by": list(d.moved_by), "as_of": d.as_of.isoformat(), "weights": WEIGHTS,
            "zh": f"沉睡：图谱中没有其{zh}的已证实记录（含其专利）；没有记录不等于没有发生。日期以 {d.as_of} 为准。",
            "en": f"Sleeping: the graph has no confirmed record that it (or its patent) was {en}; no record is not proof. As of {d.as_of}."}


# ---- a page


def _items(reader: Reader, found: Achievements, ranking: Ranking, page: list[int], d: Definition) -> list[dict[str, Any]]:
    if not page:
        return []
    ids = [reader.adjacency().node_id(found.slice.start + n) for n in page]
    owners: dict[str, list[dict[str, Any]]] = {}
    nodes = {}
    for row in reader.ask("achievement_owners", {"achievements": ids}).rows:
        nodes[row["achievement"].id] = row["achievement"]
        if row["owner"] is not None:
            owner = {"id": row["owner"].id, "name": row["owner"].name, "evidence": row["edge"].properties.get("evidence", [])}
            owners.setdefault(row["achievement"].id, []).append(owner)
    out = []
    claims = functools.cache(reader.claims)  # on one page many share an industry
    for n, i in zip(page, ids, strict=True):
        parts = {k: {"value": float(v[n]), "weight": WEIGHTS[k], "known": bool(ranking.known[k][n])} for k, v in ranking.parts.items()}
        unknown = [k for k, p in parts.items() if not p["known"]] + ([] if not np.isnan(found.year[n]) else ["age"])
        age = None if np.isnan(found.year[n]) else int(d.as_of.year - found.year[n])
        out.append({"node": plain(nodes[i]), "owners": owners.get(i, []), "age": age, "score": float(ranking.score[n]), "parts": parts,
                    "reasons": _Reasons(reader, found, ranking, n, claims).all(), "unknown": unknown})  # fmt: skip
    return plain(out)  # type: ignore[no-any-return]


class _Reasons:
    """Why one achievement ranks where it does: sentences, up to EXAMPLES things each names, and the claims that say so."""

    def __init__(self, reader: Reader, found: Achievements, ranking: Ranking, n: int, claims: Callable[..., list[str]]) -> None:
        self.reader, self.found, self.ranking, self.n, self.claims = reader, found, ranking, n, claims
        self.g, self.id = found.arrays, reader.adjacency().node_id
        self.row, self.industry = found.slice.start + n, int(ranking.best[n])
        self.where = reader.names([self.id(self.industry)]).get(self.id(self.industry), "") if self.industry >= 0 else ""

    def all(self) -> list[dict[str, Any]]:
        there = [self._no_field()] if self.industry < 0 else [self._moved(), self._capacity()]
        return [*self._unconfirmed(), self._maturity(), *there, *self._demands()]

    def _say(self, kind: str, zh: str, en: str, edges: Sequence[int] = (), named: Sequence[int] = (), claims: Sequence[str] = ()) -> dict[str, Any]:
        relations = list(self.reader.ontology.relations)
        said = [c for e in edges for c in self.claims(self.id(int(self.g.source[e])), relations[self.g.a["edge_relation"][e]],
                                                              self.id(int(self.g.target[e])))]  # fmt: skip
        names = self.reader.names(map(self.id, named))
        return {"kind": kind, "zh": zh, "en": en, "nodes": [{"id": i, "name": names.get(i, i)} for i in map(self.id, named)],
                "evidence": list(dict.fromkeys([*claims, *said]))}  # fmt: skip

    def _unconfirmed(self) -> list[dict[str, Any]]:
        some = [e for r in ("TRANSFERRED_TO", "TRIED_IN", "SPUN_OUT") for _, e in self.g.around(self.row, r, out=True, confirmed=False)]
        if not some:
            return []
        return [self._say("unconfirmed", "有未证实（仅见于转载）或仅为计划的转化、试验记录，不计入。",
                          "It has records of transfer or trial that are unconfirmed (seen on mirror sites only) or only planned; they do not count.",
                          some[:EXAMPLES])]  # fmt: skip

    def _usual(self, part: str) -> str:
        return f"{float(self.ranking.parts[part][self.n]):.2f}"

    def _maturity(self) -> dict[str, Any]:
        low, high = self.found.low[self.n], self.found.high[self.n]
        if np.isnan(low):
            return self._say("maturity", f"成熟度未知，按已知者的平均值 {self._usual('maturity')} 计。",
                             f"Maturity is unknown and counts as the mean of those known, {self._usual('maturity')}.")  # fmt: skip
        level = f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"
        claims = [c for p in ("maturity_min", "maturity_max") for c in self.claims(self.id(self.row), p)]
        return self._say("maturity", f"成熟度 {level} 级。", f"Its maturity is level {level}.", claims=claims)

    def _no_field(self) -> dict[str, Any]:
        means = "、".join(self._usual(p) for p in ("moved", "capacity"))
        return self._say("field", f"没有来源说明它应用于哪个领域或环节，故同环节转化与空档均未知，按平均值（{means}）计。",
                         "No source says which field or link it applies to, so what moved there and what has room are unknown and count as the mean.")

    def _moved(self) -> dict[str, Any]:
        start, count = self.found.slice.start, int(self.ranking.counts["moved"][self.n])
        ends = self.g.around(self.industry, "APPLIES_TO", out=False)
        near = [(a, e) for a, e in ends if start <= a < self.found.slice.stop and self.ranking.awake[a - start]][:EXAMPLES] if count else []
        steps = [e for a, _ in near for r in ("TRANSFERRED_TO", "TRIED_IN", "SPUN_OUT") for _, e in self.g.around(a, r, out=True)[:1]]
        if not count:
            return self._say("moved", f"所在环节“{self.where}”尚无已转化成果的记录。",
                             f"No achievement of “{self.where}” is on record as having moved.")  # fmt: skip
        return self._say("moved", f"所在环节“{self.where}”已有 {count} 项成果转化或开展中试。", f"{count} achievements of “{self.where}” have moved.",
                         [*(e for _, e in near), *steps], [a for a, _ in near])  # fmt: skip

    def _demands(self) -> list[dict[str, Any]]:
        count = int(self.ranking.counts["demands"][self.n])
        if not self.ranking.known["demands"][self.n]:
            return []
        if not count:
            return [self._say("demands", "没有对它或其所在环节的未截止需求记录。", "No open demand for it or its link is on record.")]
        own = [x for x in self.g.around(self.row, "SEEKS", out=False) if self.ranking.asked[x[0]]]
        there = self.g.around(self.industry, "SEEKS", out=False) if self.industry >= 0 else []
        some = [*own, *(x for x in there if self.ranking.asked[x[0]])][:EXAMPLES]
        by_name = (f"，其中 {len(own)} 项直接点名", f", {len(own)} of them for it by name") if own else ("", "")
        return [self._say("demands", f"有 {count} 项未截止的需求与之相关{by_name[0]}。", f"{count} open demands ask for it or its link{by_name[1]}.",
                          [e for _, e in some], [x for x, _ in some])]  # fmt: skip

    def _capacity(self) -> dict[str, Any]:
        count = int(self.ranking.counts["capacity"][self.n])
        if not count:
            return self._say("capacity", f"没有服务于“{self.where}”的基地公布空档；是否有空档未知。",
                             f"No base that serves “{self.where}” states a free slot; whether one is free is unknown.")  # fmt: skip
        some = [(b, e) for b, e in self.g.around(self.industry, "SERVES", out=False) if self.ranking.roomy[b]][:EXAMPLES]
        offers = [e for b, _ in some for _, e in self.g.around(b, "OFFERS", out=True)[:1]]
        return self._say("capacity", f"{count} 个服务于“{self.where}”的基地或中心公布了空档。",
                         f"{count} bases or centres that serve “{self.where}” state a free slot.",
                         [*(e for _, e in some), *offers], [b for b, _ in some])  # fmt: skip
