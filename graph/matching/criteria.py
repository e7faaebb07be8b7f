"""Soft criteria of a pair: a value from 0 to 1 or unknown, with a sentence and the claims it rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph.matching.facts import Candidate, Claims, Offer, Place, Said, Wish
from graph.matching.scale import focus_of, shown
from graph.matching.standard import Standard
from graph.matching.text import Index, said_in

BASES = {"same": ("图中同一领域", "the same field in the graph"), "part": ("一方包含另一方", "one contains the other"),
         "feeds": ("上下游相接", "one feeds the other"), "text": ("名称相近", "alike in words")}  # fmt: skip
HOW = {"park": ("（按所在园区）", " (by its park)"), "name": ("（据名称）", " (by its name)"),
       "recognised": ("（据认定机关）", " (by who recognised it)"), "host": ("（据依托单位）", " (by its hosts)")}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One criterion's verdict. `value` None = unknown; then `missing` names the fact that would tell."""

    name: str
    value: float | None
    zh: str
    en: str
    evidence: Claims = ()
    missing: tuple[str, str] | None = None


def reasons(wish: Wish, c: Candidate, standard: Standard, profile: str) -> list[Reason]:
    """Every criterion of the profile, in its order."""
    return [JUDGES[x.name](wish, c, standard) for x in standard.profiles[profile]]


def _unknown(name: str, zh: str, en: str, missing: tuple[str, str], evidence: Claims = ()) -> Reason:
    return Reason(name, None, zh, en, evidence, missing)


def _field(wish: Wish, c: Candidate, _: Standard) -> Reason:
    o, wants = c.overlap, "、".join(wish.fields)
    note_zh, note_en = ("（成果未说明领域，以其名称相比）",
            " (the achievement states no field; its name was compared)") if wish.name_only else ("", "")
    ours = wish.claims("fields")
    if not wish.fields and not wish.industries:
        return _unknown("field", "成果的领域未说明", "the achievement's field is not stated", ("成果的领域", "the achievement's field"))
    if o.value is None:
        return _unknown("field", "未见其领域，名称中也看不出", "its field is not stated, nor told by its name",
                ("所服务的领域", "the fields it serves"), o.evidence)
    if o.value <= 0:
        return Reason("field", 0.0, f"其名称与所列领域都不涉及“{wants}”{note_zh}",
                f"neither its name nor the fields it lists share anything with {wants!r}"
                      f"{note_en}", (*o.evidence, *ours))  # fmt: skip
    zh, en = BASES[o.basis]
    return Reason("field", o.value, f"“{o.wanted}”与“{o.found}”{zh}，取 {o.value:.2f}{note_zh}",
                  f"{o.wanted!r} and {o.found!r}: {en}, {o.value:.2f}{note_en}", (*o.evidence, *ours))  # fmt: skip


def _services(wish: Wish, c: Candidate, standard: Standard) -> Reason:
    offers = [o for o in c.offers if o.kind in ("Service", "Instrument")]
    if not offers:
        return _unknown("services", "未见其列出服务或仪器", "no service or instrument of it is listed",
                ("服务与仪器清单", "its services and instruments"))
    wanted = wish.processes or wish.fields
    if not wanted:
        return _unknown("services", "成果未说明工艺或领域，无从比较服务", "no process or field is stated to compare services with",
                        ("成果的工艺", "the achievement's process"))  # fmt: skip
    texts, value = _compared(c, offers, tuple(wanted), standard)
    best = max(range(len(value)), key=value.__getitem__, default=-1)
    if best < 0 or value[best] <= 0:
        names = "、".join(o.name for o in offers[:3])
        return Reason("services", 0.0, f"所列服务与仪器（{names}）不涉及“{'、'.join(wanted)}”",
                f"what it offers ({names}) shares nothing with {', '.join(wanted)!r}",
                      tuple(x for o in offers[:3] for x in o.evidence))  # fmt: skip
    o = texts[best][0]
    both = {x.kind for (x, _), v in zip(texts, value, strict=True) if v > 0}
    zh = "服务" if o.kind == "Service" else "仪器"
    more_zh, more_en = ("，服务与仪器都有", "; both services and instruments fit") if len(both) > 1 else ("", "")
    return Reason("services", value[best], f"{zh}“{o.name}”合“{'、'.join(wanted)}”，取 {value[best]:.2f}{more_zh}",
                  f"{o.kind.lower()} {o.name!r} fits {', '.join(wanted)!r}, {value[best]:.2f}{more_en}", o.evidence)  # fmt: skip


