"""The question library: a form a question, its answer as a table, a picture, a bar chart or JSON, and the Cypher that ran."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.tables import FORMS, sheet
from api.view import Here, View
from graph.errors import Ambiguous, BadInput, Unknown
from graph.reach import Filter
from graph.store.contract import Edge, Node
from queries.answers.views import MOST, report
from queries.catalogue import Parameter, Question
from queries.reader import Page, plain

FORMATS = {"table": ("表格", "Table"), "graph": ("图", "Graph"), "chart": ("条形图", "Chart"), "json": ("JSON", "JSON")}
LINKED = 120  # nodes that the explorer is opened with: an address stays short
Shown = Annotated[str, Query(alias="show", pattern="^(table|graph|chart|json)$")]
Cursor = Annotated[str | None, Query()]
router = APIRouter(prefix="/questions", include_in_schema=False)


@router.get("")
def questions(view: Here) -> Response:
    groups: dict[str, list[Question]] = {}
    for q in view.reader.catalogue:
        groups.setdefault(q.group, []).append(q)
    return view.page("questions.html", groups=groups)


@router.get("/{name}")
def question(view: Here, name: str, cursor: Cursor = None, shown: Shown = "table", by: Annotated[str, Query(max_length=60)] = "") -> Response:
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
    more = _more(view, found, answer, shown, by) if answer else {}
    return view.page("question.html", trouble.status if trouble and not isinstance(trouble, Ambiguous) else 200, question=found, given=given,
                     answer=answer, trouble=trouble, columns=found.returns, shown=shown, formats=FORMATS, paged=bool(cursor), **more)  # fmt: skip


def _given(view: View, parameters: Iterable[Parameter]) -> dict[str, Any]:
    query = view.request.query_params
    out: dict[str, Any] = {}
    for p in parameters:
        values = [x for x in query.getlist(p.name) if x.strip()]
        if values:
            out[p.name] = values if p.type in ("list", "ids") and len(values) > 1 else values[-1]
    return out


def _more(view: View, found: Question, answer: Page, shown: str, by: str) -> dict[str, Any]:
    """What a way of showing needs beside the rows."""
    numbers = [n for n, t in found.returns if t in ("int", "float")]
    ids, edges = _things(answer.rows)
    more: dict[str, Any] = {"numbers": numbers, "ids": ids, "edges": edges, "linked": ids[:LINKED], "address": _address(found, answer, view),
                            "by": by if by in numbers else next(iter(numbers), "")}  # fmt: skip
    if shown == "chart" and numbers:
        more["bars"] = _bars(answer.rows, found, more["by"])
    if shown == "json":
        body = {"items": plain(answer.rows), "next_cursor": answer.next_cursor, "graph_version": answer.version, "truncated": answer.truncated}
        more["body"] = orjson.dumps(plain(body), option=orjson.OPT_INDENT_2).decode()
    return more


def _things(rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Ids of the nodes an answer holds, ends of its relations included, and of its relations; in the order they come."""
    nodes, edges = dict[str, None](), dict[str, None]()
    for value in (v for row in rows for v in row.values()):
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, Node):
                nodes[one.id] = None
            elif isinstance(one, Edge):
                edges[one.id] = nodes[one.source] = nodes[one.target] = None
    return list(nodes), list(edges)


def _bars(rows: Sequence[Mapping[str, Any]], found: Question, by: str) -> list[dict[str, Any]]:
    """A bar a row: what it is called, its number, and its length as a share of the longest."""
    longest = max((abs(float(r[by])) for r in rows if r.get(by) is not None), default=0.0)
    names = [n for n, t in found.returns if t in ("node", "str", "date")]
    return [{"names": [r[n] for n in names if r.get(n) is not None], "value": r.get(by),
             "share": 100 * abs(float(r[by])) / longest if longest and r.get(by) is not None else 0.0} for r in rows]  # fmt: skip


def _address(found: Question, answer: Page, view: View) -> str:
    """Where a program asks the same: ids in place of names."""
    asked, route = answer.cypher["parameters"], f"/api/v1{found.route}"
    query: list[tuple[str, str]] = []
    for p in found.parameters:
        value = asked.get(p.name)
        if f"{{{p.name}}}" in route:
            route = route.replace(f"{{{p.name}}}", quote(str(value), safe=":"))
        elif p.name in _given(view, found.parameters) and value is not None:
            values = value if isinstance(value, list | tuple) else ["yes" if value is True else "no" if value is False else value]
            query += [(p.name, str(x)) for x in values]
    return route + (f"?{urlencode(query)}" if query else "")


@router.get("/{name}/picture")
def picture(view: Here, name: str, cursor: Cursor = None, download: bool = False) -> Response:
    """An answer as one offline report: framed by the question's page without rights, or taken away as a file."""
    from graph.picture import policy

    found = view.reader.catalogue.get(name)
    answer = view.reader.ask(found.name, _given(view, found.parameters), cursor, names=True)
    ids, edges = _things(answer.rows)
    html = str(report(view.reader, ids[:MOST], Filter(modalities=view.ontology.modalities), found.title[view.lang], view.lang, edges or None))
    headers = {"Content-Security-Policy": f"{policy(html)}; frame-ancestors 'self'; sandbox allow-scripts", "Cache-Control": "no-cache"}
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{found.name}.html"'
    return HTMLResponse(html, headers=headers)


@router.get("/{name}/table.{form}")
def table(view: Here, name: str, form: str, cursor: Cursor = None) -> Response:
    """The rows of this page of an answer, for a spreadsheet."""
    if form not in FORMS:
        raise Unknown(f"a table is {', '.join(FORMS)}", suggestions=[])
    found = view.reader.catalogue.get(name)
    answer = view.reader.ask(found.name, _given(view, found.parameters), cursor, names=True)
    head = [h for n, t in found.returns for h in ([view.word("columns", n), f"{n} id"] if t == "node" else [view.word("columns", n)])]
    rows = [[c for n, t in found.returns for c in _cells(view, t, row.get(n))] for row in answer.rows]
    return sheet(form, found.name, [head, *rows], view.t("图谱版本 ", "graph version ") + answer.version)


def _cells(view: View, kind: str, value: Any) -> list[Any]:
    if isinstance(value, Node):
        return [value.name, value.id] if kind == "node" else [value.name]
    if isinstance(value, Edge):
        return [" ".join([view.relation(value.relation), *(f"{k} {x}" for k, x in view.edge_details(value))])]
    if isinstance(value, list | tuple):
        return [view.t("、", ", ").join(x.name if isinstance(x, Node) else str(x) for x in value)]
    return [value, None] if kind == "node" else [value]
