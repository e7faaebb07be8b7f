"""The matching standard is proved at load; scales, levels and overlaps in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import BadDeclaration, BadParameter
from graph.matching.scale import Scale, levels_of, scale_of
from graph.matching.standard import HERE, read, standard
from graph.matching.text import Index, said_in

TEXT = HERE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "what"), [
    ("weight: 0.32", "weight: 0.42", "sum to 1.1"),
    ("weight: 0.32", "weight: viel", "from 0 to 1"),
    ("{name: track,", "{name: luck,", "unknown criterion 'luck'"),
    ("{name: track,", "{name: field,", "given twice"),
    ("{name: open,", "{name: shut,", "unknown 'shut'"),
    ("half_km: 300", "half_miles: 300", "unknown 'half_miles'"),
    ("小试: [1, 3]", "小试: [3, 1]", "two levels"),
    ("neutral: 0.2", "neutral: 2", "from 0 to 1"),
    ("steps: ", "stepz: ", "unknown section"),
    ("  clearance: [保密]", "  clearance: 保密", "no list"),
])  # fmt: skip
def test_a_wrong_standard_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in TEXT
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"^mine\.yaml:\d+: ") as refused:
        read(path)
    assert what in str(refused.value)
    line = refused.value.errors[0]["line"]
    assert 1 <= line <= len(TEXT.splitlines())


def test_every_profile_sums_to_one_and_every_criterion_has_a_source() -> None:
    for name, profile in standard().profiles.items():
        assert sum(c.weight for c in profile) == pytest.approx(1), name
        assert all(c.source and c.zh and c.en for c in profile)
    assert all(c.source for c in standard().conditions.values())


def test_a_callers_weights_are_brought_to_one() -> None:
    found = {c.name: c.weight for c in standard().weighed("base", {"field": 0.68}).profiles["base"]}
    assert sum(found.values()) == pytest.approx(1) and found["field"] == pytest.approx(0.5) and found["services"] == pytest.approx(0.16 / 1.36)


@pytest.mark.parametrize(("text", "scale"), [
    ("500千克/批", Scale(500, 500, "mass", "批")), ("10吨/年", Scale(10_000, 10_000, "mass", "年")), ("20-50升", Scale(20, 50, "volume")),
    ("超10吨", Scale(10_000, float("inf"), "mass")), ("1.5kg/batch", Scale(1.5, 1.5, "mass", "批")), ("100克", Scale(0.1, 0.1, "mass")),
            ("很大", None),
    ("5光年", None), ("", None),
])  # fmt: skip
def test_scales_in_words(text: str, scale: Scale | None) -> None:
    assert scale_of(text, standard()) == scale


@pytest.mark.parametrize(("text", "low", "high"), [("百公斤级", 100, 1_000), ("吨级", 1_000, 10_000), ("千克级", 1, 10), ("万吨级", 1e7, 1e8)])
def test_a_level_of_scale_is_an_order_of_magnitude(text: str, low: float, high: float) -> None:
    found = scale_of(text, standard())
    assert found is not None and found.low == low and found.high == pytest.approx(high) and found.high < high


def test_levels_in_words_and_numbers() -> None:
    for text, levels in (("小试", (1, 3)), ("中期(中试)", (4, 6)), ("中期（中试）", (4, 6)), ("初期(小试)", (1, 3)), ("成熟应用", (7, 9)),
            ("TRL5", (5, 5)),
                         ("4-6", (4, 6)), ("4至6级", (4, 6)), ("临床前", None)):  # fmt: skip
        assert levels_of(text, standard()) == levels
    for text in ("0", "10", "6-4"):
        with pytest.raises(BadParameter, match="1 to 9"):
            levels_of(text, standard())


def test_what_is_alike_in_words_and_the_rare_counts_more() -> None:
    index = Index(standard())
    for n, text in enumerate(("镁基新材料中试基地", "金属成形中试基地", "稀有金属中试基地", "镁合金压铸中试基地", "中试基地")):
        assert index.add(n, text) == (n != 4)  # only what any base is called: nothing to compare
    value, _, _ = index.best(["镁合金"], 5)
    assert value[3] == 0.9 > value[0] > value[1] == value[2] > 0 == value[4]
    assert said_in("压力铸造", "高压压铸", standard()) and not said_in("压铸", "挤压", standard())
