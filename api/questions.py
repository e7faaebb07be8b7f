"""A route a question: path, parameters and OpenAPI entry come from the header of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api.inputs import answer, listed, reader
from graph.errors import BadParameter
from graph.ontology import load
from graph.records import model
from queries.catalogue import Catalogue, Parameter, Question
from queries.reader import Page, plain

NDJSON, CHUNK = "application/x-ndjson", 200
_JSON_TYPES = {"int": "integer", "float": "number", "bool": "boolean"}


def router(catalogue: Catalogue) -> APIRouter:
    """Routes of every question, and the list of them."""
    routes = APIRouter()

    @routes.get("/questions", summary="The question library")
    def questions(request: Request) -> Response:
        return listed([described(q) for q in catalogue], reader(request).version().shown)

    for question in catalogue:
        routes.add_api_route(question.route, _endpoint(question), methods=["GET"], summary=f"{question.title['zh']} · {question.title['en']}",
                             description=f"{question.doc['zh']}\n\n{question.doc['en']}", operation_id=f"ask_{question.name}", tags=[question.group],
                             openapi_extra={"parameters": _openapi(question)})  # fmt: skip
    return routes


def described(question: Question) -> dict[str, Any]:
    """A question for programs: its titles, parameters, columns and route."""
    return {"name": question.name, "group": question.group, "title": question.title, "doc": question.doc, "route": f"/api/v1{question.route}",
            "parameters": [{"name": p.name, "type": p.shown, "required": p.required, "default": p.default} for p in question.parameters],
            "returns": [{"name": n, "type": t} for n, t in question.returns]}


def _endpoint(question: Question) -> Callable[[Request], Response]:
    ours = {"cursor", "explain"}
    names = {p.name: p for p in question.parameters}

    def ask(request: Request) -> Response:
        given: dict[str, Any] = dict(request.path_params)
        for key in request.query_params:
            if key in names:
                values = request.query_params.getlist(key)
                given[key] = values if names[key].type in ("list", "ids") else values[-1]
            elif key not in ours:
                known = ", ".join([*names, *sorted(ours)])
                raise BadParameter(f"{question.name} has no parameter {key!r}; it has {known}", errors=[{"parameter": key}])
        if NDJSON in request.headers.get("accept", ""):
            return _lines(request, question.name, given)
        explain = request.query_params.get("explain")
        if explain not in (None, "cypher"):
            raise BadParameter("explain: only `cypher` can be explained", errors=[{"parameter": "explain"}])
        page = reader(request).ask(question.name, given, request.query_params.get("cursor"))
        more = {"cypher": page.cypher} if explain else {}
        return listed(page.rows, page.version, page.next_cursor, truncated=page.truncated, **more)

    return ask


def _lines(request: Request, name: str, given: dict[str, Any]) -> StreamingResponse:
    """Rows as lines, in chunks of up to 200: row by row would be 30 times slower. One page where `limit` is asked for, else all."""
    graph = reader(request)
    first = graph.ask(name, dict(given), request.query_params.get("cursor"))
    whole = "limit" not in request.query_params

    def chunks() -> Iterator[bytes]:
        page: Page | None = first
        while page:
            for i in range(0, len(page.rows), CHUNK):
                yield b"".join(orjson.dumps(plain(row), option=orjson.OPT_APPEND_NEWLINE) for row in page.rows[i : i + CHUNK])
            page = graph.ask(name, dict(given), page.next_cursor) if page.next_cursor and whole else None

    headers = {"X-Next-Cursor": first.next_cursor} if first.next_cursor and not whole else {}
    return StreamingResponse(chunks(), media_type=NDJSON, headers=headers)


def _openapi(question: Question) -> list[dict[str, Any]]:
    in_path = {p.name for p in question.parameters if f"{{{p.name}}}" in question.route}
    out = [{"name": p.name, "in": "path" if p.name in in_path else "query", "required": p.required or p.name in in_path,
            "description": p.shown, "schema": _schema(p)} for p in question.parameters]  # fmt: skip
    if question.paged:
        out.append({"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}})
    return [*out, {"name": "explain", "in": "query", "required": False, "schema": {"type": "string", "enum": ["cypher"]}}]


def _schema(p: Parameter) -> dict[str, Any]:
    if p.type in ("list", "ids"):
        return {"type": "array", "items": _schema(Parameter(p.name, p.of if p.type == "list" else "node", p.of, choices=p.choices))}
    ontology = load()
    schema: dict[str, Any] = {"type": _JSON_TYPES.get(p.type, "string")}
    choices = {"kind": list(ontology.kinds), "relation": list(ontology.relations), "modality": list(ontology.modalities),
               "stage": [s["id"] for s in ontology.stages]}.get(p.type, list(p.choices))  # fmt: skip
    if choices:
        schema["enum"] = choices
    if p.type == "date":
        schema["format"] = "date"
    if p.low is not None:
        schema |= {"minimum": p.low, "maximum": p.high}
    if p.default is not None:
        schema["default"] = p.default
    return schema


def ontology() -> Response:
    """The ontology for programs: kinds, relations, stages, labels, and JSON Schema of what an ingest row may hold."""
    o = load()
    kinds = {k.name: {"zh": k.zh, "en": k.en, "definition": k.definition, "stage": k.stage, "color": k.color, "shape": k.shape, "prefix": k.prefix,
                      "types": {t: {"zh": v["zh"], "en": v["en"]} for t, v in k.types.items()}, "schema": model(k.name).model_json_schema()}
             for k in o.kinds.values()}  # fmt: skip
    relations = {r.name: {"zh": r.zh, "en": r.en, "back_zh": r.back_zh, "back_en": r.back_en, "from": r.sources, "to": r.targets, "path": r.path,
                          "schema": model(r.name).model_json_schema()} for r in o.relations.values()}  # fmt: skip
    return answer({"hash": o.hash, "stages": o.stages, "modalities": o.modality_labels, "groups": o.groups, "kinds": kinds, "relations": relations})