def _compared(c: Candidate, offers: Sequence[Offer], wanted: tuple[str, ...], standard: Standard) -> tuple[list[tuple[Offer, str]], list[float]]:
    """Texts of services and instruments, and what each is worth: worked out once for a candidate's offers, the second time for a wish."""
    index: Index
    of, words, index, texts, terms, value = c.worked_out.get("services", (None, None, None, [], None, []))
    if of is not c.offers or words is not standard.words:
        index, texts, terms = Index(standard), list[tuple[Offer, str]](), None
        for o in offers:
            for text in o.texts:
                if index.add(len(texts), text):
                    texts.append((o, text))
    if terms != wanted:
        value = index.each(wanted)
        c.worked_out["services"] = (c.offers, standard.words, index, texts, wanted, value)
    return texts, value


def _track(_: Wish, c: Candidate, standard: Standard) -> Reason:
    ended = [t for t in c.trials if t.what in ("passed", "failed", "stopped")]
    if not ended:
        running = f"（{len(c.trials)} 个项目未见结果）" if c.trials else ""
        return _unknown("track", f"未见其做过的项目的结果{running}", "no outcome of a trial held there is stated"
                        f"{f' ({len(c.trials)} trials without one)' if c.trials else ''}",
                                ("以往项目及结果", "its past trials and their outcomes"))  # fmt: skip
    good, n = sum(t.what == "passed" for t in ended), len(ended)
    a, b = standard.numbers["prior_passed"], standard.numbers["prior_failed"]
    value = (good + a) / (n + a + b)
    few_zh, few_en = (f"，例数少，已向 {a / (a + b):.2f} 收缩", f"; few cases, drawn towards {a / (a + b):.2f}") if n < 10 else ("", "")
    return Reason("track", value, f"{n} 个已结束项目中 {good} 个通过，按 Beta({a:g},{b:g}) 先验得 {value:.2f}{few_zh}",
                  f"{good} of {n} ended trials passed; with a Beta({a:g},{b:g}) prior {value:.2f}{few_en}",
                          tuple(x for t in ended for x in t.evidence)[:20])  # fmt: skip


def _distance(wish: Wish, c: Candidate, standard: Standard) -> Reason:
    if wish.region is None:
        return _unknown("distance", "未给地区", "no region is given", ("成果或希望所在的地区", "the region wanted"))
    if not c.places:
        return _unknown("distance", "未见其所在地", "where it stands is not stated", ("所在地", "where it stands"))
    scored = [(_near(wish.region, p, standard), p) for p in c.places]
    (value, zh, en), p = max(scored, key=lambda x: (x[0][0], x[1].adcode))
    told = HOW.get(p.basis, ("", ""))
    return Reason("distance", value, zh + told[0], en + told[1], p.evidence)


def _near(wanted: Place, p: Place, standard: Standard) -> tuple[float, str, str]:
    if p.within(wanted):
        return 1.0, f"位于{p.name}，在{wanted.name}内" if p.name != wanted.name else f"位于{p.name}", f"it stands in {p.name}, within {wanted.name}"
    if wanted.within(p) and p.adcode != "100000":
        value = standard.numbers["same_province"]
        return value, f"在{p.name}内，与{wanted.name}的距离不详，取 {value:g}", f"somewhere in {p.name}, like {wanted.name}: {value:g}"
    km = p.km(wanted)
    if km is None:
        same = p.adcode[:2] == wanted.adcode[:2]
        value = standard.numbers["same_province"] / 2 if same else 0.0
        return value, f"位于{p.name}，{'与' if same else '不在'}{wanted.name}{'同省' if same else '所在省'}", f"it stands in {p.name}; " + (
            f"the same province as {wanted.name}" if same else f"another province than {wanted.name}")  # fmt: skip
    value = 0.5 ** (km / standard.numbers["half_km"])
    zh = f"位于{p.name}，距{wanted.name}约 {km:.0f} 公里，取 {value:.2f}"
    return value, zh, f"it stands in {p.name}, about {km:.0f} km from {wanted.name}: {value:.2f}"


def _ties(wish: Wish, c: Candidate, _: Standard) -> Reason:
    if not wish.id and not wish.owners:
        return _unknown("ties", "未给成果所有者，无从查联系", "no owner is given to look for ties from", ("成果所有者", "the achievement's owner"))
    if c.tie is None:
        return _unknown("ties", "图中未见已有联系", "no tie is known in the graph", ("与其有无联系", "whether there is a tie"))
    way, hops = " — ".join(c.tie.names or c.tie.nodes), max(1, len(c.tie.edges))
    value = c.tie.weakest / hops
    return Reason("ties", value, f"已有联系：{way}（{hops} 步，最弱证据 {c.tie.weakest:g}）",
            f"a tie: {way} ({hops} step{'s' * (hops > 1)}, weakest evidence "
                  f"{c.tie.weakest:g})", c.tie.evidence)  # fmt: skip


