"""Pages for people, rendered on the server: they work without JavaScript, without a network, in Chinese and English.

Invariants: whole state in the URL; all text from data is escaped by Jinja and never reaches an attribute that runs;
every fact and relation shown carries the way to its evidence.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from api.view import Here, View, words
from graph.errors import Ambiguous, BadInput, BadParameter, Empty, InnochainError, Unknown
from graph.metapaths import MOST_HOPS
from graph.reach import Filter
from graph.store.contract import Edge, Node
from queries.answers.paths import named, paths
from queries.answers.routes import routes
from queries.catalogue import Parameter, Question

HERE = Path(__file__).parent
FIRST, PAGE = 6, 25  # neighbours shown of a relation on the node's page, and on the relation's own
PICTURED = 60  # neighbours in the picture of a node's page
EXAMPLES = ("西工大", "西安光机所", "镁", "光子", "省科技厅", "中试基地", "秦创原")
KINDS_OF_ROUTE = 10  # shown under the paths
ASKABLE = 8  # questions offered on a node's page

router = APIRouter(include_in_schema=False)


def mount(app: FastAPI) -> None:
    """Adds the pages and their static files."""
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.include_router(router)


# ---- home, search --------------------------------------------------------------------------------------------------


@router.get("/")
def home(view: Here) -> Response:
    counts: dict[str, dict[str, int]] = {}
    for r in view.reader.ask("counts_by_kind").rows:
        counts.setdefault(r["label"], {})[r["modality"]] = r["nodes"]
    ontology = view.ontology
    stages: list[list[tuple[str, dict[str, int]]]] = [[] for _ in ontology.stages]
    for kind in ontology.kinds.values():
        for label, stage in [(kind.name, kind.stage), *((t, d.get("stage")) for t, d in kind.types.items())]:
            if stage is not None and counts.get(label):
                stages[stage].append((label, counts[label]))
    kinds = sorted(((k, counts[k]) for k in ontology.kinds if counts.get(k)), key=lambda x: (-x[1].get("done", 0), x[0]))
    return view.page("home.html", stages=stages, kinds=kinds, stats=view.reader.stats(), documents=view.reader.documents(6), examples=EXAMPLES)


@router.get("/search")
def search(view: Here, q: Annotated[str, Query(max_length=200)] = "", kind: Annotated[str, Query(max_length=60)] = "") -> Response:
    if kind and not view.ontology.expand(kind):
        raise BadParameter(f"kind: {kind!r} is no kind, group or type", errors=[{"parameter": "kind", "value": kind}])
    hits = view.reader.search(q, [kind] if kind else [], 50)
    near = [] if hits or len(q) < 2 else view.reader.search(q[: max(2, len(q) // 2)], [], 5)
    kinds: dict[str, int] = {}
    for h in hits:
        kinds[h["kind"]] = kinds.get(h["kind"], 0) + 1
    return view.page("search.html", q=q, kind=kind, hits=hits, kinds=kinds, near=near, examples=EXAMPLES)


@router.get("/kinds.css")
def kinds_css(view: Here) -> Response:
    """The ontology's colours as classes: the pages' policy allows no style in the markup."""
    kinds = view.ontology.kinds.values()
    colours = [(k.name, k.color) for k in kinds] + [(t, d["color"]) for k in kinds for t, d in k.types.items() if d.get("color")]
    return Response("".join(f".k-{n} {{ --k: {c} }}\n" for n, c in colours), media_type="text/css", headers={"Cache-Control": "no-cache"})


# ---- a node --------------------------------------------------------------------------------------------------------


@router.get("/nodes/{node_id}")
def node(view: Here, node_id: str, relation: str = "", direction: str = "both", cursor: str | None = None) -> Response:
    found = view.reader.node(node_id)
    if relation:
        return _one_relation(view, found, relation, direction, cursor)
    counts = view.reader.ask("neighbour_counts", {"node": node_id}).rows
    groups = [_group(view, found, r, d, n, FIRST) for r, d, n in _directed(view, counts)]
    return view.page("node.html", node=found, kind=view.ontology.kinds[found.kind], facts=facts_of(view, node_id), groups=groups,
                     merged=view.reader.merged_from(node_id), relations=sum(c["edges"] for c in counts), asks=_asks(view, found))  # fmt: skip


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
def picture(view: Here, node_id: str) -> Response:
    """A document of its own, framed by the node's page without rights: no request, no cookie, no way to the page around it."""
    from graph.picture import draw, policy

    found = view.reader.node(node_id)
    rows = view.reader.ask("neighbours", {"node": node_id, "limit": PICTURED, "modalities": list(view.ontology.modalities)}).rows
    html = draw(found, [r["neighbour"] for r in rows], [r["edge"] for r in rows], view.ontology, view.lang)
    return HTMLResponse(html, headers={"Content-Security-Policy": f"{policy(html)}; frame-ancestors 'self'; sandbox allow-scripts",
                                       "Cache-Control": "no-cache"})  # fmt: skip


