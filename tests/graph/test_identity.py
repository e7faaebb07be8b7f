"""Which ids are one thing: codes, exact names, aliases with one candidate, judgements; and which id it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import Contradiction
from graph.records import Claim
from tests.world.making import OTHER_USCC, USCC, asked, build, coded, day, edge, facts, judge, named, node, resolved, rows, state, thing

ORG = "Organization"
INSTITUTE, BY_CODE = named(ORG, "陕煤化工研究院"), coded(ORG, "uscc", USCC)


def org(name: str) -> str:
    return named(ORG, name)


def organizations(workspace: Path) -> list[str]:
    return [r["name"] for r in rows(build(workspace), ORG)]


def test_one_credit_code_as_institute_and_as_enterprise_is_one_node_that_is_both(workspace: Path) -> None:
    state(workspace, "institutes", facts("institutes", ORG, BY_CODE, name="陕煤化工研究院", uscc=USCC, types=["Institute"]))
    state(workspace, "companies", thing("companies", ORG, "陕西煤业化工技术研究院有限责任公司", uscc=USCC, types=["Enterprise"]))
    made = build(workspace)
    (one,) = rows(made, ORG)
    assert one["types"] == ["Enterprise", "Institute"]
    assert {one["name"], *one["aliases"]} == {"陕煤化工研究院", "陕西煤业化工技术研究院有限责任公司"}
    assert one["id"] == BY_CODE  # the code is the better key


def test_an_equal_name_is_one_thing(workspace: Path) -> None:
    state(workspace, "a", thing("a", ORG, "西北工业大学", types=["University"]))
    state(workspace, "b", facts("b", ORG, coded(ORG, "ministry_code", "4161010699"), name="西北 工业大学", ministry_code="4161010699"))
    made = build(workspace)
    assert [r["types"] for r in rows(made, ORG)] == [["University"]]


def test_similar_names_are_never_joined(workspace: Path) -> None:
    state(workspace, "a", [c for n in ("浙江大学", "浙江工业大学", "浙大") for c in thing("a", ORG, n)])
    assert sorted(organizations(workspace)) == ["浙大", "浙江大学", "浙江工业大学"]


def test_an_equal_name_of_another_kind_is_another_thing(workspace: Path) -> None:
    state(workspace, "a", [*thing("a", ORG, "光子中心"), *thing("a", "Platform", "光子中心")])
    made = build(workspace)
    assert len(rows(made, ORG)) == len(rows(made, "Platform")) == 1


def test_namesakes_with_different_codes_are_not_joined_and_are_listed(workspace: Path) -> None:
    state(workspace, "a", facts("a", ORG, BY_CODE, name="光明公司", uscc=USCC))
    state(workspace, "b", facts("b", ORG, coded(ORG, "uscc", OTHER_USCC), name="光明公司", uscc=OTHER_USCC))
    state(workspace, "c", thing("c", ORG, "光明公司"))  # whose it is cannot be told: it stays apart
    made = build(workspace)
    assert len(rows(made, ORG)) == 3
    ((kind, name, why),) = asked(made, "SELECT kind, name, why FROM ambiguous")
    assert (kind, name, why) == (ORG, "光明公司", "namesakes with different marks")


def test_namesakes_in_different_regions_are_not_joined(workspace: Path) -> None:
    for source, region in (("a", "610100"), ("b", "310000")):
        state(workspace, source, facts(source, "PilotBase", f"pilot-base:{region}", name="新材料中试基地", region=region))
    assert len(rows(build(workspace), "PilotBase")) == 2


def test_an_alias_with_one_candidate_joins(workspace: Path) -> None:
    state(workspace, "a", thing("a", ORG, "西北工业大学", aliases=["西工大"]))
    state(workspace, "b", [*thing("b", ORG, "西工大"), edge("b", org("西工大"), "COOPERATES_WITH", org("陕西省科学技术厅"))])
    made = build(workspace)
    (uni,) = (r for r in rows(made, ORG) if r["name"] == "西北工业大学")
    (met,) = rows(made, "COOPERATES_WITH")
    assert uni["aliases"] == ["西工大"] and {met["from"], met["to"]} == {uni["id"], org("陕西省科学技术厅")}
    assert asked(made, "SELECT * FROM ambiguous") == []


def test_an_alias_with_two_candidates_joins_none_and_is_listed(workspace: Path) -> None:
    state(workspace, "a", [*thing("a", ORG, "陕西省委", aliases=["省委"]), *thing("a", ORG, "浙江省委", aliases=["省委"])])
    state(workspace, "b", thing("b", ORG, "省委"))
    made = build(workspace)
    assert sorted(r["name"] for r in rows(made, ORG)) == ["浙江省委", "省委", "陕西省委"]
    ((name, ids),) = asked(made, "SELECT name, ids FROM ambiguous")
    assert name == "省委" and all(org(n) in ids for n in ("省委", "陕西省委", "浙江省委"))


def test_an_alias_alone_joins_no_two_things(workspace: Path) -> None:
    state(workspace, "a", [*thing("a", ORG, "陕西省委", aliases=["省委"]), *thing("a", ORG, "浙江省委", aliases=["省委"])])
    assert sorted(organizations(workspace)) == ["浙江省委", "陕西省委"]


# ---- the id that stays


def test_a_better_key_that_arrives_later_keeps_the_published_id(workspace: Path) -> None:
    state(workspace, "a", thing("a", ORG, "陕煤化工研究院"))
    first = build(workspace)
    state(workspace, "b", facts("b", ORG, BY_CODE, name="陕煤化工研究院", uscc=USCC))
    second = build(workspace)
    assert [r["id"] for r in rows(first, ORG)] == [r["id"] for r in rows(second, ORG)] == [INSTITUTE]
    assert asked(second, "SELECT id, canonical FROM referents") == [(BY_CODE, INSTITUTE)]
    assert second.manifest["choices"] == [[INSTITUTE, BY_CODE]]


def test_the_kept_id_is_part_of_the_version(workspace: Path, tmp_path: Path) -> None:
    early, late = thing("a", ORG, "陕煤化工研究院"), facts("b", ORG, BY_CODE, name="陕煤化工研究院", uscc=USCC)
    state(workspace, "a", early)
    build(workspace)
    state(workspace, "b", late)
    kept = build(workspace)
    other = tmp_path / "other"
    state(other, "papers", thing("papers", "Document", "测试文件", standing="issuer", published="2024-08-14"))
    state(other, "a", early)
    state(other, "b", late)
    natural = build(other)
    assert [r["id"] for r in rows(natural, ORG)] == [BY_CODE]
    assert natural.version != kept.version
    assert build(workspace).version == kept.version  # and it stays


def test_of_several_published_ids_the_smallest_stays(workspace: Path) -> None:
    a, b = sorted((org("西北工业大学"), org("西工大")))
    state(workspace, "a", [*thing("a", ORG, "西北工业大学"), *thing("a", ORG, "西工大")])
    build(workspace)
    judge(workspace, "same", a, b)
    made = build(workspace)
    assert asked(made, "SELECT id, canonical FROM referents") == [(b, a)]


def test_the_id_of_a_better_key_is_chosen_over_a_smaller_one(workspace: Path) -> None:
    ministry = "4161010699"
    wanted = coded(ORG, "uscc", USCC)
    other = coded(ORG, "ministry_code", ministry)
    both = [*facts("a", ORG, wanted, name="甲", uscc=USCC), *facts("a", ORG, other, name="甲", ministry_code=ministry), *thing("a", ORG, "甲")]
    state(workspace, "a", both)
    assert [r["id"] for r in rows(build(workspace), ORG)] == [wanted]


# ---- judgements


def two(workspace: Path) -> None:
    state(workspace, "a", [*thing("a", ORG, "西安光机所"), *thing("a", ORG, "中国科学院西安光学精密机械研究所")])


SHORT, LONG = org("西安光机所"), org("中国科学院西安光学精密机械研究所")


def test_judged_same_is_one_and_withdrawn_is_two_again_with_the_version_as_before(workspace: Path) -> None:
    two(workspace)
    before = build(workspace)
    judge(workspace, "same", SHORT, LONG, at=day(2))
    joined = build(workspace)
    (one,) = rows(joined, ORG)
    assert one["id"] == min(SHORT, LONG) and asked(joined, "SELECT id FROM referents") == [(max(SHORT, LONG),)]
    judge(workspace, "withdrawn", SHORT, LONG, at=day(3))
    after = build(workspace)
    assert {r["id"] for r in rows(after, ORG)} == {SHORT, LONG} and asked(after, "SELECT * FROM referents") == []
    assert before.version == after.version != joined.version


def test_who_and_why_do_not_enter_the_version_but_the_verdict_does(workspace: Path) -> None:
    two(workspace)
    judge(workspace, "same", SHORT, LONG, at=day(2))
    first = build(workspace)
    judge(workspace, "same", LONG, SHORT, at=day(3))  # said again, on another day
    assert build(workspace).version == first.version
    judge(workspace, "different", SHORT, LONG, at=day(4))
    assert build(workspace).version != first.version


def test_unsure_changes_nothing(workspace: Path) -> None:
    two(workspace)
    before = build(workspace)
    judge(workspace, "unsure", SHORT, LONG, at=day(2))
    assert build(workspace).version == before.version


def test_the_latest_judgement_on_a_pair_holds_whatever_the_order_it_was_written_in(workspace: Path) -> None:
    two(workspace)
    judge(workspace, "different", SHORT, LONG, at=day(5))
    judge(workspace, "same", SHORT, LONG, at=day(3))
    assert len(rows(build(workspace), ORG)) == 2


@pytest.mark.parametrize("shared", ["name", "code", "alias"])
def test_judged_different_is_never_joined(workspace: Path, shared: str) -> None:
    one, other = org("甲厂"), coded(ORG, "ministry_code", "1")
    state(workspace, "a", facts("a", ORG, one, name="甲厂", **({"uscc": USCC} if shared == "code" else {})))
    theirs = {"name": {"name": "甲厂"}, "code": {"name": "乙厂", "uscc": USCC}, "alias": {"name": "乙厂", "aliases": ["甲厂"]}}[shared]
    state(workspace, "b", facts("b", ORG, other, **theirs))
    assert len(rows(build(workspace), ORG)) == 1
    judge(workspace, "different", one, other)
    assert {r["id"] for r in rows(build(workspace), ORG)} == {one, other}


def test_judged_same_holds_against_unequal_codes(workspace: Path) -> None:
    state(workspace, "a", facts("a", ORG, BY_CODE, name="旧名", uscc=USCC))
    state(workspace, "b", facts("b", ORG, coded(ORG, "uscc", OTHER_USCC), name="新名", uscc=OTHER_USCC))
    judge(workspace, "same", BY_CODE, coded(ORG, "uscc", OTHER_USCC))
    assert len(rows(build(workspace), ORG)) == 1


def test_contradictory_judgements_stop_the_build_and_are_listed(workspace: Path) -> None:
    a, b, c = (org(n) for n in ("甲", "乙", "丙"))
    state(workspace, "a", [x for n in ("甲", "乙", "丙") for x in thing("a", ORG, n)])
    good = build(workspace)
    judge(workspace, "same", a, b, at=day(2))
    judge(workspace, "same", b, c, at=day(3))
    judge(workspace, "different", a, c, at=day(4))
    with pytest.raises(Contradiction, match="withdraw one of the judgements") as refused:
        build(workspace)
    assert refused.value.errors == [{"subject": min(a, c), "object": max(a, c)}]
    assert (workspace / "snapshots" / "current").read_text() == good.version
    judge(workspace, "withdrawn", b, c, at=day(5))
    assert len(rows(build(workspace), ORG)) == 2


def test_an_edge_follows_its_ends_into_the_joined_thing(workspace: Path) -> None:
    base = named("PilotBase", "镁基地")
    state(workspace, "a", [*thing("a", "PilotBase", "镁基地"), *thing("a", ORG, "西安光机所"), *thing("a", ORG, "光机所"),
                           edge("a", SHORT, "BUILDS", base), edge("a", org("光机所"), "BUILDS", base)])  # fmt: skip
    assert len(rows(build(workspace), "BUILDS")) == 2
    judge(workspace, "same", SHORT, org("光机所"))
    made = build(workspace)
    (built,) = rows(made, "BUILDS")
    assert (built["from"], built["to"]) == (min(SHORT, org("光机所")), base) and len(built["evidence"]) == 2
    assert node(made, ORG, built["from"])["id"]


def test_an_edge_from_a_thing_to_itself_after_a_join_is_left_out(workspace: Path) -> None:
    state(workspace, "a", [*thing("a", ORG, "西安光机所"), *thing("a", ORG, "光机所"), edge("a", SHORT, "COOPERATES_WITH", org("光机所"))])
    judge(workspace, "same", SHORT, org("光机所"))
    assert rows(build(workspace), "COOPERATES_WITH") == []


def test_resolution_lists_what_was_joined(workspace: Path) -> None:
    state(workspace, "a", thing("a", ORG, "西北工业大学", aliases=["西工大"]))
    state(workspace, "b", thing("b", ORG, "西工大"))
    a, b = sorted((org("西北工业大学"), org("西工大")))
    assert resolved(workspace).canonical == {b: a}


# ---- codes a thing may have several of, names that need their owner


def listed(name: str, code: str, *aliases: str) -> list[Claim]:
    return facts("shares", ORG, coded(ORG, "stock_code", code), name=name, stock_code=[code], **({"aliases": list(aliases)} if aliases else {}))


def test_a_stock_code_in_common_joins_whatever_the_names(workspace: Path) -> None:
    state(workspace, "shares", [*listed("陕西华秦科技实业股份有限公司", "688281.SH"), *listed("*ST华秦", "688281.SH")])
    assert len(organizations(workspace)) == 1


def test_companies_with_stock_codes_of_their_own_are_not_joined_by_a_short_form(workspace: Path) -> None:
    state(workspace, "shares", [*listed("东风汽车股份有限公司", "600006.SH", "东风"), *listed("东风", "601127.SH"), *listed("东风", "600999.SH")])
    assert len(organizations(workspace)) == 3


def test_a_person_may_join_two_codes_of_one_company(workspace: Path) -> None:
    state(workspace, "shares", [*listed("合成股份", "600001.SH"), *listed("合成B股", "900901.SH")])
    assert len(organizations(workspace)) == 2
    judge(workspace, "same", coded(ORG, "stock_code", "600001.SH"), coded(ORG, "stock_code", "900901.SH"))
    (one,) = rows(build(workspace), ORG)
    assert one["stock_code"] == ["600001.SH", "900901.SH"]


def test_an_achievement_of_one_owner_is_one_whatever_its_key(workspace: Path) -> None:
    owner, other = org("西北工业大学"), org("西安交通大学")
    registered, named_, foreign = "achievement:1111111111111111", "achievement:2222222222222222", "achievement:3333333333333333"
    state(workspace, "a", [*thing("a", ORG, "西北工业大学"), *thing("a", ORG, "西安交通大学"),
                           *facts("a", "Achievement", registered, name="镁合金压铸技术", registration_no="6102024Y0001"),
                           edge("a", owner, "OWNS", registered)])  # fmt: skip
    state(workspace, "b", [*facts("b", "Achievement", named_, name="镁合金压铸技术"), edge("b", owner, "OWNS", named_),
                           *facts("b", "Achievement", foreign, name="镁合金压铸技术"), edge("b", other, "OWNS", foreign)])  # fmt: skip
    found = rows(build(workspace), "Achievement")
    assert len(found) == 2 and [r["registration_no"] for r in found if r["registration_no"]] == ["6102024Y0001"]
