"""Is what stands before an ending the core of a name, or only words that name nothing (“省级科技创新” + 平台)?"""

from __future__ import annotations

import functools
import re

from ingest.text.found import FACILITIES
from ingest.text.lexicon import bare, fieldish, matching, place, trie, words

_NOT_COLLEGE = re.compile(r"(?:科学院|工程院|法|商|医|理|文|工|书|二级|下属|各)学院$")
_LEVEL = re.compile(r"[省市区县院校部]?级|国家级|首批|若干")
_COMMON = (
    "分公司", "研究中心", "检测中心", "检验中心", "测试中心", "技术中心", "创新中心", "厂", "设计院", "平台", "示范区", "开发区", "大学科技园",
    "证券", "银行", "孵化器", "众创空间", "加速器",
)  # fmt: skip
_SHORT = ("交大", "工大", "师大", "农大", "科大", "医大", "理工")  # 西安交大, 华南理工: a place and what a university is called by
_TRADES = ("药业", "重工", "制药")
_AFTER_SHARES = re.compile(
    r"[^\u4e00-\u9fff]|$|[全在与和及等将已拟宣获完是为的近总位董创持旗于方有]|成立|成为|专注|全资|控股|表示|签署|签约|联合|参股|参投|投资|领投|跟投|入股|增资|"
    r"上市|收购|以及|负责|承建|主营"
)
_OF_SHARES = re.compile(r"发行|持有|认购|全部|相应|公司|标的|剩余|部分|限售|流通|回购|转让|增持|减持|质押|上市|国有|支付|无偿|新增|上述|对应")
_NOT_INVESTOR = re.compile(r"家|圈|界|机构|市场|行业|人|领域|资|入|向|放|产|标|制|股权")
_IS_FUND = re.compile(r"基金(?:股份|有限责任|有限)*(?:公司|合伙企业|\(有限合伙\))*$")
_INVESTS = re.compile(
    r"(?:创业投资|风险投资|股权投资|产业投资|资产管理|资本|基金管理|基金|创投|投资管理)[\u4e00-\u9fff()]{0,6}(?:公司|企业|\(有限合伙\))$"
)


def proper(core: str, suffix: str, label: str, after: str, quoted: bool = False) -> bool:
    """Does core + suffix name one thing of this label? `after` are the two signs behind it."""
    rest = core
    while found := place().match(rest):
        rest = rest[found.end() :]
    placed = rest != core
    begins = placed or core.startswith(tuple(words()["starts"])) or (label in FACILITIES and core[:1] in ("省", "市") and len(_specific(rest)) >= 3)
    if _rank().fullmatch(core):
        return False
    if label == "Fund":
        return (quoted and len(_specific(rest)) >= 2) or _fund(core, rest, placed)
    if suffix in _SHORT:
        return not after.startswith(("作", "程", "业", "具", "人")) and ((placed and not rest) or core in words()["starts"])
    if label == "University":
        if suffix == "学院" and "大学" in core:
            return False  # a college of a university
        known = begins if suffix == "学院" else placed or len(core) > (3 if bare(rest) else 1)
        return known and not _NOT_COLLEGE.search(core + suffix) and not after.startswith(("生", "路", "城", "堂"))
    if label in FACILITIES and len(core) > 3 and core.endswith(("大学", "学院", "研究院", "研究所")):
        return True
    if suffix in ("科院", "科研院") and after.startswith(("所", "系", "士", "校")):
        return False
    if bare(rest) and (not placed or (label in FACILITIES and not fieldish(rest))) and suffix not in ("科研院", "银行"):
        return False
    if label in ("PilotBase", "VerificationCentre") and not placed and core.endswith(("产业", "领域", "行业")):
        return False
    if label in FACILITIES and (_LEVEL.match(core) or re.match("[一二两三四五六七八九十几数多]+[个家座所批项]", core)):
        return False
    if label in ("Enterprise", "Investor"):
        return _company(core, rest, suffix, after, placed, begins)
    if suffix in _COMMON:
        return begins or (label == "Platform" and len(_specific(rest)) >= 4) or (suffix == "研究中心" and len(_specific(rest)) >= 5)
    if suffix == "学会" and core.endswith("大") and after.startswith("同"):
        return False  # 某某大学会同…
    if label == "Alliance" and core.endswith(("领域", "首个", "第一个", "第一家")):
        return False  # says what sort of union it is
    if core.endswith("命运"):
        return False  # 人类命运共同体
    if label == "Alliance" and re.search("国家级|[省市区县]级", core):
        return False
    if label == "Alliance" and placed and len(rest) >= 4:
        return True
    if label == "Alliance" and not suffix.endswith("会"):
        return len(core) >= 3 and len(_specific(rest)) >= 2
    if suffix == "新城" and after.startswith(("区", "市", "镇", "控", "建", "发")):
        return False
    if label in ("Park", "Alliance", "Laboratory", "TransferOrg"):
        return begins or len(_specific(rest)) >= 2
    return placed or len(_specific(rest)) >= 1


