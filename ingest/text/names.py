"""Names by their endings: organisations, facilities, funds, parks, and what a list leaves unsaid.

A name reaches back from its ending to the nearest word no name holds; one made of words that name nothing is no name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from ingest.text.found import FACILITIES, ORGANIZATIONS, Mention
from ingest.text.lexicon import bare, known, matching, place, suffixes, trie, words
from ingest.text.proper import investor, proper

REACH = 36  # code points before an ending; the longest names of institutes have about 30
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·&\-]")
_JOINED = re.compile("[与和及]")
_JOINABLE = ("Institute", "Enterprise", "Alliance", "Laboratory")
_LEGAL = ("有限公司", "有限责任公司", "股份公司", "集团公司", "集团", "(有限合伙)")
_NUMBERED = re.compile(
    r"(?:中国)?(?:[\u4e00-\u9fff]{2,12}?(?:集团(?:有限)?公司|集团)|中国?电科|中航工业|航天科[技工]|中船|中国船舶|中核|兵器|兵工|航空工业)?"
    r"(?:第?(?:[一二三四五六七八九十百]{2,5}|\d{2,4})(?:研究)?[所院])+(?![属有长在述])|"
    r"(?P<of>(?:中国)?[\u4e00-\u9fff]{2,10}?(?:集团(?:有限)?公司|集团)|航天科[技工]|航天|兵器|中航|中船)(?:第?[一二三四五六七八九十]{1,3}(?:研究)?[所院])+(?![属有长在述士校])"
)
_INSTITUTE_SHORT = re.compile(r"(?:中国科学院|中科院)[\u4e00-\u9fff]{2,14}?(?:研究)?所(?![属有长在述以])")
_IN_LEGAL = (
    "建设", "投资", "开发", "控股", "孵化", "促进", "保障", "推广", "运营", "创建", "联合", "企业", "注册", "登记", "利用", "统筹", "引进", "共建",
    "监督", "检查", "指导", "机构", "扶持", "培育", "国内", "全国",
    "项目", "保护", "处理", "使用", "支持", "提升", "高校", "拥有", "布局", "探索", "聚焦",
)  # fmt: skip


@functools.cache
def _ending() -> re.Pattern[str]:
    return re.compile(trie(suffixes()))


@functools.cache
def _stop() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[同跟系听即继]|(?<!创)原)(?={place().pattern})|"
        r"\d{1,8}(?:平方|平米|公里|亩|台|套)|\d{1,8}[家个](?:以上|左右)|\d{1,8}[年月][初中底末]|\d{1,8}[年月日号家个所名项批余多期届条款]度?|[〇零○一二三四五六七八九十][年月日号](?!新)|\d[万亿]+元|第[一二三四五六七八九十百\d]+[条款项章节届批次]|"
        r"(?:GP|LP|CVC|VC|PE)(?=[\u4e00-\u9fff])|"
        rf"本(?=[市省区县公集企条办法规次届院校所单项轮年地土])|"
        rf"(?:控股|投资|参股|收购|建设)(?={place().pattern})|{matching('hard').pattern}"
    )


def clean_start(text: str, low: int, high: int, joined: bool = False, legal: bool = False) -> int:
    """Where a name that ends at `high` begins, not before `low`. `joined`: 与, 和 may be in it; `legal`: verbs may."""
    at = high
    while at > low and (_NAME.match(text[at - 1]) or (text[at - 1] == ")" and (opening := text.rfind("(", max(low, at - 14), at)) > 0
                                                            and re.match(r"[(](?![一二三四五六七八九十\d]+[)])[^()“”,;:]+[)]", text[opening:at]))):
        at = opening if text[at - 1] == ")" else at - 1
    window = text[at:high]
    holds = [m.span() for m in matching("inside").finditer(text[at : high + 3])]  # the ending may be part of the word
    cut, earlier, word = 0, 0, ""
    for found in _stop().finditer(window):
        if any(s <= found.start() and found.end() <= e for s, e in holds):
            continue
        if found.end() == len(window) and found[0] in ("企业", "公司", "机构", "单位", "高校", "学校"):
            continue
        if not (joined and _JOINED.fullmatch(found[0])):
            cut, earlier, word = found.end(), cut, found[0]
    if legal and cut and word in _IN_LEGAL and bare(window[cut:]) and not bare(window[earlier:cut]):
        cut = earlier
    return at + cut


def endings(text: str) -> Iterator[Mention]:
    """Every name that an ending gives away."""
    for found in _ending().finditer(text):
        yield from _grown(text, found.start(), found.end())
        for n in range(1, found.end() - found.start()):  # a longer ending hides shorter ones that begin inside it
            if inner := _ending().match(text, found.start() + n):
                if inner.end() > found.end():
                    yield from _grown(text, inner.start(), inner.end())
                break


def _grown(text: str, start: int, end: int) -> Iterator[Mention]:
    suffix = text[start:end]
    label = suffixes()[suffix]
    facility = label in FACILITIES
    begin = clean_start(text, max(0, start - REACH), start, joined=facility or label in _JOINABLE, legal=suffix.endswith((*_LEGAL, "基金")))
    if suffix.endswith(("有限公司", "有限责任公司", "股份公司", "(有限合伙)")):
        begin = _legal_start(text, begin, start)
    if label == "Fund" and (made := re.search(".*(?:发起|设立|成立|组建|参与|出资|认购)", text[begin:start])):
        begin += made.end()
    if label == "Fund" and matching("hard").match(text, begin):
        begin = clean_start(text, max(0, start - REACH), start)
    if facility or label in _JOINABLE:
        begin = _joined_start(text, begin, start, suffix)
    opening = text.rfind("“", max(0, begin - 9), begin) if text[begin - 1 : begin] == "”" else -1
    quoted = opening >= 0 and re.search("[\u4e00-\u9fff]{2}", text[opening:begin]) and not _ending().search(text, begin, start)
    if quoted and label not in ("Enterprise", "Investor", "University"):
        begin = clean_start(text, max(0, opening - REACH), opening)  # “秦创原”创新驱动平台
    if label not in ("Enterprise", "Investor", "University") and text[end : end + 1] in ("”", "」"):
        whole = re.compile(r"[“「]([\u4e00-\u9fffA-Za-z0-9\-]{2,36})\Z").search(text, max(0, begin - REACH), start)
        begin = whole.start(1) if whole else begin
    if label == "Alliance":  # 某某协会长江…联盟 are two
        begin += max((m.end() for m in re.finditer("(?:协会|学会|联合会|集团|大学)(?=.{4})", text[begin:start])
                      if text.startswith(tuple(words()["starts"]), begin + m.end())), default=0)  # fmt: skip
    if label == "Park" and (firm := re.match(".*集团", text[begin:start])):
        begin += firm.end()
    begin += text[begin] in "有达含" and place().match(text, begin + 1, start) is not None
    core = text[begin:start]
    kinds = label in (*FACILITIES, "Fund", "Park", "Alliance") and not place().match(core)
    counted = kinds and (_COUNTED.search(text, max(0, begin - 4), begin) or re.match("[一二两三四五六七八九十几数多]+[个家座所批项支只]", core))
    described = label == "Platform" and text[begin - 1 : begin] == "的" and not place().match(core) and _IS.search(text[max(0, begin - 70) : begin])
    if (counted or described) and text[begin - 1 : begin] not in ("“", "「"):
        return  # 首个生物制药中试基地: a sort, no name
    if not proper(core, suffix, label, text[end : end + 2], text[begin - 1 : begin] in ("“", "「") and text[end : end + 1] in ("”", "」")):
        return
    label = investor(core + suffix, label)
    if label == "University" and (campus := _CAMPUS.match(text, end)) and place().fullmatch(campus["at"]):
        end = campus.end()
    weight = 0.85 if suffix.endswith(_LEGAL) or place().match(core) else 0.7 if label == "Fund" else 0.75
    yield Mention(begin, end, label, f"ending-{label.lower()}", weight, text[begin:end])


_IS = re.compile("[是系为][^,。;:]*\\Z")
_NO_LEGAL = re.compile(
    r"[的了在由是与和及将向对从]|设立|成立|收购|合资|参股|旗下|子公司|联合(?![国大利])|携手|位于|落户|注册|持有|出资|组建|签|获|公司|企业|机构|单位|上市|隶属|任|建设(?!集团|工程|投资|发展|开发|控股)|投资[了过\d]"
)


def _legal_start(text: str, begin: int, start: int) -> int:
    """A whole item of a list or clause that begins with a place and ends like a firm is one name, whatever words it holds."""
    low = max(text.rfind(c, max(0, start - 26), start) + 1 for c in "、,。;:(“”「」\n 和与由")
    whole = low < begin and text.count("(", low, start) == text.count(")", low, start) and place().match(text, low, start)
    if whole and not _NO_LEGAL.search(text, low, start):
        return low
    lead = re.match("(?:基金|公司|企业|机构|平台)(?=.)", text[begin:start])
    return begin + lead.end() if lead and place().match(text, begin + lead.end()) else begin


_CAMPUS = re.compile("[(](?P<at>[^()]{2,6})[)]")
_SOMEBODY = re.compile("(?:大学|学院|公司|集团|研究院|研究所|医院|政府)(?:[(][^()]*[)])?[正已将拟还也]*\\Z")
_COUNTED = re.compile(r"(?:[首一两二三四五六七八九十数几多百\d][个家批支只座类种所]|各类|若干|某)\Z")


def _joined_start(text: str, begin: int, start: int, suffix: str) -> int:
    """“A中心和B基地” names two things unless a place stands first: “陕西省A与B中试基地” is one."""
    core = text[begin:start]
    opens = suffix.startswith(("国家", "全国")) or place().match(core) or core.startswith(tuple(words()["starts"]))
    opens = opens or text[:begin].endswith((*_LEGAL, "的", "“", "「", "—"))
    for found in reversed(list(_JOINED.finditer(core))):
        before, after = core[: found.start()], core[found.end() :]
        another = place().match(after) or after.startswith(tuple(words()["starts"]))
        if not opens or another or _SOMEBODY.search(before) or before.endswith((*suffixes(), "政府", "厅", "局", "委")) or place().fullmatch(before):
            return begin + found.end()
    return begin


def numbered(text: str) -> Iterator[Mention]:
    """Institutes known by a number, or as an 所 of the academy."""
    for pattern, rule in ((_NUMBERED, "numbered-institute"), (_INSTITUTE_SHORT, "academy-institute")):
        for found in pattern.finditer(text):
            of = found.groupdict().get("of")
            begin = clean_start(text, found.start(), found.end("of") - 2 if of and len(of) > 4 else found.end(), legal=True)
            if begin < found.end() and re.match(r"第?[一二三四五六七八九十百\d]+[所院]$", text[begin : found.end()]) is None:
                yield Mention(begin, found.end(), "Institute", rule, 0.85, text[begin : found.end()])


@functools.cache
def _listed() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """A pattern of names that ship or are household words, and the label and rule of each."""
    named = {name: (label, "household-name") for label, many in words()["household"].items() for name in many}
    named |= {name: ("Exchange", "exchange") for name in words()["exchanges"]}
    named |= {name: (label, "known-name") for name, (label, _) in known().items()}
    return re.compile(trie(named)), named


_FIRM_OF = re.compile("微电|软件|资本|科技(?!大|园)|股份|复华|张江|同方|紫光|启迪|控股|创投|医药|智能|网新|电子")
_MORE = re.compile(r"(?:公司|集团|投资|资本|创投|控股|半导体|电子|科技|数科)(?=[^\u4e00-\u9fff有]|有限|$)")


def listed(text: str) -> Iterator[Mention]:
    """Organisations that ship with the facts, by full or short name, and household names."""
    pattern, named = _listed()
    for found in pattern.finditer(text):
        label, rule = named[found[0]]
        if text.startswith("院士", found.end()) or (found[0] == "北大" and text[found.end() : found.end() + 1] in "荒街方"):
            continue  # 中科院院士
        if found[0].endswith("为") and text[found.end() : found.end() + 1] in "该其此首":
            continue  # 选举某某华为该会会长
        if label == "University" and rule == "household-name" and _FIRM_OF.match(text, found.end()):
            continue  # 复旦微电
        if rule == "household-name" and (more := _MORE.match(text, found.end())):  # 上汽, and its 上汽投资
            of = "Investor" if more[0][0] in "投资创" or label == "Investor" else label
            yield Mention(found.start(), more.end(), of, rule, 0.7, text[found.start() : more.end()])
        campus = _CAMPUS.match(text, found.end()) if label == "University" else None
        end = campus.end() if campus and place().fullmatch(campus["at"]) else found.end()
        yield Mention(found.start(), end, label, rule, 0.9 if rule == "known-name" else 0.75, text[found.start() : end])


# ---- what a list leaves unsaid ----

_HEADS = {s: label for s, label in suffixes().items() if label in (*FACILITIES, "Park", "Fund") and s not in ("平台", "基金")}
_ELIDED = re.compile(
    r"(?<=等)(?:共计?)?(?:\d{1,6}|[一二两三四五六七八九十百]{1,5})[个家所座项](?:首批|[省市]级|国家级|重点)?(?P<head>" + trie(_HEADS) + ")"
)
_LIST_LENGTH = 900  # code points; a list of 40 names of 20 characters


def elided(text: str) -> Iterator[Mention]:
    """A、B…等十个中试基地 → each item is a base; its span is what stands there, its name gets the head."""
    for found in _ELIDED.finditer(text):
        end = found.start() - 1  # before 等
        low = max(end - _LIST_LENGTH, *(text.rfind(c, 0, end) + 1 for c in "。;:!?\n《》"), 0)
        items = text[low:end].split("、")
        first = max((n for n, item in enumerate(items) if re.search("[,等了]", item)), default=0)
        if len(items) - first < 2:
            continue
        begin = low + sum(len(item) + 1 for item in items[:first])
        items = items[first:]
        for n, item in enumerate(items):
            at, to = (_first_item(text, begin, begin + len(item)) if n == 0 else begin), begin + len(item)
            begin = to + 1
            core = text[at:to]
            if not bare(core) and 3 <= len(core) <= 40 and not core.endswith((*suffixes(), "单位", "企业")) and not re.search("[,“”等了]", core):
                yield Mention(at, to, _HEADS[found["head"]], "elided-head", 0.8, core + found["head"])


def _first_item(text: str, begin: int, end: int) -> int:
    """The first item follows what is said of the list: it begins at the last place that follows a verb."""
    verbs = [m.end() for m in _stop().finditer(text, begin, end)]
    after = [v for v in verbs if place().match(text, v)]
    return (after or [clean_start(text, begin, end, joined=True)])[-1]


LABELS = (*ORGANIZATIONS, *FACILITIES)
