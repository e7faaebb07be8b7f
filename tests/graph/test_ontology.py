"""The ontology: what ships holds together, and every kind of wrong declaration stops at load with file and line."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from graph.errors import BadDeclaration
from graph.ontology import HERE, REFUSED_NAMES, load, read
from graph.values import TYPES

TEXT = HERE.read_text(encoding="utf-8")

KINDS = [
    "Organization", "Laboratory", "Achievement", "Patent", "VerificationCentre", "PilotBase", "Platform", "Batch", "Service",
    "Instrument", "Scenario", "Rule", "Project", "Product", "Demand", "Contract", "IndustryChain", "Segment", "Fund", "Credential",
    "TechManager", "Policy", "Measure", "Target", "Observation", "Region", "Park", "Field", "Document",
]  # fmt: skip
TYPES_OF_ORGANIZATION = [
    "University", "Institute", "Hospital", "Enterprise", "Agency", "TransferOrg", "Investor", "Alliance",
]  # fmt: skip
RELATIONS = [
    "OWNS", "HOSTS", "BUILDS", "IN_BATCH", "RECOGNIZES", "PROTECTED_BY", "TRIED_IN", "HELD_AT", "FOR_CLIENT", "YIELDS",
    "TRANSFERRED_TO", "UNDER", "SPUN_OUT", "INCUBATED_BY", "PRODUCES", "OFFERS", "SERVES", "APPLIES_TO", "PART_OF", "FEEDS",
    "OPERATES_IN", "POSTS", "SEEKS", "INVESTS_IN", "MANAGES", "HOLDS", "WORKS_AT", "BROKERED", "COOPERATES_WITH", "HOLDS_SHARES_IN",
    "ISSUES", "BASED_ON", "ADOPTS", "SETS", "CONSIDERED_AT", "SUPPORTS", "PROMISES", "STATES", "LOCATED_IN", "WITHIN", "REPLIES_TO",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_the_design_is_declared(kind: str) -> None:
    assert load().expand(kind) == (kind,)


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_of_the_design_is_declared(relation: str) -> None:
    assert load().relations[relation].sources and load().relations[relation].targets


def test_every_type_of_an_organization_is_a_label_of_its_own() -> None:
    assert [label for kind, label in load().type_labels() if kind == "Organization"] == TYPES_OF_ORGANIZATION
    assert load().kinds["Organization"].properties["types"].choices == tuple(TYPES_OF_ORGANIZATION)


def test_the_four_stages_stand_in_the_order_of_the_chain() -> None:
    assert [s["zh"] for s in load().stages] == ["实验室", "概念验证", "中试放大", "产业化"]


def test_everything_shown_has_a_chinese_and_an_english_label() -> None:
    ontology = load()
    shown = [*ontology.kinds.values(), *ontology.relations.values()]
    shown += [p for owner in shown for p in owner.properties.values()]
    labels = [(x.name, x.zh, x.en) for x in shown]
    labels += [(r.name, r.back_zh, r.back_en) for r in ontology.relations.values()]
    labels += [(name, t["zh"], t["en"]) for k in ontology.kinds.values() for name, t in k.types.items()]
    labels += [(k.name, k.definition["zh"], k.definition["en"]) for k in ontology.kinds.values()]
    wrong = [name for name, zh, en in labels if not re.search("[\u4e00-\u9fff]", str(zh)) or not re.search("[a-z]", str(en))]
    assert wrong == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_kinds_and_no_two_relations_share_a_label(language: str) -> None:
    for declared in (load().kinds, load().relations):
        count = Counter(getattr(x, language) for x in declared.values())
        assert [label for label, n in count.items() if n > 1] == []


def test_no_two_kinds_share_the_prefix_of_their_ids() -> None:
    assert len(load().by_prefix) == len(load().kinds)
    assert load().kind_of("pilot-base:0123") == "PilotBase" and load().kind_of("unheard-of:1") is None


def test_no_property_bears_a_name_that_an_engine_claims() -> None:
    owners = [*load().kinds.values(), *load().relations.values()]
    assert {(o.name, c) for o in owners for c in o.columns if c in REFUSED_NAMES} == set()


def test_a_property_becomes_the_columns_of_its_value_type() -> None:
    due = load().kinds["Target"].properties["due"]
    assert list(due.columns) == ["due_earliest", "due_latest", "due_shown"]
    assert load().kinds["Document"].properties["text"].columns == {}  # kept in the snapshot only


def test_a_group_stands_for_its_kinds_and_any_for_all() -> None:
    assert load().expand("Centre") == ("VerificationCentre", "PilotBase")
    assert set(load().expand("Any")) == set(load().kinds)
    assert load().expand("University") == ("Organization",)
    assert load().expand("Nothing") == ()


# ---- wrong declarations


def altered(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """A copy in which the first place of `old` reads `new`, and the line it stands on."""
    assert old in TEXT, f"the ontology no longer says {old!r}: this test needs another place to alter"
    file = folder / "ontology.yaml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return file, TEXT[: TEXT.index(old)].count("\n") + 1


WRONG = {
    "unknown value type": ("    level: {is: text, zh: 级别", "    level: {is: txet, zh: 级别", "no value type 'txet'"),
    "name an engine claims": ("    funding: {is: money", "    title: {is: money", "property 'title': the name is taken"),
    "name of a common column": ("    funding: {is: money", "    sort_key: {is: money", "property 'sort_key': the name is taken"),
    "property not snake_case": ("    funding: {is: money", "    Funding: {is: money", "is not snake_case"),
    "property without a label": ("    funding: {is: money, zh: 经费,", "    funding: {is: money,", "missing zh"),
    "property that is no mapping": ("    funding: {is: money, zh: 经费, en: Funding}", "    funding: money", "needs fields"),
    "field nobody knows": ("    funding: {is: money,", "    funding: {is: money, unit: 元,", "unknown field 'unit'"),
    "unknown place to keep": ("many: true, zh: 别名", "many: true, kept: nowhere, zh: 别名", "kept"),
    "choice without choices": ("    size_class: {is: choice, in: [large, medium, small, micro],", "    size_class: {is: choice,", "a choice needs"),
    "choices without choice": ("    level: {is: text, zh: 级别", "    level: {is: text, in: [a], zh: 级别", "other types must not have it"),
    "column of another property": ("    priced_per: {is: text,", "    price_unit: {is: text,", "already have a column 'price_unit'"),
    "many amounts": ("    funding: {is: money,", "    funding: {is: money, many: true,", "a money cannot be many"),
    "a common property again": ("    funding: {is: money,", "    summary: {is: text,", "declares summary again"),
    "key part nobody knows": ("  Park: [[name]]", "  Park: [[nmae]]", "key part 'nmae' is neither"),
    "key relation nobody knows": ("  Service: [[name, \"<OFFERS\"]]", "  Service: [[name, \"<OFFER\"]]", "key part '<OFFER' is neither"),
    "keys of no kind": ("  Park: [[name]]", "  Parc: [[name]]", "keys: there is no kind 'Parc'"),
    "properties of no kind": ("  Park:\n    chemical_park", "  Parc:\n    chemical_park", "properties: there is no kind 'Parc'"),
    "types of no kind": ("types:                 # several at once on an Organization; each is a label too\n  Organization:",
                         "types:\n  Organisation:", "types: there is no kind 'Organisation'"),
    "type without a label": ("Hospital: {zh: 医院, en: Hospital,", "Hospital: {zh: 医院,", "missing en"),
    "kind without keys": ("  Park: [[name]]\n", "", "kind 'Park' has no entry"),
    "kind without a definition": ("definition: {zh: 投资基金;仅受鼓励设立者标为计划, en: An", "definition: {en: An", "missing zh"),
    "kind that is no mapping": ("  Laboratory:\n    {zh: 实验室, en: Laboratory, stage: 0, color: \"#5aa9c9\", shape: triangle,\n"
                                "     definition: {zh: 依托单位下的实验室, en: A laboratory under its host}}",
                                "  Laboratory: yes", "needs fields"),
    "wrong stage": ("en: Laboratory, stage: 0", "en: Laboratory, stage: 4", "stage 4 is none of the 4 stages"),
    "group of no kind": ("  Centre: [VerificationCentre, PilotBase]", "  Centre: [VerificationCentre, Pilotbase]", "names Pilotbase, which"),
    "group with a kind's name": ("  Centre: [VerificationCentre", "  Platform: [VerificationCentre", "Platform names two things"),
    "relation end nobody knows": ("from: [Organization], to: [Achievement, Patent, Instrument]", "from: [Organisation], to: [Patent]",
                                  "'Organisation' is neither a kind nor a group"),
    "relation without an end": ("back_en: protects, from: [Achievement], to: [Patent]", "back_en: protects, from: [Achievement]", "missing to"),
    "relation not UPPER_SNAKE": ("  PROTECTED_BY: ", "  ProtectedBy: ", "'ProtectedBy' is not UPPER_SNAKE"),
    "relation key nobody knows": ("to: [Facility, Batch], path: true, key: [role]", "to: [Facility, Batch], path: true, key: [rolle]",
                                  "key names rolle"),
    "two relations of one English label": ("en: protected by,", "en: owns,", "PROTECTED_BY and OWNS share the label 'owns'"),
    "two relations of one Chinese label": ("zh: 受专利保护,", "zh: 拥有,", "PROTECTED_BY and OWNS share the label '拥有'"),
    "a key written twice": ("  PROTECTED_BY: ", "  OWNS: ", "'OWNS' is declared twice"),
    "a section nobody knows": ("groups:  ", "gruops:  ", "unknown section 'gruops'"),
    "no YAML": ("groups:  ", "groups: [", "ontology.yaml:"),
}
ELSEWHERE = {  # the line that is named is that of the declaration these belong to, or of the file
    "kind without keys", "kind without a definition", "group with a kind's name", "no YAML", "a common property again",
    "relation without an end", "relation key nobody knows", "relation end nobody knows", "types of no kind", "wrong stage",
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_declaration_is_refused_with_file_and_line(wrong: str, tmp_path: Path) -> None:
    old, new, said = WRONG[wrong]
    file, line = altered(tmp_path, old, new)
    with pytest.raises(BadDeclaration) as refused:
        read(file)
    found = re.match(r"ontology\.yaml:(\d+): ", refused.value.detail)
    assert found and said in refused.value.detail, refused.value.detail
    assert wrong in ELSEWHERE or int(found[1]) == line, refused.value.detail
    assert refused.value.errors[0]["line"] == int(found[1])


@pytest.mark.parametrize(("wrong", "owner"), [
    ("kind without keys", "  Park:"), ("kind without a definition", "  Fund:"), ("a common property again", "  Laboratory:"),
    ("relation end nobody knows", "  OWNS:"), ("relation key nobody knows", "  HOSTS:"), ("wrong stage", "  Laboratory:"),
])  # fmt: skip
def test_what_is_wrong_inside_a_declaration_names_the_line_of_the_declaration(wrong: str, owner: str, tmp_path: Path) -> None:
    file, _ = altered(tmp_path, *WRONG[wrong][:2])
    with pytest.raises(BadDeclaration) as refused:
        read(file)
    named = file.read_text(encoding="utf-8").splitlines()[refused.value.errors[0]["line"] - 1]
    assert named.startswith(owner), refused.value.detail


def test_a_missing_section_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "ontology.yaml"
    file.write_text(TEXT[: TEXT.index("\nrelations:")], encoding="utf-8")
    with pytest.raises(BadDeclaration, match="section 'relations' is missing"):
        read(file)
    file.write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"ontology\.yaml:1"):
        read(file)


def test_a_kind_not_in_camel_case_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ontology.yaml"
    file.write_text(re.sub(r"\bPark\b", "park", TEXT), encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"ontology\.yaml:\d+: kind 'park' is not CamelCase"):
        read(file)


def test_a_copy_gives_the_same_hash_and_any_change_another(tmp_path: Path) -> None:
    file = tmp_path / "ontology.yaml"
    file.write_bytes(HERE.read_bytes())
    assert read(file).hash == load().hash
    file.write_bytes(HERE.read_bytes() + b"\n")
    assert read(file).hash != load().hash


def test_every_declared_value_type_exists() -> None:
    used = {p.is_ for o in [*load().kinds.values(), *load().relations.values()] for p in o.properties.values()}
    assert used <= set(TYPES)