def _fitting(wish: Wish, c: Candidate, standard: Standard) -> list[Offer]:
    """Offers of the process first; all where none names it. Three criteria ask it of each pair."""
    found: list[Offer]
    of, processes, offers, found = c.worked_out.get("fitting", (None, (), (), []))
    if of is not standard.words or processes != wish.processes or offers is not c.offers:
        own = [o for o in c.offers if any(said_in(p, t, standard) for p in wish.processes for t in o.texts)]
        found = own or list(c.offers)
        c.worked_out["fitting"] = (standard.words, wish.processes, c.offers, found)
    return found


def _least(wish: Wish, c: Candidate, standard: Standard, key: str) -> tuple[Said, Offer] | None:
    """The cheapest, or earliest, of what fits."""
    stated = ((o.said[key], o) for o in _fitting(wish, c, standard) if key in o.said)
    return min(stated, key=lambda x: (x[0].value, x[1].name), default=None)


def _told_only(name: str, told: tuple[str, str], why: tuple[str, str], missing: tuple[str, str], said: Said) -> Reason:
    """Something is stated, and what it would be held against is not known."""
    return _unknown(name, told[0] + why[0], told[1] + why[1], missing, said.evidence)


def _price(wish: Wish, c: Candidate, standard: Standard) -> Reason:
    if (least := _least(wish, c, standard, "price")) is None:
        return _unknown("price", "未见价格", "no price is stated", ("价格与定价方式", "prices and their basis"))
    said, o = least
    unit, basis = (str(o.said[k].value) if k in o.said else "" for k in ("priced_per", "price_basis"))
    words = said.shown or f"{said.value:g}元"
    told = (f"“{o.name}”{words}{f'/{unit}' if unit else ''}（{f'定价方式：{basis}' if basis else '定价方式未说明'}）",
            f"{o.name}: {words}{f' per {unit}' if unit else ''} ({f'basis: {basis}' if basis else 'basis not stated'})")  # fmt: skip
    if wish.budget is None:
        return _told_only("price", told, ("；未给预算", "; no budget is given"), ("预算", "the budget"), said)
    value = min(1.0, wish.budget / said.value) if said.value > 0 else 1.0
    zh, en = (("在预算内（按一个计价单位）", "within the budget for one unit") if wish.budget >= said.value
              else (f"超出预算 {wish.budget:g} 元", f"above the budget of {wish.budget:g} yuan"))  # fmt: skip
    return Reason("price", value, f"{told[0]}，{zh}", f"{told[1]}, {en}", said.evidence)


def _slot(wish: Wish, c: Candidate, standard: Standard) -> Reason:
    if (least := _least(wish, c, standard, "next_free")) is None:
        return _unknown("slot", "未见空档", "no free slot is stated", ("最近空档", "its next free slot"))
    said, o = least
    as_of = o.said["next_free_as_of"].value if "next_free_as_of" in o.said else None
    when_zh, when_en = (f"，截至 {as_of}", f" as of {as_of}") if as_of else ("，截至日未说明", ", as of an unstated day")
    told = f"“{o.name}”最近空档 {said.value}{when_zh}", f"{o.name} is next free on {said.value}{when_en}"
    if wish.start is None:
        return _told_only("slot", told, ("；未给开始日", "; no start date is given"), ("开始日", "the start date"), said)
    if as_of and (wish.start - as_of).days > standard.numbers["stale_days"]:
        return _told_only("slot", told, ("，已陈旧", ", which is stale by the start"), ("新近的空档", "a fresh free slot"), said)
    late = max(0, (said.value - wish.start).days)
    value = 0.5 ** (late / standard.numbers["half_days"])
    zh, en = ((f"，比开始日晚 {late} 天，取 {value:.2f}", f", {late} days after the start: {value:.2f}") if late
              else ("，赶得上开始日", ", in time for the start"))  # fmt: skip
    return Reason("slot", value, told[0] + zh, told[1] + en, said.evidence)


def _support(_: Wish, c: Candidate, __: Standard) -> Reason:
    found: Reason
    of, found = c.worked_out.get("support", (None, None))
    if of is not c.supports:  # dozens in some regions, whatever the wish
        c.worked_out["support"] = (c.supports, found := _supported(c))
    return found


