"""A thing judged by standards, things side by side, and hosts that apply twice: facts fetched here, judged by pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from graph.applications import Application, Holding, collisions
from graph.arrays import distinct
from graph.criteria import Fact, Figure, Link, Thing
from graph.errors import Ambiguous, BadParameter, Unknown
from graph.judging import judge as judged
from graph.judging import side_by_side
from graph.rulebooks import ConflictRule, Criterion, Standard, named, standards
from graph.store.contract import Edge, Node, Version
from queries.answers.shelf import places_of, regions
from queries.answers.sourced import Stated, brief, dates, edge_claims, stated
from queries.reader import Reader

COMPARED = 20  # most things side by side


def known(reader: Reader) -> list[dict[str, Any]]:
    """Every standard: name, kind, labels, what it judges, its source, and how many criteria it has."""
    return [{**_head(s), "criteria": len(s.criteria), "conflicts": len(s.conflicts)} for s in standards(reader.settings.standards).values()]


def one(reader: Reader, name: str) -> dict[str, Any]:
    """A standard with its criteria, each with test, force, weight, source, and the claims of the measure that states it. Raises Unknown."""
    s = named(standards(reader.settings.standards), name)

    def work(version: Version) -> dict[str, Any]:
        rules = _rules(reader, s)
        rows: list[Criterion | ConflictRule] = [*s.criteria, *s.conflicts]
        shared = [{"id": c.id, "label": dict(c.label), "force": c.force, "place": c.place, "rule_confirmed": c.source.confirmed,
                   "source": _source(c), "evidence": rules.get(c.place, [])} for c in rows]  # fmt: skip
        criteria = [{**row, "test": dict(c.test), "weight": c.weight} for row, c in zip(shared, s.criteria, strict=False)]
        conflicts = [{**row, "rule": c.rule, "hops": c.hops, "hosts": c.hosts}
                     for row, c in zip(shared[len(s.criteria) :], s.conflicts, strict=True)]  # fmt: skip
        return {**_head(s), "criteria": criteria, "conflicts": conflicts, "graph_version": version.shown}

    return reader.steady(work)


def judge(reader: Reader, nodes: Sequence[str], names: Sequence[str], as_of: dt.date) -> dict[str, Any]:
    """`{as_of, nodes, standards: [{standard, results: [one a node], rows}], graph_version}`; `rows` compares when there are several.

    With no names, all standards that judge such things are meant, but for those of other regions. Ids must be current ones.
    Raises BadParameter where a standard does not judge that kind, Unknown for a standard or node.
    """
    if not nodes:
        raise BadParameter("name a node", errors=[{"parameter": "node"}])
    if len(nodes) > COMPARED:
        raise BadParameter(f"{len(nodes)} nodes; at most {COMPARED} side by side", errors=[{"parameter": "node"}])
    held = standards(reader.settings.standards)
    chosen = [named(held, n) for n in dict.fromkeys(names)]
    return reader.steady(lambda version: _judge(reader, version, list(dict.fromkeys(nodes)), chosen or _meant(reader, held, nodes), as_of))


def _meant(reader: Reader, held: Mapping[str, Standard], nodes: Sequence[str]) -> list[Standard]:
    """The standards that judge all of these, but for those of a region where one of them is known not to lie."""
    kinds = {str(reader.ontology.kind_of(reader.canonical(n))) for n in nodes}
    places = [{x for x, _ in places_of(reader, n, finest=False)} for n in nodes]
    judging = [(s, _region(reader, s)) for s in held.values() if kinds <= set(s.judges)]
    found = [s for s, region in judging if region is None or all(not p or region in p for p in places)]
    if not found:
        raise BadParameter(f"no standard judges {', '.join(sorted(kinds))} there; `standards` lists them", errors=[{"parameter": "standard"}])
    return found


def _judge(reader: Reader, version: Version, nodes: list[str], chosen: list[Standard], as_of: dt.date) -> dict[str, Any]:
    found = [reader.node(n) for n in nodes]
    for s in chosen:
        for n in found:
            if n.kind not in s.judges:
                what = f"{s.name} judges {', '.join(s.judges)}; {n.name} is a {n.kind}"
                raise BadParameter(what, errors=[{"parameter": "standard", "value": s.name}])
    relations = sorted({r for s in chosen for r in s.relations})
    things = [thing(reader, n, relations) for n in found]
    out = []
    for s in chosen:
        results = [judged(s, t, as_of) for t in things]
        rules = _rules(reader, s)
        for r in results:
            for row in r["criteria"]:
                row["rule_evidence"] = rules.get(row["place"], [])
        rows = side_by_side(s, things, results) if len(things) > 1 else []
        out.append({**_head(s), "results": [{"node": brief(n), **r} for n, r in zip(found, results, strict=True)], "rows": rows})
    return {"as_of": as_of.isoformat(), "nodes": [brief(n) for n in found], "standards": out, "graph_version": version.shown}


def _head(s: Standard) -> dict[str, Any]:
    return {"name": s.name, "kind": s.kind, "label": dict(s.label), "judges": list(s.judges), "region": s.region or None, "total": s.total,
            "source": _source(s), "rule_confirmed": s.source.confirmed}  # fmt: skip


def _source(owner: Any) -> dict[str, str]:
    return {k: getattr(owner.source, k) for k in ("document", "url", "standing", "ref")}


def _rules(reader: Reader, s: Standard) -> dict[str, list[str]]:
    """Place in the rulebook → claims of the measure that states it, where the graph holds the rulebook."""
    if not s.in_graph:
        return {}
    try:
        owner = reader.resolve(s.in_graph, ["Policy", "Document"])
    except (Unknown, Ambiguous):
        return {}
    rows = reader.ask("policy_measures", {"document": owner, "limit": 200}).rows
    return {str(r["measure"].properties.get("position")): list(edge_claims(r["edge"])) for r in rows}


# ---- what is known of a thing


def thing(reader: Reader, node: Node, relations: Sequence[str]) -> Thing:
    """A node with its stated facts, its links along these relations, its hosts' facts and links, and figures reported about it."""
    links = _links(reader, node.id, relations)
    hosts = [other for other, edge in links if edge.relation == "HOSTS"]
    further = {h.id: _links(reader, h.id, sorted({"LOCATED_IN", *({"HOLDS"} & set(relations))})) for h in hosts}
    facts = stated(reader, {node.id, *(o.id for o, _ in links), *(o.id for found in further.values() for o, _ in found)})
    figures = _figures(reader, node.id)
    made = {h.id: _made(reader, h, further[h.id], facts, {}) for h in hosts}
    return replace(_made(reader, node, links, facts, made), figures=figures)


