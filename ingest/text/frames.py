"""Names that only their sentence gives away: who raised money and from whom, who buys, owns, founds or speaks, and what stands
beside organisations in a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.text.found import ORGANIZATIONS, Mention
from ingest.text.lexicon import bare, place, suffixes, words
from ingest.text.names import clean_start

_CHARS = r"[\u4e00-\u9fffA-Za-z0-9·&\-]"
_QUOTED = rf"[“「『\"](?P<q>{_CHARS}{{2,20}})[”」』\"]"
_DAY = r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?"
_LATELY = (
    rf"(?:,?(?:近日|日前|近期|今日|宣布|正式|已|于|新|再次|连续|相继|先后|顺利|接连|此前|曾|还|也|又|在[\u4e00-\u9fff]{{2,6}}宣布|{_DAY}|"
    r"[(][^()]{1,40}[)])){0,6},?"
)
RAISED = re.compile(
    rf"(?:{_QUOTED}|(?P<x>{_CHARS}{{2,24}}?)):?{_LATELY}(?:完成|获得?|斩获|拿下|拿到|收获|启动|开启)(?:了|由|来自)?[^。;\n,]{{0,60}}?(?:融资|投资|注资)"
)
_INVESTED = re.compile(
    r"(?:等(?:机构|投资方|多家机构|知名机构|老股东)?)?(?:共同|联合|独家|的|继续|持续|超额|跟进|追加|战略|参与)*"
    r"(?P<v>领投|跟投|参投|独投|加持|加注|加码|追投|追加投资|战略投资|战略入股|参与投资|参与本轮|参与跟投|追加(?=[,。;]))"
)
_BACKERS = re.compile(r"(?:投资方|投资人|投资机构|老股东|(?<!控股)股东|出资方|参投方|领投方|跟投方|投资者)(?:包括|有|为|分别为|则?是|:|还有)(?:了)?")
_LEAD = re.compile(
    r"(?:本轮|此轮|该轮|其中|其他|知名|老股东|现有股东|原股东|新股东|投资方|投资机构|产业方|产业资本|头部机构|上市公司|龙头企业|央企|国企|知名机构|旗下基金|机构|由|以及|包括|并由|"
    r"及|与|和|获得|获|还|、|,|融资|均|分别)+"
)
_NOBODY = re.compile(
    r"(?:该|本(?!源|田|钢)|这|那|其|某|此|我|公司|企业|他|她|它|项目|团队|记者|双方|多家|数家|轮|融资|资金|官方|[甲乙丙丁]方|[A-Z]轮|产业资本|老股东|"
    r"新股东|机构|投资方|知名|政府|社会资本|业内|国内|对方|旗下|正式|近日|日前|成功|先后|同时|随后|另外|据悉|今年|去年|明年|后者|前者|用于|关于|通过|支持|鼓励)"
)
_WHOLE = re.compile(rf"{_CHARS}+(?:\([^()]+\)){{0,2}}{_CHARS}*")
_TRADE_END = re.compile(r"(?:科技|股份|技术|智能|电子|药业|医疗|生物|光电|动力|能源|化学|半导体|微电子|机器人|汽车|电力|电气)$")
_SUM = re.compile(r"\d[万亿千百]*[元%股]|^[约超近逾]?\d+[万亿]?$|^(?:领投|跟投|参投|独投|联合|共同|以及)|[A-H]\+*轮")
# ---- what a firm does where a clause begins with it, and what is done with one
_SUBJECT = re.compile(
    rf"(?<!{_CHARS})[“「]?(?P<x>{_CHARS}{{2,24}}?)[”」]?(?:公司)?(?:已|将|拟|曾|现|仍|近期|近日|日前|此前|目前|正式|计划)*"
    r"(?=成立于|创立于|创办于|总部(?:位于|设在|在)|是一家|是国内|专注于|深耕|主营|投资\d|出资\d|斥资|以[^,。]{2,12}收购|收购|参股|入股|增资|战略投资|战略入股|持股|"
    r"持有[^,。]{2,14}\d|(?:的)?控股股东|实际控制人|创始人|联合创始人|董事长|总经理|总裁|首席|CEO|CTO|(?:创始|管理|执行)?合伙人|方面表示|宣布[,完]|登陆|成功上市|"
    r"正式上市|全资子公司|控股子公司|在[^,。]{2,10}(?:上市|挂牌))"
)
_OBJECT = re.compile(
    rf"(?:(?:收购|并购了|参股|(?<!作价|投资)入股|控股(?!有限|集团|股份|公司|子公司|股东|权)|战略投资|投资了|增资)(?:了)?(?P<x>{_CHARS}{{2,12}}?)(?=\d|的?(?:控股权|部分股权|股权|股份)|[,。;、)]|并|等)|"
    rf"投资(?:了)?(?P<y>{_CHARS}{{2,10}}?)(?=\d[\d.]*[万亿])|持有(?P<z>{_CHARS}{{2,12}}?)(?:约)?(?=\d+(?:\.\d+)?%)|"
    rf"(?:任职于|供职于|就职于|曾在)(?P<w>{_CHARS}{{2,10}}?)(?=任职|工作|担任|从事|首席|总|副|[,。;、])|"
    rf"(?:与|和|同|携手)(?P<v>{_CHARS}{{2,10}}?)(?=签署|签约|签订|达成(?:战略)?合作|联合研发|联合开发|共同研发|共同投资|共同设立|共同出资))"
)
_NO_FIRM = re.compile(
    r"(?:项目|产品|资金|交易|平台|基地|中心|政府|部门|团队|业务|成果|方案|活动|会议|市场|行业|领域|产业|企业|公司|机构|联盟|联合体|专家|教授|先生|女士|记者|代表|"
    r"负责人|地区|园区|总部|工厂|国家|人才|高校|院所|单位|股东|人员|设备|系统|工程|专利|协议|合同|计划|政策|办法|条例|资产|股权|论坛|大会|峰会|仪式|工作|服务|能力|"
    r"模式|体系|规模|投资[者人方]|消费者|用户|客户|厂商|品牌|大学|学院|学校|实验室|研究院|研究所|院士|博士|创始人|董事长|投资|事件|标的|证券|条件|比例|方式|"
    r"阶段|重组|融资|入股|投入|支出|收入|采取|用途|主体|意见|权利|义务|责任|需求|业务|贷款|中国|对方|纳税|税|[商工民局厅委部会省市区县镇村线店期次轮年月日方者们家个人权金资])$"
)
_BUILT = re.compile(
    rf"(?:(?:建设|建成|搭建|打造|创建|成立|运营)(?:的|了|有)?(?P<x>{_CHARS}{{5,24}}?平台)(?!公司|经济|企业)|"
    rf"共建(?:的|了)?[“「]?(?P<y>{_CHARS}{{4,24}}?(?:中心|实验室|研究院|平台))(?![\u4e00-\u9fff]))"
)


def _label(name: str, default: str) -> str:
    for n in range(min(len(name) - 1, 12), 0, -1):
        if found := suffixes().get(name[-n:]):
            return found if found in ORGANIZATIONS or found == "Fund" else default
    if re.search(r"(?:投资|资管|创新基金|Capital|Ventures?)$", name):
        return "Investor"
    return "Enterprise" if _TRADE_END.search(name) else default


def _item(text: str, start: int, end: int, label: str, rule: str, weight: float) -> Iterator[Mention]:
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
    if not 2 <= len(name) <= 24 or not _WHOLE.fullmatch(name) or bare(name) or _NOBODY.match(name):
        return
    listed = end - start <= 6 and (text[start - 1 : start] in "、,和与及由" or _LEAD.fullmatch(text, max(0, start - 3), start))
    begin = start if listed and label == "Investor" else clean_start(text, start, end, legal=True)
    core = text[begin:end]
    if len(core) >= 2 and not bare(core) and not place().fullmatch(core) and not _SUM.search(core):
        yield Mention(begin, end, _label(core, label), rule, weight, core)


def _items(text: str, start: int, end: int, label: str, rule: str, weight: float) -> Iterator[Mention]:
    at, depth = start, 0
    for n in range(start, end + 1):
        c = text[n] if n < end else "、"
        depth += (c == "(") - (c == ")")
        if depth <= 0 and (c in "、和与及," or n == end):
            yield from _item(text, at, n - text.startswith("以及", n - 1), label, rule, weight)
            at = n + 1


def revealed(text: str) -> Iterator[Mention]:
    """Investors and invested enterprises of financing news, founders' companies, companies that speak."""
    for found in RAISED.finditer(text):
        group = "q" if found["q"] else "x"
        start, end = found.span(group)
        yield from _item(text, _descriptive(text, start, end), end, "Enterprise", "raised-money", 0.75)
    for found in _INVESTED.finditer(text):
        low = max(text.rfind(c, max(0, found.start() - 160), found.start()) + 1 for c in ",。;:!?\n")
        yield from _items(text, _after_by(text, low, found.start()), found.start(), "Investor", "invested", 0.75)
    for found in _BACKERS.finditer(text):
        high = min((x for c in "。;!?\n" if (x := text.find(c, found.end())) >= 0), default=len(text))
        stop = re.compile(r"等|,(?!与|和|以及)|的").search(text, found.end(), min(high, found.end() + 160))
        yield from _items(text, found.end(), stop.start() if stop else min(high, found.end() + 160), "Investor", "backers", 0.7)
    for found in _SUBJECT.finditer(text):
        label = "Investor" if "合伙人" in text[found.end() : found.end() + 6] and "创始" not in text[found.end() : found.end() + 2] else "Enterprise"
        yield from _firm(text, _descriptive(text, *found.span("x")), found.end("x"), label, "acts-as-a-firm")
    for found in _OBJECT.finditer(text):
        group = next(g for g in "xyzwv" if found[g])
        yield from _firm(text, _descriptive(text, *found.span(group)), found.end(group), "Enterprise", "treated-as-a-firm")


