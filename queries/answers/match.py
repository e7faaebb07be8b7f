"""A base for an achievement, and the reverse; a centre for an achievement; a fund for a project. Explained, sourced, sayable.

Of many candidates those that fit the field and the region best are fetched and judged, a few hundred at most; the answer then
says how many were left out and what they could reach at best (`truncated`, `beyond`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from graph.errors import BadParameter
from graph.matching.assess import DIGITS, Assessment, assess, next_step, ranked, shown, why_not
from graph.matching.facts import Candidate, Overlap, Tie, Wish
from graph.matching.near import steps, ties
from graph.matching.standard import Standard, standard
from graph.matching.text import bare
from graph.store.contract import Version
from queries.answers.candidates import fetched, tied
from queries.answers.shelf import Overlaps, Shelf, names_of, overlap_of, shelf
from queries.answers.wishes import Description, wish_of, wishes
from queries.reader import Reader, plain

KINDS = {"base": "PilotBase", "centre": "VerificationCentre", "fund": "Fund"}
ALL = 150  # up to so many candidates are all judged
ROUND, MOST = 24, 400  # of more, so many are fetched at a time, and at most
ACHIEVEMENTS = 200  # looked at for one base
LIMIT = 50


def match(reader: Reader, given: Description, target: str = "base", weights: Mapping[str, float] | None = None, limit: int = 10) -> dict[str, Any]:
    """Candidates for an achievement, best first: `{items, rejected, next_step, achievement, standard, considered, candidates,
    truncated, beyond, graph_version}`.

    `target`: base, centre or fund. `weights` override the standard's and are brought to the sum 1. Raises BadParameter, Unknown, Ambiguous.
    """
    if target not in KINDS:
        raise BadParameter(f"for: {target!r} is none of {', '.join(KINDS)}, achievements", errors=[{"parameter": "for", "value": target}])
    if not 1 <= limit <= LIMIT:
        raise BadParameter(f"limit: {limit} is not within 1..{LIMIT}", errors=[{"parameter": "limit", "value": str(limit)}])
    chosen = standard().weighed(target, weights or {})
    return reader.steady(lambda version: _match(reader, version, wish_of(reader, given), target, chosen, limit))


def _match(reader: Reader, version: Version, wish: Wish, target: str, chosen: Standard, limit: int) -> dict[str, Any]:
    on = shelf(reader, KINDS[target])
    overlaps = on.overlaps(reader.adjacency(), wish.fields, wish.industries)
    near = on.inside(reader.adjacency().number(wish.region.id)) if wish.region else np.zeros(on.size)
    order = _order(on, overlaps.values, near, chosen, target)
    step = MOST if on.size <= ALL else ROUND
    judged: list[Assessment] = []
    cut, done = False, 0
    while done < min(len(order), MOST) and sum(a.accepted for a in judged) < limit:
        rows = order[done : min(done + step, MOST)].tolist()
        found, more = _candidates(reader, on, rows, overlaps, wish)
        judged += [assess(wish, c, chosen, target) for c in found.values()]
        done, cut = done + len(rows), cut or more
    best = ranked([a for a in judged if a.accepted])
    beyond = _beyond(order[done:], overlaps.values, chosen, target, best[:limit], limit)
    nodes = reader.nodes(a.candidate.id for a in judged)
    return {
        "items": [_item(nodes, a, chosen, target, best) for a in best[:limit]],
        "rejected": [_item(nodes, a, chosen, target, []) | why_not(wish, a, chosen, target) for a in ranked([a for a in judged if not a.accepted])],
        "next_step": next_step(wish, judged if target == "base" else [], chosen), "achievement": wanted(wish), "for": target,
        "standard": chosen.shown(target), "considered": len(judged), "candidates": on.size,
        "truncated": cut or beyond is not None, "beyond": beyond, "graph_version": version.shown,
    }  # fmt: skip


def _order(on: Shelf, values: Any, near: Any, chosen: Standard, target: str) -> Any:
    """Rows by what field and region alone are worth; then by id, which is the order of rows."""
    weight = {c.name: c.weight for c in chosen.profiles[target]}
    worth = weight["field"] * np.nan_to_num(values, nan=chosen.neutral) + weight["distance"] * near
    return np.argsort(-np.round(worth, DIGITS), kind="stable")


def _candidates(reader: Reader, on: Shelf, rows: Sequence[int], overlaps: Overlaps, wish: Wish) -> tuple[dict[str, Candidate], bool]:
    basis = {r: overlaps.of(r) for r in rows}
    names = names_of(reader, {x for b in basis.values() for x in b[1:] if reader.ontology.kind_of(x)})
    said = {on.ids[r]: overlap_of(basis[r], overlaps.values[r], names) for r in rows}
    found, cut = fetched(reader, [on.ids[r] for r in rows], said)
    sources = [x for x in (wish.id, *wish.owners) if x]
    return tied(reader, sources, found), cut


def _beyond(rest: Any, values: Any, chosen: Standard, target: str, shown_: Sequence[Assessment], limit: int) -> dict[str,
        Any] | None:
    """What was not looked at and could stand among what is shown: how many, how well they fit, what they could reach at best."""
    if not len(rest):
        return None
    weight = next(c.weight for c in chosen.profiles[target] if c.name == "field")
    fit = float(np.nan_to_num(values[rest], nan=chosen.neutral).max())
    reach = round(weight * fit + 1 - weight, DIGITS)
    if len(shown_) >= limit and shown_[-1].score >= reach:
        return None
    return {"candidates": len(rest), "best_field_fit": round(fit, DIGITS), "best_possible_score": reach,
            "zh": f"另有 {len(rest)} 个未逐一评判：它们的领域重合不超过 {fit:.2f}，即使其余各项全满也不超过 {reach:.2f}",
            "en": f"{len(rest)} more were not judged one by one: their field fits by at most {fit:.2f}; with all else perfect they could reach "
                  f"{reach:.2f}"}  # fmt: skip


def _item(nodes: Mapping[str, Any], a: Assessment, chosen: Standard, target: str, among: Sequence[Assessment]) -> dict[str, Any]:
    c = a.candidate
    page = c.get("contact_page") or c.get("url")
    equal = [x.candidate.id for x in among if x.score == a.score and x.candidate.id != c.id]
    return {"node": plain(nodes[c.id]), **shown(a, chosen, target), "modality": c.modality, "tied_with": equal,
            "contact_page": None if page is None else {"url": page.value, "evidence": list(page.evidence)}, "marks": _marks(c, chosen),
            "places": [{"name": x.name, "adcode": x.adcode, "basis": x.basis, "evidence": list(x.evidence)} for x in c.places]}  # fmt: skip


def _marks(c: Candidate, chosen: Standard) -> list[dict[str, Any]]:
    """What came of other achievements here: the latest refusals, with their reasons."""
    refused = sorted((m for m in c.marks if m.answer == "refused"), key=lambda m: ((m.date is not None and m.date.isoformat()) or "", m.achievement))
    return [{"achievement": m.achievement, "name": m.name, "answer": m.answer, "reason": m.reason, "date": m.date.isoformat() if m.date else None,
             "evidence": list(m.evidence)} for m in refused[::-1][: int(chosen.numbers["other_refusals"])]]  # fmt: skip


def wanted(wish: Wish) -> dict[str, Any]:
    """The wish as it was understood."""
    low, high = wish.levels or (None, None)
    return {"id": wish.id, "name": wish.name, "fields": [] if wish.name_only else list(wish.fields), "processes": list(wish.processes),
            "scale": wish.scale, "maturity": None if low is None else [low, high], "stage": wish.stage,
            "region": wish.region.name if wish.region else None, "qualifications": list(wish.qualifications), "budget": wish.budget,
            "start": wish.start.isoformat() if wish.start else None, "secrecy": wish.secrecy, "hazards": list(wish.hazards),
            "chemical_park": wish.chemical_park, "owners": list(wish.owners)}  # fmt: skip


# ---- one pair, and the reverse -------------------------------------------------------------------------------------------


def pair(reader: Reader, given: Description, facility: str, weights: Mapping[str, float] | None = None) -> dict[str, Any]:
    """One achievement and one base or centre, judged: an item as `match` gives, with `accepted`, and why not where it is not."""
    return reader.steady(lambda version: _pair(reader, version, given, facility, weights or {}))


def _pair(reader: Reader, version: Version, given: Description, facility: str, weights: Mapping[str, float]) -> dict[str, Any]:
    kind = reader.ontology.kind_of(facility)
    target = next((t for t, k in KINDS.items() if k == kind and t != "fund"), None)
    if target is None:
        raise BadParameter(f"{facility!r} is no pilot base and no verification centre", errors=[{"parameter": "base", "value": facility}])
    chosen, wish, facility = standard().weighed(target, weights), wish_of(reader, given), reader.canonical(facility)
    on = shelf(reader, KINDS[target])
    if facility not in on.ids:
        raise BadParameter(f"{facility!r} is only planned or encouraged: nothing can be tried there yet", errors=[{"parameter": "base"}])
    row = on.ids.index(facility)
    found, _ = _candidates(reader, on, [row], on.overlaps(reader.adjacency(), wish.fields, wish.industries), wish)
    judged = assess(wish, found[facility], chosen, target)
    item = _item(reader.nodes([facility]), judged, chosen, target, []) | {"accepted": judged.accepted}
    more = {} if judged.accepted else why_not(wish, judged, chosen, target)
    return {"item": item | more, "achievement": wanted(wish), "next_step": next_step(wish, [judged], chosen), "standard": chosen.shown(target),
            "graph_version": version.shown}  # fmt: skip


def achievements(reader: Reader, facility: str, weights: Mapping[str, float] | None = None, limit: int = 10) -> dict[str, Any]:
    """Achievements for a base or centre, in the shape of `match`; `node` is the achievement. Raises BadParameter, Unknown."""
    if not 1 <= limit <= LIMIT:
        raise BadParameter(f"limit: {limit} is not within 1..{LIMIT}", errors=[{"parameter": "limit", "value": str(limit)}])
    return reader.steady(lambda version: _achievements(reader, version, facility, weights or {}, limit))


def _achievements(reader: Reader, version: Version, facility: str, weights: Mapping[str, float], limit: int) -> dict[str, Any]:
    facility = reader.canonical(facility)
    target = next((t for t, k in KINDS.items() if k == reader.ontology.kind_of(facility) and t != "fund"), None)
    if target is None:
        raise BadParameter(f"{facility!r} is no pilot base and no verification centre", errors=[{"parameter": "base", "value": facility}])
    chosen, on = standard().weighed(target, weights), shelf(reader, KINDS[target])
    found, cut = fetched(reader, [facility], {})
    ids, more = _near(reader, on, facility, chosen)
    asking = wishes(reader, ids)
    row = on.ids.index(facility) if facility in on.ids else -1
    ways = ties(reader.adjacency(), [facility], [x for w in asking for x in (w.id or "", *w.owners)], int(chosen.numbers["tie_hops"]))
    called = names_of(reader, {n for t in ways.values() for n in t.nodes})
    judged = [(w, assess(w, replace(found[facility], overlap=_overlap(reader, on, row, w, found[facility]), tie=_tie(w, ways, called)), chosen,
            target))
              for w in asking]  # fmt: skip
    judged.sort(key=lambda x: (-x[1].score, -x[1].coverage, x[0].name, x[0].id or ""))
    nodes, base = reader.nodes(ids), reader.nodes([facility])[facility]

    def item(w: Wish, a: Assessment) -> dict[str, Any]:
        mine = {"node": plain(nodes[str(w.id)]), **shown(a, chosen, target), "modality": str(nodes[str(w.id)].properties.get("modality", "done")),
                "tied_with": [str(x.id) for x, b in judged if b.score == a.score and x.id != w.id and b.accepted],
                        "next_step": next_step(w, [a], chosen)}
        return mine if a.accepted else mine | why_not(w, a, chosen, target)

    fine = [item(w, a) for w, a in judged if a.accepted]
    return {"items": fine[:limit], "rejected": [item(w, a) for w, a in judged if not a.accepted], "next_step": None, "base": plain(base),
            "for": "achievements", "standard": chosen.shown(target), "considered": len(judged), "candidates": len(ids),
            "truncated": cut or more or len(fine) > limit, "beyond": None, "graph_version": version.shown}  # fmt: skip


def _near(reader: Reader, on: Shelf, facility: str, chosen: Standard) -> tuple[list[str], bool]:
    """Achievements that apply to what a base serves or to what touches that, then those alike in words; whether some were left out."""
    adjacency = reader.adjacency()
    number = adjacency.number(facility)
    assert number is not None  # it is canonical
    _, served, _ = steps(adjacency, np.array([number]), ("SERVES",), out=True)
    served = np.unique(served)
    _, beside, _ = steps(adjacency, served, ("PART_OF", "FEEDS")) if len(served) else (served, served, served)
    counts: dict[str, int] = {}
    for rows, points in ((served, 2), (np.setdiff1d(beside, served), 1)):
        _, from_, _ = steps(adjacency, rows, ("APPLIES_TO",), out=False) if len(rows) else (rows, rows, rows)
        for n in from_[adjacency._["node_kind"][from_] == adjacency.kinds.index("Achievement")].tolist():
            counts[adjacency.node_id(n)] = counts.get(adjacency.node_id(n), 0) + points
    _, marked, _ = steps(adjacency, np.array([number]), ("CONSIDERED_AT",), out=False)
    counts.update({adjacency.node_id(n): 10 for n in marked.tolist()})
    texts = [on.index.texts[i] for i, o in enumerate(on.index.owner) if on.ids[o] == facility]
    for text in dict.fromkeys(bare(t, chosen) for t in texts[:10]):
        for hit in reader.search(text, ["Achievement"], ACHIEVEMENTS // 4):
            counts.setdefault(hit["id"], 0)
    order = sorted(counts, key=lambda i: (-counts[i], i))
    return order[:ACHIEVEMENTS], len(order) > ACHIEVEMENTS


def _overlap(reader: Reader, on: Shelf, row: int, wish: Wish, base: Candidate) -> Overlap:
    if row < 0:
        return Overlap(None)
    value, basis = on.overlap_of_one(reader.adjacency(), row, wish.fields, wish.industries)
    names = names_of(reader, {x for x in basis[1:] if reader.ontology.kind_of(x)})
    return replace(overlap_of(basis, value, names), evidence=base.overlap.evidence)


def _tie(wish: Wish, ways: Mapping[str, Tie], called: Mapping[str, str]) -> Tie | None:
    mine: Iterable[Tie] = (ways[x] for x in (wish.id or "", *wish.owners) if x in ways)
    best = min(mine, key=lambda t: (len(t.edges), -t.weakest, t.nodes), default=None)
    if best is None:
        return None
    nodes = tuple(reversed(best.nodes))
    return replace(best, nodes=nodes, edges=tuple(reversed(best.edges)), names=tuple(called.get(n, n) for n in nodes))
