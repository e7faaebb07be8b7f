"""What the graph knows of candidates, fetched for a few hundred at once: four questions and the snapshot, whatever their number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from graph.matching.facts import Candidate, Held, Mark, Offer, Overlap, Place, Related, Tie
from graph.matching.near import ties
from graph.matching.standard import standard
from graph.records import UNCONFIRMED
from graph.store.contract import Edge, Node, Version
from queries.answers.measures import aids
from queries.answers.shelf import kept, names_of, places_of, regions, shelf
from queries.answers.wishes import said_of, stated
from queries.reader import Reader

KEPT = 20_000  # candidates, about 30 kB each; a made-up province of 10^6 nodes has more than that
AT_ONCE = 50
HOSTING = ("HOSTS", "BUILDS")
Rows = Mapping[str, list[tuple[Node, Edge]]]


def _claims(edge: Edge) -> tuple[str, ...]:
    return tuple(edge.properties.get("evidence", ()))


def _asked(reader: Reader, question: str, parameter: str, ids: Iterable[str], key: str, **more: Any) -> tuple[dict[str, list[tuple[Node, Edge]]],
        bool]:
    """Rows of a question by the id they are about, one kind of id at a time: each is an index seek. And whether they were cut."""
    out: dict[str, list[tuple[Node, Edge]]] = {}
    kinds: dict[str, list[str]] = {}
    for i in sorted(set(ids)):
        kinds.setdefault(i.partition(":")[0], []).append(i)
    cut = False
    for group in kinds.values():
        page = reader.ask(question, {parameter: group, **more})
        cut |= page.truncated
        thing = "supporter" if question == "supports_of" else "thing"
        for r in page.rows:
            if float(r["edge"].properties.get("confidence", 1.0)) > UNCONFIRMED:  # what is unconfirmed decides nothing
                out.setdefault(r[key], []).append((r[thing], r["edge"]))
    return out, cut


def fetched(reader: Reader, ids: Sequence[str], overlaps: Mapping[str, Overlap]) -> tuple[dict[str, Candidate], bool]:
    """Candidates by id; one that is there no longer is left out. The second part: the row budget cut what is known of them.

    What is known of a candidate is kept for its version, the KEPT last used: another wish asks of the same ones.
    """
    held: dict[str, _Known] = kept(reader, "candidates", dict)
    known = {i: k for i in ids if (k := held.pop(i, None)) is not None}
    found, cut = _fetched(reader, [i for i in ids if i not in known])
    known |= found
    if not cut:
        held.update(known)  # the last used stand last
        if len(held) > 1.1 * KEPT:  # seldom: only to list so many takes 2 ms
            for old in list(held)[:-KEPT]:
                held.pop(old, None)
    return {i: known[i].beside(overlaps.get(i, Overlap(None))) for i in ids if i in known}, cut


def fetch_all(reader: Reader, kinds: Iterable[str]) -> None:
    """Fetches as many as are kept, before anybody waits for them."""
    every = [i for k in kinds for i in shelf(reader, k).ids][:KEPT]
    for n in range(0, len(every), AT_ONCE):
        reader.steady(partial(_fetch, reader, every[n : n + AT_ONCE]))


def _fetch(reader: Reader, ids: Sequence[str], _: Version) -> None:
    fetched(reader, ids, {})


@dataclass(frozen=True, slots=True)
class _Known:
    """A candidate without its overlap, and the claims that an overlap may rest on: by name of what it serves and offers."""

    candidate: Candidate
    by_name: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...]
    name: tuple[str, ...]
    served: tuple[str, ...]

    def beside(self, overlap: Overlap) -> Candidate:
        return replace(self.candidate, overlap=overlap if overlap.evidence else replace(overlap, evidence=self._evidence(overlap.found)))

    def _evidence(self, found: str) -> tuple[str, ...]:
        """Claims behind the text or field that overlapped; where none did, behind the name and what it serves."""
        if found and (named := self.by_name.get(found)) is not None:
            return named
        if found and found != self.candidate.name:
            return self.aliases
        return (*self.name, *(() if found else self.served))[:10]


def _fetched(reader: Reader, ids: Sequence[str]) -> tuple[dict[str, _Known], bool]:
    if not ids:
        return {}, False
    nodes = reader.nodes(ids)
    near, cut = _asked(reader, "candidate_facts", "candidates", nodes, "candidate")
    around = [x for rows in near.values() for x in rows]
    offers = {x.id for x, e in around if e.relation == "OFFERS"}
    said = said_of(reader, [*nodes, *offers, *(x.id for x, _ in around if x.kind == "Park")])
    behind, more = _asked(reader, "held_and_within", "holders", {x.id for x, e in around if e.relation in HOSTING or x.kind == "Park"}, "holder")
    things = {*nodes, *(x.id for x, e in around if e.relation in ("IN_BATCH", "SERVES", "FOCUSES_ON") and x.id not in nodes)}
    supports, most = _asked(reader, "supports_of", "things", things, "supported")
    trials, much = _trials(reader, nodes)
    out = {i: _known(reader, n, near.get(i, []), behind, supports, said, trials.get(i, ())) for i, n in nodes.items()}
    return out, cut or more or most or much


def _trials(reader: Reader, ids: Iterable[str]) -> tuple[dict[str, list[Related]], bool]:
    """Confirmed trials of each facility."""
    out: dict[str, list[Related]] = {}
    cut = False
    for _, group in reader.by_kind(ids):
        if reader.ontology.kind_of(group[0]) in reader.ontology.groups["Facility"]:
            page = reader.ask("candidate_trials", {"candidates": group, "above": UNCONFIRMED})
            cut |= page.truncated
            for r in page.rows:
                out.setdefault(r["candidate"], []).append(Related(r["trial"], r["name"], r["outcome"] or "", tuple(r["evidence"] or ())))
    return out, cut


def _known(reader: Reader, node: Node, near: Sequence[tuple[Node, Edge]], behind: Rows, supports: Rows, said: Any,
           trials: Sequence[Related]) -> _Known:  # fmt: skip
    by_relation: dict[str, list[tuple[Node, Edge]]] = {}
    for x, e in near:
        by_relation.setdefault(e.relation, []).append((x, e))

    def of(*relations: str) -> list[tuple[Node, Edge]]:
        return [row for r in relations for row in by_relation.get(r, ())]

    hosts, own = of(*HOSTING), said.get(node.id, {})
    about = [node.id, *(x.id for x, e in of("SERVES", "IN_BATCH"))]
    by_name: dict[str, tuple[str, ...]] = {}
    for x, e in of("SERVES", "OFFERS", "FOCUSES_ON"):
        by_name[x.name] = (*by_name.get(x.name, ()), *_claims(e))
    candidate = Candidate(
        node.id, node.name, node.kind, str(node.properties.get("modality", "done")), stated(reader, node, own),
        tuple(Offer(x.name, x.kind, stated(reader, x, said.get(x.id, {})), _claims(e))
              for x, e in sorted(of("OFFERS"), key=lambda r: (r[0].name, r[0].id))),
        tuple(_held(x, e, "") for x, e in of("HOLDS")) + tuple(
            _held(x, e, h.name) for h, _ in hosts for x, e in behind.get(h.id, []) if e.relation == "HOLDS"),
        tuple((x.name, x.properties.get("chemical_park") if said.get(x.id, {}).get("chemical_park", ((), True))[1] else None,
               (*_claims(e), *said.get(x.id, {}).get("chemical_park", ((), True))[0])) for x, e in of("LOCATED_IN") if x.kind == "Park"),
        tuple(_places(reader, node, near, behind, own)),
        tuple(Related(x.id, x.name, e.relation, _claims(e)) for x, e in hosts),
        tuple(trials),
        tuple(_supported(reader, node, [(x, e) for t in dict.fromkeys(about) for x, e in supports.get(t, ())])),
        tuple(Mark(x.id, x.name, str(e.properties.get("answer", "")), str(e.properties.get("reason", "")), _day(e), _claims(e))
              for x, e in of("CONSIDERED_AT")))  # fmt: skip
    return _Known(candidate, by_name, own.get("aliases", ((), True))[0], own.get("name", ((), True))[0],
                  tuple(c for _, e in of("SERVES", "FOCUSES_ON") for c in _claims(e)))  # fmt: skip


def _held(x: Node, e: Edge, holder: str) -> Held:
    p = e.properties
    return Held(x.name, str(p.get("scope", "")), p.get("since"), p.get("until"), holder, _claims(e))


def _day(e: Edge) -> dt.date | None:
    found = e.properties.get("event_date_latest")
    return found if isinstance(found, dt.date) else None


def _supported(reader: Reader, node: Node, rows: Sequence[tuple[Node, Edge]]) -> Iterable[Related]:
    """What supports it by name, then what its kind may ask for where it lies."""
    named = [_support(x, e) for x, e in rows if x.kind != "Fund" or e.relation == "SUPPORTS"]
    yield from named
    known = {s.id for s in named}
    yield from (a for a in aids(reader, node.kind, frozenset(r for r, _ in places_of(reader, node.id, finest=False))) if a.id not in known)


def _support(x: Node, e: Edge) -> Related:
    form = {"promised": "承诺", "paid": "拨付"}.get(str(e.properties.get("form", "")), "")
    return Related(x.id, x.name, form + str(e.properties.get("amount_shown", "")), _claims(e), str(e.properties.get("modality", "done")))


def _places(reader: Reader, node: Node, near: Sequence[tuple[Node, Edge]], behind: Rows, said: Any) -> Iterable[Place]:
    """The finest regions that a candidate lies in, each with the claims behind it: one definition, see graph.places."""
    def of(*relations: str, kind: str = "") -> list[tuple[Node, Edge]]:
        return [(x, e) for x, e in near if e.relation in relations and kind in ("", x.kind)]

    for region, basis in places_of(reader, node.id):
        if (place := regions(reader).by_id.get(region)) is None:
            continue
        parks = [(e, w) for x, e in of("LOCATED_IN", kind="Park") for z, w in behind.get(x.id, []) if z.id == region]
        told = {"stated": [e for x, e in of("LOCATED_IN") if x.id == region], "park": [e for pair in parks for e in pair],
                "recognised": [e for _, e in of("RECOGNIZES", "IN_BATCH")], "host": [e for _, e in of(*HOSTING)]}  # fmt: skip
        property_ = {"name": "name", "code": "region"}.get(basis)
        claims = said.get(property_, ((), True))[0] if property_ else tuple(c for e in told[basis] for c in _claims(e))
        yield replace(place, basis=basis, evidence=claims)


def tied(reader: Reader, sources: Sequence[str], found: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """The candidates with their shortest ties to an achievement and its owners."""
    if not sources or not found:
        return dict(found)
    ways: dict[str, Tie] = ties(reader.adjacency(), sources, list(found), int(standard().numbers["tie_hops"]))
    called = names_of(reader, {n for t in ways.values() for n in t.nodes})
    starts: dict[str, list[str]] = {}
    for t in ways.values():
        for u, v, e in zip(t.nodes, t.nodes[1:], t.edges, strict=False):
            starts.setdefault(u, []).append(e)
            starts.setdefault(v, []).append(e)
    edges = reader.edges(starts)
    out = dict(found)
    for i, t in ways.items():
        claims = tuple(c for e in t.edges if e in edges for c in _claims(edges[e]))
        out[i] = replace(found[i], tie=replace(t, names=tuple(called.get(n, n) for n in t.nodes), evidence=claims))
    return out
