"""The explorer: one page with a canvas, its fragments for the side panel, and a view as a file.

vis-network is served from the installed pyvis package. It draws on a canvas and sets styles through the CSSOM only, so the
pages' policy `default-src 'self'` holds as it is; its own style sheet (buttons, colour picker) is not needed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field

from api.inputs import StepFilter
from api.node_page import facts_of
from api.pages import examples
from api.tables import as_csv
from api.view import Here, View
from graph.errors import InnochainError, Unknown
from graph.picture import SHAPES
from graph.reach import Filter
from graph.store.contract import Edge, Node
from queries.answers import views
from queries.reader import plain

VIS = "vis-9.1.2"

router = APIRouter(include_in_schema=False)


def mount(app: FastAPI) -> None:
    """Adds the page and the drawing library. Before `pages.mount`: its `/static` would hide ours."""
    found = importlib.util.find_spec("pyvis")
    if found is None or not found.submodule_search_locations:
        raise InnochainError("pyvis is not installed; the explorer draws with the library in its wheel")
    app.mount(f"/static/{VIS}", StaticFiles(directory=Path(found.submodule_search_locations[0]) / "lib" / VIS), name="vis")
    app.include_router(router)


@router.get("/explore")
def explore(view: Here) -> Response:
    view.reader.version()  # an empty graph or a store that is down is said in words, not by a page that then fails
    return view.page("explore.html", vis=f"/static/{VIS}/vis-network.min.js", examples=examples(view))


@router.get("/explore/ontology.js")
def ontology(view: Here) -> Response:
    """Labels, colours and shapes in one language, as a module: the policy allows no script in the page."""
    o = view.ontology
    looks = [(k.name, k.color, k) for k in o.kinds.values()] + [(t, d.get("color", k.color), k) for k in o.kinds.values() for t, d in k.types.items()]
    kinds = {name: {"label": view.label(name), "color": color, "shape": k.shape, "prefix": k.prefix} for name, color, k in looks}
    body = {"kinds": kinds, "relations": {r.name: {"label": view.relation(r.name), "back": view.relation(r.name, True), "symmetric": r.symmetric}
                                          for r in o.relations.values()},
            "types": {k.name: list(k.types) for k in o.kinds.values() if k.types}, "modalities": {m: view.modality(m) for m in o.modalities},
            "stages": {s["id"]: s[view.lang] for s in o.stages}, "shapes": SHAPES}  # fmt: skip
    return Response(b"export default " + orjson.dumps(body) + b";\n", media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/explore/nodes/{node}")
def node_panel(view: Here, node: str) -> Response:
    found = view.reader.node(node)
    return view.page("explore_node.html", node=found, facts=facts_of(view, node))


@router.get("/explore/edges/{source}/{edge}")
def edge_panel(view: Here, source: str, edge: str) -> Response:
    found = view.reader.edges({view.reader.canonical(source): [edge]}).get(edge)
    if found is None:
        raise Unknown(f"there is no relation {edge!r} at {source}", suggestions=[])
    nodes = view.names((found.source, found.target))
    return view.page("explore_edge.html", edge=found, nodes=nodes)


# ---- a view as a file ----------------------------------------------------------------------------------------------

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class Shown(BaseModel):
    """What is on a canvas: ids in their order, edges as far as the filter lets them through, and where things stand."""

    nodes: list[str] = Field(max_length=views.MOST)
    edges: list[str] = Field(max_length=20_000)
    positions: dict[str, tuple[Coordinate, Coordinate]] = Field(default={}, max_length=views.MOST)
    name: str = Field(default="", max_length=200)


FORMS = {"svg": "image/svg+xml", "html": "text/html", "nodes.csv": "text/csv", "edges.csv": "text/csv"}


@router.post("/explore/files/{form}")
def file(request: Request, form: str, shown: Shown, f: StepFilter) -> Response:
    """A view as SVG, as one offline report, as a table of nodes or of relations with their evidence."""
    view = View(request)
    if form not in FORMS:
        raise Unknown(f"a view is saved as {', '.join(FORMS)}", suggestions=[])
    body = _report(view, shown, f) if form == "html" else _made(view, form, shown)
    return Response(body, media_type=FORMS[form], headers={"Content-Disposition": f'attachment; filename="innochain-view.{form}"',
                                                           "Cache-Control": "no-store"})  # fmt: skip


def _report(view: View, shown: Shown, f: Filter) -> str:
    return str(views.report(view.reader, shown.nodes, f, shown.name, view.lang, shown.edges))


def _made(view: View, form: str, shown: Shown) -> str:
    every = Filter(modalities=view.ontology.modalities)
    found, kept = views.view(view.reader, shown.nodes, every), set(shown.edges)
    nodes: list[Node] = found["nodes"]
    edges: list[Edge] = [e for e in found["edges"] if e.id in kept]
    if form == "svg":
        from graph.vector import vector

        stages = {s["id"]: s[view.lang] for s in view.ontology.stages}
        at = {i: (p[0], p[1]) for i, p in {**found["positions"], **shown.positions}.items()}
        heads = [(stages[h["stage"]], (h["x"], h["y"])) for h in found["headings"]]
        note = view.t(f"创新链图谱版本 {found['graph_version']}", f"Innochain, graph version {found['graph_version']}")
        return vector(shown.name or (nodes[0].name if nodes else ""), nodes, edges, at, heads, view.ontology, view.lang, note)
    rows = _node_rows(view, nodes, edges) if form == "nodes.csv" else _edge_rows(view, nodes, edges)
    return as_csv(rows)


def _node_rows(view: View, nodes: Sequence[Node], edges: Sequence[Edge]) -> Iterable[list[Any]]:
    of = views.appendix(view.reader, nodes, [])
    texts = {s["number"]: s["texts"][view.lang] for s in of["sources"]}
    degree: dict[str, int] = {}
    for e in edges:
        for i in (e.source, e.target):
            degree[i] = degree.get(i, 0) + 1
    yield ["id", "kind", "types", "name", "modality", "since", "until", "relations_in_view", "sources"]
    for n in nodes:
        p = n.properties
        yield [n.id, n.kind, ";".join(n.types), n.name, p.get("modality", "done"), p.get("since"), p.get("until"), degree.get(n.id, 0),
               " | ".join(texts[x] for x in of["of"].get(n.id, []))]  # fmt: skip


def _edge_rows(view: View, nodes: Sequence[Node], edges: Sequence[Edge]) -> Iterable[list[Any]]:
    names = {n.id: n.name for n in nodes}
    of = views.appendix(view.reader, [], edges)
    texts = {s["number"]: s["texts"][view.lang] for s in of["sources"]}
    yield ["id", "source", "source_name", "relation", "label", "target", "target_name", "modality", "confidence", "since", "until", "details",
           "evidence", "sources"]  # fmt: skip
    for e in edges:
        p, details = e.properties, [f"{k}{view.t('：', ': ')}{v}" for k, v in view.edge_details(e)]
        yield [e.id, e.source, names[e.source], e.relation, view.relation(e.relation), e.target, names[e.target], p.get("modality"),
               plain(p.get("confidence")), p.get("since"), p.get("until"), view.t("；", "; ").join(details),
               " ".join(map(str, p.get("evidence", []))), " | ".join(texts[x] for x in of["of"].get(e.id, []))]  # fmt: skip
