"""Matching on a planted world: every hard condition, every soft criterion, every change run again, on both stores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from graph.errors import BadParameter, Unknown
from graph.snapshot import Snapshot
from queries.answers.match import achievements, match, pair
from queries.answers.match_table import match_many
from queries.answers.wishes import Description
from queries.reader import Reader
from tests.contract.world import ENGINES, World, empty, quiet, settings_for

REGIONS = {"陕西省": ("610000", 108.95, 34.27), "西安市": ("610100", 108.94, 34.34), "榆林市": ("610800", 109.73, 38.29),
        "河南省": ("410000", 113.75, 34.77)}


def plant(folder: Path) -> tuple[World, dict[str, str]]:
    """Base 甲 fits 镁合金压铸 in every way; the others each lack one thing."""
    w, ids = World(folder), dict[str, str]()

    def node(kind: str, name: str, **texts: Any) -> str:
        ids[name] = w.node(kind, name, **texts)
        return ids[name]

    for name, (code, x, y) in REGIONS.items():
        node("Region", name, adcode=code, longitude=str(x), latitude=str(y))
    node("IndustryChain", "镁产业链")
    node("Segment", "镁合金压铸件")
    node("Segment", "镁锭")
    w.edge(ids["镁合金压铸件"], "PART_OF", ids["镁产业链"])
    w.edge(ids["镁锭"], "FEEDS", ids["镁合金压铸件"])
    w.edge(ids["镁合金压铸件"], "FEEDS", ids["镁锭"])  # a cyclic chain
    node("Organization", "成果大学", types=["University"])
    node("Organization", "伙伴公司", types=["Enterprise"])
    w.edge(ids["成果大学"], "COOPERATES_WITH", ids["伙伴公司"])
    node("Achievement", "镁合金轮毂压铸技术", process=["压铸"], scale_wanted="500千克/批", maturity_min="5", maturity_max="5", keywords=["镁合金"])
    w.edge(ids["成果大学"], "OWNS", ids["镁合金轮毂压铸技术"])
    w.edge(ids["镁合金轮毂压铸技术"], "APPLIES_TO", ids["镁合金压铸件"])
    node("Achievement", "无领域成果")
    node("Achievement", "国防镁合金", process=["压铸"], keywords=["镁合金"])
    node("Patent", "国防专利一", secrecy="国防")
    w.edge(ids["国防镁合金"], "PROTECTED_BY", ids["国防专利一"])
    node("Credential", "保密资质证书")
    node("Credential", "CNAS认可")
    node("Park", "甲园区", chemical_park="是")
    node("Park", "乙园区", chemical_park="否")
    for park in ("甲园区", "乙园区"):
        w.edge(ids[park], "WITHIN", ids["西安市"])
    base(w, ids, "甲中试基地", park="甲园区", open_to_outsiders="是", maturity_min="4", maturity_max="7", contact_page="https://example.org/lianxi")
    base(w, ids, "乙中试基地", park="乙园区", open_to_outsiders="否", maturity_min="7", maturity_max="9", processes=["挤压"])
    base(w, ids, "丙中试基地", region="榆林市", open_to_outsiders="是", served="镁产业链")
    base(w, ids, "丁中试基地", region="河南省", open_to_outsiders="是", served="镁锭")
    node("PilotBase", "戊生物医药中试基地")
    w.edge(ids["伙伴公司"], "HOSTS", ids["甲中试基地"], role="lead")
    service(w, ids, "甲中试基地", "甲压铸服务", process=["压铸"], scale_min="100", scale_max="800", scale_unit="千克/批", price="3万元",
            priced_per="批",
            price_basis="成本价", next_free="2026-10-01", next_free_as_of="2026-08-01", improvements="归委托方")  # fmt: skip
    service(w, ids, "丙中试基地", "丙压铸服务", process=["压铸"], scale_max="50", scale_min="1", scale_unit="千克/批", price="90万元",
            next_free="2026-12-30",
            improvements="双方共有")  # fmt: skip
    ids["甲压铸机"] = w.node("Instrument", "甲压铸机")
    w.edge(ids["甲中试基地"], "OFFERS", ids["甲压铸机"])
    w.edge(ids["甲中试基地"], "HOLDS", ids["保密资质证书"], since="2024-01-01", until="2026-12-31", scope="全部")
    w.edge(ids["丙中试基地"], "HOLDS", ids["保密资质证书"], since="2020-01-01", until="2025-12-31")
    w.edge(ids["伙伴公司"], "HOLDS", ids["CNAS认可"], since="2024-01-01", until="2028-12-31", scope="镁合金检测")
    for n, (where, outcome) in enumerate((("甲中试基地", "passed"), ("甲中试基地", "passed"), ("甲中试基地", "failed"), ("丙中试基地", "stopped"))):
        node("Project", f"项目{n}", outcome=outcome, project_kind="pilot")
        w.edge(ids[f"项目{n}"], "HELD_AT", ids[where])
    node("Measure", "首台套补助")
    w.edge(ids["首台套补助"], "SUPPORTS", ids["甲中试基地"], form="promised", amount="50万元")
    w.edge(ids["首台套补助"], "SUPPORTS", ids["丁中试基地"], modality="planned")
    node("VerificationCentre", "镁合金概念验证中心", maturity_min="2", maturity_max="4")
    node("Fund", "镁基金", fund_kind="seed", size="1亿元", status="existing")
    w.edge(ids["镁基金"], "FOCUSES_ON", ids["镁产业链"])
    node("Fund", "镁鼓励基金", modality="encouraged", status="planned")
    return w, ids


def base(w: World, ids: dict[str, str], name: str, park: str = "", region: str = "", served: str = "镁合金压铸件", **texts: Any) -> None:
    ids[name] = w.node("PilotBase", name, **texts)
    w.edge(ids[name], "SERVES", ids[served])
    w.edge(ids[name], "LOCATED_IN", ids[park or region])


def service(w: World, ids: dict[str, str], owner: str, name: str, **texts: Any) -> None:
    ids[name] = w.node("Service", name, **texts)
    w.edge(ids[owner], "OFFERS", ids[name])


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, dict[str, str]]:
    w, ids = plant(tmp_path_factory.mktemp("match"))
    return w.build(), ids


@pytest.fixture(scope="module", params=ENGINES)
def reader(request: pytest.FixtureRequest, planted: tuple[Snapshot, dict[str, str]]) -> Iterator[Reader]:
    if request.param == "neo4j":
        empty(request.getfixturevalue("neo4j_url"))
    with closing(Reader(settings_for(request.param, planted[0].folder.parent.parent, request))) as opened:
        opened.store.apply(planted[0], quiet)
        yield opened


FULL: dict[str, Any] = {"achievement": "镁合金轮毂压铸技术", "region": "西安市", "budget": "5万元", "start": "2026-10-01"}


def asked(reader: Reader, **given: Any) -> dict[str, Any]:
    return match(reader, Description(**given), limit=50)


def of(found: dict[str, Any], name: str) -> dict[str, Any]:
    (item,) = [i for part in ("items", "rejected") for i in found[part] if i["node"]["name"] == name]
    return item


def statuses(found: dict[str, Any], name: str) -> dict[str, str]:
    return {c["condition"]: c["status"] for c in of(found, name)["conditions"]}


def values(found: dict[str, Any], name: str) -> dict[str, Any]:
    return {r["criterion"]: r["value"] for r in of(found, name)["reasons"]}


# ---- the whole


def test_the_base_that_fits_in_every_way_is_first_and_every_criterion_is_known(reader: Reader) -> None:
    found = asked(reader, **FULL)
    first = found["items"][0]
    assert first["node"]["name"] == "甲中试基地" and first["coverage"] == 1
    assert values(found, "甲中试基地") == {"field": 1.0, "services": 0.9, "track": 0.6, "distance": 1.0, "ties": 0.5, "price": 1.0, "slot": 1.0,
                                     "support": 0.5, "improvements": 1.0}  # fmt: skip
    weights = {c["name"]: c["weight"] for c in found["standard"]["criteria"]}
    assert first["score"] == pytest.approx(sum(weights[k] * v for k, v in values(found, "甲中试基地").items()))
    assert statuses(found, "甲中试基地") == {"process": "met", "scale": "met", "maturity": "met", "open": "met"}
    assert first["contact_page"]["url"] == "https://example.org/lianxi" and first["contact_page"]["evidence"]
    assert [i["score"] for i in found["items"]] == sorted((i["score"] for i in found["items"]), reverse=True)
    assert found["graph_version"] == reader.version().shown and not found["truncated"]


def test_what_decides_is_sourced_and_every_claim_can_be_opened(reader: Reader) -> None:
    found = asked(reader, **FULL)
    for item in [*found["items"], *found["rejected"]]:
        for part in [*item["conditions"], *[r for r in item["reasons"] if r["value"] is not None]]:
            assert part["sentence"]["zh"] and part["sentence"]["en"]
            if part.get("status") in ("met", "not_met") or part.get("criterion") in ("services", "track", "price", "ties", "support", "distance"):
                assert part["evidence"], part
            assert all(e["claim"] for e in reader.evidence(part["evidence"]))


def test_soft_values_of_the_others(reader: Reader) -> None:
    found = asked(reader, **FULL)
    c = values(found, "丙中试基地")
    assert c["field"] == 0.6 and c["track"] == pytest.approx(1 / 3) and c["improvements"] == 0.5
    assert c["price"] == pytest.approx(5 / 90) and c["slot"] == pytest.approx(0.5 ** (90 / 90))
    assert 0 < c["distance"] < 1 and c["support"] is None and c["ties"] is None
    d = values(found, "丁中试基地")
    assert d["field"] == 0.4 and d["support"] is None  # only planned support counts for nothing, and is said
    assert "首台套补助" in next(r for r in of(found, "丁中试基地")["reasons"] if r["criterion"] == "support")["sentence"]["zh"]
    assert values(found, "戊生物医药中试基地")["field"] == 0.0


def test_unknown_counts_as_the_neutral_value_and_is_named(reader: Reader) -> None:
    found = asked(reader, field="镁合金", process="挤出", scale="3吨/年", maturity="5", qualification="GMP", secrecy="涉密", chemical_park="是")
    item = of(found, "戊生物医药中试基地")
    assert item in found["items"] and {c["status"] for c in item["conditions"]} == {"unknown"}  # it rejects nothing
    assert {u["about"] for u in item["unknown"]} >= {"process", "scale", "maturity", "open", "secrecy", "qualification", "chemical_park", "services"}
    known = [(r["weight"], r["value"]) for r in item["reasons"] if r["value"] is not None]
    coverage = sum(w for w, _ in known)
    assert item["coverage"] == pytest.approx(coverage)
    assert item["score"] == pytest.approx(sum(w * v for w, v in known) + (1 - coverage) * found["standard"]["neutral"])


# ---- hard conditions and the changes that flip them


CONDITIONS: list[tuple[str, str, dict[str, Any], str]] = [
    ("process", "乙中试基地", {"process": "压铸"}, "candidate"),
    ("scale", "丙中试基地", {"process": "压铸", "scale": "500千克/批"}, "achievement"),
    ("scale", "甲中试基地", {"process": "压铸", "scale": "5吨/批"}, "achievement"),
    ("maturity", "乙中试基地", {"field": "镁合金", "maturity": "小试"}, "achievement"),
    ("maturity", "甲中试基地", {"field": "镁合金", "maturity": "8"}, "achievement"),
    ("open", "乙中试基地", {"field": "镁合金"}, "candidate"),
    ("secrecy", "丙中试基地", {"field": "镁合金", "secrecy": "涉密", "start": "2027-06-01"}, "candidate"),
    ("secrecy", "丙中试基地", {"field": "镁合金", "secrecy": "涉密", "start": "2026-02-01"}, "achievement"),
    ("qualification", "甲中试基地", {"field": "镁合金", "qualification": "CNAS:食品", "start": "2026-10-01"}, "candidate"),
    ("qualification", "甲中试基地", {"field": "镁合金", "qualification": "CNAS", "start": "2023-10-01"}, "achievement"),
    ("chemical_park", "乙中试基地", {"field": "镁合金", "chemical_park": "是"}, "candidate"),
    ("chemical_park", "乙中试基地", {"field": "镁合金", "hazard": "危险化学品"}, "candidate"),
]


@pytest.mark.parametrize(("condition", "base", "given", "side"), CONDITIONS, ids=[f"{c[0]}-{n}" for n, c in enumerate(CONDITIONS)])
def test_a_condition_that_fails_rejects_says_why_and_what_would_flip_it(reader: Reader, condition: str, base: str, given: dict[str, Any],
        side: str) -> None:
    found = asked(reader, **given)
    item = of(found, base)
    assert item in found["rejected"] and condition in {w["condition"] for w in item["why_not"]}
    assert all(w["evidence"] for w in item["why_not"])
    flip = item["flip"]
    assert flip["verified"] and {c["condition"] for c in flip["changes"]} == {w["condition"] for w in item["why_not"]}
    (change,) = [c for c in flip["changes"] if c["condition"] == condition]
    assert change["side"] == side and change["sentence"]["zh"] and change["sentence"]["en"]
    if side == "achievement" and len(item["why_not"]) == 1:  # what the asker can change: ask again with it
        again = asked(reader, **{**given, **change["query"]})
        assert of(again, base) in again["items"]
        assert of(again, base)["score"] == flip["score"]


def test_conditions_that_hold(reader: Reader) -> None:
    found = asked(reader, field="镁合金", process="压力铸造", scale="百公斤级", maturity="4-6", secrecy="涉密", start="2026-10-01",
            chemical_park="是",
                  qualification="CNAS:镁合金")  # fmt: skip
    assert statuses(found, "甲中试基地") == {"process": "met", "scale": "met", "maturity": "met", "open": "met", "secrecy": "met",
            "qualification": "met",
                                       "chemical_park": "met"}  # fmt: skip
    assert "伙伴公司" in next(c for c in of(found, "甲中试基地")["conditions"] if c["condition"] == "qualification")["sentence"]["zh"]


def test_a_scale_of_another_kind_is_not_compared(reader: Reader) -> None:
    for scale in ("500升", "500千克/年", "很大"):
        assert statuses(asked(reader, process="压铸", scale=scale), "甲中试基地")["scale"] == "unknown"


def test_a_level_that_overlaps_in_part_is_unknown(reader: Reader) -> None:
    assert statuses(asked(reader, field="镁合金", maturity="3-5"), "甲中试基地")["maturity"] == "unknown"


def test_a_defence_patent_asks_for_a_clearance(reader: Reader) -> None:
    found = asked(reader, achievement="国防镁合金", start="2026-06-01")
    assert found["achievement"]["secrecy"] == "国防"
    assert statuses(found, "甲中试基地")["secrecy"] == "met" and statuses(found, "丙中试基地")["secrecy"] == "not_met"
    assert statuses(found, "丁中试基地")["secrecy"] == "unknown"


def test_a_host_is_no_outsider(reader: Reader) -> None:
    assert statuses(asked(reader, field="镁合金", owner="伙伴公司"), "甲中试基地")["open"] == "met"


# ---- weights, ties, next steps


def test_weights_are_the_callers_to_choose(reader: Reader) -> None:
    given = Description(field="镁合金", region="榆林市")
    first = match(reader, given, weights={"distance": 100, "field": 0})["items"]
    assert first[0]["node"]["name"] == "丙中试基地"
    with pytest.raises(BadParameter, match="no criterion"):
        match(reader, given, weights={"luck": 1})
    with pytest.raises(BadParameter, match="at least one"):
        match(reader, given, weights=dict.fromkeys(("field", "services", "track", "distance", "ties", "price", "slot", "support",
                "improvements"), 0.0))


def test_equal_scores_are_said(reader: Reader) -> None:
    found = match(reader, Description(field="量子"), weights={"field": 1, **dict.fromkeys(
        ("services", "track", "distance", "ties", "price", "slot", "support", "improvements"), 0.0)})  # fmt: skip
    equal = found["items"][0]
    assert equal["tied_with"] and all(of(found,
            i["node"]["name"])["score"] == equal["score"] for i in found["items"] if i["node"]["id"] in equal["tied_with"])


@pytest.mark.parametrize(("given", "step"), [
    ({"process": "压铸"}, "data"), ({"field": "镁合金"}, "data"), ({"field": "镁合金", "maturity": "小试"}, "verify"),
    ({"field": "镁合金", "maturity": "中期(中试)"}, "pilot"), ({"field": "镁合金", "maturity": "TRL8"}, "transfer"),
            ({"achievement": "无领域成果"}, "data"),
])  # fmt: skip
def test_the_next_step_and_its_reason(reader: Reader, given: dict[str, Any], step: str) -> None:
    found = asked(reader, **given)["next_step"]
    assert found["step"] == step and found["reason"]["zh"] and found["reason"]["en"]


# ---- bad input


def test_an_achievement_without_a_field_is_matched_by_its_name_and_that_is_said(reader: Reader) -> None:
    found = asked(reader, achievement="无领域成果")
    assert found["achievement"]["fields"] == []
    told = [r["sentence"]["zh"] for i in found["items"] for r in i["reasons"] if r["criterion"] == "field" and r["value"] is not None]
    assert told and all("未说明领域" in t for t in told)


def test_what_cannot_be_asked_is_said(reader: Reader) -> None:
    for given, what in (({}, "nothing is described"), ({"budget": "5万元"}, "nothing is described"), ({"maturity": "12"}, "1 to 9"),
                        ({"maturity": "玄"}, "known stage"), ({"field": "镁", "start": "明天"}, "start"),
                                ({"field": "镁", "budget": "许多"}, "budget"),
                        ({"field": "镁", "chemical_park": "也许"}, "chemical_park")):  # fmt: skip
        with pytest.raises(BadParameter, match=what):
            asked(reader, **given)
    with pytest.raises(Unknown):
        asked(reader, achievement="没有的成果")
    with pytest.raises(Unknown):
        asked(reader, field="镁", region="没有的地方")
    with pytest.raises(BadParameter, match="none of"):
        match(reader, Description(field="镁"), "bank")
    with pytest.raises(ValidationError):
        Description(feild="镁")  # type: ignore[call-arg]


# ---- the reverse, centres, funds, batches


def test_achievements_for_a_base(reader: Reader, planted: tuple[Snapshot, dict[str, str]]) -> None:
    found = achievements(reader, planted[1]["甲中试基地"])
    names = [i["node"]["name"] for i in found["items"]]
    assert names[0] == "镁合金轮毂压铸技术"
    item = found["items"][0]
    both = of(asked(reader, achievement="镁合金轮毂压铸技术"), "甲中试基地")
    assert item["score"] == both["score"] and {c["condition"]: c["status"] for c in item["conditions"]} == statuses(
        asked(reader, achievement="镁合金轮毂压铸技术"), "甲中试基地")  # fmt: skip
    closed = achievements(reader, planted[1]["乙中试基地"])
    assert closed["items"] == [] and all(r["flip"]["verified"] for r in closed["rejected"]) and closed["rejected"]
    with pytest.raises(BadParameter, match="no pilot base"):
        achievements(reader, planted[1]["镁基金"])


def test_a_centre_and_a_fund(reader: Reader) -> None:
    centre = match(reader, Description(field="镁合金", maturity="小试"), "centre")
    assert [i["node"]["name"] for i in centre["items"]] == ["镁合金概念验证中心"]
    fund = match(reader, Description(field="镁产业链", maturity="小试", budget="500万元"), "fund")
    assert [i["node"]["name"] for i in fund["items"]] == ["镁基金", "镁鼓励基金"]
    existing, encouraged = fund["items"]
    assert {r["criterion"]: r["value"] for r in existing["reasons"]} == {"field": 1.0, "stage": 1.0, "size": 1.0, "distance": None, "ties": None,
            "existing": 1.0}
    assert encouraged["modality"] == "encouraged" and next(r for r in encouraged["reasons"] if r["criterion"] == "existing")["value"] == 0.0


def test_a_batch_of_several_one_of_them_wrong(reader: Reader) -> None:
    found = match_many(reader, {"q1": Description(**FULL), "q2": Description(field="镁合金", process="吹塑"), "q3": Description(maturity="99")})
    assert set(found["responses"]) == {"q1", "q2", "q3"} and found["responses"]["q3"]["error"]["code"] == "bad_parameter"
    q1, q2, q3 = found["table"]
    assert q1["best"][0]["name"] == "甲中试基地" and q1["next_step"]["step"] == "pilot" and len(q1["best"]) <= 3
    assert q2["blocking"]["condition"] == "process" and q2["blocking"]["candidates"] == 3
    assert q3["error"] and q3["best"] == []
    assert found["responses"]["q1"] == json.loads(json.dumps(match(reader, Description(**FULL)), default=str))
    with pytest.raises(BadParameter, match="from 1 to 200"):
        match_many(reader, {str(n): Description(field="镁") for n in range(201)})


def test_a_pair_alone_is_judged_as_among_all(reader: Reader, planted: tuple[Snapshot, dict[str, str]]) -> None:
    one = pair(reader, Description(**FULL), planted[1]["甲中试基地"])["item"]
    assert one["accepted"] and one["score"] == of(asked(reader, **FULL), "甲中试基地")["score"]
    no = pair(reader, Description(**FULL), planted[1]["乙中试基地"])["item"]
    assert not no["accepted"] and no["flip"]["verified"] and no["why_not"]