def _firm(text: str, start: int, end: int, label: str, rule: str) -> Iterator[Mention]:
    """The mention of a firm, if these two to ten signs can be what one calls itself."""
    name = text[start:end]
    if 2 <= len(name) <= 10 and name not in words()["fields"] and not _NO_FIRM.search(name) and not re.search(r"\d[年月日%]|[的了]", name):
        yield from (m for m in _item(text, start, end, label, rule, 0.6) if m.start == start or _NO_FIRM.search(text[start : m.start]))


def _descriptive(text: str, start: int, end: int) -> int:
    """“激光雷达服务商X” → X."""
    kinds = list(re.finditer(r"企业|公司|服务商|供应商|研发商|制造商|提供商|开发商|运营商|厂商|品牌|平台|独角兽|初创|电商", text[start:end]))
    after = start + kinds[-1].end() if kinds else start
    return after if end - after >= 2 and not text[after:end].startswith(("家", "(有限", "服务", "管理")) else start


def _after_by(text: str, low: int, high: int) -> int:
    return max([low, *(text.rfind(w, low, high) + len(w) for w in ("由", "获得", "获", "包括", "其中") if text.rfind(w, low, high) >= 0)])


def built(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    """A platform that a named organisation builds is a thing, whatever plain words it is called by."""
    orgs = {m.end: m for m in mentions if m.label in ORGANIZATIONS}
    for found in _BUILT.finditer(text):
        group = "x" if found["x"] else "y"
        low = max(text.rfind(c, max(0, found.start() - 40), found.start()) + 1 for c in ",。;:!?\n")
        if any(low < end <= found.start() for end in range(max(low, found.start() - 40), found.start() + 1) if end in orgs):
            start = clean_start(text, *found.span(group), joined=True)
            name = text[start : found.end(group)]
            label = "Laboratory" if name.endswith("实验室") else "Institute" if name.endswith("研究院") else "Platform"
            if len(name) >= 7 and not re.match("国家级|[省市]级", name):
                yield Mention(start, found.end(group), label, "built-by-name", 0.7, name)


_JOINER = re.compile("、|以及|和|与|及|联合|携手|会同|联手")


def neighbours(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    """A short item beside organisations of one list is one too: “华为、某某和西安电子科技大学”. So are the items of “甲、乙等12家企业”."""
    ends = {m.end: m for m in mentions}
    begins = {m.start: m for m in mentions}
    for m in mentions:
        if m.label not in ORGANIZATIONS or m.label in ("Agency", "Alliance"):
            continue
        beside, at = m, m.start
        while (end := _before_joiner(text, at)) and end not in ends:
            start = clean_start(text, max(0, end - 11), end)
            made = next(iter(_beside(text, start, end, beside)), None) if start > end - 11 else None
            if made is None:
                break
            yield made
            at = made.start
        at = m.end
        while (joined := _JOINER.match(text, at)) and joined.end() not in begins:
            start = joined.end()
            made = next(iter(_beside(text, start, _item_end(text, start), beside)), None)
            if made is None or made.start != start:
                break
            yield made
            at = made.end
    yield from _headed(text)


def _before_joiner(text: str, at: int) -> int:
    """Where the word ends that a joiner ties to the one that begins here; 0 without a joiner."""
    return next((at - n for n in (2, 1) if at > n and _JOINER.fullmatch(text, at - n, at)), 0)


_ITEM_STOP = re.compile(
    r"等|的|加入|共同|联合|携手|会同|组成|参与|牵头|发起|成立|出资|签|跟投|领投|参投|持股|持有|投资|合资|合作|共建|分别|设立|在|为|将|已|和|与|及|是|对"
)


def _item_end(text: str, start: int) -> int:
    """Where the item of a list that begins here ends: at the next sign or word that no name holds."""
    chars = re.compile(rf"{_CHARS}{{1,24}}").match(text, start)
    high = chars.end() if chars else start
    stop = _ITEM_STOP.search(text, start + 1, high)
    return stop.start() if stop else high


_NOT_BESIDE = re.compile(
    r"[0-9]{2}|专家|教授|院士|学生|教师|人员|部门|地区|代表|负责|领导|政府|高校|企业|机构|院所|技术$|设备|工艺|材料$|产品|业务|市场|研发|项目|系列|国际|海外|其他|上下游|行业|团队|股东|资金|"
    r"^(?:研制|攻关|开发|成立|发布|培养|主办|举办|制定|推出|申报|打造|实施|开展|承担|组织|举行|探索|推动|推进|解决|突破|申请|签署|完成)|方$"
)


def _beside(text: str, start: int, end: int, beside: Mention) -> Iterator[Mention]:
    name = text[start:end]
    if 2 <= len(name) <= 10 and name not in words()["fields"] and not _NOT_BESIDE.search(name):
        default = beside.label if beside.label in ("Enterprise", "Investor") else "Enterprise"
        yield from _item(text, start, end, default, "beside-organisations", 0.55)


_HEADED = re.compile(
    r"等(?:\d+|数|百|[一二两三四五六七八九十百]+)?(?:余|多)?(?:家|所|个)?(?:知名|头部|龙头|重点|骨干|央企|国内外|国内|国际|全球|孵投|上市|科技|硬科技|成员|产业链|链主|本土|上下游|"
    r"国有|民营|大型|一线|专业|核心|主流|整车|行业|老|标杆)*(?P<h>企业|公司|央企|国企|机构|投资机构|资本|基金|高校|院校|客户|车企|厂商|主机厂|大厂|巨头|股东|投资方|投资人|"
    r"合作伙伴|伙伴|药企|品牌商)"
)
_HEADS = {**dict.fromkeys(("机构", "投资机构", "资本", "基金", "股东", "投资方", "投资人"), "Investor"), "高校": "University", "院校": "University"}


def _headed(text: str) -> Iterator[Mention]:
    for found in _HEADED.finditer(text):
        low = max(text.rfind(c, max(0, found.start() - 160), found.start()) + 1 for c in ",。;:!?\n《》()“”")
        label = _HEADS.get(found["h"], "Enterprise")
        pieces = text[low : found.start()].split("、")
        if len(pieces) < 2:
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
        yield from _item(text, start, end, label, "listed-with-head", 0.6)
