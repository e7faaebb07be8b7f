"""Nothing was found between two things: which part of the filter hides what there is, found out by looking again without it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from graph.errors import QueryTimeout
from graph.reach import Filter
from graph.routes import Route, best_paths
from queries.reader import Reader

SECONDS = 2.0  # for all looks together
PARTS = {"max_hops": ("步数", "the number of steps"), "modalities": ("实现程度", "how firmly it was stated"),
         "relations": ("关系种类", "the relations"),
         "kinds": ("中间的种类", "the kinds between"), "through": ("必经的种类", "the kind that must lie between"),
         "chain_only": ("只沿创新链", "chain order only"), "avoid": ("避开的节点", "what is to be avoided"), "as_of": ("日期", "the date"),
         "certain": ("只要有日期的", "dated facts only"),
         "min_confidence": ("可信度", "the least confidence"), "direction": ("方向", "the direction")}  # fmt: skip


def instead(reader: Reader, sources: Sequence[str], targets: Sequence[str], f: Filter, most_hops: int) -> list[dict[str, Any]]:
    """`[{without, query, zh, en}]`: each part of the filter whose loosening alone finds something, with the parameters that do.

    Where no single part does, all together; empty when nothing in the graph joins the two (or the time does not suffice to see it).
    """
    until = time.monotonic() + SECONDS
    o = reader.ontology
    loose = {"max_hops": most_hops, "modalities": tuple(o.modalities), "relations": tuple(o.relations), "kinds": (), "through": None,
             "chain_only": False, "avoid": (), "as_of": None, "certain": False, "min_confidence": 0.0, "direction": "any"}  # fmt: skip
    changes = {k: v for k, v in loose.items() if getattr(f, k) != v}
    found = [x for k, v in changes.items() if (x := _looked(reader, sources, targets, f, {k: v}, until))]
    return found or [x for x in [_looked(reader, sources, targets, f, changes, until)] if x]


def _looked(reader: Reader, sources: Sequence[str], targets: Sequence[str], f: Filter, changes: dict[str, Any],
            until: float) -> dict[str, Any] | None:  # fmt: skip
    left = max(0.0, until - time.monotonic())
    with contextlib.suppress(QueryTimeout):
        if routes := best_paths(reader.adjacency(), sources, targets, replace(f, **changes), 1, "hops", left).routes:
            return _told(reader, routes[0], f, changes)
    return None


def _told(reader: Reader, route: Route, f: Filter, changes: dict[str, Any]) -> dict[str, Any]:
    a = reader.adjacency()
    edges = [a.edge_number(e) for e in route.edges]
    used: dict[str, Any] = {"relations": tuple(dict.fromkeys(a.relations[int(a._["edge_relation"][e])] for e in edges)),
            "modalities": tuple(dict.fromkeys(["done", *(list(reader.ontology.modalities)[int(a._["edge_modality"][e])] for e in edges)])),
            "max_hops": max(f.max_hops, route.hops)}  # fmt: skip
    usable = f.relations or [n for n, r in reader.ontology.relations.items() if r.path]
    needless = {"relations"} if set(used["relations"]) <= set(usable) else set()
    query = {k: x for k, v in changes.items() if k not in needless and (x := used.get(k, v)) != getattr(f, k)}
    names = reader.names(route.nodes)
    way = " — ".join(names[n] for n in route.nodes)
    zh, en = "、".join(PARTS[k][0] for k in query), ", ".join(PARTS[k][1] for k in query)
    return {"without": list(query), "query": {k: list(v) if isinstance(v, tuple) else v for k, v in query.items()},
            "zh": f"放宽{zh}后有：{way}", "en": f"loosening {en} finds {way}"}  # fmt: skip
