"""Promises: every target counted in the graph by its own definition, beside what documents report, with the measures promised with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from graph.contradictions import core
from graph.criteria import Fact, same_unit, span
from graph.matching.criteria import HOW
from graph.promises import COUNTERS, Definition, Record, Tally, assess, tally, uncountable
from graph.store.contract import Edge, Node, Version
from queries.answers.sourced import Stated, brief, dates, edge_claims, stated
from queries.reader import Page, Reader, plain

LISTED = 200  # counted things listed in an answer; the count itself is whole
REGION_WORDS = r"(省|市|自治区|特别行政区|壮族自治区|回族自治区|维吾尔自治区)$"
DATED = {"Project": ("started", "ended"), "Product": ("launched",)}


def promises(reader: Reader, as_of: dt.date, region: str | None = None, limit: int = 20, cursor: str | None = None) -> dict[str, Any]:
    """`{as_of, items, measures, next_cursor, graph_version}`: a page of targets, those of a region or all, each as `promise` answers it."""

    def work(version: Version) -> dict[str, Any]:
        page = reader.ask("promise_targets", {"region": region, "limit": limit}, cursor)
        counting = _counting(reader)
        items = [_target(reader, row, as_of, counting) for row in page.rows]
        return {"as_of": as_of.isoformat(), "items": items, "measures": _measures(reader, page.rows), "next_cursor": page.next_cursor,
                "graph_version": version.shown}

    return reader.steady(work)


def promise(reader: Reader, target: str, as_of: dt.date) -> dict[str, Any]:
    """One target: its definition in words, what counts with evidence, gap, pace needed and made, status on the day, reported figures, measures.

    The id must be a current one. Raises BadParameter, Unknown, Merged.
    """

    def work(version: Version) -> dict[str, Any]:
        reader.canonical(target)
        rows = reader.ask("promise_targets", {"target": target}).rows
        return {"as_of": as_of.isoformat(), **_target(reader, rows[0], as_of, _counting(reader)), "measures": _measures(reader, rows),
                "graph_version": version.shown}

    return reader.steady(work)


def _target(reader: Reader, row: Mapping[str, Any], as_of: dt.date, counting: _Counting) -> dict[str, Any]:
    node, about = row["target"], row["about"]
    facts = stated(reader, [node.id])[node.id]
    regions = [x for x in about if x.kind == "Region"]
    definition = _definition(facts, [r.name for r in regions])
    records, truncated = ([], False) if uncountable(definition) else counting.records(definition, regions)
    found = tally(definition, records, as_of)
    made = assess(definition, found, as_of, truncated)
    named = counting.named(definition, regions, {r.node for r in records})
    weak = facts["value"].confidence if "value" in facts else 0.0
    return {
        "target": brief(node), "metric": definition.metric, "value": plain(dict(definition.amount)) if definition.amount else None,
        "shown": facts["value"].shown if "value" in facts else None, "unit": definition.unit or None,
        "due": definition.due.isoformat() if definition.due else None, "begins": definition.begins.isoformat() if definition.begins else None,
        "counts": list(definition.kinds), "counts_as": {True: "stock", False: "new", None: None}[definition.stock],
        "set": node.properties.get("target_set"), "modality": node.properties.get("modality"), "where": [brief(x) for x in about],
        "documents": [brief(d) for d in row["documents"]], "policies": [brief(p) for p in row["policies"]],
        "definition": definition.told(as_of), **made, "unconfirmed": not Fact(None, "", (), weak).decides,
        "counted": _listing(found, "counted"), "by_kind": _by_kind(found), "undated": sum(not r.dated for r in found.counted),
        "undecided": _listing(found, "undecided"), "unconfirmed_records": _listing(found, "unconfirmed"), "named_only": named,
        "truncated": truncated, "reported": _reported(counting, definition, [x.id for x in about]),
        "evidence": [c for name in ("value", "due", "metric", "counts") if name in facts for c in facts[name].claims],
    }  # fmt: skip


def _definition(facts: Mapping[str, Fact], where: Sequence[str]) -> Definition:
    def value(name: str) -> Any:
        return facts[name].value if name in facts else None

    stock = {"stock": True, "new": False}.get(str(value("counts_as")))
    kinds = tuple(sorted(facts["counts"].value)) if "counts" in facts else ()
    return Definition(str(value("metric") or ""), value("value"), kinds, stock, dates(value("begins"))[0], dates(value("due"))[1], tuple(where))


def _by_kind(found: Tally) -> dict[str, int]:
    kinds = [r.kind for r in found.counted]
    return {k: kinds.count(k) for k in sorted(set(kinds))}


def _listing(found: Tally, which: str) -> list[dict[str, Any]]:
    records: tuple[Record, ...] = getattr(found, which)
    return [{"node": {"id": r.node, "kind": r.kind, "name": r.name}, "day": [d.isoformat() if d else None for d in r.day] if r.day else None,
             "event": r.event or None, "level": r.level or None, "where": dict(r.where), "evidence": list(r.claims)}
            for r in records[:LISTED]]  # fmt: skip


# ---- counting


HELD = 200_000  # records kept, near 1 kB each


class _Counting:
    """Records by way, region and kinds: many targets count the same ones, so they are kept for their version."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.held: dict[tuple[str, str, tuple[str, ...]], tuple[list[Record], bool]] = {}
        self.told: dict[str, list[tuple[dict[str, Any], dict[str, Fact]]]] = {}

    def rows(self, question: str, region: Node, kinds: tuple[str, ...]) -> Page:
        names = {p.name for p in self.reader.catalogue.get(question).parameters}
        given = {"region": region.id, "names": _names(region), "labels": list(kinds)}
        return self.reader.ask(question, {k: v for k, v in given.items() if k in names})

    def records(self, definition: Definition, regions: Sequence[Node]) -> tuple[list[Record], bool]:
        found = [self._found(question, region, tuple(k for k in definition.kinds if k in way.kinds))
                 for way in definition.ways() for region in regions for question in way.questions]  # fmt: skip
        return [r for records, _ in found for r in records], any(cut for _, cut in found)

    def _found(self, question: str, region: Node, kinds: tuple[str, ...]) -> tuple[list[Record], bool]:
        key = (question, region.id, kinds)
        if (known := self.held.get(key)) is not None:
            return known
        page, kind_of = self.rows(question, region, kinds), self.reader.ontology.kind_of
        wanted = {r["thing"] for r in page.rows if kind_of(r["thing"]) in DATED}
        facts = stated(self.reader, wanted, {p for names in DATED.values() for p in names})
        found = [_record(r, region, str(kind_of(r["thing"])), facts) for r in page.rows], page.truncated
        if sum(len(records) for records, _ in self.held.values()) + len(found[0]) > HELD:
            self.held = {}
        self.held[key] = found
        return found

    def figures(self, about: str) -> list[tuple[dict[str, Any], dict[str, Fact]]]:
        """Reported figures about a thing, with what is stated of each."""
        if about not in self.told:
            rows = self.reader.ask("figures_stated", {"about": about}).rows
            facts = stated(self.reader, {r["figure"].id for r in rows}, ["metric", "value", "period", "counts_as"])
            self.told[about] = [(r, held) for r in rows if {"metric", "value"} <= (held := facts.get(r["figure"].id, {})).keys()]
        return self.told[about]

    def named(self, definition: Definition, regions: Sequence[Node], counted: set[str]) -> list[dict[str, Any]]:
        """Facilities of the counted kinds that a region's documents name, of which no recognition is known."""
        kinds = tuple(k for k in definition.kinds if k in self.reader.ontology.groups["Facility"])
        rows = [r for region in regions if kinds for r in self.rows("named_facilities", region, kinds).rows if r["thing"].id not in counted]
        facts = stated(self.reader, {r["thing"].id for r in rows}, ["name"])
        done = [r for r in rows if r["thing"].properties.get("modality") == "done"]
        return [{"node": brief(r["thing"]), "how": r["how"], "evidence": list(facts[r["thing"].id]["name"].claims)} for r in done][:LISTED]


