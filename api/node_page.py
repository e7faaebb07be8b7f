"""The page of one node: its facts, a small picture along the chain, a timeline, what it is related to, and ways on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.node_chain import around
from api.timeline import timeline
from api.view import Here, View
from graph.errors import BadParameter
from graph.store.contract import Node
from queries.catalogue import Question

FIRST, PAGE = 6, 25  # neighbours shown of a relation on the node's page, and on the relation's own
PICTURED = 60  # neighbours in the large picture
ASKABLE = 8  # questions offered

router = APIRouter(include_in_schema=False)


@router.get("/nodes/{node_id}")
def node(view: Here, node_id: str, relation: str = "", direction: str = "both", cursor: str | None = None,
         v: Annotated[str, Query(max_length=64)] = "") -> Response:  # fmt: skip
    """`v` = the graph version a shared link was made of: when another one answers now, the page says so."""
    found = view.reader.node(node_id)
    if relation:
        return _one_relation(view, found, relation, direction, cursor)
    counts = view.reader.ask("neighbour_counts", {"node": node_id}).rows
    groups = [_group(view, found, r, d, n, FIRST) for r, d, n in _directed(view, counts)]
    relations = sum(c["edges"] for c in counts)
    return view.page("node.html", node=found, kind=view.ontology.kinds[found.kind], facts=facts_of(view, node_id), groups=groups,
                     merged=view.reader.merged_from(node_id), relations=relations, asks=_asks(view, found), chain=around(view, found, groups),
                     time=timeline(view, found, relations), pinned=v, pictured=PICTURED)  # fmt: skip


def _one_relation(view: View, found: Node, relation: str, direction: str, cursor: str | None) -> Response:
    counts = {(r, d): n for r, d, n in _directed(view, view.reader.ask("neighbour_counts", {"node": found.id}).rows)}
    if (relation, direction) not in counts:
        raise BadParameter(f"{found.name} has no relation {relation} ({direction})", errors=[{"parameter": "relation"}])
    group = _group(view, found, relation, direction, counts[relation, direction], PAGE, cursor)
    return view.page("relation.html", node=found, group=group, paged=bool(cursor))


def _directed(view: View, counts: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int]]:
    """(relation, direction, number) in the ontology's order; a symmetric relation has no direction."""
    out: dict[tuple[str, str], int] = {}
    for c in counts:
        key = (c["relation"], "both" if view.ontology.relations[c["relation"]].symmetric else c["direction"])
        out[key] = out.get(key, 0) + c["edges"]
    order = list(view.ontology.relations)
    return [(r, d, n) for (r, d), n in sorted(out.items(), key=lambda x: (order.index(x[0][0]), x[0][1]))]


def _group(view: View, found: Node, relation: str, direction: str, number: int, limit: int, cursor: str | None = None) -> dict[str, Any]:
    """What a node is related to by one relation in one direction."""
    page = view.reader.ask("neighbours", {"node": found.id, "relations": [relation], "direction": direction, "limit": limit,
                                          "modalities": list(view.ontology.modalities)}, cursor)  # fmt: skip
    return {"relation": relation, "direction": direction, "number": number, "rows": page.rows, "next": page.next_cursor,
            "label": view.relation(relation, direction == "in"), "more": number - len(page.rows)}  # fmt: skip


def facts_of(view: View, node_id: str) -> list[dict[str, Any]]:
    """A node's properties in the ontology's order: values with their claims; what lost against them as conflicts."""
    rows: dict[str, dict[tuple[str, bool], dict[str, Any]]] = {}
    declared = view.ontology.kinds[str(view.ontology.kind_of(node_id))].properties
    for f in view.reader.facts(node_id):
        prop = declared[f["predicate"]]
        if prop.name == "text" or (prop.name == "name" and not f["won"]):  # a losing name is among the aliases
            continue
        text = view.said(prop, f["value"], f["shown"])
        value = rows.setdefault(prop.name, {}).setdefault((text, f["won"]), {"text": text, "url": None, "exact": _exact(f["value"]), "claims": []})
        value["url"] = str(f["value"]) if prop.is_ == "url" else None  # the ontology's url type lets only http and https in
        value["claims"].append(f["claim"])
    out = []
    for prop in declared.values():
        if values := rows.get(prop.name):
            won = [x for (_, w), x in values.items() if w]
            lost = [x for (text, w), x in values.items() if not w and (text, True) not in values]
            out.append({"name": prop.name, "label": getattr(prop, view.lang), "values": won, "conflicts": lost})
    return out


def _exact(value: Any) -> str:
    """The days a stated date can mean, where the words alone do not say."""
    if isinstance(value, dict) and ("earliest" in value or "latest" in value):
        first, last = value.get("earliest") or "", value.get("latest") or ""
        return first if first == last else f"{first} – {last}"
    return ""


def _asks(view: View, found: Node) -> list[tuple[Question, str]]:
    """Questions that take this node, with the parameter it goes into."""
    names = {found.kind, *found.types}
    out = []
    for q in view.reader.catalogue:
        for p in q.parameters:
            if p.type == "node" and p.of != "Any" and (p.of in names or (found.kind in view.ontology.expand(p.of) and not _is_type(view, p.of))):
                out.append((q, p.name))
                break
    return out[:ASKABLE]


def _is_type(view: View, name: str) -> bool:
    return any(name in k.types for k in view.ontology.kinds.values())


@router.get("/nodes/{node_id}/picture")
def picture(view: Here, node_id: str, download: bool = False) -> Response:
    """A document of its own, framed by the node's page without rights (no request, no cookie, no way to the page around it) or taken away."""
    from graph.picture import draw, policy

    found = view.reader.node(node_id)
    rows = view.reader.ask("neighbours", {"node": node_id, "limit": PICTURED, "modalities": list(view.ontology.modalities)}).rows
    html = draw(found, [r["neighbour"] for r in rows], [r["edge"] for r in rows], view.ontology, view.lang, view.synthetic)
    headers = {"Content-Security-Policy": f"{policy(html)}; frame-ancestors 'self'; sandbox allow-scripts", "Cache-Control": "no-cache"}
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{node_id.replace(":", "-")}.html"'
    return HTMLResponse(html, headers=headers)