def _links(reader: Reader, node: str, relations: Sequence[str]) -> list[tuple[Node, Edge]]:
    return [(r["other"], r["edge"]) for r in reader.ask("judged_links", {"node": node, "relations": list(relations)}).rows]


def _made(reader: Reader, node: Node, links: Sequence[tuple[Node, Edge]], facts: Stated, made: dict[str, Thing]) -> Thing:
    def other(n: Node) -> Thing:
        return made.get(n.id) or Thing(n.id, n.kind, n.name, facts.get(n.id, {}))

    out = tuple(Link(e.relation, other(o), str(e.properties.get("role", "")), edge_claims(e), float(e.properties["confidence"]),
                     str(e.properties.get("modality", "done")), e.properties.get("until")) for o, e in links)  # fmt: skip
    own = facts.get(node.id, {})
    codes = [own["region"]] if "region" in own else []
    for x in out:
        if x.relation == "LOCATED_IN":
            codes += [Fact(c, x.other.name, x.claims, x.confidence, x.modality) for c in _adcodes(reader, x.other)]
    return Thing(node.id, node.kind, node.name, own, out, (), tuple(codes))


def _adcodes(reader: Reader, place: Thing) -> list[str]:
    """A region's own code, or those of the regions its park lies in."""
    if place.kind == "Region":
        return [str(place.facts["adcode"].value)] if "adcode" in place.facts else []
    rows = _links(reader, place.id, ["WITHIN"])
    return [str(o.properties["adcode"]) for o, _ in rows if "adcode" in o.properties]


def _figures(reader: Reader, node: str) -> tuple[Figure, ...]:
    rows = reader.ask("observations", {"subject": node, "limit": 200}).rows
    held = stated(reader, {r["observation"].id for r in rows}, ["metric", "value", "period"])
    out = []
    for i in dict.fromkeys(r["observation"].id for r in rows):
        facts = held.get(i, {})
        if "metric" in facts and "value" in facts:
            first, last = dates(facts["period"].value) if "period" in facts else (None, None)
            out.append(Figure(str(facts["metric"].value), facts["value"], (first, last) if first and last else None))
    return tuple(out)


# ---- one host applying twice


def conflicts(reader: Reader, name: str) -> dict[str, Any]:
    """`{standard, items, truncated, graph_version}`: pairs of centres and bases that collide under the standard's rules. Raises Unknown."""
    s = named(standards(reader.settings.standards), name)
    if not s.conflicts:
        raise BadParameter(f"{name} has no rule on applying twice", errors=[{"parameter": "standard", "value": name}])
    return reader.steady(lambda version: _conflicts(reader, version, s))


