"""What of a node is dated, in order: its own dates, and its relations by their date or by that of what they lead to.

Invariant: every entry names the claim it rests on; a bound that no source states stays open, and is drawn open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.view import View
from graph.ontology import Property
from graph.store.contract import Edge, Node

SHOWN = 40  # relations; the rest is a question


@dataclass(frozen=True)
class Entry:
    """`first`–`last`: the days it can mean; None = not stated. `text` = the date in words, `of` = what the date is of."""

    first: dt.date | None
    last: dt.date | None
    text: str
    of: str
    value: str
    node: Node | None
    claim: str
    modality: str = "done"

    @property
    def day(self) -> dt.date:
        return self.first or self.last or dt.date.min


def timeline(view: View, node: Node, relations: int) -> dict[str, Any]:
    """`{entries: [(entry, x, width)], first, last, undated, more}`: x and width in percent of the span from first to last year.

    `undated` = the number of relations without any date, None where more are dated than are shown.
    """
    page = view.reader.ask("dated_neighbours", {"node": node.id, "limit": SHOWN, "modalities": list(view.ontology.modalities)})
    entries = sorted([*_own(view, node), *(_related(view, node, r["neighbour"], r["edge"]) for r in page.rows)], key=lambda e: (e.day, e.of, e.value))
    days = [d for e in entries for d in (e.first, e.last) if d]
    first, last = (min(days).year, max(days).year + 1) if days else (0, 1)
    begin, span = dt.date(first, 1, 1).toordinal() if days else 0, max(1, 365 * (last - first))
    placed = [(e, *_bar(e, begin, span)) for e in entries]
    return {"entries": placed, "first": first, "last": last - 1, "more": page.next_cursor is not None,
            "undated": None if page.next_cursor else relations - len(page.rows)}  # fmt: skip


def _bar(e: Entry, begin: int, span: int) -> tuple[float, float]:
    left = 100 * (e.first.toordinal() - begin) / span if e.first else 0.0
    right = 100 * (e.last.toordinal() + 1 - begin) / span if e.last else 100.0
    return round(min(left, 98.5), 1), round(max(1.5, min(right, 100.0) - left), 1)


def _own(view: View, node: Node) -> Iterator[Entry]:
    properties = view.ontology.kinds[node.kind].properties
    for f in view.reader.facts(node.id):
        prop = properties[f["predicate"]]
        if prop.is_ == "date" and f["won"]:
            first, last = (_day(f["value"].get(end)) for end in ("earliest", "latest"))
            yield Entry(first, last, f["shown"] or _span(view, first, last), getattr(prop, view.lang), "", None, f["claim"])


def _related(view: View, node: Node, near: Node, edge: Edge) -> Entry:
    """By the relation's own event, else since when and until when it held, else by the first date of what it leads to."""
    relation = view.ontology.relations[edge.relation]
    event = _date(edge.properties, relation.properties)
    since, until = edge.properties.get("since"), edge.properties.get("until")
    of = view.relation(edge.relation, edge.target == node.id and not relation.symmetric)
    held = (since, until, _span(view, since, until)) if since or until else None
    first, last, text = event or held or _date(near.properties, view.ontology.kinds[near.kind].properties) or (None, None, "")
    claims = edge.properties.get("evidence") or [""]
    return Entry(first, last, text, of, near.name, near, claims[0], str(edge.properties.get("modality", "done")))


def _date(properties: Mapping[str, Any], declared: Mapping[str, Property]) -> tuple[dt.date | None, dt.date | None, str] | None:
    """The first date that is stated among declared properties."""
    for p in declared.values():
        if p.is_ == "date" and (shown := properties.get(f"{p.name}_shown")):
            return properties.get(f"{p.name}_earliest"), properties.get(f"{p.name}_latest"), str(shown)
    return None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _span(view: View, first: dt.date | None, last: dt.date | None) -> str:
    if first and last:
        return str(first) if first == last else f"{first} – {last}"
    return view.t(f"{first} 起", f"from {first}") if first else view.t(f"至 {last}", f"until {last}")