def _fund(core: str, rest: str, placed: bool) -> bool:
    """国家…基金 and those of a place, whatever they are for; else what is no sort of fund (并购, 天使) must be there."""
    if (placed or core.startswith(("国家", "中国"))) and not core.startswith("国家级") and len(rest) >= 2:
        return True
    sort = matching("fields").sub("", re.sub("^[一二三四五六七八九十两]?[支只个]", "", rest))  # 氢能产业母基金: of that sort are many
    return not bare(rest) and len(_specific(rest)) >= 2 and not bare(sort)


def _company(core: str, rest: str, suffix: str, after: str, placed: bool, begins: bool) -> bool:
    if suffix == "公司":
        return placed and len(rest) >= 4 and len(_specific(rest)) >= 2 and not re.search("[家等的个入至]|[新子母总分]$", rest)
    if suffix == "股份" and _OF_SHARES.match(core):
        return False
    if suffix == "股份":
        return _brand(rest) and not placed and _AFTER_SHARES.match(after) is not None
    if suffix == "证券" and after.startswith(("交", "监", "市", "投", "业", "化", "法")):
        return False
    if suffix in ("证券", "银行"):
        return begins or (len(core) == 2 and _brand(core) and core not in words()["inside"])
    if suffix in _COMMON:
        return begins
    if suffix in _TRADES and (fieldish(core) or bare(core)):
        return False
    if suffix in _TRADES and after.startswith(("公司", "企业", "产业", "行业")):
        return False
    if suffix.endswith("控") and after.startswith(("股", "制")):
        return False
    if suffix.endswith(("投", "控", "投资", "资本")):
        known = placed or _brand(core) or suffix[0] not in "金国城建产高科"
        return known and not _NOT_INVESTOR.match(after) and len(core) <= 8 and not bare(core) and not core.endswith(("社会", "产业", "人力", "注册"))
    return placed or len(_specific(rest)) >= 1


@functools.cache
def _rank() -> re.Pattern[str]:
    return re.compile(f"(?:{trie(words()['rank_adjectives'])})*")


def _brand(core: str) -> bool:
    """Two to four signs that can be what a company calls itself: 旷视, not 农业 or 公司."""
    return 2 <= len(core) <= 4 and not bare(core) and not fieldish(core) and not re.search(r"[的股权]|[与和及]|\d$", core)


def _specific(core: str) -> str:
    """What is left of a name's core without the words that name nothing; 战新 is more than its 新."""
    left = matching("generic").sub(lambda m: m[0] if len(m[0]) == 1 else "", core)
    return "" if bare(left) else left


def investor(name: str, label: str) -> str:
    """A company whose name says that it invests is an investor, one that is a fund by its name a fund; an institute in the form of a
    company is a company."""
    if label in ("Enterprise", "Investor") and _IS_FUND.search(name):
        return "Fund"
    if label == "Enterprise" and _INVESTS.search(name):
        return "Investor"
    return "Enterprise" if label == "Institute" and name.endswith("公司") else label
