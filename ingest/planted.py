"""What is planted in a synthetic province to be found again: the answers are known because they were put there.

Planted things have chains, segments and processes of their own, so that chance does not reach them. What happens after the
cutoff (`held_out`) is not stated: it is what an answer as of the cutoff has to foresee.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from graph.records import node_id
from ingest.synth import amount, day, flag, money, number, text

if TYPE_CHECKING:
    from ingest.province import Province

PAST, LATER = dt.date(2025, 12, 31), dt.date(2026, 3, 1)
WRONG = ("process", "scale", "closed", "maturity", "credential")  # the one condition each decoy fails
UNIT, WANTED = "千克/批", 50.0
MOVED, ASKED, ROOMY = 40, 25, 15  # around a planted sleeping achievement


def plant(p: Province) -> dict[str, Any]:
    """Plants and gives `{matches, gaps, sleeping, contradictions, overdue}`: ids and the reason each is right."""
    many = max(5, min(50, p.nodes // 2_000))
    chain = p.make("IndustryChain", "合成种植产业链", level=text("省级"))
    planted = _planted(p, chain, many)
    centre = p.t.node("VerificationCentre", node_id("VerificationCentre", (("name", "合成种植概念验证中心"),)), "合成种植概念验证中心")
    for segment in (x["segment"] for part in ("matches", "sleeping") for x in planted[part]):
        p.t.edge(centre, "VerificationCentre", "SERVES", segment)  # what is planted as a gap shall be the only one
    return {"chain": chain, **planted}


def _planted(p: Province, chain: str, many: int) -> dict[str, Any]:
    return {"matches": [_match(p, chain, n) for n in range(many)], "gaps": [_gap(p, chain, n) for n in range(max(3, many // 3))],
            "sleeping": [_sleeping(p, chain, n) for n in range(max(3, many // 3))], "contradictions": [_contradiction(p, n) for n in range(4)],
            "overdue": [_overdue(p, n) for n in range(min(3, len(p.cities)))]}  # fmt: skip


def _segment(p: Province, chain: str, name: str) -> str:
    """A segment that chance does not reach: it stays out of what is picked from."""
    made = p.t.node("Segment", node_id("Segment", (("name", name),)), name, position=text("mid"))
    p.t.edge(made, "Segment", "PART_OF", chain)
    return made


def _achievement(p: Province, name: str, segment: str, owner: str, **known: Any) -> str:
    made = p.t.node("Achievement", node_id("Achievement", (("name", name),)), name, **known)
    p.t.edge(owner, "Organization", "OWNS", made)
    p.t.edge(made, "Achievement", "APPLIES_TO", segment)
    return made


def _base(p: Province, name: str, segment: str, city: str, *, process: str, scale: tuple[float, float] = (10, 100), opened: bool = True,
          maturity: tuple[int, int] = (4, 7), credential_until: dt.date = dt.date(2028, 12, 31)) -> str:  # fmt: skip
    made = p.t.node("PilotBase", node_id("PilotBase", (("name", name),)), name, open_to_outsiders=flag(opened), maturity_min=number(maturity[0]),
                    maturity_max=number(maturity[1]), processes=text(process))  # fmt: skip
    p.t.edge(made, "PilotBase", "SERVES", segment)
    p.t.edge(made, "PilotBase", "LOCATED_IN", city)
    p.t.edge(p.agency, "Organization", "RECOGNIZES", made, event=text("recognised"), event_date=day(dt.date(2023, 5, 1)), level=text("省级"))
    offered = f"{name}服务"
    service = p.t.node("Service", node_id("Service", (("name", offered),)), offered, process=text(process), scale_min=number(float(scale[0])),
                       scale_max=number(float(scale[1])), scale_unit=text(UNIT), price=money(1), priced_per=text("批"),
                       next_free=day(dt.date(2026, 8, 1)), next_free_as_of=day(dt.date(2026, 6, 30)))  # fmt: skip
    p.t.edge(made, "PilotBase", "OFFERS", service)
    secret = node_id("Credential", (("name", "合成保密资质"),))
    p.t.edge(made, "PilotBase", "HOLDS", secret, dt.date(2021, 1, 1), credential_until, scope=text("全部"))
    return made


def _match(p: Province, chain: str, n: int) -> dict[str, Any]:
    """An achievement, the one base that fits it, and near it one base for each condition that fails."""
    pick = p.rng(f"match {n}")
    segment, process, city = _segment(p, chain, f"合成匹配环节{n}"), f"合成工艺{n}", p.cities[n % len(p.cities)]
    made = _achievement(p, f"合成待配成果{n}", segment, pick.choice(p.of_type["University"]), process=text(process),
                        maturity_min=number(5), maturity_max=number(5), scale_wanted=text(f"{WANTED:g}{UNIT}"), year=number(2024),
                        needs_chemical_park=flag(False))  # fmt: skip
    right = _base(p, f"合成正配{n}中试基地", segment, city, process=process)
    wrong: dict[str, dict[str, Any]] = {"process": {"process": f"合成旁支工艺{n}"}, "scale": {"scale": (1.0, 5.0)}, "closed": {"opened": False},
                                        "maturity": {"maturity": (8, 9)}, "credential": {"credential_until": dt.date(2023, 12, 31)}}  # fmt: skip
    decoys = {why: _base(p, f"合成旁配{n}{why}中试基地", segment, city, **({"process": process} | wrong[why])) for why in WRONG}
    return {"achievement": made, "segment": segment, "process": process, "scale": WANTED, "scale_unit": UNIT, "maturity": 5, "region": city,
            "needs": ["合成保密资质"], "base": right, "held_out": {"started": LATER.isoformat(), "base": right},
            "decoys": [{"base": b, "fails": w} for w, b in decoys.items()]}  # fmt: skip


def _gap(p: Province, chain: str, n: int) -> dict[str, Any]:
    """A segment with achievements and demands that no base and no centre serves; every other segment is served."""
    pick, segment = p.rng(f"gap {n}"), _segment(p, chain, f"合成缺口环节{n}")
    for k in range(6 + n):
        _achievement(p, f"合成缺口成果{n}-{k}", segment, pick.choice(p.of_type["University"]), maturity_min=number(4), maturity_max=number(5))
    for k in range(4):
        _demand(p, f"合成缺口需求{n}-{k}", segment, pick.choice(p.of_type["Enterprise"]))
    return {"segment": segment, "missing": ["pilot", "verification"], "achievements": 6 + n, "demands": 4}


def _demand(p: Province, name: str, segment: str, by: str) -> str:
    made = p.t.node("Demand", node_id("Demand", (("name", name),)), name, posted=day(dt.date(2026, 1, 15)), deadline=day(dt.date(2027, 12, 31)))
    p.t.edge(by, "Organization", "POSTS", made)
    p.t.edge(made, "Demand", "SEEKS", segment)
    return made


def _sleeping(p: Province, chain: str, n: int) -> dict[str, Any]:
    """A mature achievement nobody took up, where more happens than chance brings about anywhere; and one that only seems to sleep."""
    pick, segment = p.rng(f"sleeping {n}"), _segment(p, chain, f"合成活跃环节{n}")
    firms, owner = p.of_type["Enterprise"], pick.choice(p.of_type["University"])
    made = _achievement(p, f"合成沉睡成果{n}", segment, owner, maturity_min=number(9), maturity_max=number(9), year=number(2016),
                        process=text(f"合成活跃工艺{n}"))  # fmt: skip
    for k in range(MOVED):
        neighbour = _achievement(p, f"合成活跃成果{n}-{k}", segment, owner, maturity_min=number(6), maturity_max=number(7))
        p.t.edge(neighbour, "Achievement", "TRANSFERRED_TO", pick.choice(firms), dt.date(2024, 5, 1), mode=text("assign"),
                 transfer_date=day(dt.date(2024, 5, 1)))  # fmt: skip
    for k in range(ASKED):
        _demand(p, f"合成活跃需求{n}-{k}", segment, pick.choice(firms))
    bases = [_base(p, f"合成有空{n}-{k}中试基地", segment, p.cities[0], process=f"合成活跃工艺{n}") for k in range(ROOMY)]
    awake = _achievement(p, f"合成似睡成果{n}", segment, owner, maturity_min=number(8), maturity_max=number(8))
    patent = p.t.node("Patent", node_id("Patent", (("name", f"合成似睡专利{n}"),)), f"合成似睡专利{n}")
    p.t.edge(awake, "Achievement", "PROTECTED_BY", patent)
    licensed = dt.date(2024, 6, 1)
    p.t.edge(patent, "Patent", "TRANSFERRED_TO", pick.choice(firms), licensed, mode=text("license"), transfer_date=day(licensed))
    return {"achievement": made, "segment": segment, "owner": owner, "awake": awake, "moved": MOVED + 1, "demands": ASKED, "bases": bases}


def _contradiction(p: Province, n: int) -> dict[str, Any]:
    """Two documents on one figure that cannot both hold, and two that can: a total that grew."""
    how = ("value", "unit", "period", "counting")[n]
    more, less = amount(36_000, "项", "3.6万项"), amount(24_000, "项", "2.4万项")
    next_year = {"period": day(dt.date(2025, 12, 31))}
    other: dict[str, Any] = {"value": {"value": more}, "unit": {"value": amount(30_000, "家", "3万家")},
             "period": {"value": less, **next_year},  # a total that shrank
             "counting": {"value": more, "counts_as": text("new")}}[how]  # more new ones than there are in all  # fmt: skip
    return {"metric": f"合成矛盾指标{n}", "differs": how, "observations": _figures(p, f"合成矛盾{{}}{n}", other),
            "agreeing": _figures(p, f"合成相符{{}}{n}", {"value": more, **next_year})}  # fmt: skip


def _figures(p: Province, name: str, other: dict[str, Any]) -> list[str]:
    """One metric as two documents report it; the second differs in `other`. Ids of both observations."""
    usual: dict[str, Any] = {"value": amount(30_000, "项", "3万项"), "counts_as": text("cumulative"), "period": day(dt.date(2024, 12, 31))}
    made, before = [], p.t.evidence
    for k, values in enumerate((usual, usual | other)):
        document, called = p.t.document(f"{name.format('文件')}-{k}", dt.date(2025, 1, 10 + k)), f"{name.format('数字')}-{k}"
        made.append(p.t.node("Observation", node_id("Observation", (("name", called),)), called, metric=text(name.format("指标")), **values))
        p.t.edge(document, "Document", "STATES", made[-1])
        p.t.edge(made[-1], "Observation", "ABOUT", p.ids["Region"][0])
    p.t.evidence = before
    return made


def _overdue(p: Province, n: int) -> dict[str, Any]:
    """A promise whose day has passed: more bases in a city than there are, whatever counts as one. Beside it one kept, and one not yet due."""
    city = p.cities[-1 - n]
    there = sum(p.at.get(b) == city for b in p.ids["PilotBase"])
    wanted = there + 200
    made, kept, later = (_target(p, f"合成{what}目标{n}", city, number_, due) for what, number_, due in (
        ("逾期", wanted, PAST), ("兑现", 1, PAST), ("未到期", wanted, dt.date(2027, 12, 31))))  # fmt: skip
    return {"target": made, "region": city, "due": PAST.isoformat(), "wanted": wanted, "there_by_chance": there, "kept": kept, "later": later}


def _target(p: Province, name: str, city: str, wanted: int, due: dt.date) -> str:
    """So many pilot bases in a city by a day; its metric is in words that can be counted by."""
    made = p.t.node("Target", node_id("Target", (("name", name),)), name, metric=text("中试基地"), value=amount(wanted, "家", f"{wanted}家"),
                    due=day(due), counts=text("PilotBase"), counts_as=text("stock"))  # fmt: skip
    p.t.edge(p.document, "Document", "STATES", made)
    p.t.edge(p.ids["Policy"][0], "Policy", "SETS", made)
    p.t.edge(made, "Target", "ABOUT", city)
    return made
