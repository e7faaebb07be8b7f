"""The register of bases and centres with facets, and the four open-sharing lists across them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from graph.errors import BadParameter
from graph.registry import FACETS, SORTS, Facet, Register
from graph.standing import STATUSES
from queries.cursor import make_cursor, read_cursor
from queries.reader import Reader, plain

KINDS = {"base": "PilotBase", "centre": "VerificationCentre", "platform": "Platform", "laboratory": "Laboratory"}
NODES = {"region": ("Region",), "chain": ("IndustryChain",)}  # `field` takes any industry
SHOWN = 50  # values of a facet that are shown, the most frequent first


def registry(reader: Reader, *, kind: str = "base", region: str = "", level: str = "", field: str = "", chain: str = "",
             host_type: str = "", year: str = "", status: str = "", as_of: dt.date | None = None, sort: str = "id",
             limit: int = 20, cursor: str | None = None) -> dict[str, Any]:  # fmt: skip
    """`{items, next_cursor, total, facets, as_of, graph_version}`; an item is `{node, status, facets}`.

    `region`, `field` and `chain` are ids, each with all inside it; any filter may be `unknown`. `status` on `as_of`: in_force, expired,
    revoked, proposed, unknown. A facet's counts hold for the other filters. Places, fields and
    hosts that rest on unconfirmed facts are marked; they never decide a status. `sort`: id, name, year, level or status. `how` a region
    is known: see graph.places.
    """
    day = as_of or dt.date.today()
    asked = dict(zip(FACETS, (region, level, field, chain, host_type, year, status), strict=True))
    given = {**asked, "kind": kind, "as_of": day, "sort": sort, "limit": limit}
    _check(reader, kind, year, status, host_type, sort, limit)

    def work(version: Any) -> dict[str, Any]:
        skip = read_cursor(cursor, str(version.current), "registry", given) if cursor else 0
        register = reader.derived(("register", kind), lambda: Register(reader.arrays(), KINDS[kind]))
        on = reader.derived(("standing", kind, day), lambda: register.on(day))
        wanted = {f: _value(reader, f, v) for f, v in asked.items() if v}
        fits, counts = reader.derived(("registry", kind, day, *wanted.items()), lambda: register.found(wanted, on))
        fits = reader.derived(("ordered", kind, day, sort, *wanted.items()), lambda: register.ordered(fits, on, sort))
        adjacency = reader.adjacency()
        names = reader.names(adjacency.node_id(v) for f in ("region", "field", "chain") for v in counts[f] if isinstance(v, int))

        def shown(facet: str, value: Facet) -> dict[str, Any]:
            if facet in ("region", "field", "chain"):
                i = adjacency.node_id(int(value))
                return {"value": i, "zh": names.get(i, i), "en": names.get(i, i)}
            zh, en = STATUSES[str(value)] if facet == "status" else _type(reader, str(value)) if facet == "host_type" else (str(value), str(value))
            return {"value": str(value), "zh": zh, "en": en}

        most = {f: sorted(((n, v) for v, n in c.items() if v is not None), key=lambda x: (-x[0], str(x[1])))[:SHOWN] for f, c in counts.items()}
        facets = {f: {"values": [{**shown(f, v), "count": n} for n, v in most[f]], "unknown": counts[f][None]} for f in FACETS}
        page = fits[skip : skip + limit]
        nodes = reader.nodes(adjacency.node_id(n) for n in page)
        items = []
        for n in page:
            entry, stands = register.entries[n], on[n]
            edges = [stands.event.edge] if stands.event else []
            relations = list(reader.ontology.relations)
            g = register.g
            claims = [c for e in edges for c in reader.claims(adjacency.node_id(int(g.source[e])), relations[g.a["edge_relation"][e]],
                                                              adjacency.node_id(int(g.target[e])))]  # fmt: skip
            status_ = {"id": stands.status, "undated": stands.undated, "evidence": claims, **stands.sentence(day)}
            own = {f: [{**shown(f, v), "unconfirmed": v not in entry.confirmed[f], **({"how": entry.places.get(int(v))} if f == "region" else {})}
                       for v in sorted(entry.values.get(f, ()), key=str)] for f in FACETS if f != "status"}  # fmt: skip
            items.append({"node": plain(nodes[adjacency.node_id(n)]), "status": status_, "facets": own})
        more = make_cursor(str(version.current), "registry", given, skip + limit) if len(fits) > skip + limit else None
        return {"items": items, "next_cursor": more, "total": len(fits), "facets": facets, "as_of": day.isoformat(), **reader.stamp()}

    return reader.steady(work)


def _check(reader: Reader, kind: str, year: str, status: str, host_type: str, sort: str, limit: int) -> None:
    types = list(reader.ontology.kinds["Organization"].types)
    for name, value, known in (("kind", kind, list(KINDS)), ("status", status, list(STATUSES)), ("host_type", host_type, [*types, "unknown"]),
                               ("sort", sort, list(SORTS))):  # fmt: skip
        if value not in known and (value or name in ("kind", "sort")):
            raise BadParameter(f"{name}: {value!r} is none of {', '.join(known)}", errors=[{"parameter": name, "value": value}])
    if year and year != "unknown" and not year.isdigit():
        raise BadParameter(f"year: {year!r} is no year", errors=[{"parameter": "year", "value": year}])
    if not 1 <= limit <= 200:
        raise BadParameter(f"limit: {limit} is not within 1..200", errors=[{"parameter": "limit", "value": str(limit)}])


def _value(reader: Reader, facet: str, value: str) -> Facet:
    """What the register holds for an asked value: a row of the graph for a node. Raises Unknown, Merged, BadParameter."""
    if value == "unknown" or facet in ("level", "host_type", "status"):
        return value
    if facet == "year":
        return int(value)
    reader.canonical(value)
    kinds = NODES.get(facet, reader.ontology.groups["Industry"])
    if reader.ontology.kind_of(value) not in kinds:
        raise BadParameter(f"{facet}: {value!r} is none of {', '.join(kinds)}", errors=[{"parameter": facet, "value": value}])
    return int(reader.adjacency().number(value))  # type: ignore[arg-type]  # a current id has a row


def _type(reader: Reader, name: str) -> tuple[str, str]:
    found = reader.ontology.kinds["Organization"].types.get(name, {"zh": name, "en": name})
    return str(found["zh"]), str(found["en"])


# ---- the four lists

OFFERS = ("Service", "Instrument", "Scenario", "Rule")
ASKED = {"process": ("process", "工艺", "process"), "scale": ("scale_min", "规模", "scale"), "scale_unit": ("scale_unit", "规模单位", "scale unit"),
         "max_price": ("price", "价格", "price"), "free_by": ("next_free_earliest", "空档", "free slot")}  # fmt: skip


def offers(reader: Reader, *, what: str = "", kinds: Sequence[str] = (), process: str = "", scale: float | None = None, scale_unit: str = "",
           max_price: float | None = None, free_by: dt.date | None = None, region: str = "", sure: bool = False, limit: int = 20,
           cursor: str | None = None) -> dict[str, Any]:  # fmt: skip
    """`{items, next_cursor, graph_version}`: what can be had where; an item is `{offer, owner, unknown, said, evidence}`.

    `scale` in `scale_unit`, `max_price` in yuan a stated unit, `free_by` the latest day a slot may begin. What is not stated does
    not exclude and is named in `unknown`; `sure` drops it.
    """
    if strange := [k for k in kinds if k not in OFFERS]:
        raise BadParameter(f"kinds: {strange[0]!r} is none of {', '.join(OFFERS)}", errors=[{"parameter": "kinds", "value": strange[0]}])
    given = {"what": what, "kinds": list(kinds), "process": process, "scale": scale, "scale_unit": scale_unit, "max_price": max_price,
             "free_by": free_by, "region": region, "sure": sure, "limit": limit}  # fmt: skip

    def work(_: Any) -> dict[str, Any]:
        page = reader.ask("offers", {k: v for k, v in given.items() if v not in (None, "", [])}, cursor)
        items = []
        for row in page.rows:
            held = row["offer"].properties
            missing = [(zh, en) for k, (p, zh, en) in ASKED.items() if given[k] not in (None, "") and held.get(p) is None]
            items.append({"offer": plain(row["offer"]), "owner": plain(row["owner"]), "unknown": [en for _, en in missing],
                          "said": _offered(held, missing), "evidence": row["edge"].properties.get("evidence", [])})  # fmt: skip
        return {"items": items, "next_cursor": page.next_cursor, **reader.stamp()}

    return reader.steady(work)


def _offered(held: Any, missing: list[tuple[str, str]]) -> dict[str, str]:
    free, seen = held.get("next_free_shown"), held.get("next_free_as_of_shown")
    zh = [f"最近空档 {free}（{'截至 ' + str(seen) if seen else '何时所报未说明'}）"] if free else []
    en = [f"next free {free} ({'as of ' + str(seen) if seen else 'as of an unstated day'})"] if free else []
    if held.get("price_shown"):
        zh, en = [*zh, f"价格 {held['price_shown']}"], [*en, f"price {held['price_shown']}"]
    if missing:
        zh, en = [*zh, f"{'、'.join(z for z, _ in missing)}未知"], [*en, f"unknown: {', '.join(e for _, e in missing)}"]
    return {"zh": "；".join(zh) + "。" if zh else "来源未说明空档与价格。", "en": "; ".join(en) + "." if en else "No slot and no price is stated."}
