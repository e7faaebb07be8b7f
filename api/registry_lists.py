"""The lists of the registry's pages: what each takes from the address, how it is asked, and its rows as a table that can be taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.view import View
from graph.eligibility import ADDRESSED
from graph.errors import BadParameter
from graph.potential import TESTS
from graph.registry import FACETS
from graph.values import BadValue, clean_date
from queries.answers.measures import measures_for
from queries.answers.registry import KINDS, OFFERS, offers, registry
from queries.answers.shelf import regions
from queries.answers.sleeping import sleeping
from queries.answers.sourced import stated

STEP, MOST = 200, 5_000  # rows asked for at once while a table is written, and of a table
Given = dict[str, Any]
Heads = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listing:
    """One list. `read` gives the parameters of `fetch`; `api` is where a program asks the same; `row` is a line of the table."""

    name: str
    api: str
    label: tuple[str, str]
    read: Callable[[View], Given]
    fetch: Callable[[View, Given, int, str | None], dict[str, Any]]
    heads: Heads
    row: Callable[[View, Mapping[str, Any]], Sequence[Any]]
    page: int = 50

    def table(self, view: View, given: Given) -> Iterator[Sequence[Any]]:
        """The head, then every row up to MOST; a last line says when there are more."""
        yield [view.t(*h) for h in self.heads]
        cursor, written = None, 0
        while True:
            found = self.fetch(view, given, min(STEP, MOST - written), cursor)
            for item in found["items"]:
                yield self.row(view, item)
            written, cursor = written + len(found["items"]), found.get("next_cursor")
            if cursor is None or written >= MOST:
                break
        if cursor or found.get("truncated"):
            yield [view.t(f"只写出前 {written} 行，还有更多", f"only the first {written} rows; there are more")]


# ---- what an address says


def text(view: View, name: str) -> str:
    return str(view.request.query_params.get(name, "")).strip()[:200]


def thing(view: View, name: str, kinds: Sequence[str]) -> str:
    """An id, from an id or a name. Raises Unknown, Ambiguous with the box they are about."""
    return view.reader.resolve(found, kinds) if (found := text(view, name)) else ""


def number(view: View, name: str) -> float | None:
    if not (found := text(view, name)):
        return None
    try:
        value = float(found.replace(",", "").replace("，", ""))
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e15:
        raise BadParameter(f"{name}: {found!r} is no number of at least 0", errors=[{"parameter": name, "value": found}])
    return value


def date(view: View, name: str) -> dt.date | None:
    """The last day a text can mean. Raises BadParameter."""
    if not (found := text(view, name)):
        return None
    try:
        return dt.date.fromisoformat(clean_date(found)["latest"] or "")
    except (BadValue, ValueError) as e:
        raise BadParameter(f"{name}: {found!r} is no day: {e}", errors=[{"parameter": name, "value": found}]) from e


def several(view: View, name: str, default: Sequence[str] = ()) -> list[str]:
    return [x for x in view.request.query_params.getlist(name) if x.strip()] or list(default)


# ---- the lists


def _sources(view: View, claims: Sequence[str]) -> str:
    return " | ".join(dict.fromkeys(str(e["document"]["name"] or e["document"]["id"]) for e in view.evidence(claims))) if claims else ""


def _facet(view: View, item: Mapping[str, Any], facet: str) -> str:
    doubt = view.t("（未证实）", " (unconfirmed)")
    values = nearest(view, item["facets"][facet]) if facet == "region" else item["facets"][facet]
    return view.t("、", ", ").join(x[view.lang] + (doubt if x["unconfirmed"] else "") for x in values)


def nearest(view: View, values: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of places one inside the other the innermost: what a code ends with in zeros is what it does not say."""
    known = regions(view.reader).by_id
    coded = [(known[x["value"]], x) for x in values if x["value"] in known]
    inner = [x for place, x in coded if not any(other is not place and other.adcode != place.adcode and other.within(place) for other, _ in coded)]
    return inner or list(values)


def _bases(view: View) -> Given:
    return {"kind": text(view, "kind") or "base", **{f: text(view, f) for f in FACETS}, "as_of": date(view, "as_of"),
            "sort": text(view, "sort") or "name"}  # fmt: skip


