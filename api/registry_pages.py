"""The registry's pages: bases and centres with facets, the four sharing lists, managers, funds, measures, sleeping achievements."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api.pages import shown_name
from api.registry_lists import CHOICES, LISTS, MOST, Listing, nearest
from api.tables import FORMS, sheet
from api.view import Here, View
from graph.eligibility import SIZES
from graph.errors import Ambiguous, BadInput, InnochainError, Unknown
from graph.potential import WEIGHTS
from graph.registry import FACETS, SORTS
from queries.answers.registry import KINDS, registry
from queries.answers.sleeping import TEST_NAMES

BOXES = {"Region": "region", "Organization": "owner", "IndustryChain": "field", "Segment": "field", "Field": "field"}
FACET_NAMES = {"region": ("地区", "Region"), "level": ("级别", "Level"), "field": ("领域", "Field"), "chain": ("产业链", "Chain"),
               "host_type": ("依托单位", "Host"), "year": ("年份", "Year"), "status": ("状态", "Status")}  # fmt: skip
PARTS = {"maturity": ("成熟度", "Maturity"), "moved": ("同环节已转化", "Moved beside it"), "demands": ("需求", "Demands"),
         "capacity": ("空档", "Free capacity")}  # fmt: skip
router = APIRouter(prefix="/registry", include_in_schema=False)


@router.get("")
def bases(view: Here) -> Response:
    return _page(view, "bases")


@router.get("/{name}")
def other(view: Here, name: str) -> Response:
    if name not in LISTS or name == "bases":
        raise Unknown(f"there is no list {name!r}; there are {', '.join(x for x in LISTS if x != 'bases')}", suggestions=[])
    return _page(view, name)


@router.get("/{name}/table.{form}")
def table(view: Here, name: str, form: str) -> Response:
    """Every row of a list as CSV or Excel."""
    if name not in LISTS or form not in FORMS:
        raise Unknown(f"a table is {', '.join(LISTS)} as {', '.join(FORMS)}", suggestions=[])
    listing = LISTS[name]
    rows = list(listing.table(view, listing.read(view)))
    return sheet(form, f"innochain-{name}", rows, view.t("图谱版本 ", "graph version ") + view.version)


def _page(view: View, name: str) -> Response:
    listing, trouble = LISTS[name], None
    given: dict[str, Any] = {}
    found: dict[str, Any] = {"items": []}
    try:
        given = listing.read(view)
        found = listing.fetch(view, given, listing.page, view.request.query_params.get("cursor"))
    except (BadInput, Ambiguous, Unknown) as e:
        trouble = e
    status = trouble.status if trouble and not isinstance(trouble, Ambiguous) else 200
    query = view.request.query_params
    return view.page(f"registry_{name}.html", status, listing=listing, lists=LISTS, given=given, found=found, trouble=trouble,
                     box_of=_box(name, trouble), query=query, shown={k: shown_name(view, query.get(k, "")) for k in ("region", "owner", "field",
                     "organization")}, more={k: v for k, v in _more(view, name).items()}, most=MOST, nearest=nearest,
                     paged=bool(query.get("cursor")), api=view.url(listing.api, **_plain(listing, given)))  # fmt: skip


def _plain(listing: Listing, given: dict[str, Any]) -> dict[str, Any]:
    return {k: ("yes" if v else "") if isinstance(v, bool) else v for k, v in given.items()}


def _more(view: View, name: str) -> dict[str, Any]:
    """What only one list's page shows."""
    if name == "bases":
        return {"facets": FACETS, "facet_names": FACET_NAMES, "sorts": SORTS[1:], "kinds": {k: view.label(v) for k, v in KINDS.items()}}
    more: dict[str, Any] = {"choices": CHOICES, "places": [v["zh"] for v in registry(view.reader, limit=1)["facets"]["region"]["values"]]}
    if name == "funds":
        more["fund_kinds"] = view.ontology.kinds["Fund"].properties["fund_kind"].choices
    if name == "measures":
        more["sizes"] = tuple(SIZES)
    if name == "sleeping":
        more |= {"tests": TEST_NAMES, "parts": PARTS, "most_weight": max(WEIGHTS.values())}
    return more


def _box(name: str, trouble: InnochainError | None) -> str | None:
    """Which box what is offered instead goes into."""
    offered = trouble and (trouble.particulars.get("candidates") or trouble.particulars.get("suggestions"))
    box = BOXES.get(str(offered[0]["kind"])) if offered else None
    return "organization" if box == "owner" and name == "managers" else box
