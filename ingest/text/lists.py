"""Lists of names: one item without what leads into it, a short item beside organisations, the items of “甲、乙等12家企业”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.text.found import ORGANIZATIONS, Mention
from ingest.text.lexicon import bare, fieldish, matching, place, suffixes, words
from ingest.text.names import clean_start

_CHARS = r"[\u4e00-\u9fffA-Za-z0-9·&\-]"
_LEAD = re.compile(
    r"(?:系(?!统|列)|本轮|此轮|该轮|其中|其他|知名|老股东|现有股东|原股东|新股东|投资方|投资机构|产业方|产业资本|头部机构|上市公司|龙头企业|央企|国企|知名机构|旗下基金|机构|由|以及|包括|并由|"
    r"及|与|和|获得|获|还|[就仅既]有|、|,|融资|均|分别)+"
)
_NOBODY = re.compile(
    r"(?:该|本(?!源|田|钢)|这|那|其|某|此|我|公司|企业|[他她它](?:们|的|是|在|将|也|已|能|曾)|项目|团队|记者|双方|多家|数家|后续|多轮|各轮|轮|融资|资金|官方|[甲乙丙丁]方|产业方|[A-Z]轮|[一二两三四五六七八九十\d]+[年月日周]|\d+天|产业资本|老股东|"
    r"新股东|机构|投资方|知名|政府|社会资本|业内|国内|对方|旗下|正式|近日|日前|成功|先后|同时|随后|另外|创始|第|首|据悉|今年|去年|明年|后者|前者|用于|关于|通过|支持|鼓励)"
)
_WHOLE = re.compile(rf"[A-Z][A-Za-z.&/ ]+|{_CHARS}+(?:\([^()]+\)){{0,2}}{_CHARS}*")
_TRADE_END = re.compile(r"(?:科技|股份|技术|智能|电子|药业|医疗|生物|光电|动力|能源|化学|半导体|微电子|机器人|汽车|电力|电气)$")
_CAPITAL = re.compile(
    "社会|产业|国有|国资|金融|民间|各类|多方|耐心|风险|战略|海外|境外|外来|政府|财政|长期|"
    "机构|创业|股权|知名|头部|对外|其他|专业|早期|累计|新增|直接"
)
_SUM = re.compile(
    r"\d[万亿千百]*[元%股]|^[约超近逾]?\d+[万亿名位家个]?$|^(?:领投|跟投|参投|独投|联合|共同|以及)|[A-H]\+*轮|"
    r"(?:内|背后|之后|以后|之前|期间|渠道|协议|过程中|时间|时候|企业|行业|赛道|学位|估值)$|领域|开展|进行|先生|女士|教授|院士"
)


_SORT_OF_FUND = re.compile("产业|引导|发展|国家|专项|投资基金|创新基金|创业投资|合伙|母基金|子基金|转化|股权|集成电路")


def label_of(name: str, default: str) -> str:
    a_sort = _SORT_OF_FUND.search(name) or matching("fields").search(name) or place().match(name)
    if default == "Investor" and name.endswith("基金") and not a_sort:
        return default  # an investor that calls itself a fund
    for n in range(min(len(name) - 1, 12), 0, -1):
        if found := suffixes().get(name[-n:]):
            return found if found in ORGANIZATIONS or found == "Fund" else default
    if re.search(r"(?:投资|资管|创新基金|Capital|Ventures?)$", name):
        return "Investor"
    return "Enterprise" if _TRADE_END.search(name) else default


def item(text: str, start: int, end: int, label: str, rule: str, weight: float) -> Iterator[Mention]:
    """One name of a list, without what leads into it and what is said in brackets."""
    while found := _LEAD.match(text, start, end):
        start = found.end()
    if (bracket := text.find("(", start, end)) > start:
        end = bracket
    if (under := text.find("旗下", start, end)) > start:
        end = under
    start, end = start + (text[start:end][:1] in "“「"), end - (text[start:end][-1:] in "”」")
    while start < end and text[start] == " ":
        start += 1
    name = text[start:end]
    fund = label == "Investor" and re.fullmatch("[\u4e00-\u9fff]{2,4}(?:资本|创投|投资)", name) and not _CAPITAL.match(name)
    if not 2 <= len(name) <= 24 or not _WHOLE.fullmatch(name) or (bare(name) and not fund) or _NOBODY.match(name):
        return
    listed = end - start <= 6 and (text[start - 1 : start] in "、,和与及由" or _LEAD.fullmatch(text, max(0, start - 3), start))
    begin = start if listed and label == "Investor" else clean_start(text, start, end, legal=True)
    if re.fullmatch(r"[A-Za-z.&/ ]+", name):
        begin = start
    if begin == start + 1 and text[start] in "他她它":
        begin = start  # 它石智航
    if begin > start and len(name) <= 6 and bare(text[begin:end]) and text[begin - 1] in "和与及于":
        begin = start  # 某和科技: the sign is part of the name
    core = text[begin:end]
    if len(core) >= 2 and (fund or not bare(core)) and not place().fullmatch(core) and not _SUM.search(core) and not _NOBODY.match(core):
        yield Mention(begin, end, label_of(core, label), rule, weight, core)


def items(text: str, start: int, end: int, label: str, rule: str, weight: float) -> Iterator[Mention]:
    people = re.match(r"等?\d*[名位]", text[end : end + 8])
    at, depth = start, 0
    for n in range(start, end + 1):
        c = text[n] if n < end else "、"
        depth += (c == "(") - (c == ")")
        if depth <= 0 and (c in "、和与及," or n == end):
            if not people or n - at > 3:
                yield from item(text, at, n - text.startswith("以及", n - 1), label, rule, weight)
            at = n + 1


_JOINER = re.compile("、|以及|和|与|及|联合|携手|会同|联手")


_UNITS = re.compile(
    r"(?:会长|理事长?|常务理事|监事长?|成员|会员|牵头|参与|参建|共建|合作|支撑|发起|建设|承担|主办|承办|协办|支持|秘书长|组长|主导|主席|技术支持|指导)单位(?:分别|主要)?(?:为|有|包括|是|涵盖|:)+"
)


def headed(text: str) -> Iterator[Mention]:
    """The items of “副会长单位有甲、乙、丙等9家”: all of them or none."""
    for found in _UNITS.finditer(text):
        stop = re.compile(r"等|[,;。!?\n]|共计?\d|[\d一二三四五六七八九十]+家").search(text, found.end(), found.end() + 600)
        spans, at = [], found.end()
        for piece in re.split("([、和与及]|以及)", text[at : stop.start() if stop else at]):
            if piece not in ("、", "和", "与", "及", "以及"):
                spans.append((at, at + len(piece)))
            at += len(piece)
        made = [m for s, e in spans for m in _listed(text, s, e, "Enterprise") if m.start == s]
        if len(made) == len(spans):
            yield from made


def neighbours(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    """A short item beside organisations of one list is one too: “华为、某某和西安电子科技大学”. So are the items of “甲、乙等12家企业”."""
    ends = {m.end: m for m in mentions}
    begins = {m.start for m in mentions if m.label != "Region"}
    held = {m.start for m in mentions if m.label in ORGANIZATIONS}
    for m in mentions:
        if m.label not in (*ORGANIZATIONS, "Fund") or m.label in ("Agency", "Alliance"):
            continue
        beside, at = m, m.start
        while (end := _before_joiner(text, at)) and end not in ends:
            start = clean_start(text, max(0, end - 11), end)
            made = next(iter(_beside(text, start, end, beside)), None) if start > end - 11 and held.isdisjoint(range(start, end)) else None
            if made is None:
                break
            yield made
            at = made.start
        at = m.end
        while (joined := _JOINER.match(text, at)) and joined.end() not in begins:
            start = joined.end()
            high = _item_end(text, start)
            made = next(iter(_beside(text, start, high, beside)), None) if text[start - 1] == "、" or text[high : high + 1] not in "与和及" else None
            if made is None or made.start != start:
                break
            yield made
            at = made.end
    yield from _headed(text)


def _before_joiner(text: str, at: int) -> int:
    """Where the word ends that a joiner ties to the one that begins here; 0 without a joiner."""
    return next((at - n for n in (2, 1) if at > n and _JOINER.fullmatch(text, at - n, at)), 0)


_ITEM_STOP = re.compile(
    r"等|的|按|加入|共同|联合|携手|会同|组成|参与|牵头|发起|成立|出资|签|跟投|领投|参投|持股|持有|投资(?![、等和与及,。])|合资|合作|共建|分别|可以|应当|设立|在|为|将|已|和|与|及|是|对"
)


def _item_end(text: str, start: int) -> int:
    """Where the item of a list that begins here ends: at the next sign or word that no name holds."""
    chars = re.compile(rf"{_CHARS}{{1,24}}").match(text, start)
    high = chars.end() if chars else start
    stop = _ITEM_STOP.search(text, start + 1, high)
    return stop.start() if stop else high


_NOT_BESIDE = re.compile(
    r"[0-9]{2}|专家|教授|院士|学生|教师|人员|部门|地区|代表|负责|领导|总工程师|董事长|总经理|总裁|主任|院长|校长|所长|处长|书记|会长|大会|论坛|峰会|理事|主席|秘书|政府|高校|企业|机构|院所|技术$|设备|工艺|材料$|产品|业务|市场|研发|项目|系列|国际|海外|其他|上下游|行业|团队|股东|资金|"
    r"^(?:研制|攻关|开发|成立|发布|培养|主办|举办|制定|推出|申报|打造|实施|开展|承担|组织|举行|探索|推动|推进|解决|突破|申请|签署|完成)|可以|应当|应该|不得|必须|方$|学[位士]|[硕博]士"
)


def _beside(text: str, start: int, end: int, beside: Mention) -> Iterator[Mention]:
    name = text[start:end]
    if 2 <= len(name) <= 10 and name not in words()["fields"] and not _NOT_BESIDE.search(name):
        default = "Investor" if beside.label in ("Investor", "Fund") else "Enterprise"
        yield from item(text, start, end, default, "beside-organisations", 0.55)


_HEADED = re.compile(
    r"等(?:\d+|数|百|[一二两三四五六七八九十百]+)?(?:余|多)?(?:家|所|个)?(?:知名|头部|龙头|重点|骨干|央企|国内外|国内|国际|全球|孵投|上市|科技|硬科技|成员|产业链|链主|本土|上下游|"
    r"有关|相关|初创型?|代表性|一众|优秀|一批|国际|创新|各类|国有|民营|大型|一线|专业|核心|主流|整车|行业|老|标杆)*(?P<f>[\u4e00-\u9fff]{2,4}(?:、[\u4e00-\u9fff]{2,4}){0,2})??(?P<h>企业|公司|央企|国企|机构|投资机构|资本|基金|高校|院校|客户|车企|厂商|主机厂|大厂|巨头|股东|投资方|投资人|"
    r"合作伙伴|伙伴|药企|品牌商|单位|成员单位|会员单位|理事单位|企事业单位|科研单位|院所|科研院所|科研机构|研究机构)"
)
_HEADS = {**dict.fromkeys(("机构", "投资机构", "资本", "基金", "股东", "投资方", "投资人"), "Investor"), "高校": "University", "院校": "University"}


def _headed(text: str) -> Iterator[Mention]:
    for found in _HEADED.finditer(text):
        low = max(text.rfind(c, max(0, found.start() - 160), found.start()) + 1 for c in ",。;:!?\n《》()“”")
        label = _HEADS.get(found["h"], "Enterprise")
        pieces = text[low : found.start()].split("、")
        if len(pieces) < 2 or not all(map(fieldish, (found["f"] or "新材料").split("、"))):
            continue
        spans, at = [], low
        for n, piece in enumerate(pieces):
            spans.append((clean_start(text, at, at + len(piece)) if n == 0 else at, at + len(piece)))
            at += len(piece) + 1
        made = [list(_listed(text, s, e, label)) for s, e in spans]
        if sum(map(len, made)) == len(spans) and all(m[0].start == s for m, (s, _) in zip(made, spans, strict=True)):
            yield from (m[0] for m in made)


def _listed(text: str, start: int, end: int, label: str) -> Iterator[Mention]:
    if end - start >= 2 and text[start:end] not in words()["fields"]:
        yield from item(text, start, end, label, "listed-with-head", 0.6)
