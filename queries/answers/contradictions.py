"""What documents say that does not agree: figures against figures, and what a document counts against what it names."""

from __future__ import annotations

import datetime as dt
from typing import Any

from graph.contradictions import Named, Said, countings, disagreements
from graph.store.contract import Node, Version
from queries.answers.sourced import Stated, dates, edge_claims, stated
from queries.reader import Reader

REGISTER = 5_000  # claims of a document from which on its names are found by the kind: a register of 10^6 rows took a minute by the document


def contradictions(reader: Reader, about: str | None = None) -> dict[str, Any]:
    """`{items, truncated, graph_version}`: pairs of figures (`type` figures) and documents' own counts (`type` counts).

    Each item carries its evidence claims and, under `places`, where each is said: document, span, our note, the sentence where loaded.
    """
    def work(version: Version) -> dict[str, Any]:
        found = _contradictions(reader, about) if about else reader.derived("contradictions", lambda: _contradictions(reader, None))
        return {**found, "graph_version": version.shown}  # of the whole graph, seconds at 10^6 nodes, they are kept; what is shown of the version not

    return reader.steady(work)


def _contradictions(reader: Reader, about: str | None) -> dict[str, Any]:
    said, cut = _said(reader, about)
    items = [*disagreements(said), *(countings(_sets(reader)) if about is None else [])]
    for item in items:
        item["places"] = reader.evidence(item["evidence"])
    return {"items": items, "truncated": cut}


def _said(reader: Reader, about: str | None) -> tuple[list[Said], bool]:
    pages = [reader.ask(q, {"about": about}) for q in ("targets_stated", "figures_stated")]
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row in (r for p in pages for r in p.rows):
        held = rows.setdefault((row["figure"].id, row["document"].id), {**row, "about": {}})
        held["about"][row["about"].id] = row["about"].name
    facts = stated(reader, {i for i, _ in rows}, ["metric", "value", "period", "due", "begins", "counts_as"])
    return [s for r in rows.values() if (s := _one(r, facts))], any(p.truncated for p in pages)


def _one(row: dict[str, Any], facts: Stated) -> Said | None:
    node, document = row["figure"], row["document"]
    held = facts.get(node.id, {})
    if "metric" not in held or "value" not in held:
        return None
    if node.kind == "Target":
        period = (dates(held["begins"].value)[0] if "begins" in held else None, dates(held["due"].value)[1] if "due" in held else None)
    else:
        period = dates(held["period"].value) if "period" in held else (None, None)
    value = held["value"]
    counts = str(held["counts_as"].value) if "counts_as" in held else ""
    return Said(node.id, node.kind, node.name, tuple(row["about"]), tuple(row["about"].values()), str(held["metric"].value), value.value, value.shown,
                period, counts, document.id, document.name, _published(document), value.claims, value.confidence)  # fmt: skip


def _published(document: Node) -> dt.date | None:
    return document.properties.get("published_latest")


def _sets(reader: Reader) -> list[Named]:
    """Batches as their documents state them, with what else of the kind the document names, where that is not known to lie elsewhere."""
    rows = reader.ask("batches_stated").rows
    facts = stated(reader, {r["batch"].id for r in rows}, ["stated_members", "name"])
    in_a_batch = {m.id for r in rows for m in r["members"]}
    out: list[Named] = []
    for r in rows:
        batch, document = r["batch"], r["document"]
        kinds = batch.properties.get("member_kind", [])
        if len(kinds) != 1:
            continue
        number = facts.get(batch.id, {}).get("stated_members")
        names = _named_in(reader, document.id, kinds[0])
        members = [m for m in r["members"] if m.id in names]
        outside = {i: x for i, x in names.items() if i not in in_a_batch}
        claims = number.claims if number else edge_claims(r["edge"])
        out.append(Named(batch.id, batch.name, document.id, document.name, kinds[0], number.value["value"] if number else None,
                         number.shown if number else "", tuple((m.id, m.name) for m in members),
                         tuple((i, n) for i, (n, _) in sorted(outside.items())), claims, tuple(names[m.id][1] for m in members),
                         tuple(c for _, (_, c) in sorted(outside.items())), number.confidence if number else 0.0,
                         batch.properties.get("year")))  # fmt: skip
    return out


def _named_in(reader: Reader, document: str, kind: str) -> dict[str, tuple[str, str]]:
    """Things of a kind that a document names: id → (name, the claim that names it)."""
    prefix = reader.ontology.kinds[kind].prefix
    db = reader.sqlite()
    (claims,) = db.execute("SELECT count(*) FROM (SELECT 1 FROM evidence WHERE document = ? LIMIT ?)", [document, REGISTER]).fetchone()
    order = "evidence e CROSS JOIN facts f" if claims < REGISTER else "facts f CROSS JOIN evidence e"  # SQLite keeps the order of a CROSS JOIN
    rows = db.execute(f"""
        SELECT f.subject, f.value, min(f.claim) FROM {order} ON f.claim = e.claim
        WHERE e.document = ? AND e.modality = 'done' AND f.predicate IN ('name', 'aliases') AND f.subject >= ? AND f.subject < ?
        GROUP BY f.subject ORDER BY f.subject""", [document, f"{prefix}:", f"{prefix};"]).fetchall()  # fmt: skip
    nodes = reader.nodes(r[0] for r in rows)
    return {i: (nodes[i].name, claim) for i, _, claim in rows if i in nodes}