def _supported(c: Candidate) -> Reason:
    done = [s for s in c.supports if s.modality == "done"]
    if not c.supports:
        return _unknown("support", "未见可享的政策支持", "no policy support is known", ("可享的政策支持", "policy support"))
    names = "、".join(dict.fromkeys(f"{s.name}{f'（{s.what}）' if s.what else ''}" for s in (done or c.supports)[:3]))
    evidence = tuple(x for s in c.supports[:5] for x in s.evidence)
    if not done:
        return _unknown("support", f"只有计划、鼓励或附条件的支持：{names}", f"only planned, encouraged or conditional support: {names}",
                ("已生效且符合条件的支持", "support in force whose conditions it meets"), evidence)
    value = len(done) / (len(done) + 1)
    return Reason("support", value, f"可享政策支持 {len(done)} 项：{names}", f"{len(done)} supports it may draw on: {names}", evidence)


def _improvements(wish: Wish, c: Candidate, standard: Standard) -> Reason:
    said = next((o.said["improvements"] for o in _fitting(wish, c, standard) if "improvements" in o.said), None)
    if said is None:
        return _unknown("improvements", "改进成果归谁未说明", "who owns improvements is not stated", ("改进成果归属", "who owns improvements"))
    for key, value, zh, en in (("owner_shared", 0.5, "双方共有或另行约定", "shared or to be agreed"),
            ("owner_client", 1.0, "归委托方", "the client's"),
                               ("owner_base", 0.0, "归基地", "the base's")):  # fmt: skip
        if any(w in str(said.value) for w in standard.words[key]):
            return Reason("improvements", value, f"改进成果：{said.value}（{zh}）", f"improvements: {said.value} ({en})", said.evidence)
    return _unknown("improvements", f"改进成果：{said.value}", f"improvements: {said.value}", ("改进成果归属", "who owns improvements"),
            said.evidence)


# ---- funds -------------------------------------------------------------------------------------------------------------


def _stage(wish: Wish, c: Candidate, standard: Standard) -> Reason:
    texts = [(str(s.value), s.evidence) for k in ("stage_focus", "fund_kind") if (s := c.get(k))]
    focus = focus_of([t for t, _ in texts], standard)
    evidence = tuple(x for _, e in texts for x in e)
    if focus is None:
        return _unknown("stage", "未见其投资阶段", "its stage focus is not stated", ("投资阶段", "its stage focus"), evidence)
    words = [t for t, _ in texts]
    told = f"{'、'.join(words)}，约成熟度 {shown(*focus, '')}", f"{', '.join(words)}, about levels {shown(*focus, '')}"
    if wish.levels is None:
        return _unknown("stage", f"{told[0]}；成果的成熟度未说明", f"{told[1]}; the achievement's level is not stated",
                ("成果的成熟度", "its maturity"), evidence)
    a, b = wish.levels
    value = max(0, min(b, focus[1]) - max(a, focus[0]) + 1) / (b - a + 1)
    at = shown(a, b, "")
    return Reason("stage", value, f"{told[0]}；成果在 {at}，合 {value:.2f}", f"{told[1]}; the achievement stands at {at}: {value:.2f}", evidence)


def _size(wish: Wish, c: Candidate, _: Standard) -> Reason:
    said = c.get("size") or c.get("size_wanted")
    if said is None:
        return _unknown("size", "未见规模", "its size is not stated", ("基金规模", "the fund's size"))
    if wish.budget is None:
        return _unknown("size", f"规模{said.shown}；未给所需资金", f"size {said.shown}; no sum is asked for", ("所需资金", "the sum asked for"),
                said.evidence)
    value = min(1.0, float(said.value) / (10 * wish.budget)) if wish.budget > 0 else 1.0  # a tenth of the fund in one project is much
    return Reason("size", value, f"规模{said.shown}，所需 {wish.budget:g} 元，取 {value:.2f}",
            f"size {said.shown}, {wish.budget:g} yuan asked for: {value:.2f}",
                  said.evidence)  # fmt: skip


def _existing(_: Wish, c: Candidate, __: Standard) -> Reason:
    said = c.get("status")
    if c.modality != "done" or (said and said.value == "planned"):
        words = {"encouraged": ("只是受鼓励设立", "only encouraged"), "planned": ("计划设立", "planned")}.get(c.modality, ("计划设立", "planned"))
        return Reason("existing", 0.0, f"{words[0]}，尚不存在", f"{words[1]}; it does not exist yet", said.evidence if said else ())
    if said is None:
        return _unknown("existing", "是否已设立未说明", "whether it exists is not stated", ("是否已设立", "whether it exists"))
    return Reason("existing", 1.0, "已设立", "it exists", said.evidence)


JUDGES: dict[str, Callable[[Wish, Candidate, Standard], Reason]] = {
    "field": _field, "services": _services, "track": _track, "distance": _distance, "ties": _ties, "price": _price, "slot": _slot,
    "support": _support, "improvements": _improvements, "stage": _stage, "size": _size, "existing": _existing,
}  # fmt: skip


