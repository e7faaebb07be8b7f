"""Pages for people, rendered on the server: they work without JavaScript, without a network, in Chinese and English.

Invariants: whole state in the URL; all text from data is escaped by Jinja and never reaches an attribute that runs;
every fact and relation shown carries the way to its evidence.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.staticfiles import StaticFiles

from api import node_page
from api.view import Here, View, words
from graph.errors import Ambiguous, BadInput, BadParameter, Empty, InnochainError, StoreUnavailable, Unknown
from graph.metapaths import MOST_HOPS
from graph.reach import Filter
from graph.store.contract import Edge, Node
from queries.answers.paths import named, paths
from queries.answers.routes import routes
from queries.reader import Reader

HERE = Path(__file__).parent
EXAMPLES = ("西工大", "西安光机所", "镁", "光子", "省科技厅", "中试基地", "秦创原")
OTHERWISE = {"University": "大学", "PilotBase": "中试基地", "Achievement": "成果", "IndustryChain": "产业链"}  # what finds one in any graph
FITS = 60  # score from which a hit is what was asked for, not only alike
RETRY = 10  # seconds after which a page asks again for a store that was down
KINDS_OF_ROUTE = 10  # shown under the paths

router = APIRouter(include_in_schema=False)


def mount(app: FastAPI) -> None:
    """Adds the pages and their static files."""
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.include_router(router)
    app.include_router(node_page.router)


# ---- home, search --------------------------------------------------------------------------------------------------


@router.get("/")
def home(view: Here) -> Response:
    ontology, reader = view.ontology, view.reader
    counts, latest, achievements = holdings(reader)
    stages: list[list[tuple[str, dict[str, int]]]] = [[] for _ in ontology.stages]
    for kind in ontology.kinds.values():
        for label, stage in [(kind.name, kind.stage), *((t, d.get("stage")) for t, d in kind.types.items())]:
            if stage is not None and counts.get(label):
                stages[stage].append((label, counts[label]))
    beside = [(k, counts[k]) for k, kind in ontology.kinds.items() if kind.stage is None and counts.get(k)]
    return view.page("home.html", stages=stages, beside=sorted(beside, key=lambda x: (-sum(x[1].values()), x[0])), stats=reader.stats(),
                     documents=latest, examples=examples(view), achievements=achievements)  # fmt: skip


Holdings = tuple[dict[str, dict[str, int]], list[dict[str, Any]], list[Node]]


def holdings(reader: Reader) -> Holdings:
    """(numbers by label and modality, latest documents, some achievements): of the whole graph, so made once a version.

    The question counts_by_kind gives the same numbers; at 10^6 nodes it takes nine seconds.
    """
    def made() -> Holdings:
        some = reader.ask("of_kind", {"label": "Achievement", "limit": 2}).rows
        return reader.arrays().numbers(), reader.documents(6), [r["node"] for r in some]

    found: Holdings = reader.derived("home", made)
    return found


def examples(view: View) -> list[str]:
    """What one may type and find here: our own words, or names of this graph where it holds other things."""
    def found() -> list[str]:
        ours = [x for x in EXAMPLES if any(h["score"] >= FITS for h in view.reader.search(x, [], 1))]
        return ours if len(ours) > 2 else [h["name"] for kind, word in OTHERWISE.items() for h in view.reader.search(word, [kind], 1)]

    return view.reader.derived("examples", found)


@router.get("/search")
def search(view: Here, q: Annotated[str, Query(max_length=200)] = "", kind: Annotated[str, Query(max_length=60)] = "") -> Response:
    if kind and not view.ontology.expand(kind):
        raise BadParameter(f"kind: {kind!r} is no kind, group or type", errors=[{"parameter": "kind", "value": kind}])
    hits = view.reader.search(q, [kind] if kind else [], 50)
    near = [] if hits or len(q) < 2 else view.reader.search(q[: max(2, len(q) // 2)], [], 5)
    kinds: dict[str, int] = {}
    for h in hits:
        kinds[h["kind"]] = kinds.get(h["kind"], 0) + 1
    return view.page("search.html", q=q, kind=kind, hits=hits, kinds=kinds, near=near, fits=FITS, examples=examples(view))


@router.get("/kinds.css")
def kinds_css(view: Here) -> Response:
    """The ontology's colours as classes: the pages' policy allows no style in the markup."""
    kinds = view.ontology.kinds.values()
    colours = [(k.name, k.color) for k in kinds] + [(t, d["color"]) for k in kinds for t, d in k.types.items() if d.get("color")]
    return Response("".join(f".k-{n} {{ --k: {c} }}\n" for n, c in colours), media_type="text/css", headers={"Cache-Control": "no-cache"})


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
                     segments=segments(found["text"], every) if found["text"] else [], broken=[e for e in every if e["quote_holds"] is False],
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


# ---- paths -----------------------------------------------------------------------------------------------------------


@router.get("/paths")
def path_finder(view: Here, max_hops: Annotated[int, Query(ge=1, le=8)] = 4, as_of: str = "", certain: bool = False,
                k: Annotated[int, Query(ge=1, le=50)] = 5, min_confidence: Annotated[float, Query(ge=0, le=1)] = 0.0,
                modalities: Annotated[list[str], Query()] = ["done"], relations: Annotated[list[str], Query()] = []) -> Response:  # noqa: B006  # fmt: skip
    """The three last are no fields of the form: what was loosened where nothing was found (`instead`) is kept beside them."""
    start, end = (view.request.query_params.get(x, "").strip() for x in ("from", "to"))
    answer: dict[str, Any] | None = None
    kinds: dict[str, Any] | None = None
    trouble: InnochainError | None = None
    ends: dict[str, str] = {}
    if start and end:
        try:
            ends = {name: _end(view, name, text) for name, text in (("from", start), ("to", end))}
            f = Filter(tuple(relations), (), "any", max_hops, day(as_of), certain, min_confidence, tuple(modalities))
            answer = paths(view.reader, [ends["from"]], [ends["to"]], f, k)
            if not any("@" in end for end in ends.values()):
                kinds = routes(view.reader, ends["from"], ends["to"], replace(f, max_hops=min(max_hops, MOST_HOPS)), KINDS_OF_ROUTE)
        except (Ambiguous, Unknown, BadInput) as e:
            trouble = e
    found = answer or {"nodes": [], "edges": []}
    edges = {e["id"]: Edge(e["id"], e["relation"], e["source"], e["target"], e["properties"]) for e in found["edges"]}
    asked = {"from": start, "to": end, "max_hops": max_hops, "k": k, "as_of": as_of, "certain": certain or None,
             "min_confidence": min_confidence or None, "modalities": modalities, "relations": relations}  # fmt: skip
    ways = [(x[view.lang], view.url("/paths", **(asked | x["query"]))) for x in found.get("instead", [])]
    shown = {"from": shown_name(view, start), "to": shown_name(view, end)}
    return view.page("paths.html", trouble.status if trouble and not isinstance(trouble, Ambiguous) else 200, shown=shown, answer=answer,
                     trouble=trouble, max_hops=max_hops, as_of=as_of, k=k, kinds=kinds, asked=asked, ways=ways,
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
    page = view.page("problem.html", e.status, error=e, title=title, advice=view.word("advice", code, ""), offered=offered,
                     empty=isinstance(e, Empty), request_id=getattr(request.state, "request_id", ""))  # fmt: skip
    if isinstance(e, StoreUnavailable):
        page.headers["Refresh"] = str(RETRY)  # the page tries again by itself
    return page