# ---- documents and evidence ----------------------------------------------------------------------------------------


@router.get("/documents")
def documents(view: Here, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    rows = view.reader.documents(51, 50 * (page - 1))
    return view.page("documents.html", rows=rows[:50], page=page, more=len(rows) > 50)


@router.get("/documents/{node_id}")
def document(view: Here, node_id: str, page: Annotated[int, Query(ge=1, le=1_000)] = 1) -> Response:
    found = view.reader.document(node_id)
    every: list[dict[str, Any]] = found.pop("evidence")
    shown = every if found["text"] else every[100 * (page - 1) : 100 * page]
    nodes = view.names(x for e in shown for x in (e["subject"], e["object"]))
    places: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for e in sorted(shown, key=lambda e: _reading_order(e, nodes)):
        if "start" in e["place"]:
            places.setdefault((e["place"]["start"], e["place"]["end"]), []).append(e)
    return view.page("document.html", document=found, total=len(every), page=page, more=len(every) > 100 * page and not found["text"],
                     places=places, elsewhere=sorted((e for e in shown if "start" not in e["place"]), key=lambda e: _reading_order(e, nodes)),
                     segments=segments(found["text"], every) if found["text"] else [], broken=sum(e["quote_holds"] is False for e in every),
                     nodes=nodes)  # fmt: skip


def _reading_order(e: Mapping[str, Any], nodes: Mapping[str, Node]) -> tuple[Any, ...]:
    """By place; what is said of one thing together, its name first."""
    subject = nodes.get(str(e["subject"]))
    return (e["place"].get("start", 1 << 60), e["place"].get("end", 0), subject.name if subject else "", str(e["subject"]), e["predicate"] != "name",
            str(e["predicate"]), e["claim"])  # fmt: skip


def segments(text: str, evidence: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A text cut wherever a cited span begins or ends; spans may nest and overlap. Each piece knows the claims over it."""
    placed = (e for e in evidence if e["place"].get("start", len(text)) < len(text))
    spans = [(e["place"]["start"], min(e["place"]["end"], len(text)), e) for e in placed]
    cuts = sorted({0, len(text), *(s for s, _, _ in spans), *(t for _, t, _ in spans)})
    opens: dict[int, list[Any]] = {}
    for start, end, e in spans:
        if start < end:
            opens.setdefault(start, []).append((start, end, e))
    out, live = [], list[Any]()
    for a, b in itertools.pairwise(cuts):
        begun = opens.get(a, [])
        live = [x for x in live if x[1] > a] + begun
        narrow = min(live, key=lambda x: (x[1] - x[0], x[0]), default=None)  # a click goes to the narrowest span's facts
        out.append({"text": text[a:b], "claims": [x[2]["claim"] for x in live], "begun": [x[2]["claim"] for x in begun],
                    "depth": min(3, len({(x[0], x[1]) for x in live})), "broken": any(x[2]["quote_holds"] is False for x in live),
                    "place": (narrow[2]["place"]["start"], narrow[2]["place"]["end"]) if narrow else None})  # fmt: skip
    return out


@router.get("/evidence/{claim}")
def evidence(view: Here, claim: str) -> Response:
    found = view.reader.evidence([claim])[0]
    return view.page("evidence.html", e=found, nodes=view.names((found["subject"], found["object"])))


# ---- questions -----------------------------------------------------------------------------------------------------


@router.get("/questions")
def questions(view: Here) -> Response:
    groups: dict[str, list[Question]] = {}
    for q in view.reader.catalogue:
        groups.setdefault(q.group, []).append(q)
    return view.page("questions.html", groups=groups)


@router.get("/questions/{name}")
def question(view: Here, name: str, cursor: str | None = None) -> Response:
    """The form, and the answer once something was asked or nothing needs to be."""
    found = view.reader.catalogue.get(name)
    given = _given(view, found.parameters)
    asked = bool(given) or not any(p.required for p in found.parameters)
    answer, trouble = None, None
    if asked:
        try:
            answer = view.reader.ask(found.name, given, cursor, names=True)
        except (BadInput, Ambiguous, Unknown) as e:
            trouble = e
    return view.page("question.html", trouble.status if trouble and not isinstance(trouble, Ambiguous) else 200, question=found, given=given,
                     answer=answer, trouble=trouble, columns=found.returns)  # fmt: skip


def _given(view: View, parameters: Iterable[Parameter]) -> dict[str, Any]:
    query = view.request.query_params
    out: dict[str, Any] = {}
    for p in parameters:
        values = [x for x in query.getlist(p.name) if x.strip()]
        if values:
            out[p.name] = values if p.type in ("list", "ids") and len(values) > 1 else values[-1]
    return out


# ---- paths ------------------------------------------------------------------------------------------------


@router.get("/paths")
def path_finder(view: Here, max_hops: Annotated[int, Query(ge=1, le=8)] = 4, as_of: str = "", certain: bool = False,
                k: Annotated[int, Query(ge=1, le=50)] = 5) -> Response:  # fmt: skip
    start, end = (view.request.query_params.get(x, "").strip() for x in ("from", "to"))
    answer: dict[str, Any] | None = None
    kinds: dict[str, Any] | None = None
    trouble: InnochainError | None = None
    ends: dict[str, str] = {}
    if start and end:
        try:
            ends = {name: _end(view, name, text) for name, text in (("from", start), ("to", end))}
            f = Filter(max_hops=max_hops, as_of=day(as_of), certain=certain)
            answer = paths(view.reader, [ends["from"]], [ends["to"]], f, k)
            if not any("@" in end for end in ends.values()):
                kinds = routes(view.reader, ends["from"], ends["to"], replace(f, max_hops=min(max_hops, MOST_HOPS)), KINDS_OF_ROUTE)
        except (Ambiguous, Unknown, BadInput) as e:
            trouble = e
    found = answer or {"nodes": [], "edges": []}
    edges = {e["id"]: Edge(e["id"], e["relation"], e["source"], e["target"], e["properties"]) for e in found["edges"]}
    shown = {"from": shown_name(view, start), "to": shown_name(view, end)}
    return view.page("paths.html", trouble.status if trouble and not isinstance(trouble, Ambiguous) else 200, shown=shown, answer=answer,
                     trouble=trouble, max_hops=max_hops, as_of=as_of, certain=certain, k=k, kinds=kinds,
                     nodes={n["id"]: n for n in found["nodes"]}, edges=edges)


def _end(view: View, parameter: str, text: str) -> str:
    try:
        return named(view.reader, text)
    except (Ambiguous, Unknown) as e:
        e.particulars["parameter"] = parameter  # the page offers candidates for this box
        raise


def shown_name(view: View, text: str) -> str:
    """A name instead of an id in a box, where that name leads back to the id."""
    if view.ontology.kind_of(text) is None:
        return text
    try:
        name = view.reader.node(text).name
        return name if view.reader.resolve(name) == text else text
    except InnochainError:
        return text


def day(text: str) -> Any:
    import datetime as dt

    from graph.values import BadValue, clean_date

    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(clean_date(text)["latest"] or "")
    except (BadValue, ValueError) as e:
        raise BadParameter(f"as_of: {e}", errors=[{"parameter": "as_of", "value": text}]) from e


# ---- errors --------------------------------------------------------------------------------------------------------


def problem(request: Request, e: InnochainError) -> Response:
    """An error as a page in words, with a way on."""
    view = View(request)
    offered = [s for s in e.particulars.get("suggestions", e.particulars.get("candidates", [])) if s]
    code = e.code if e.code in words()["errors"] else "not_found" if e.status == 404 else ""
    title = view.word("errors", code) if code else view.t("出错了", "Something is wrong")
    return view.page("problem.html", e.status, error=e, title=title, advice=view.word("advice", code, ""), offered=offered,
                     empty=isinstance(e, Empty), request_id=getattr(request.state, "request_id", ""))
