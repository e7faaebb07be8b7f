"""Mappings are proved at load: what the ontology does not have is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import BadDeclaration
from graph.ontology import load
from ingest.mapping import read, shipped, templates
from ingest.meaning import TableMapping
from tests.ingest.conftest import CLI, Given

GOOD = """\
title: {zh: 名单, en: List}
document: {title: 名单, published: 2024年8月}
skip: {name: [合计]}
columns:
  adcode: {of: city, find: Region}
  ways: {of: modes, split: "、", map: {转让: assign, 不详: ""}}
things:
  achievement: {kind: Achievement, name: name, modes_offered: {of: ways, split: "、"}, keywords: =镁}
  owner: {kind: Organization, name: {of: owner, split: "、"}, types: =University}
  place: {kind: Region, adcode: adcode}
relations:
  - {from: owner, relation: OWNS, to: achievement, since: began, modality: state}
  - {from: owner, relation: LOCATED_IN, to: place}
"""


def mapping(tmp_path: Path, text: str = GOOD) -> TableMapping:
    path = tmp_path / "list.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_a_good_mapping_says_what_it_needs(tmp_path: Path) -> None:
    made = mapping(tmp_path)
    assert set(made.columns) == {"name", "city", "modes", "owner", "began", "state"} and not made.optional
    assert made.origin("ways") == "modes" and made.origin("name") == "name"
    assert [t.several for t in made.things] == [False, True, False]
    assert made.skip == {"name": frozenset({"合计"})} and not made.private and made.reference == str(tmp_path / "list.yaml")


WRONG = [  # what is replaced, by what, line, what is said
    ("kind: Achievement", "kind: Achivement", 8, "kind is one of Organization"),
    ("keywords: =镁", "keyword: =镁", 8, "Achievement has no property 'keyword'; it has name, "),
    ("types: =University", "types: =Univ", 9, "types: 'Univ' is none of University"),
    ("relation: OWNS", "relation: HAS", 12, "there is no relation 'HAS'; there are OWNS"),
    ("relation: OWNS", "relation: HOSTS", 12, "HOSTS cannot lead from Organization to Achievement"),
    ("to: achievement", "to: achievements", 12, "'achievements' is none of the things achievement, owner, place"),
    ("since: began", "begun: began", 12, "OWNS has no property 'begun'; it has none"),
    ("modality: state", "modality: =sure", 12, "modality 'sure' is none of done"),
    ("name: name, modes", "level: name, modes", 7, "thing 'achievement' cannot be told apart: a Achievement needs registration_no or name"),
    ("keywords: =镁", "level: {of: x, split: ' '}", 8, "level holds one value; it cannot be split"),
    ("types: =University", "founded: day", 9, "thing 'owner' is several in a row: besides its name it can have constants only"),
    ("find: Region", "find: Park", 5, "column 'adcode': find looks up Region only"),
    ("find: Region", "take: '('", 5, "column 'adcode': '(' is no regular expression"),
    ("find: Region", "take: '(?=a)(b)'", 5, "column 'adcode': '(?=a)(b)' is no regular expression"),
    ("find: Region", "take: 'ab'", 5, "column 'adcode': take needs one group in round brackets"),
    ("find: Region", "find: Region, take: '(a)'", 5, "column 'adcode': write {of: …} with one of map, take, find"),
    ("of: city", "of: ways", 5, "column 'adcode' is made from 'ways', which is made only here or later; choose another name"),
    ("of: city", "of: adcode", 5, "column 'adcode' is made from 'adcode'"),
    ("find: Region", "finds: Region", 5, "column 'adcode': unknown field 'finds'"),
    ("published: 2024年8月", "published: 昨天", 2, "document: published"),
    ("published: 2024年8月", "issued: 2024", 2, "document: unknown field 'issued'"),
    ("title: 名单, pub", "standing: sure, title: 名单, pub", 2, "standing is one of issuer"),
    ("[合计]", "合计", 3, "skip: write name: [a value, another]"),
    ("title: {zh: 名单, en: List}", "name: x", 1, "unknown section 'name'"),
    ("adcode: adcode}", "adcode: adcode, key: [code]}", 10, "key: write some of [adcode]"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), WRONG, ids=[w[3][:40] for w in WRONG])
def test_what_cannot_be_right_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(BadDeclaration) as e:
        mapping(tmp_path, GOOD.replace(old, new))
    assert str(e.value).startswith(f"list.yaml:{line}: ") and said in str(e.value)


@pytest.mark.parametrize("text", ["", "title: [", "- a", "title: {zh: a, en: b}\n", "title: {zh: 名单}\n" + GOOD.partition("\n")[2],
                                  GOOD.replace("things:", "things: []\nx:"), GOOD.replace("things:", "things: text\nx:"),
                                  GOOD.replace("relations:\n", "relations: OWNS\nx:\n"),
                                  GOOD.replace("kind: Region", "kind: [Region]"), GOOD.replace("to: place", "to: [place]")])  # fmt: skip
def test_a_file_that_is_no_mapping_is_refused_by_name_and_never_by_a_traceback(tmp_path: Path, given: Given, cli: CLI, text: str) -> None:
    with pytest.raises(BadDeclaration, match=r"list\.yaml:\d+: "):
        mapping(tmp_path, text)
    answer = cli("ingest", given("name", "甲"), "--as", tmp_path / "list.yaml")
    assert answer.code == 1 and answer.err.strip().startswith("error: list.yaml:")


def test_every_mapping_and_template_that_ships_is_proved_and_titled() -> None:
    for path in (*shipped().values(), *templates().values()):
        made = read(path)
        assert made.title["zh"] and made.title["en"] and made.reference == path.stem
        assert not made.private and made.publication.title
    assert set(templates()) <= set(load().kinds)