def _counting(reader: Reader) -> _Counting:
    return reader.derived("counting", lambda: _Counting(reader))


def _names(region: Node) -> list[str]:
    """What the names of a region's agencies and bases may begin with."""
    known = [region.name, *region.properties.get("aliases", []), re.sub(REGION_WORDS, "", region.name)]
    return sorted({n for n in known if len(n) > 1})


def _record(row: Mapping[str, Any], region: Node, kind: str, facts: Stated) -> Record:
    me, edge, by = (row["thing"], kind, row["name"]), row["edge"], row["by"]
    edges: list[Edge] = [edge, *([row["membership"]] if row.get("membership") else [])]
    claims, confidence = tuple(c for e in edges for c in edge_claims(e)), min(float(e.properties["confidence"]) for e in edges)
    modality = next((m for e in edges if (m := str(e.properties.get("modality", "done"))) != "done"), str(row["modality"] or "done"))
    where = {"zh": f"位于{region.name}", "en": f"in {region.name}"}
    if edge.relation == "RECOGNIZES":
        day, until = _day(edge, "event_date"), edge.properties.get("valid_until_latest")
        if row["how"] in (None, "recognised"):
            where = {"zh": f"由{by}认定", "en": f"recognised by {by}"}
        elif told := HOW.get(row["how"]):
            where = {"zh": where["zh"] + told[0], "en": where["en"] + told[1]}
        return Record(*me, day, claims, confidence, modality, str(edge.properties.get("event", "recognised")),
                      str(edge.properties.get("level", "")), until, where)  # fmt: skip
    if kind in DATED:
        held = [f for name in reversed(DATED[kind]) if (f := facts.get(me[0], {}).get(name))]
        known = next((f for f in held if f.decides), held[0] if held else None)
        if known is None:
            return Record(*me, None, claims, 0.0, modality, where=where)
        confidence, said = min(confidence, known.confidence), modality if known.modality == "done" else known.modality
        return Record(*me, dates(known.value), (*claims, *known.claims), confidence, said, where=where)
    day = _day(edge, "transfer_date") or ((edge.properties.get("since"), edge.properties.get("since")) if edge.properties.get("since") else None)
    return Record(*me, day, claims, confidence, modality, where={"zh": f"经{by}", "en": f"by {by}"})