def _base_row(view: View, x: Mapping[str, Any]) -> Sequence[Any]:
    facets = [_facet(view, x, f) for f in ("region", "level", "field", "chain", "host_type", "year")]
    return [x["node"]["name"], *facets, x["status"][view.lang], _sources(view, x["status"]["evidence"]), x["node"]["id"]]


def _offers(view: View) -> Given:
    return {"what": text(view, "what"), "kinds": several(view, "kinds"), "process": text(view, "process"), "scale": number(view, "scale"),
            "scale_unit": text(view, "scale_unit"), "max_price": number(view, "max_price"), "free_by": date(view, "free_by"),
            "region": thing(view, "region", ["Region"]), "sure": text(view, "sure") in ("1", "yes", "true")}  # fmt: skip


def _offer_row(view: View, x: Mapping[str, Any]) -> Sequence[Any]:
    p = x["offer"]["properties"]
    scale = "–".join(f"{p[k]:g}" for k in ("scale_min", "scale_max") if k in p)
    return [x["offer"]["name"], view.label(x["offer"]["kind"]), x["owner"]["name"], view.t("、", ", ").join(p.get("process", [])), scale,
            p.get("scale_unit"), p.get("price"), p.get("price_shown"), p.get("priced_per"), p.get("next_free_shown"), p.get("next_free_as_of_shown"),
            view.t("、", ", ").join(x["unknown"]) if view.lang == "en" else x["said"]["zh"], _sources(view, x["evidence"]), x["offer"]["id"]]


def _question(name: str, subject: str) -> Callable[[View, Given, int, str | None], dict[str, Any]]:
    """Rows of a question, each with the claims that state its subject's properties."""
    def fetch(view: View, given: Given, limit: int, cursor: str | None) -> dict[str, Any]:
        page = view.reader.ask(name, {k: v for k, v in given.items() if v not in ("", None, [])} | {"limit": limit}, cursor)
        facts = stated(view.reader, {r[subject].id for r in page.rows})
        claims = {i: list(dict.fromkeys(c for f in held.values() for c in f.claims)) for i, held in facts.items()}
        items = [{**r, "evidence": claims.get(r[subject].id, [])} for r in page.rows]
        return {"items": items, "next_cursor": page.next_cursor, "graph_version": page.version}

    return fetch


def _managers(view: View) -> Given:
    return {"field": text(view, "field"), "level": text(view, "level"), "organization": thing(view, "organization", ["Organization"])}


def _manager_row(view: View, x: Mapping[str, Any]) -> Sequence[Any]:
    p = x["manager"].properties
    return [x["manager"].name, x["organization"].name, p.get("level"), view.t("、", ", ").join(p.get("specialities", [])),
            _sources(view, x["evidence"]), x["manager"].id]  # fmt: skip


def _funds(view: View) -> Given:
    planned = text(view, "planned") in ("1", "yes")
    return {"fund_kind": text(view, "fund_kind"), "stage": text(view, "stage"), "modalities": list(view.ontology.modalities) if planned else ["done"]}


def _fund_row(view: View, x: Mapping[str, Any]) -> Sequence[Any]:
    p = x["fund"].properties
    founders = view.t("、", ", ").join(n.name for n in x["founders"])
    return [x["fund"].name, view.choice("fund_kind", p["fund_kind"]) if "fund_kind" in p else None, p.get("stage_focus"), p.get("size_shown"),
            p.get("size"), view.modality(p.get("modality", "done")), founders, _sources(view, x["evidence"]), x["fund"].id]  # fmt: skip


def _measures(view: View) -> Given:
    return {"kind": text(view, "kind") or "Enterprise", "region": thing(view, "region", ["Region"]), "size": text(view, "size")}


def _measure_row(view: View, x: Mapping[str, Any]) -> Sequence[Any]:
    p, by = x["measure"]["properties"], x["promised_in"]
    return [x["measure"]["name"], x["verdict"][view.lang], x["why"][view.lang], p.get("amount_shown"), p.get("condition"), by["name"] if by else None,
            _sources(view, x["evidence"]), x["measure"]["id"]]  # fmt: skip


