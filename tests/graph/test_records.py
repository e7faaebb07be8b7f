"""Models, ids and claims: derived from the ontology, and stable."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from graph.errors import BadRow
from graph.ledger import COLUMNS
from graph.ontology import load
from graph.records import Claim, Evidence, KindName, Modality, RelationName, canonical_json, check, claim, fold, model, node_id

DESIGN_COLUMNS = ["claim_id", "source", "run", "subject", "kind", "predicate", "object", "value", "shown", "evidence", "modality", "confidence",
                  "valid_from", "valid_to"]  # fmt: skip


def test_the_ledger_has_the_columns_that_the_design_fixes() -> None:
    assert list(COLUMNS) == DESIGN_COLUMNS
    assert set(Claim._fields) == set(DESIGN_COLUMNS) - {"run"}


def test_the_enums_are_the_ontology_s_names() -> None:
    assert [k.value for k in KindName] == list(load().kinds)
    assert [r.value for r in RelationName] == list(load().relations)
    assert [m.value for m in Modality] == ["done", "required", "planned", "encouraged"]


@pytest.mark.parametrize("name", [*load().kinds, *load().relations])
def test_every_kind_and_relation_has_a_model_that_refuses_what_is_not_declared(name: str) -> None:
    with pytest.raises(ValidationError, match="unheard_of"):
        model(name).model_validate({"unheard_of": "x"})
    schema = model(name).model_json_schema()
    declared = load().kinds.get(name) or load().relations[name]
    assert list(schema.get("properties", {})) == list(declared.properties) and schema["additionalProperties"] is False


def test_an_undeclared_property_is_named_with_the_ones_there_are() -> None:
    with pytest.raises(BadRow, match="PilotBase has no property 'sise'; it has: name, ") as refused:
        check("PilotBase", {"name": "镁基地", "sise": "3亩"})
    assert refused.value.field == "sise" and "没有属性“sise”" in refused.value.reason_zh


def test_a_wrong_value_is_named_with_its_property_in_both_languages() -> None:
    with pytest.raises(BadRow, match=r"^area: '很大' is no amount") as refused:
        check("PilotBase", {"area": "很大"})
    assert (refused.value.field, refused.value.value) == ("area", "很大")
    assert refused.value.reason_zh.startswith("area:“很大”不是数量")


@pytest.mark.parametrize(("kind", "texts", "field"), [
    ("Policy", {"form": "decree"}, "form"), ("Organization", {"types": ["University", "Uni"]}, "types"), ("Target", {"counts": ["Base"]}, "counts"),
    ("RECOGNIZES", {"event": "noticed"}, "event"),
])  # fmt: skip
def test_a_choice_outside_the_declared_ones_is_refused_with_the_choices(kind: str, texts: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRow, match=rf"^{field}: .* is none of ") as refused:
        check(kind, texts)
    assert refused.value.field == field and "不在" in refused.value.reason_zh


def test_a_checked_value_keeps_the_words_it_was_stated_in() -> None:
    made = check("Target", {"value": "约５０家左右", "counts": ["PilotBase", "VerificationCentre"]})
    assert made["value"].shown == "约50家左右" and made["value"].value["bound"] == "about"
    assert [c.value for c in made["counts"]] == ["PilotBase", "VerificationCentre"]


# ---- ids: published, cited and bookmarked, so these values may never change


@pytest.mark.parametrize(("kind", "key", "expected"), [
    ("Organization", (("name", "西北工业大学"),), "organization:3fb4e9ed0ea9ffc9"),
    ("PilotBase", (("name", "陕西省镁基新材料中试基地"),), "pilot-base:94e1d148ee00d83e"),
    ("Region", (("adcode", "610000"),), "region:c312074f9643e587"),
    ("Document", (("name", "a"), ("published", '{"earliest":"2024-08-14","latest":"2024-08-14"}')), "document:bf6faf234227e72d"),
])  # fmt: skip
def test_an_id_never_changes(kind: str, key: tuple[tuple[str, str], ...], expected: str) -> None:
    assert node_id(kind, key) == expected


@pytest.mark.parametrize("other", [
    "西北工业大学 ", "西北 工业大学", "西北　工业大学", "《西北工业大学》",
])  # fmt: skip
def test_spelling_that_does_not_tell_things_apart_gives_the_same_id(other: str) -> None:
    assert node_id("Organization", (("name", other),)) == node_id("Organization", (("name", "西北工业大学"),))


def test_what_tells_things_apart_gives_another_id() -> None:
    base = node_id("Organization", (("name", "西北工业大学"),))
    others = {
        node_id("Organization", (("name", "西北大学"),)), node_id("Laboratory", (("name", "西北工业大学"),)),
        node_id("Organization", (("ministry_code", "西北工业大学"),)), node_id("Organization", (("name", "西北工业大学"), ("region", "610000"))),
    }  # fmt: skip
    assert len(others | {base}) == 5


@pytest.mark.parametrize(("one", "other"), [
    ("ＮＰＵ（西安）", "npu(西安)"), ("“三项改革”", '"三项改革"'), ("加快—推进", "加快-推进"), ("《实施意见》", "实施意见"), ("让·雅克", "让雅克"),
])  # fmt: skip
def test_names_are_equal_under_folding(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_quotation_marks_inside_a_title_stay() -> None:
    assert fold("《甲》和《乙》") == "《甲》和《乙》"


# ---- claims

EVIDENCE = Evidence("document:1", 3, 9, "0" * 64, note="注").json()
CONTENT: dict[str, Any] = {
    "source": "a", "subject": "organization:1", "predicate": "name", "evidence": EVIDENCE, "object": None, "value": "x", "shown": "X",
    "modality": "done", "confidence": 1.0, "valid_from": None, "valid_to": None,
}  # fmt: skip
OTHER: dict[str, Any] = {
    "source": "b", "subject": "organization:2", "predicate": "name_en", "evidence": Evidence("document:1", 3, 8).json(), "object": "organization:9",
    "value": "y", "shown": "Y", "modality": "planned", "confidence": 0.9, "valid_from": "2024-01-01", "valid_to": "2024-01-01",
}  # fmt: skip


def test_equal_content_gives_the_equal_claim() -> None:
    assert claim(**CONTENT) == claim(**CONTENT)
    assert claim(**CONTENT).claim_id == "c48f31ee234641a3ab0c55541"
    assert claim(**{**CONTENT, "confidence": 1}).claim_id == claim(**CONTENT).claim_id


@pytest.mark.parametrize("field", OTHER)
def test_any_other_content_gives_another_claim_id(field: str) -> None:
    assert claim(**{**CONTENT, field: OTHER[field]}).claim_id != claim(**CONTENT).claim_id


def test_a_claim_knows_the_kind_its_subject_is_of() -> None:
    assert claim(**{**CONTENT, "subject": "pilot-base:1"}).kind == "PilotBase"


def test_values_are_written_one_way() -> None:
    assert canonical_json({"b": 1, "a": None, "c": "中"}) == '{"b":1,"c":"中"}'
    assert Evidence("d", note="注").json() == '{"document":"d","note":"注"}'
