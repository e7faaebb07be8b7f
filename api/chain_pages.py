"""The pages of the industry chains: every chain in a table; one chain as Sankey, heat map, gaps, companions and policy cascade.

Invariant: a number on these pages is a link to a list with as many rows, made by a question with the same conditions.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api import sankey
from api.pages import day, shown_name
from api.view import Here, View
from graph.errors import Ambiguous, InnochainError, Unknown
from graph.funnel import WAYMARKS, flows
from graph.potential import STAGES
from queries.answers.cascade import cascade
from queries.answers.chain import UNKNOWN, chain, chains
from queries.answers.gaps import gaps, verdicts

SERVES_AT = dict(zip(STAGES, ("Laboratory", "VerificationCentre", "PilotBase", "Enterprise"), strict=True))
SIZES = ("large", "medium", "small", "micro", UNKNOWN)
PAGE = 50
Text = Annotated[str, Query(max_length=200)]
router = APIRouter(include_in_schema=False)


class Scope:
    """What a page of chains is about: a chain, a region, a day; and the addresses of its lists."""

    def __init__(self, view: View, chain: str, region: str, as_of: str) -> None:
        self.view, self.as_of = view, day(as_of) or dt.date.today()
        self.chain = view.reader.resolve(chain, ["IndustryChain"]) if chain.strip() else ""
        self.region = view.reader.resolve(region, ["Region"]) if region.strip() else ""

    def list(self, question: str, industry: str, parts: bool, **more: Any) -> str:
        return self.view.url(f"/questions/{question}", industry=industry, with_parts="yes" if parts else None, region=self.region, **more)

    def achievements(self, industry: str, parts: bool, source: str = STAGES[0], to: str | None = STAGES[0]) -> str:
        """Those on record at a stage (from it to itself), or going from one stage to another, or (to None) no further."""
        a, b = STAGES.index(source), len(STAGES) if to is None else STAGES.index(to)
        marks = {WAYMARKS[n - 1]: "yes" for n in (a, b) if 0 < n < len(STAGES)} | {WAYMARKS[n - 1]: "no" for n in range(a + 1, b)}
        return self.list("achievements_in", industry, parts, **marks)

    def reached(self, industry: str, parts: bool, stage: str) -> str:
        """Those whose furthest stage on record is this one."""
        return self.achievements(industry, parts, stage, None)

    def waiting(self, industry: str, stage: str) -> str:
        """Those that have not come as far as a stage."""
        return self.list("achievements_in", industry, False, **{mark: "no" for mark in WAYMARKS[STAGES.index(stage) - 1 :]})

    def serving(self, industry: str, parts: bool, stage: str) -> str:
        if stage == "industry":
            return self.list("enterprises_in", industry, parts)
        return self.list("facilities_in", industry, parts, kind=SERVES_AT[stage])

    def demands(self, industry: str, parts: bool) -> str:
        return self.list("demands_in", industry, parts, open_on=self.as_of)

    def coverage(self, stage: str, known: bool) -> str:
        return self.view.url("/questions/facilities_known", kind=SERVES_AT[stage], region=self.region, known="yes" if known else None)


@router.get("/chain")
def page(view: Here, chain: Text = "", region: Text = "", as_of: Text = "", policy: Text = "", cursor: str | None = None) -> Response:
    form = {"chain": shown_name(view, chain), "region": shown_name(view, region), "as_of": as_of, "policy": shown_name(view, policy)}
    try:
        scope = Scope(view, chain, region, as_of)
        if scope.chain:
            return _chain(view, scope, form, policy, cursor)
        found = chains(view.reader, scope.as_of, scope.region or None, PAGE, cursor)
    except (Ambiguous, Unknown) as e:
        status = 200 if isinstance(e, Ambiguous) else e.status
        return view.page("chains.html", status, form=form, scope=None, found=None, trouble=e, trouble_in=_blamed(view, chain, region))
    return view.page("chains.html", form=form, scope=scope, found=found, trouble=None, trouble_in="")


def _blamed(view: View, chain: str, region: str) -> str:
    """Which box holds the name that stands for nothing, or for several things."""
    for name, text, kind in (("chain", chain, "IndustryChain"), ("region", region, "Region")):
        try:
            if text.strip():
                view.reader.resolve(text, [kind])
        except InnochainError:
            return name
    return "policy"


def _chain(view: View, scope: Scope, form: dict[str, str], policy: str, cursor: str | None) -> Response:
    found = chain(view.reader, scope.chain, scope.as_of, scope.region or None)
    lacks = verdicts(view.reader, scope.region, scope.as_of)
    moved = flows(found["total"]["ways"])
    drawings = [sankey.draw(moved, frame) for frame in (sankey.WIDE, sankey.TALL)] if moved else []
    gap_page = gaps(view.reader, chain=scope.chain, region=scope.region, as_of=scope.as_of, cursor=cursor)
    return view.page("chain.html", scope=scope, form=form, found=found, total=found["total"], drawings=drawings, rows=_rows(found, lacks),
                     gaps=gap_page, serves_at=SERVES_AT, sizes=SIZES, **_policies(view, policy))  # fmt: skip


def _rows(found: dict[str, Any], lacks: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    """The heat map: a row a link of the chain, a cell a stage with who serves it, what its lack is called, and what came no further."""
    out = []
    for link in found["links"]:
        here = {**link["facilities"], "Enterprise": sum(link["enterprises"].values())}
        cells = []
        for stage in STAGES:
            serving = here.get(SERVES_AT[stage], 0)
            lack = lacks.get((link["node"]["id"], stage), "no_data" if stage in (STAGES[0], STAGES[-1]) else "idle")
            cells.append({"stage": stage, "serving": serving, "state": "present" if serving else lack, "depth": sum(serving >= n for n in (1, 3, 10)),
                          "at": link["achievements"].get(stage, 0)})  # fmt: skip
        out.append({**link, "cells": cells})
    return out


def _policies(view: View, policy: str) -> dict[str, Any]:
    """The policy that was picked, else the one most policies below are based on, with its cascade."""
    offered = [{**r, "below": r["provinces"] + r["cities"] + r["districts"]} for level in ("national", "province")
               for r in view.reader.ask("policy_cascades", {"level": level, "limit": PAGE}).rows]  # fmt: skip
    followed = sorted((r for r in offered if r["below"]), key=lambda r: -r["below"])
    picked = view.reader.resolve(policy, ["Policy"]) if policy.strip() else followed[0]["policy"].id if followed else ""
    return {"policies": followed, "cascade": cascade(view.reader, picked) if picked else None}
