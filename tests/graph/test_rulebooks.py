"""Standards: what is shipped says where it was seen, and what is wrong in a file is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import BadDeclaration, Unknown
from graph.rulebooks import HERE, named, read, standards
from ingest.publications import DATA, read_publications

HEAD = """kind: performance
zh: 试
en: A trial
for: [PilotBase]
source: {document: 测试办法, standing: issuer}
"""
ONE = "  - {id: a, zh: 甲, en: A, force: must, weight: 60, test: {property: area, at_least: 100平方米}}\n"
A = "criteria:\n  - {id: a, zh: 甲, en: A, force: must, "
TWO = "  - {id: b, zh: 乙, en: B, force: should, weight: 40, test: {property: legal_person, is: true}}\n"


def written(folder: Path, text: str, name: str = "trial") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_standard_that_holds_is_read_whole(tmp_path: Path) -> None:
    made = read(written(tmp_path, f"{HEAD}total: 100\ncriteria:\n{ONE}{TWO}"))
    assert made is not None and (made.name, made.total, [c.weight for c in made.criteria]) == ("trial", 100, [60, 40])
    assert made.criteria[0].test["at_least"] == {"value": 100.0, "high": None, "bound": "exact", "unit": "m²"} and made.source.confirmed


@pytest.mark.parametrize(("text", "line", "what"), [
    (f"{HEAD}total: 90\ncriteria:\n{ONE}{TWO}", 6, "the weights sum to 100, not to 90"),
    (f"{HEAD}criteria:\n{ONE}{TWO}", 1, "weights need `total`"),
    (f"{HEAD}{A}test: {{property: aera, at_least: 1平方米}}}}\n", 7, "PilotBase has no property 'aera'; area?"),
    (f"{HEAD}{A}test: {{property: area, at_least: 100万元}}}}\n", 7, "unit '元' is not one of"),
    (f"{HEAD}{A}test: {{property: equipment_value, at_least: 100}}}}\n", 7, "has no unit"),
    (f"{HEAD}{A}test: {{property: legal_person, at_least: 3}}}}\n", 7, "it has no least or most"),
    (f"{HEAD}{A}test: {{has: HOLDZ}}}}\n", 7, "there is no relation 'HOLDZ'; HOLDS?"),
    (f"{HEAD}{A}test: {{has: OFFERS, to: Fund}}}}\n", 7, "OFFERS does not stand between PilotBase and Fund"),
    (f"{HEAD}{A}test: {{has: OFFERS, to: Funds}}}}\n", 7, "there is no kind 'Funds'"),
    (f"{HEAD.replace('PilotBase', 'PilotBases')}criteria:\n{TWO}", 4, "there is no kind 'PilotBases'"),
    (f"{HEAD}criteria:\n  - {{id: a, zh: 甲, en: A, force: maybe, test: {{has: OFFERS}}}}\n", 7, "force 'maybe' is none of must, should"),
    (f"{HEAD}{A}test: {{has: OFFERS, property: area}}}}\n", 7, "test has exactly one of"),
    (f"{HEAD}criteria:\n  - {{id: a, zh: 甲, en: A, force: must, tets: 1, test: {{has: OFFERS}}}}\n", 7, "unknown field 'tets'"),
    (f"{HEAD.replace('issuer', 'friend')}criteria:\n{TWO}", 5, "standing 'friend' is none of"),
    (f"{HEAD.replace('performance', 'opinion')}criteria:\n{TWO}", 1, "kind 'opinion' is none of"),
    (f"{HEAD}criteria:\n  - id: a\n    zh: 甲\n    en: A\n    force: must\n    test:\n      rate: [{{figure: [机时], unit: 小时}}]\n"
     "      over: [{property: equipment_value}]\n", 13, "小时 over 元 is no rate"),
    (f"{HEAD}criteria: []\n", 6, "there are no criteria"),
    (f"{HEAD}criteria:\n{TWO.replace(', weight: 40', '')}{TWO.replace(', weight: 40', '')}", 6, "the id 'b' is used twice"),
    (f"{HEAD}criteria:\n{TWO.replace(', weight: 40', '')}conflicts:\n  - {{id: c, zh: 丙, en: C, force: must, rule: again, hops: 2}}\n",
     9, "hops is 1 to 3"),
])  # fmt: skip
def test_a_wrong_standard_is_refused_with_file_and_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(BadDeclaration) as e:
        read(written(tmp_path, text))
    assert str(e.value).startswith(f"trial.yaml:{line}: ") and what in str(e.value)


def test_a_file_of_another_form_is_left_to_its_loader(tmp_path: Path) -> None:
    written(tmp_path, "kind: matching\nweights: {any: thing}\n", "matching")
    written(tmp_path, f"{HEAD}total: 100\ncriteria:\n{ONE}{TWO}")
    assert set(standards(tmp_path)) - set(standards()) == {"trial"}


def test_a_name_is_used_once_and_a_folder_must_exist(tmp_path: Path) -> None:
    written(tmp_path, f"{HEAD}total: 100\ncriteria:\n{ONE}{TWO}", "shaanxi-2026")
    with pytest.raises(BadDeclaration, match=r"the standard 'shaanxi-2026' exists already"):
        standards(tmp_path)
    with pytest.raises(BadDeclaration, match="INNOCHAIN_STANDARDS names it"):
        standards(tmp_path / "nowhere")


def test_an_unknown_name_brings_suggestions() -> None:
    with pytest.raises(Unknown) as e:
        named(standards(), "shaanxi-2025")
    assert "shaanxi-2026" in e.value.particulars["suggestions"]


def test_what_ships_says_where_it_was_seen_as_the_list_of_documents_does() -> None:
    published = read_publications(DATA / "documents.csv")
    found = standards()
    assert {s.kind for s in found.values()} == {"recognition", "selection", "performance", "review", "sharing"} and len(found) >= 11
    for s in found.values():
        for source in {s.source, *(c.source for c in s.criteria), *(c.source for c in s.conflicts)}:
            if source.ref:
                assert (source.document, source.standing) == (published[source.ref].title, published[source.ref].standing), s.name
            else:
                assert source.standing == "mirror", f"{s.name}: what no list of documents names confirms nothing"
    assert all(p.suffix == ".yaml" for p in HERE.iterdir())


def test_the_thresholds_are_those_that_were_seen() -> None:
    def wanted(name: str, criterion: str) -> object:
        test = next(c.test for c in standards()[name].criteria if c.id == criterion)
        return test["at_least"]["value"] if isinstance(test["at_least"], dict) else test["at_least"]

    assert [wanted("shandong-2022", "equipment"), wanted("shandong-2022", "years")] == [10_000_000, 2]
    assert [wanted("linyi-filing", x) for x in ("equipment", "site", "income")] == [3_000_000, 100, 2_000_000]
    assert [wanted(x, "years") for x in ("shaanxi-2024", "xian-centres")] == [3, 3] and wanted("hefei-review", "team") == 50
    assert [c.weight for c in standards()["transfer-agency-performance"].criteria] == [10, 30, 30, 20, 10]
    assert next(c.force for c in standards()["shaanxi-2024"].conflicts) == "should"
    assert [(c.rule, c.force) for c in standards()["shaanxi-2026"].conflicts] == [("both_kinds", "must"), ("again", "must"), ("subsidiaries", "must")]
