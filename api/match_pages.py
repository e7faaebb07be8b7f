"""The match page: an achievement named or described → candidates with bars of reasons, why not, side by side. Whole state in the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Response

from api.match_routes import Asked, described, found_for, weights_of
from api.pages import shown_name
from api.view import Here, View
from graph.errors import Ambiguous, BadInput, BadParameter, InnochainError, Unknown
from graph.matching.facts import Place
from graph.matching.standard import standard
from queries.answers.match import KINDS, LIMIT, pair
from queries.answers.registry import registry
from queries.answers.shelf import regions
from queries.answers.sleeping import sleeping
from queries.answers.wishes import Description

PARTS = tuple(Description.model_fields)
LISTS = tuple(n for n, f in Description.model_fields.items() if f.default == [])
TARGETS = {"base": ("找中试基地", "Pilot bases"), "centre": ("找概念验证中心", "Verification centres"), "fund": ("找基金", "Funds"),
           "achievements": ("给基地找成果", "Achievements for a base")}  # fmt: skip
LABELS = {  # of the boxes, with what can be written into them
    "field": ("领域", "Field", "镁合金、轻量化"), "process": ("工艺", "Process", "压铸、热处理"), "scale": ("规模", "Scale", "500千克/批"),
    "maturity": ("成熟度", "Maturity", "4-6、小试"), "region": ("地区", "Region", "陕西省、西安市"),
    "qualification": ("要求资质", "Qualifications", "CNAS、GMP"), "budget": ("预算", "Budget", "50万元"),
    "start": ("何时开始", "Start", "2026-09-01"),
    "name": ("叫什么", "What it is called", ""), "owner": ("所有者", "Owner", "西工大"), "hazard": ("危险性", "Hazards", "危险化学品"),
    "secrecy": ("密级", "Secrecy", "公开、涉密、国防"), "chemical_park": ("要化工园区", "Chemical park", "是"),
}  # fmt: skip
FIRST, SIDES = 10, 4  # candidates shown at first; bases side by side
REFUSED = 12  # of those that cannot be recommended, shown at first
BOXES = {"Achievement": "achievement", "Region": "region", "Organization": "owner", "PilotBase": "base", "VerificationCentre": "base"}
TRIALS = ({"field": "镁合金", "maturity": "4-6", "region": "陕西省"}, {"field": "光子集成", "process": "封装测试"},
          {"field": "精细化工", "maturity": "中试"})  # fmt: skip
router = APIRouter(include_in_schema=False)


@dataclass
class Form:
    """What the page was asked: the texts of its boxes, and what they were understood as."""

    target: str
    base: str
    texts: dict[str, str]
    weights: dict[str, str]
    asked: Asked | None = None
    trouble: InnochainError | None = None
    found: dict[str, Any] | None = None
    sides: list[dict[str, Any]] = field(default_factory=list)

    @property
    def given(self) -> bool:
        return bool(self.base) if self.target == "achievements" else any(v for k, v in self.texts.items() if k != "name")

    @property
    def described(self) -> bool:
        """Is anything said beside the achievement?"""
        return bool(self.weights) or any(v for k, v in self.texts.items() if k != "achievement")

    @property
    def query(self) -> dict[str, Any]:
        """As parameters of an address of ours."""
        weights = [f"{k}={v}" for k, v in self.weights.items()]
        return {**self.texts, "base": self.base, "for": self.target if self.target != "base" else "", "weights": weights}


def form_of(view: View) -> Form:
    """The form as the address fills it. Asks nothing yet."""
    query = view.request.query_params
    texts = {p: ("、".join(x.strip() for x in query.getlist(p) if x.strip()) if p in LISTS else query.get(p, "").strip()) for p in PARTS}
    weights = {k.removeprefix("w_"): v.strip() for k, v in query.items() if k.startswith("w_") and v.strip()}
    return Form(query.get("for") or "base", query.get("base", "").strip(), texts, weights)


@router.get("/match")
def match_page(view: Here) -> Response:
    form = form_of(view)
    try:
        if form.given:
            weights = weights_of([f"{k}={v}" for k, v in form.weights.items()])
            form.asked = described(**form.texts, base=form.base, weights=weights, limit=LIMIT, **{"for": form.target})
            form.found = found_for(view.reader, form.asked)
            form.sides = _sides(view, form, form.found)
        elif form.target not in TARGETS:
            raise BadParameter(f"for: {form.target!r} is none of {', '.join(TARGETS)}", errors=[{"parameter": "for", "value": form.target}])
    except (BadInput, Ambiguous, Unknown) as e:
        form.trouble, form.found = e, None
    status = form.trouble.status if form.trouble and not isinstance(form.trouble, Ambiguous) else 200
    return view.page("match.html", status, form=form, targets=TARGETS, labels=LABELS, box_of=_box(form.trouble), lists=_choices(view),
                     standard=standard(), shown={p: shown_name(view, form.texts.get(p, form.base)) for p in {*BOXES.values()}},
                     examples=[] if form.given else _examples(view), trials=TRIALS, **_page(view, form.found))  # fmt: skip


def _page(view: View, found: Mapping[str, Any] | None) -> dict[str, Any]:
    """The part of an answer that is on the page: within the chosen region, as many as were asked for."""
    query = view.request.query_params
    within, show, every = query.get("within", ""), query.get("show", ""), query.get("all") == "1"
    if found is None:
        return {"items": [], "rejected": [], "more": 0, "hidden": 0, "areas": [], "within": within, "tied": {}, "most": 1.0, "total": (0, 0)}
    fine, refused = ([x for x in found[k] if _inside(x, within)] for k in ("items", "rejected"))
    some = min(max(int(show), FIRST) if show.isdigit() and len(show) < 4 else FIRST, LIMIT)
    tied = view.reader.names(i for x in fine[:some] for i in x["tied_with"][:3])
    return {"items": fine[:some], "more": len(fine) - some, "rejected": refused if every else refused[:REFUSED],
            "hidden": 0 if every else max(0, len(refused) - REFUSED), "areas": _areas(view, found), "within": within, "tied": tied,
            "most": max(c["weight"] for c in found["standard"]["criteria"]), "total": (len(fine), len(refused))}  # fmt: skip


def _sides(view: View, form: Form, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Up to four candidates to stand side by side, in the order chosen."""
    wanted = list(dict.fromkeys(view.request.query_params.getlist("compare")))[:SIDES]
    held = {x["node"]["id"]: x for k in ("items", "rejected") for x in found[k]}
    if form.asked is None or form.target not in ("base", "centre"):
        return [held[i] for i in wanted if i in held]
    return [held.get(i) or pair(view.reader, form.asked.description(), view.reader.resolve(i, [KINDS[form.target]]), form.asked.weights)["item"]
            for i in wanted]  # fmt: skip


