"""Views: the relations among some nodes, where they stand, what they share, and the numbered sources they rest on.

These are the explorer's answers and the notebook's: `view`, `common_neighbours`, `appendix`, `report`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.errors import BadParameter
from graph.picture import Framed, Said, arranged, draw_view
from graph.reach import Filter
from graph.store.contract import Edge, Node, Version
from queries.reader import Page, Reader

MOST = 500  # nodes in one view
PLACES = 8  # places of one document that a numbered source names


def view(reader: Reader, ids: Sequence[str], f: Filter) -> dict[str, Any]:
    """`{nodes, edges, positions, headings, merged, missing, truncated, graph_version, cypher}` of up to 500 ids, in their order.

    Ids that were joined into others stand under the new one (`merged`: old → new); ids the graph lacks are `missing`.
    Positions are pixels, by the stage of the chain. On a day, `undated_edges` are those with an unknown bound.
    Raises BadParameter for more than 500 ids or one that names no kind.
    """
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST:
        raise BadParameter(f"nodes: {len(wanted)} ids; a view has at most {MOST}", errors=[{"parameter": "nodes"}])
    for i in wanted:
        if reader.ontology.kind_of(i) is None:
            raise BadParameter(f"nodes: {i[:80]!r} is no id of a node", errors=[{"parameter": "nodes", "value": i[:80]}])
    return reader.steady(lambda version: _view(reader, version, wanted, f))


def _view(reader: Reader, version: Version, wanted: Sequence[str], f: Filter) -> dict[str, Any]:
    current = reader.current(wanted)
    found = reader.nodes(current.values())
    kinds = {k for x in f.kinds for k in reader.ontology.expand(x)}
    order = [i for i in dict.fromkeys(current.values()) if i in found and i not in f.avoid and (not kinds or found[i].kind in kinds)]
    edges: dict[str, Edge] = {}
    asked: list[Mapping[str, Any]] = []
    truncated = False
    for _, group in reader.by_kind(order):
        page = reader.ask("edges_among", {"sources": group, "nodes": order, **_given(f)})
        edges |= {r["edge"].id: r["edge"] for r in page.rows}
        asked.append(page.cypher)
        truncated |= page.truncated
    at, heads = arranged([found[i] for i in order], reader.ontology)
    return {"nodes": [found[i] for i in order], "edges": [edges[e] for e in sorted(edges)],
            "positions": {i: [round(x, 1), round(y, 1)] for i, (x, y) in at.items()},
            "headings": [{"stage": reader.ontology.stages[s]["id"], "x": round(x, 1), "y": round(y, 1)} for s, (x, y) in sorted(heads.items())],
            "merged": {old: new for old, new in current.items() if old != new}, "missing": [i for i in wanted if current.get(i) not in found],
            **({"undated_edges": [e for e in sorted(edges) if edges[e].undated]} if f.as_of else {}),
            "truncated": truncated, "graph_version": version.shown, "cypher": asked}  # fmt: skip


def _given(f: Filter) -> dict[str, Any]:
    """The filter as the questions about neighbours name its parts."""
    return {"as_of": f.as_of, "certain": f.certain, "min_confidence": f.min_confidence, "modalities": list(f.modalities),
            "relations": list(f.relations) or None}  # fmt: skip


def counts(reader: Reader, ids: Sequence[str], f: Filter) -> dict[str, Any]:
    """`{counts: {id: [{relation, direction, edges}]}, graph_version, cypher}`: how much hangs on each node, what is not in the view included."""
    given = {k: v for k, v in _given(f).items() if k != "relations"}

    def work(version: Version) -> dict[str, Any]:
        out: dict[str, list[dict[str, Any]]] = {i: [] for i in ids}
        asked = []
        for _, group in reader.by_kind(ids):
            page = reader.ask("relation_counts", {"ids": group, **given})
            asked.append(page.cypher)
            for r in page.rows:
                out[r["node"]].append({k: r[k] for k in ("relation", "direction", "edges")})
        return {"counts": out, "graph_version": version.shown, "cypher": asked}

    return reader.steady(work)


def common_neighbours(reader: Reader, ids: Sequence[str], f: Filter, least: int = 2, limit: int = 25, cursor: str | None = None) -> Page:
    """What at least `least` of 2 to 50 nodes are related to, shared by most first."""
    if not 2 <= len(set(ids)) <= 50:
        raise BadParameter(f"nodes: {len(set(ids))} ids; give 2 to 50 that may share neighbours", errors=[{"parameter": "nodes"}])
    given = {"nodes": sorted(set(ids)), "least": least, "limit": limit, "kinds": list(f.kinds) or None, "avoid": list(f.avoid) or None, **_given(f)}
    return reader.ask("common_neighbours", given, cursor)


# ---- sources and the report ----------------------------------------------------------------------------------------


def appendix(reader: Reader, nodes: Iterable[Node], edges: Iterable[Edge]) -> dict[str, Any]:
    """`{sources, of}`: documents numbered in the order they are first needed, and the numbers of each node (its name) and edge.

    A source has `number, document, places, texts {zh, en}`; a text is a line of a bibliography.
    """
    claims: dict[str, list[str]] = {}
    for e in edges:
        claims[e.id] = [str(c) for c in e.properties.get("evidence", [])]
    for n in nodes:
        claims[n.id] = [f["claim"] for f in reader.facts(n.id) if f["predicate"] == "name" and f["won"]]
    found = {e["claim"]: e for e in reader.evidence(sorted({c for held in claims.values() for c in held}))}
    sources: dict[str, dict[str, Any]] = {}
    of: dict[str, list[int]] = {}
    for thing, held in claims.items():
        for c in held:
            document = found[c]["document"]
            source = sources.setdefault(document["id"], {"number": len(sources) + 1, "document": document, "places": []})
            if found[c]["place"] and found[c]["place"] not in source["places"]:
                source["places"].append(found[c]["place"])
            if source["number"] not in of.setdefault(thing, []):
                of[thing].append(source["number"])
    numbers = reader.document_numbers(list(sources))
    for i, source in sources.items():
        source["texts"] = {lang: cited(source["document"], numbers.get(i), source["places"], lang) for lang in ("zh", "en")}
    return {"sources": list(sources.values()), "of": {k: sorted(v) for k, v in of.items()}}


def cited(document: Mapping[str, Any], number: str | None, places: Sequence[Mapping[str, Any]], lang: str) -> str:
    """One document as a line of a bibliography: issuer, name, number, date, publisher, address, places, and whether it is confirmed."""
    zh = lang == "zh"
    name = str(document["name"] or document["id"])
    if zh and "《" not in name:
        name = f"《{name}》"
    issuer, publisher = document["issuer"], document["publisher"]
    parts = [f"{issuer}：{name}" if zh and issuer else f"{issuer}: {name}" if issuer else name]
    parts += [str(x) for x in (number, document["published"], publisher if publisher != issuer else None, document["url"]) if x]
    where = [_place(p, zh) for p in sorted(places, key=lambda p: (p.get("start", 0), p.get("row", 0), str(p)))]
    if len(where) > PLACES:
        where = [*where[:PLACES], f"等 {len(where)} 处" if zh else f"and {len(where) - PLACES} more"]
    text = ("，" if zh else ", ").join(parts) + ((f"（{'；'.join(where)}）" if zh else f" ({'; '.join(where)})") if where else "")
    if document["standing"] in ("mirror", "unknown", None):
        text += "〔转载或来源不明，未经证实〕" if zh else " [mirror or standing unknown, unconfirmed]"
    return text + ("。" if zh else ".")


def _place(place: Mapping[str, Any], zh: bool) -> str:
    if "start" in place:
        return f"第 {place['start']}–{place['end']} 字" if zh else f"characters {place['start']}–{place['end']}"
    words = {"sheet": "表", "row": "行", "column": "列"} if zh else {"sheet": "sheet", "row": "row", "column": "column"}
    return " ".join(f"{w} {place[k]}" for k, w in words.items() if k in place)


def report(reader: Reader, ids: Sequence[str], f: Filter, name: str = "", lang: str = "zh", only: Iterable[str] | None = None) -> Framed:
    """A view as one HTML text that opens with no network: picture, what is said with numbers, numbered sources. A notebook shows it.

    `only`: ids of the edges to keep. At most 300 nodes are drawn; the file says how many were left out.
    """
    lang = "en" if lang == "en" else "zh"
    made = view(reader, ids, f)
    nodes: list[Node] = made["nodes"]
    kept = None if only is None else set(only)
    edges: list[Edge] = [e for e in made["edges"] if kept is None or e.id in kept]
    found = appendix(reader, nodes, edges)
    names, ontology = {n.id: n.name for n in nodes}, reader.ontology
    lines = []
    for e in sorted(edges, key=lambda e: (names[e.source], e.relation, names[e.target], e.id)):
        modality = str(e.properties.get("modality", "done"))
        how = "" if modality == "done" else f"（{ontology.modality_labels[modality]['zh']}）" if lang == "zh" else f" ({modality})"
        text = f"{names[e.source]} —{getattr(ontology.relations[e.relation], lang)}→ {names[e.target]}{how}"
        lines.append({"of": [e.id, e.source, e.target], "text": text, "numbers": found["of"].get(e.id, [])})
    lines += [{"of": [n.id], "text": n.name, "numbers": found["of"].get(n.id, [])} for n in nodes]
    filtered = _words(f, reader, lang)
    note = (f"创新链图谱版本 {made['graph_version']}；{len(nodes)} 个节点，{len(edges)} 条关系{filtered}" if lang == "zh"
            else f"Graph version {made['graph_version']}; nodes: {len(nodes)}, relations: {len(edges)}{filtered}")  # fmt: skip
    title = name or (nodes[0].name if nodes else ("创新链视图" if lang == "zh" else "A view of the innovation chain"))
    return draw_view(title, nodes, edges, ontology, lang, Said(note, lines, [s["texts"][lang] for s in found["sources"]]),
                     "synthetic" in reader.stamp())  # fmt: skip


def _words(f: Filter, reader: Reader, lang: str) -> str:
    """What the filter left out, in words."""
    zh = lang == "zh"
    parts = [f"截至 {f.as_of}" if zh else f"as of {f.as_of}"] if f.as_of else []
    if f.min_confidence:
        parts.append(f"可信度不低于 {f.min_confidence:g}" if zh else f"confidence at least {f.min_confidence:g}")
    how = "、".join(reader.ontology.modality_labels[m]["zh"] for m in f.modalities) if zh else ", ".join(f.modalities)
    parts.append(f"实现程度：{how}" if zh else f"modality: {how}")
    return ("；" if zh else "; ") + ("；" if zh else "; ").join(parts)