def _conflicts(reader: Reader, version: Version, s: Standard) -> dict[str, Any]:
    region = _region(reader, s)
    hosted = reader.ask("hosted_centres", {"region": region, "hosts": _suspects(reader, s, region)})
    rows = [r for r in hosted.rows if not r["elsewhere"] and r["facility"].kind in s.judges]
    facilities = sorted({r["facility"].id for r in rows})
    events: dict[str, list[Edge]] = {}
    cut = hosted.truncated
    for kind in s.judges:  # ids of one kind at a time find each by the index
        if of_kind := [i for i in facilities if reader.ontology.kind_of(i) == kind]:
            page = reader.ask("recognitions_of", {"facilities": of_kind})
            cut |= page.truncated
            for r in page.rows:
                events.setdefault(r["facility"].id, []).append(r["edge"])
    applications = [_application(r, events.get(r["facility"].id, [])) for r in rows]
    holdings: list[Holding] = []
    front = sorted({a.host for a in applications})
    seen = set(front)
    for _ in range(max((c.hops for c in s.conflicts), default=0)):
        if not front:
            break
        page = reader.ask("shareholdings", {"holders": front})
        cut |= page.truncated
        holdings += [_holding(r["held"], r["edge"]) for r in page.rows]
        front = sorted({r["held"].id for r in page.rows} - seen)
        seen |= set(front)
    titles = _titles(reader, sorted({a.host for a in applications}), [c.hosts for c in s.conflicts if c.hosts])
    rules = _rules(reader, s)
    items = [{**x, "rule_evidence": rules.get(x["place"], [])} for x in collisions(s, applications, holdings, titles)]
    return {"standard": _head(s), "items": items, "truncated": cut, "graph_version": version.shown}


def _suspects(reader: Reader, s: Standard, region: str | None) -> list[str]:
    """Hosts of two things that the standard judges, or of one and tied to another host by steps of ownership: no others can collide."""
    g, hops = reader.arrays(), max(c.hops for c in s.conflicts)
    edges = np.concatenate([g.edges("HOSTS", target=kind) for kind in s.judges])
    host, carried = distinct(g.source[edges], g.target[edges])
    if region:
        here, somewhere = g.located(int(reader.adjacency().number(region) or 0), s.judges), np.zeros(reader.adjacency().size, dtype=bool)
        for kind in s.judges:
            somewhere[g.lies_in(kind)[0]] = True
        host = host[here[carried] | ~somewhere[carried]]
    number = g.count(host)
    held = g.edges("HOLDS_SHARES_IN")
    wanted = number > 1
    for near, far in ((g.source[held], g.target[held]), (g.target[held], g.source[held])):
        front = number > 0
        for _ in range(hops):
            ahead = np.zeros_like(front)
            ahead[far[front[near]]] = True
            wanted |= ahead & (number > 0)
            front = ahead
    return [reader.adjacency().node_id(int(n)) for n in np.flatnonzero(wanted)]


def _region(reader: Reader, s: Standard) -> str | None:
    return next((i for i, place in regions(reader).by_id.items() if place.adcode == s.region), None)


def _application(row: dict[str, Any], events: Sequence[Edge]) -> Application:
    edge, host, facility = row["edge"], row["host"], row["facility"]
    done = [e for e in events if e.properties.get("modality", "done") == "done"]
    years = {d.year for e in done for k in ("event_date_earliest", "event_date_latest") if (d := e.properties.get(k))}
    return Application(host.id, host.name, facility.id, facility.kind, facility.name,
                       approved=any(e.properties.get("event") in ("recognised", "approved", "filed", "reviewed") for e in done),
                       years=frozenset(years), claims=(*edge_claims(edge), *(c for e in done for c in edge_claims(e))),
                       confidence=min([edge.properties["confidence"], *(e.properties["confidence"] for e in done)]),
                       modality=str(edge.properties.get("modality", "done")), role=str(edge.properties.get("role", "")))  # fmt: skip


def _holding(held: Node, edge: Edge) -> Holding:
    share = edge.properties.get("share")
    return Holding(edge.source, edge.target, held.name, share, edge.properties.get("controlling"), edge_claims(edge),
                   edge.properties["confidence"], str(edge.properties.get("modality", "done")))  # fmt: skip


def _titles(reader: Reader, hosts: list[str], wanted: list[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Host → title → claims, of the titles the rules name."""
    out: dict[str, dict[str, tuple[str, ...]]] = {}
    for r in reader.ask("credentials_of", {"holders": hosts}).rows if hosts and wanted else ():
        ok = r["edge"].properties["confidence"] > 0.4 and r["edge"].properties.get("modality", "done") == "done"
        if r["credential"].name in wanted and ok:
            out.setdefault(r["edge"].source, {})[r["credential"].name] = edge_claims(r["edge"])
    return out
