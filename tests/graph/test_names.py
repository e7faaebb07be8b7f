"""Names compared: what is likely one organisation's scores high and says why; one letter more is another thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.names import PROPOSED, Names, number_of, plain
from ingest.publications import region_names

NAMES = Names(region_names())

ONE = [  # what people write for one thing
    ("第三十九研究所", "39所"), ("39所", "中电科三十九所"), ("第三十九研究所", "中电科三十九所"),
    ("中电科三十九所", "中国电子科技集团公司第三十九研究所"),
    ("浙大", "浙江大学"), ("西工大", "西北工业大学"), ("哈工大", "哈尔滨工业大学"), ("国防科大", "国防科技大学"),
    ("西安交通大學", "西安交通大学"), ("西安交通大学", "Xi'an Jiaotong University"), ("ＡＢ科技有限公司", "AB科技有限公司"),
    ("华秦科技", "陕西华秦科技实业股份有限公司"), ("沪硅产业", "上海硅产业集团股份有限公司"), ("*ST刚泰", "甘肃刚泰控股(集团)股份有限公司"),
    ("宝钛股份", "宝鸡钛业股份有限公司"), ("开勒股份", "开勒环境科技（上海）股份有限公司"), ("山东胜利股份有限公司", "胜利股份"),
    ("中国重型机械研究院", "中国重型机械研究院股份公司"), ("陕煤化工研究院", "陕西煤业化工技术研究院有限责任公司"),
    ("西北有色院", "西北有色金属研究院"),
    ("陕西省科技厅", "陕西省科学技术厅"), ("省科技厅", "陕西省科学技术厅"), ("中科院西安光机所", "中国科学院西安光学精密机械研究所"),
    ("山西财政税务专科学校", "山西省财政税务专科学校"),
]  # fmt: skip
TWO = [  # what looks alike and is not one thing
    ("浙江大学", "浙江工业大学"), ("陕西科技大学", "西安科技大学"), ("无锡学院", "无锡太湖学院"), ("中电科三十九所", "中电科38所"),
    ("中电科三十九所", "航天科技39所"),
    ("西安交通大学", "西安交通大学第一附属医院"), ("哈尔滨工业大学", "哈尔滨工业大学(威海)"), ("电子科技大学(沙河校区)", "电子科技大学"),
    ("华为技术有限公司", "华为技术有限公司西安分公司"), ("中国科学院西安分院", "中国科学院"), ("北京市发展和改革委员会", "国家发展和改革委员会"),
    ("北京市人民代表大会", "北京市人民代表大会常务委员会"), ("中国海洋大学", "江苏海洋大学"), ("陕西省", "陕西省委"),
    ("上海贝岭", "上海电影股份有限公司"),
    ("桂林三金", "桂林旅游股份有限公司"), ("西安交通大学", "Xidian University"), ("青岛中程", "青岛食品股份有限公司"), ("省委", "湖北省政府"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), ONE)
def test_other_ways_to_write_a_name_are_proposed(a: str, b: str) -> None:
    found = NAMES.compare(a, b)
    assert found.score >= PROPOSED, found.sentence("zh")


@pytest.mark.parametrize(("a", "b"), TWO)
def test_similar_letters_alone_are_not(a: str, b: str) -> None:
    found = NAMES.compare(a, b)
    assert found.score < PROPOSED, found.sentence("zh")


@pytest.mark.parametrize(("a", "b", "one"), [
    ("《加快建设概念验证中心和中试基地的实施意见》", "陕西省概念验证中心和中试基地建设实施意见", True),
    ("陕西省镁基新材料中试基地", "陕西省钛基新材料中试基地", False),
    ("浙江省科技成果转化条例", "上海市科技成果转化条例", False), ("秦创原三年行动计划(试行)", "秦创原三年行动计划", True),
    ("氢能产业链", "新能源汽车产业链", False),
])  # fmt: skip
def test_titles_are_compared_by_what_they_are_about(a: str, b: str, one: bool) -> None:
    found = NAMES.compare_titles(a, b)
    assert (found.score >= PROPOSED) is one, found.sentence("zh")


LETTERS = st.text(st.sampled_from("西安北京大学工业研究院所有限公司股份集团控股省市三十九第(）（)《》 A1*ST科技"), min_size=1, max_size=14)


@given(LETTERS, LETTERS)
def test_any_two_names_compare_the_same_both_ways_and_never_certainly(a: str, b: str) -> None:
    for compare in (NAMES.compare, NAMES.compare_titles):
        there, back = compare(a, b), compare(b, a)
        assert there.score == back.score and 0 <= there.score < 1
        assert {f.told("zh") for f in there.features} and all(f.told(lang) for f in there.features for lang in ("zh", "en"))


@given(LETTERS)
def test_a_plain_name_is_plain(name: str) -> None:
    assert plain(plain(name)) == plain(name)


@pytest.mark.parametrize(("text", "number"), [("三十九", 39), ("39", 39), ("二〇五", 205), ("十", 10), ("一百零一", 101), ("七一八", 718),
("二十", 20)])
def test_numbers_of_institutes(text: str, number: int) -> None:
    assert number_of(text) == number
