"""What every page can say: one request's language, labels, addresses and evidence; the templates' one helper, `v`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import jinja2
import yaml
from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse

from api.inputs import SYNTHETIC
from graph.errors import InnochainError
from graph.marks import Marked, marks
from graph.ontology import Property
from graph.store.contract import Edge, Node
from graph.values import TYPES
from queries.reader import Reader

HERE = Path(__file__).parent
EVIDENCES = 5  # evidence opened in place; the rest is counted


@functools.cache
def words() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = yaml.safe_load((HERE / "templates" / "words.yaml").read_text(encoding="utf-8"))
    return {section: {str(k): v for k, v in entries.items()} for section, entries in found.items() if section != "details"}


@functools.cache
def _details() -> list[tuple[re.Pattern[str], str]]:
    found: dict[str, str] = yaml.safe_load((HERE / "templates" / "words.yaml").read_text(encoding="utf-8"))["details"]
    telling = sorted(found.items(), key=lambda x: -len(x[0]))  # "'{}' is no {}" fits many that have words of their own
    made = ((re.escape(k).replace(r"'\{\}'", "['\"](.*?)['\"]").replace(r"\{\}", "(.*?)"), zh) for k, zh in telling)
    return [(re.compile(pattern, re.DOTALL), zh) for pattern, zh in made]


def in_chinese(detail: str) -> str | None:
    """The sentence of an error in Chinese; None where `details` in words.yaml has none for it."""
    head, found, tail = detail.rpartition("; ")
    if found and (first := in_chinese(head)) and (rest := in_chinese(tail)):
        return f"{first}；{rest}"
    head, found, tail = detail.partition(": ")
    if found and " " not in head and (rest := in_chinese(tail)):  # a parameter, a file
        return f"{words()['columns'].get(head, [head])[0]}：{rest}"
    return next((zh.format(*m.groups()) for pattern, zh in _details() if (m := pattern.fullmatch(detail))), None)


@functools.cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True)  # fmt: skip


class View:
    """One request's language, addresses and labels."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.reader: Reader = request.app.state.reader
        self.ontology = self.reader.ontology
        self.lang = "en" if request.query_params.get("lang") == "en" else "zh"

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        html = _templates().get_template(template).render(v=self, t=self.t, u=self.url, **values)
        headers = {"Cache-Control": "no-cache"} | ({"Retry-After": "5"} if status == 503 else {})
        return HTMLResponse(html, status, headers)

    @functools.cached_property
    def version(self) -> str:
        try:
            return self.reader.version().shown
        except InnochainError:
            return ""

    @property
    def synthetic(self) -> bool:
        """Is what this page shows made up?"""
        return SYNTHETIC.get()

    @functools.cached_property
    def marks(self) -> dict[tuple[str, str], list[Marked]]:
        """What people have noted of pairs of an achievement and a facility, latest first."""
        found: dict[tuple[str, str], list[Marked]] = {}
        for m in marks(self.reader.settings.workspace):
            found.setdefault((m.achievement, m.facility), []).append(m)
        return found

    # -- words

    def t(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def word(self, section: str, key: object, fallback: str | None = None) -> str:
        found = words()[section].get(str(key))
        return self.t(*found) if found else str(key) if fallback is None else fallback

    def detail(self, text: str) -> str:
        """The sentence of an error in the reader's language, where there are words for it."""
        return (self.lang == "zh" and in_chinese(text)) or text

    def label(self, name: str) -> str:
        """What a kind, type or group is called."""
        if name in self.ontology.kinds:
            return str(getattr(self.ontology.kinds[name], self.lang))
        return next((str(k.types[name][self.lang]) for k in self.ontology.kinds.values() if name in k.types), self.word("values", name))

    def relation(self, name: str, incoming: bool = False) -> str:
        found = self.ontology.relations[name]
        return str(getattr(found, f"back_{self.lang}" if incoming else self.lang))

    def stage(self, name: str) -> str:
        return next(str(s[self.lang]) for s in self.ontology.stages if s["id"] == name)

    def modality(self, name: str) -> str:
        return str(self.ontology.modality_labels[name][self.lang])

    # -- addresses

    def url(self, path: str, **query: Any) -> str:
        given = {k: v for k, v in query.items() if v not in (None, "", [], ())} | ({"lang": "en"} if self.lang == "en" else {})
        return quote(path, safe="/:#") + ("?" + urlencode(given, doseq=True) if given else "")

    def node_url(self, node_id: str) -> str:
        return self.url(f"/nodes/{node_id}")

    def here(self, **changes: Any) -> str:
        """This address with some parameters changed; None takes one away."""
        kept = [(k, x) for k, x in self.request.query_params.multi_items() if k not in changes]
        query = urlencode([*kept, *((k, x) for k, x in changes.items() if x is not None)])
        return quote(self.request.url.path, safe="/:") + (f"?{query}" if query else "")

    # -- values

    def choice(self, prop: str, value: object) -> str:
        return self.word("values", f"{prop}.{value}", self.word("values", value))

    def said(self, prop: Property, value: Any, stated: str | None = None) -> str:
        """A value in the words it was stated in; codes in the reader's language."""
        if isinstance(value, list | tuple):
            return self.t("、", ", ").join(self.said(prop, v) for v in value)
        if prop.is_ == "kind" or prop.name in ("types", "member_kind"):
            return self.label(str(value))
        if prop.is_ == "choice":
            return self.choice(prop.name, value)
        if isinstance(value, bool):
            return self.t("是", "yes") if value else self.t("否", "no")
        if stated:
            return stated
        return f"{value:g}" if isinstance(value, float) else str(value)

    def stated(self, properties: Mapping[str, Any], declared: Mapping[str, Property]) -> list[tuple[str, str]]:
        """(label, value) of what a store's node or edge holds."""
        out = []
        for p in declared.values():
            value = properties.get(f"{p.name}_shown") if "_shown" in TYPES[p.is_].columns else properties.get(p.name)
            if value is not None and p.name not in ("name", "types", "aliases"):
                out.append((getattr(p, self.lang), self.said(p, value)))
        return out

    def edge_details(self, edge: Edge) -> list[tuple[str, str]]:
        return self.stated(edge.properties, self.ontology.relations[edge.relation].properties)

    def undated(self, edge: Edge) -> bool:
        return not any(k in ("since", "until") or (k.endswith("_shown") and k.startswith(("event_date", "transfer_date"))) for k in edge.properties)

    def evidence(self, claims: Sequence[str]) -> list[dict[str, Any]]:
        return self.reader.evidence(claims[:EVIDENCES])

    def place(self, place: Mapping[str, Any]) -> str:
        if "start" in place:
            return self.t(f"第 {place['start']}–{place['end']} 字", f"characters {place['start']}–{place['end']}")
        cell = [(self.t("表", "sheet"), place.get("sheet")), (self.t("行", "row"), place.get("row")), (self.t("列", "column"), place.get("column"))]
        return self.t("，", ", ").join(f"{k} {x}" for k, x in cell if x is not None)

    def names(self, ids: Iterable[str | None]) -> dict[str, Node]:
        return self.reader.nodes({i for i in ids if i})

    def predicate(self, subject: str, predicate: str) -> str:
        if predicate in self.ontology.relations:
            return self.relation(predicate)
        found = self.ontology.kinds[str(self.ontology.kind_of(subject))].properties.get(predicate)
        return getattr(found, self.lang) if found else predicate

    def claim_value(self, e: Mapping[str, Any]) -> str:
        """What a property's claim says."""
        found = self.ontology.kinds[str(self.ontology.kind_of(str(e["subject"])))].properties.get(str(e["predicate"]))
        return self.said(found, e["value"], e["shown"]) if found else str(e["shown"] or "")


Here = Annotated[View, Depends(View)]