def _sleepers(view: View) -> Given:
    return {"owner": thing(view, "owner", ["Organization"]), "field": thing(view, "field", list(view.ontology.groups["Industry"])),
            "region": thing(view, "region", ["Region"]), "min_age": int(number(view, "min_age") or 0), "maturity": text(view, "maturity"),
            "moved_by": several(view, "moved_by", TESTS), "as_of": date(view, "as_of")}  # fmt: skip


def _sleeper_row(view: View, x: Mapping[str, Any]) -> Sequence[Any]:
    claims = [c for r in x["reasons"] for c in r["evidence"]]
    return [x["node"]["name"], view.t("、", ", ").join(o["name"] for o in x["owners"]), x["age"], x["score"],
            *(x["parts"][k]["value"] if x["parts"][k]["known"] else None for k in ("maturity", "moved", "demands", "capacity")),
            " ".join(r[view.lang] for r in x["reasons"]), _sources(view, claims), x["node"]["id"]]  # fmt: skip


NAME, SOURCES, ID = ("名称", "Name"), ("出处", "Sources"), ("标识", "Id")
LISTS = {x.name: x for x in (
    Listing("bases", "/api/v1/registry", ("基地与中心", "Bases and centres"), _bases,
            lambda v, g, n, c: registry(v.reader, **g, limit=n, cursor=c),
            (NAME, ("地区", "Region"), ("级别", "Level"), ("领域", "Field"), ("产业链", "Chain"), ("依托单位类型", "Type of host"), ("年份", "Year"),
             ("状态", "Status"), SOURCES, ID), _base_row),
    Listing("offers", "/api/v1/offers", ("共享清单", "Sharing lists"), _offers, lambda v, g, n, c: offers(v.reader, **g, limit=n, cursor=c),
            (NAME, ("种类", "Kind"), ("谁有", "Who has it"), ("工艺", "Process"), ("规模", "Scale"), ("规模单位", "Scale unit"),
             ("价格（元）", "Price (yuan)"), ("价格", "Price as stated"), ("计价单位", "Per"), ("最近空档", "Next free"), ("空档截至", "As of"),
             ("说明", "Not stated"), SOURCES, ID), _offer_row),
    Listing("managers", "/api/v1/managers", ("技术经理人", "Technology managers"), _managers, _question("managers", "manager"),
            (NAME, ("单位", "Organisation"), ("级别", "Level"), ("专长", "Specialities"), SOURCES, ID), _manager_row),
    Listing("funds", "/api/v1/funds", ("基金", "Funds"), _funds, _question("funds", "fund"),
            (NAME, ("类型", "Kind"), ("阶段侧重", "Stage focus"), ("规模", "Size as stated"), ("规模（元）", "Size (yuan)"), ("实现程度", "Modality"),
             ("发起", "Founders"), SOURCES, ID), _fund_row),
    Listing("measures", "/api/v1/measures-for", ("适用于我的举措", "Measures for me"), _measures,
            lambda v, g, n, _: measures_for(v.reader, **g, limit=n),
            (("举措", "Measure"), ("是否适用", "Applies"), ("为什么", "Why"), ("金额", "Amount"), ("条件", "Condition"), ("出自", "Promised in"),
             SOURCES, ID), _measure_row),
    Listing("sleeping", "/api/v1/sleeping", ("沉睡成果", "Sleeping achievements"), _sleepers,
            lambda v, g, n, c: sleeping(v.reader, **g, limit=n, cursor=c),
            (NAME, ("所有者", "Owner"), ("年数", "Age, years"), ("潜力", "Potential"), ("成熟度分", "Maturity part"), ("同环节转化分", "Moved part"),
             ("需求分", "Demands part"), ("空档分", "Capacity part"), ("理由", "Reasons"), SOURCES, ID), _sleeper_row, 20),
)}  # fmt: skip
CHOICES = {"kinds": OFFERS, "facilities": tuple(KINDS), "addressed": tuple(ADDRESSED), "tests": TESTS}