# ---- by region -----------------------------------------------------------------------------------------------------------


def _inside(item: Mapping[str, Any], code: str) -> bool:
    places = item.get("places", ())
    return not code or (not places if code == "unknown" else any(Place("", p["adcode"]).within(Place("", code)) for p in places))


def _areas(view: View, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Provinces with their cities, and how many candidates of each can be recommended or not; last, those whose place is not known."""
    known = {p.adcode: p.name for p in regions(view.reader).by_id.values()}
    counts: dict[str, list[int]] = {}
    for n, key in enumerate(("items", "rejected")):
        for item in found[key]:
            codes = {c for p in item.get("places", ()) for c in (p["adcode"][:2] + "0000", p["adcode"][:4] + "00") if c in known}
            for code in codes or {"unknown"}:
                counts.setdefault(code, [0, 0])[n] += 1
    made: dict[str, dict[str, Any]] = {
        c: {"code": c, "name": known.get(c, ""), "fine": n[0], "refused": n[1], "inner": []} for c, n in counts.items()}  # fmt: skip
    order = sorted(made.values(), key=lambda x: (x["code"] == "unknown", -x["fine"], -x["refused"], x["code"]))
    for x in order:
        head = x["code"][:2] + "0000"
        if x["code"] not in (head, "unknown") and head in made:
            made[head]["inner"].append(x)
    return [x for x in order if x["code"] == "unknown" or x["code"].endswith("0000") or x["code"][:2] + "0000" not in made]


# ---- what can be chosen, what can be tried -----------------------------------------------------------------------------------


def _choices(view: View) -> dict[str, list[str]]:
    """Words offered for the boxes: what the graph holds of them."""
    facets = registry(view.reader, limit=1)["facets"]
    held = {k: [str(v["zh"]) for v in facets[k]["values"]] for k in ("region", "field", "chain")}
    credentials = [r["node"].name for r in view.reader.ask("of_kind", {"label": "Credential", "limit": 50}).rows]
    return {"region": held["region"], "field": [*held["field"], *held["chain"]], "qualification": credentials,
            "maturity": [*map(str, range(1, 10)), *standard().maturity]}  # fmt: skip


def _examples(view: View) -> Sequence[Mapping[str, Any]]:
    """Achievements to begin with, of those that sleep: the most promising, those of which something is known before others."""
    found = sleeping(view.reader, limit=50)["items"]
    return [x["node"] for x in sorted(found, key=lambda x: not any(p["known"] for p in x["parts"].values()))][:6]


def _box(trouble: InnochainError | None) -> str | None:
    """Which box what is offered instead goes into."""
    offered = trouble and (trouble.particulars.get("candidates") or trouble.particulars.get("suggestions"))
    return BOXES.get(str(offered[0]["kind"])) if offered else None
