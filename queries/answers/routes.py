"""Kinds of route between two things: counted on the snapshot's arrays, an example of each fetched by Cypher, each in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph import metapaths
from graph.errors import BadParameter
from graph.metapaths import Counted, Metapath
from graph.ontology import Ontology
from graph.reach import Filter
from graph.store.contract import Version
from queries.answers.instead import instead
from queries.answers.paths import check, drawn, within
from queries.cursor import make_cursor, read_cursor
from queries.reader import Reader, plain


def routes(reader: Reader, source: str, target: str, f: Filter, limit: int = 20, cursor: str | None = None, explain: bool = False) -> dict[str, Any]:
    """`{items, nodes, edges, whole_hops, truncated, next_cursor, graph_version}`: the kinds of route between two current ids, heaviest first.

    An item: `route` (its short name, which `route_paths` takes), kinds, relations, `total_paths`, `weighted` (the degree-weighted
    path count), `example` (ids of the path that weighs most, with its score), `sentence`. Every path of at most `whole_hops` is counted.
    Where there is none, `instead` says which part of the filter hides what there is.
    Raises BadParameter (4 hops at most), Unknown, Merged, QueryTimeout.
    """
    check(reader, f, metapaths.MOST_HOPS)
    within("limit", limit, 1, 200)

    def work(version: Version) -> dict[str, Any]:
        _ends(reader, source, target, f)
        given = {"source": source, "target": target, "filter": f, "limit": limit}
        skip = read_cursor(cursor, str(version.current), "routes", given) if cursor else 0
        found = metapaths.count(reader.adjacency(), source, target, f, reader.settings.query_seconds)
        shown = found.items[skip : skip + limit]
        picture = drawn(reader, [c.example for c in shown])
        names = {n["id"]: n["name"] for n in picture["nodes"]}
        items = [{**_described(reader.ontology, c.metapath, c.paths, c.weighted), "example": path, "sentence": _sentence(reader.ontology, c, names)}
                 for c, path in zip(shown, picture.pop("paths"), strict=True)]  # fmt: skip
        following = make_cursor(str(version.current), "routes", given, skip + limit) if len(found.items) > skip + limit else None
        lacking = {} if found.items else {"instead": instead(reader, [source], [target], f, metapaths.MOST_HOPS)}
        return {"items": items, **picture, **lacking, "total": len(found.items), "whole_hops": found.whole_hops,
                "truncated": found.cut or found.whole_hops < f.max_hops, "next_cursor": following, "graph_version": version.shown}

    return _explained(reader, work, explain)


def route_paths(reader: Reader, source: str, target: str, route: str, f: Filter, limit: int = 20, cursor: str | None = None,
                explain: bool = False) -> dict[str, Any]:  # fmt: skip
    """`{route, nodes, edges, paths, next_cursor, graph_version}`: the paths of one kind of route, heaviest first.

    `route` is its short name; of the filter, hops and relations are the route's. A path's `weight` is its degree product, `share` how
    much of the degree-weighted count it makes up. Raises BadParameter, Unknown, Merged, QueryTimeout.
    """
    check(reader, f, 8)
    within("limit", limit, 1, 200)
    metapath = metapaths.parse(reader.ontology, route)

    def work(version: Version) -> dict[str, Any]:
        _ends(reader, source, target, f)
        for name, node, kind in (("source", source, metapath.kinds[0]), ("target", target, metapath.kinds[-1])):
            if reader.ontology.kind_of(node) != kind:
                raise BadParameter(f"{name}: {node} is no {kind}, as {route} wants", errors=[{"parameter": name, "value": node}])
        given = {"source": source, "target": target, "route": route, "filter": f, "limit": limit}
        skip = read_cursor(cursor, str(version.current), "route_paths", given) if cursor else 0
        seconds = reader.settings.query_seconds
        found, counted = metapaths.paths_of(reader.adjacency(), source, target, metapath, f, skip, limit, seconds)
        picture = drawn(reader, found)
        for path in picture["paths"]:
            path["weight"] = path["explained"]["damping"]
            path["share"] = round(path["weight"] / counted.weighted, 6) if counted else 0.0
        following = make_cursor(str(version.current), "route_paths", given, skip + limit) if counted and counted.paths > skip + limit else None
        head = (counted.paths, counted.weighted) if counted else (0, 0.0)
        return {**_described(reader.ontology, metapath, *head), **picture, "next_cursor": following, "graph_version": version.shown}

    return _explained(reader, work, explain)


def _ends(reader: Reader, source: str, target: str, f: Filter) -> None:
    for node in (source, target, *f.avoid):
        reader.canonical(node)


def _explained(reader: Reader, work: Callable[[Version], dict[str, Any]], explain: bool) -> dict[str, Any]:
    with reader.watched() as ran:
        found = reader.steady(work)
    return {**found, "cypher": plain(ran)} if explain else found


def _described(ontology: Ontology, m: Metapath, paths: int, weighted: float) -> dict[str, Any]:
    return {"route": metapaths.abbreviated(ontology, m), "kinds": list(m.kinds), "relations": [{"relation": r, "direction": d} for r, d in m.steps],
            "shown": shown(ontology, m), "hops": m.hops, "total_paths": paths, "weighted": weighted}  # fmt: skip


def shown(ontology: Ontology, m: Metapath) -> dict[str, str]:
    """A metapath in words, Chinese and English: 机构 —拥有→ 科技成果 —转化至→ 机构."""
    out = {}
    for lang in ("zh", "en"):
        text = str(getattr(ontology.kinds[m.kinds[0]], lang))
        for (relation, direction), kind in zip(m.steps, m.kinds[1:], strict=True):
            label = getattr(ontology.relations[relation], lang)
            text += {"out": f" —{label}→ ", "in": f" ←{label}— ", "both": f" —{label}— "}[direction] + getattr(ontology.kinds[kind], lang)
        out[lang] = text
    return out


def _sentence(ontology: Ontology, c: Counted, names: dict[str, str]) -> dict[str, str]:
    if not c.metapath.hops:
        return {"zh": "起点就是终点", "en": "the start is the end"}
    words, example = shown(ontology, c.metapath), " — ".join(names[n] for n in c.example.nodes)
    return {"zh": f"{words['zh']}：{c.paths} 条路径，按度加权计 {c.weighted:.3g}；最有分量的一条是 {example}",
            "en": f"{words['en']}: {c.paths} path{'s' * (c.paths != 1)}, degree-weighted {c.weighted:.3g}; the weightiest is {example}"}  # fmt: skip
