"""Stated properties of many nodes at once, each with its claims, confidence and modality, from the snapshot's fact table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from graph.criteria import Fact
from graph.errors import BadParameter
from graph.store.contract import Edge, Node
from graph.values import BadValue, clean_date
from queries.reader import Reader

CHUNK = 500  # ids in one look-up
Stated = dict[str, dict[str, Fact]]


def stated(reader: Reader, ids: Iterable[str], predicates: Iterable[str] = ()) -> Stated:
    """Node → property → its winning value (a list where a property holds several) with every claim that states it.

    Confidence and modality are the best of these claims'.
    """
    wanted, out, names = sorted(set(ids)), Stated(), sorted(set(predicates))
    strength = {m: n for n, m in enumerate(reader.ontology.modalities)}
    named = f"AND f.predicate IN ({', '.join('?' * len(names))})" if names else ""
    for at in range(0, len(wanted), CHUNK):
        part = wanted[at : at + CHUNK]
        rows = reader.sqlite().execute(f"""
            SELECT f.subject, f.predicate, f.value, f.shown, f.claim, e.confidence, e.modality FROM facts f LEFT JOIN evidence e ON e.claim = f.claim
            WHERE f.won = 1 AND f.subject IN ({', '.join('?' * len(part))}) {named} ORDER BY f.subject, f.predicate, f.claim""", [*part, *names])
        for subject, predicate, value, shown, claim, confidence, modality in rows:
            if predicate in reader.ontology.relations:
                continue
            held = out.setdefault(subject, {})
            said = modality or "done"
            if (before := held.get(predicate)) is not None:
                said = min(before.modality, said, key=lambda m: strength.get(m, 99))
                confidence = max(before.confidence, confidence or 0)
            one, words = orjson.loads(value), shown or ""
            if reader.ontology.kinds[str(reader.ontology.kind_of(subject))].properties[predicate].many:
                all_ = [*(before.value if before else []), one]
                words = "、".join(dict.fromkeys(w for w in (before.shown if before else "", words) if w))
                one = sorted(all_) if one not in all_[:-1] else all_[:-1]
            elif before:
                one, words = before.value, before.shown
            held[predicate] = Fact(one, words, (*(before.claims if before else ()), claim), confidence or 0, said)
    return out


def edge_claims(edge: Edge) -> tuple[str, ...]:
    return tuple(edge.properties.get("evidence", ()))


def brief(node: Node) -> dict[str, str]:
    return {"id": node.id, "kind": node.kind, "name": node.name}


def day(text: str | None) -> dt.date:
    """The day asked for, as people write it; today when none is. Raises BadParameter."""
    if not text:
        return dt.date.today()
    try:
        latest = clean_date(text)["latest"]
    except BadValue as e:
        raise BadParameter(f"as_of: {e}", errors=[{"parameter": "as_of", "value": text}]) from e
    if latest is None:
        raise BadParameter(f"as_of: {text!r} has no last day", errors=[{"parameter": "as_of", "value": text}])
    return dt.date.fromisoformat(latest)


def dates(value: Mapping[str, Any] | None) -> tuple[dt.date | None, dt.date | None]:
    """Earliest and latest day of a cleaned date."""
    value = value or {}
    return tuple(dt.date.fromisoformat(d) if (d := value.get(k)) else None for k in ("earliest", "latest"))  # type: ignore[return-value]