def _day(edge: Edge, name: str) -> tuple[dt.date | None, dt.date | None] | None:
    found = edge.properties.get(f"{name}_earliest"), edge.properties.get(f"{name}_latest")
    return found if any(found) else None


# ---- beside ours


def _reported(counting: _Counting, definition: Definition, about: Sequence[str]) -> list[dict[str, Any]]:
    """What documents report about the same subject: of the same metric with its share of the target, or near it in words."""
    words, wanted = definition.words(), core(definition.metric)
    rows = {(r["figure"].id, r["document"].id): (r, held) for x in about for r, held in counting.figures(x)}
    out = []
    for _, (r, held) in sorted(rows.items(), key=lambda x: x[0]):
        metric, value = str(held["metric"].value), held["value"]
        same = core(metric) == wanted
        if not same and not any(w in metric for w in words):
            continue
        share, counts = None, held["counts_as"].value if "counts_as" in held else None
        alike = same and (definition.stock is not False or counts == "new")
        if alike and definition.amount and value.decides and _comparable(value.value, definition.amount) and span(definition.amount)[0]:
            share = round(span(value.value)[0] / span(definition.amount)[0], 4)
        out.append({"figure": brief(r["figure"]), "metric": metric, "shown": value.shown, "value": plain(value.value), "same_metric": same,
                    "period": held["period"].shown if "period" in held else None,
                    "day": plain(dates(held["period"].value)[1]) if "period" in held else None, "counts_as": counts, "share": share,
                    "unconfirmed": not value.decides, "document": brief(r["document"]), "evidence": list(value.claims)})  # fmt: skip
    return sorted(out, key=lambda x: (not x["same_metric"], x["unconfirmed"], x["figure"]["id"], x["document"]["id"]))


def _comparable(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    units = str(one.get("unit") or ""), str(other.get("unit") or "")
    return same_unit(*units) or all(u in COUNTERS for u in units)


def _measures(reader: Reader, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the documents and policies of these targets promise beside them, with the state of each."""
    owners = {n.id: n for r in rows for n in (*r["documents"], *r["policies"])}
    out: dict[str, dict[str, Any]] = {}
    for i, owner in sorted(owners.items()):
        for r in reader.ask("policy_measures", {"document": i, "limit": 200}).rows:
            p = r["measure"].properties
            out.setdefault(r["measure"].id, {"measure": brief(r["measure"]), "by": brief(owner), "state": p.get("state", "not_seen"),
                           "modality": p.get("modality", "done"), "condition": p.get("condition"), "amount": p.get("amount_shown"),
                           "position": p.get("position"), "evidence": list(edge_claims(r["edge"]))})  # fmt: skip
    return sorted(out.values(), key=lambda m: (m["by"]["id"], str(m["position"]), m["measure"]["id"]))
