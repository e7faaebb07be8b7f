"""The page of the promises: targets with count, pace and evidence, what documents report beside it, measures, contradictions."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from api.pages import day, shown_name
from api.progress import WIDTH, bar, line
from api.view import Here, View
from graph.errors import Ambiguous, BadParameter, Unknown
from graph.promises import STATUS
from queries.answers.contradictions import contradictions
from queries.answers.promises import promise, promises
from queries.reader import Reader

MOST, SECONDS = 2_000, 2.0  # targets that are counted and filtered, and how long one request counts; what it got to is kept for the next
PART = 20
KEPT = ("target", "metric", "status", "due", "documents", "policies")  # of each; what is shown of a page's own is counted anew
PAGE = 20
LISTED = 100  # contradictions and measures listed at first
SIGNS = {"reached": "✓", "on_pace": "→", "behind": "↓", "open": "…", "overdue": "!", "not_observable": "∅", "unknown_unit": "∅", "unknown_value": "∅"}
STATES = {"not_seen": "○", "announced": "◔", "in_force": "◑", "done": "●"}
Text = Annotated[str, Query(max_length=200)]
router = APIRouter(include_in_schema=False)


@router.get("/targets")
def targets(view: Here) -> Response:
    """Targets stand among the promises; old addresses lead there."""
    return RedirectResponse("/promises" + (f"?{urlencode({'lang': 'en'})}" if view.lang == "en" else ""), 308)


@router.get("/promises")
def page(view: Here, region: Text = "", issuer: Text = "", metric: Text = "", state: Text = "", as_of: Text = "", target: Text = "",
         page: Annotated[int, Query(ge=1, le=100)] = 1, whole: Annotated[str, Query(alias="all", max_length=1)] = "") -> Response:  # fmt: skip
    if state and state not in STATUS:
        raise BadParameter(f"state: {state!r} is none of {', '.join(STATUS)}", errors=[{"parameter": "state", "value": state}])
    today = day(as_of) or dt.date.today()
    form = {"region": shown_name(view, region), "issuer": issuer, "metric": metric, "state": state, "as_of": as_of}
    if target.strip():
        one = promise(view.reader, view.reader.resolve(target, ["Target"]), today)
        return view.page("promise.html", item=_drawn(one, today), measures=one["measures"], today=today, form=form, **_words())
    try:
        place = view.reader.resolve(region, ["Region"]) if region.strip() else None
    except (Ambiguous, Unknown) as e:
        return view.page("promises.html", 200 if isinstance(e, Ambiguous) else e.status, trouble=e, form=form, today=today, items=[], **_words())
    found, measures, cut = _every(view, today, place)
    found.sort(key=lambda x: _order(x, today))
    issuers = _issuers(view, found)
    found = [{**x, "issuers": {n.id: n for d in (*x["documents"], *x["policies"]) for n in issuers.get(d["id"], [])}} for x in found]
    here = [x for x in found if (not issuer or issuer in x["issuers"]) and metric.strip() in x["metric"]]
    shown = [x for x in here if state in ("", x["status"])]
    unlike = contradictions(view.reader)
    clashes = [x for x in unlike["items"] if place is None or x["type"] == "counts" or x["subject"]["id"] == place]
    full = [{**promise(view.reader, x["target"]["id"], today), "issuers": x["issuers"]} for x in shown[PAGE * (page - 1) : PAGE * page]]
    on_page = _together(_drawn(x, today) for x in full)
    tallied = [(s, n) for s in STATES if (n := sum(m["state"] == s for m in measures))]
    return view.page("promises.html", trouble=None, form=form, today=today, items=on_page, total=len(shown), every=len(here), number=page,
                     more=len(shown) > PAGE * page, states=Counter(x["status"] for x in here), cut=len(found) if cut else 0,
                     measures=measures, tallied=tallied, clashes=clashes, listed=None if whole else LISTED,
                     clashes_cut=unlike["truncated"], issuers=_choices(found), **_words())  # fmt: skip


def _words() -> dict[str, Any]:
    return {"signs": SIGNS, "states_of": STATES, "statuses": STATUS, "width": WIDTH}


class _Counted:
    """What has been counted of one version's targets on a day, so far."""

    def __init__(self) -> None:
        self.items, self.measures = list[dict[str, Any]](), dict[str, dict[str, Any]]()
        self.cursor: str | None = ""
        self.lock = threading.Lock()

    @property
    def more(self) -> bool:
        return self.cursor is not None and len(self.items) < MOST

    def on(self, reader: Reader, today: dt.date, place: str | None) -> None:
        """Some more of them, as many as SECONDS and MOST allow."""
        until = time.monotonic() + SECONDS
        while self.more and time.monotonic() < until:
            part = promises(reader, today, place, PART, self.cursor or None)
            self.items += [{k: x[k] for k in KEPT} for x in part["items"]]
            self.measures |= {m["measure"]["id"]: m for m in part["measures"]}
            self.cursor = part["next_cursor"]


def count_all(reader: Reader) -> None:
    """Counts the targets of the whole graph for today, so that the page need not."""
    today = dt.date.today()
    counted = reader.derived(("promises", today, None), _Counted)
    while counted.more:
        with counted.lock:  # a visitor may come between
            counted.on(reader, today, None)


def _every(view: View, today: dt.date, place: str | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]], bool]:
    """All targets in scope and the measures beside them, as far as they are counted; are there more?"""
    counted = view.reader.derived(("promises", today, place), _Counted)
    with counted.lock:
        counted.on(view.reader, today, place)
        return list(counted.items), list(counted.measures.values()), counted.cursor is not None


def _issuers(view: View, items: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Who issues the documents and policies of these targets, where a source says so."""
    kinds: dict[str | None, set[str]] = {}
    for d in (d for x in items for d in (*x["documents"], *x["policies"])):
        kinds.setdefault(view.ontology.kind_of(d["id"]), set()).add(d["id"])
    out: dict[str, list[Any]] = {}
    for ids in kinds.values():
        for r in view.reader.ask("policy_issuers", {"policies": sorted(ids)}).rows:
            if r["issuer"] not in (held := out.setdefault(r["policy"], [])):
                held.append(r["issuer"])
    return out


def _choices(items: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    """Issuers with how many targets each, the most first."""
    numbers = Counter(i for x in items for i in x["issuers"])
    nodes = {i: n for x in items for i, n in x["issuers"].items()}
    return [(nodes[i], n) for i, n in sorted(numbers.items(), key=lambda x: (-x[1], nodes[x[0]].name, x[0]))]


def _order(item: dict[str, Any], today: dt.date) -> tuple[bool, int, int]:
    """What can be counted first; then what is still due, the soonest first; then what was due, the latest first."""
    due = day(item["due"] or "")
    uncounted = item["status"] in ("not_observable", "unknown_unit", "unknown_value")
    if due is None:
        return uncounted, 2, 0
    return (uncounted, 0, due.toordinal()) if due >= today else (uncounted, 1, -due.toordinal())


def _together(items: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Targets that the same documents state for the same day, one after the other, stand together."""
    return [list(g) for _, g in itertools.groupby(items, lambda x: (x["due"], [d["id"] for d in (*x["documents"], *x["policies"])]))]


def _drawn(item: dict[str, Any], today: dt.date) -> dict[str, Any]:
    return {**item, "bar": bar(item), "line": line(item, today)}
