"""Names that only their sentence gives away: who raised money and from whom, who buys, owns, founds or speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.text.brands import is_law
from ingest.text.found import ORGANIZATIONS, Mention
from ingest.text.lexicon import bare, matching, place, words
from ingest.text.lists import headed, item, items, label_of
from ingest.text.names import clean_start

_CHARS = r"[\u4e00-\u9fffA-Za-z0-9·&\-]"
_QUOTED = rf"[“「『\"](?P<q>{_CHARS}{{2,20}})[”」』\"]"
_DAY = r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?"
_LATELY = (
    rf"(?:,?(?:近日|日前|近期|今日|宣布|正式|已|于|新|再次|连续|相继|先后|顺利|接连|此前|曾|还|也|又|在[\u4e00-\u9fff]{{2,6}}宣布|在[^,。;]{{1,10}}?(?:内|里|期间)|仅用[^,。;]{{2,6}}|{_DAY}|"
    r"[(][^()]{1,40}[)])){0,6},?"
)
RAISED = re.compile(
    rf"(?:{_QUOTED}|(?P<x>{_CHARS}{{2,24}}?)):?{_LATELY}(?:[A-H]\+*轮)?(?:突破|完成|获得?|斩获|拿下|拿到|收获|启动|开启)(?:了|由|来自)?[^。;\n,]{{0,60}}?(?:融资|投资|注资)"
)
_INVESTED = re.compile(
    r"(?:等?(?:多家|数家)机构|等(?:机构|投资方|知名机构|老股东)?)?(?:共同|联合|独家|的|继续|持续|超额|跟进|追加|战略|参与){0,6}"
    r"(?P<v>领投|跟投|参投|独投|加持|加注|加码|追投|追加投资|战略投资(?![者人方])|战略入股|参与投资|参与本轮|参与跟投|追加(?=[,。;])|"
    r"(?<=联合)投资|(?<=共同)投资|(?<=独家)投资)"
)
_GOT_FROM = re.compile(
    r"获得?(?:了)?(?P<x>[^,。;!?\n的]{2,60}?)(?:等(?:机构)?)?(?=的?(?:[数近超约逾]|\d)[\d.数十百千]*[万亿]*元?[^,。;]{0,12}(?:投资|融资|注资)|的(?:天使|[A-Z]|战略|独家|Pre)[^,。;]{0,8}(?:投资|融资))"
)
_BACKERS = re.compile(r"(?:(?:投资方|投资人|投资机构|老股东|(?<!控股)股东|出资方|参投方|领投方|跟投方|投资者)"
    r"(?:阵容)?(?:还)?(?:包括|有|为|分别为|则?是|:)|"
                      r"(?:领投|跟投|参投|入股|加持|投资|入场|加码),?(?:其中|分别)?(?:包括|有)|(?:浮现|出现|闪现|不乏)(?=[^,。;]{2,120}身影))(?:了)?")
# ---- what a firm does where a clause begins with it, and what is done with one
_HELD = r"(?=约?\d[\d.,]*(?:%|万元|亿元|万股|亿股|股)|的?(?:全部|部分|剩余|少数|多数)?(?:股权|股份(?!有限)))"
_SUBJECT = re.compile(
    rf"(?<!{_CHARS})[“「]?(?P<x>{_CHARS}{{2,24}}?)[”」]?(?:公司|的)?(?:[(][^()]{{2,24}}[)])?(?:自从?|就|已|将|拟|曾|现|仍|也|均|还|又|直接|间接|合计|近期|近日|日前|此前|目前|正式|计划|原|始终|一直|长期|持续|专门|主要)*"
    r"(?=公告[,:]|成立(?:是|后|以来|之初|至今)|作为(?:国内|全球|一家|行业|领先|中国|全国|我国)|完成对|成立于|创立于|创办于|总部(?:位于|设在|在)|是一家|是国内|专注于|深耕|主营|投资\d|出资\d|斥资|(?:通过|以)[^,。;]{2,30}(?:收购|获取|取得|受让|认购|增资)|收购|参股|入股|增资|战略投资|战略入股|持股|"
    r"持有[^,。]{2,14}\d|(?:的)?控股股东|实际控制人|创始人|联合创始人|副?董事长|副?总经理|副?总裁|总工程师|首席|CEO|CTO|(?:创始|管理|执行)?合伙人|方面表示|宣布[,完]|"
    r"登陆|成功上市|正式上市|全资子公司|控股子公司|在[^,。]{2,10}(?:上市|挂牌)|引入(?=[^,。;]{2,16}(?:基金|资本|投资))|(?:于同日)?(?:发布|披露)(?:了)?[^,。;]{0,24}(?:公告|年报|预案)|公告(?:称|显示|表示)|"
    r"于\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:正式)?(?:成立|设立|创立|注册|上市)|成为[^,。;]{1,10}?的?(?:间接|直接|第一大|唯一|新的)*(?:控股股东|实际控制人|股东)|"
    r"不再持有|的?(?:控股|持股)比例|的股权结构|递交招股书|提交招股书|科创板IPO|冲刺|致力于|前往[^,。]{2,8}上市|任其|担任[^,。]{0,4}(?:财务顾问|保荐|主承销|辅导)|官网)"
)
_OBJECT = re.compile(
    rf"(?:(?:收购|并购了|参股|(?<!作价|投资)入股|控股(?!有限|集团|股份|公司|子公司|股东|权)|战略投资(?![者人方])|投资了|增资|新设|新设立|划转至|划入)(?:了)?(?P<x>{_CHARS}{{2,12}}?)(?=\d|的?(?:控股权|部分股权|股权|股份)|[,。;、)]|并|等|事项|合计|持有)|"
    rf"投资(?:[了过])?(?P<y>{_CHARS}{{2,10}}?)(?=\d[\d.]*[万亿])|投资[了过](?P<n>{_CHARS}{{2,10}}?)(?=[一两三四五六七八九十]家|[,。;、])|持有的?(?P<z>{_CHARS}{{2,18}}?)(?:[(][^()]{{2,20}}[)])?{_HELD}|"
    rf"(?:任职于|供职于|就职于|曾在|入职|加盟)(?P<w>{_CHARS}{{2,10}}?)(?=任职|工作|担任|从事|首席|总|副|[,。;、])|"
    rf"(?:与|和|同|携手)(?P<v>{_CHARS}{{2,10}}?)(?=签署|签约|签订|达成(?:战略)?合作|联合研发|联合开发|共同研发|共同投资|共同设立|共同出资)|"
    rf"(?:收购|受让|购买|取得)(?:了)?(?P<u>{_CHARS}{{2,12}}?)(?=(?:所|合计)?持有的)|"
    rf"(?:控股子公司|全资子公司|参股公司|控股股东|第一大股东|母公司|标的公司|新公司|合资公司|全资孙公司)(?P<t>{_CHARS}{{2,10}}?)(?=的|[,。;、)(]|和|与|及|将|拟|持|在)|"
    rf"(?:参与|领投|跟投|参投)(?:了)?(?P<m>{_CHARS}{{2,10}}?)(?=的?(?:[\d.]+[万亿]美?元)?的?(?:天使|种子|Pre-?|战略|新一|首)轮|的?(?:[\d.]+[万亿]美?元)?的?[A-H]\d?\+*轮)|"
    rf"[增减]持(?:了)?(?P<l>{_CHARS}{{2,8}}?)(?=后|[,。;、]|[\d.]+[%万亿])|"
    rf"(?<=[商业司])(?P<k>{_CHARS}{{2,8}}?)(?=的?(?:天使|种子|Pre-?[A-H]?|战略|[A-H]\d?\+*)\+*轮)|"
    rf"(?:与|和)(?P<r>{_CHARS}{{2,8}}?)(?=各自持有|分别持有|共同持有)|由(?P<q>{_CHARS}{{2,8}}?)(?=持股|全资持|控股\d|认缴|担任(?:基金)?管理人)|"
    rf"(?:获取|取得|获得|拿下)(?P<p>{_CHARS}{{2,16}}?)(?=的?(?:控制权|控股权))|"
    rf"(?:新增|引入|引进)(?:了)?(?P<o>{_CHARS}{{2,12}}?)(?=(?:作?为|成为)[^,。;]{{0,6}}(?:股东|投资))|"
    rf"对(?P<s>{_CHARS}{{2,10}}?)(?:的(?:控制|持股|控股|收购|战略投资|股权投资)|(?=控制权|控股权)))"
)
_CODED = re.compile(rf"(?P<x>{_CHARS}{{2,8}})[(](?:股票代码:?)?(?:[A-Z]{{2}}[:.]?)?\d{{4,6}}(?:[.](?:SH|SZ|HK|BJ|OC))?(?:[、,/][^()]{{4,12}})?[)]")
_NO_FIRM = re.compile(
    r"(?:项目|产品|资金|交易|平台|基地|中心|政府|部门|团队|业务|成果|方案|活动|会议|市场|行业|领域|产业|企业|公司|机构|联盟|联合体|专家|教授|先生|女士|记者|代表|"
    r"负责人|地区|园区|总部|工厂|国家|人才|高校|院所|单位|股东|人员|设备|系统|工程|专利|协议|合同|计划|政策|办法|条例|资产|股权|论坛|大会|峰会|仪式|工作|服务|能力|"
    r"模式|体系|规模|投资[者人方]|消费者|用户|客户|厂商|品牌|大学|学院|学校|实验室|研究院|研究所|院士|博士|创始人|董事长|投资|事件|标的|证券|条件|比例|方式|"
    r"阶段|重组|融资|入股|投入|支出|收入|采取|用途|主体|意见|权利|义务|责任|需求|业务|贷款|中国|对方|纳税|税|全球|关联|[总商工民局厅委部会省市区县镇村线店期次轮年月日方者们家个人权资]|[资现奖租佣本股罚定薪基证积]金)$"
)
_ACT = re.compile(
    r"开始|宣布|发布|负责|成为|计划|金额|高达|聘[请任]|见证|祝贺|不[超低少]|合计|直接|间接|共同|分别|累计|总计|卸任|现任|原任|前任|时任|历任|接任|认缴|要约|协议|现金|换股|实缴|现予|不予|依法|溢价|陆续|完成|参与|对外|后续|资产|股权|发行|"
    r"有限|合伙|创始|拟|应当|可以"
)
_BUILT = re.compile(
    rf"(?:(?:建设|建成|搭建|打造|创建|成立|运营)(?:的|了|有)?(?P<x>{_CHARS}{{5,24}}?平台)(?!公司|经济|企业)|"
    rf"共建(?:的|了)?[“「]?(?P<y>{_CHARS}{{4,40}}?(?:中心|实验室|研究院|平台))(?![\u4e00-\u9fff]))"
)


def revealed(text: str) -> Iterator[Mention]:
    """Investors and invested enterprises of financing news, founders' companies, companies that speak, members that a head announces."""
    yield from headed(text)
    if is_law(text):
        return
    for found in RAISED.finditer(text):
        group = "q" if found["q"] else "x"
        start, end = found.span(group)
        if group == "q" and not bare(text[start:end]):
            yield Mention(start, end, label_of(text[start:end], "Enterprise"), "raised-money", 0.75, text[start:end])
            continue
        yield from item(text, _descriptive(text, start, end), end, "Enterprise", "raised-money", 0.75)
    for found in _INVESTED.finditer(text):
        low = max(text.rfind(c, max(0, found.start() - 160), found.start()) + 1 for c in ",。;:!?\n")
        low = max(low, *(text.rfind(v, low, found.start()) + len(v) for v in ("领投", "跟投", "参投") if text.rfind(v, low, found.start()) >= 0), 0)
        yield from items(text, _after_by(text, low, found.start()), found.start(), "Investor", "invested", 0.75)
    for found in _GOT_FROM.finditer(text):
        yield from items(text, found.start("x"), found.end("x"), "Investor", "money-from", 0.7)
    for found in _BACKERS.finditer(text):
        high = min((x for c in "。;!?\n" if (x := text.find(c, found.end())) >= 0), default=len(text))
        stop = re.compile(r"等|,(?!与|和|以及)|的").search(text, found.end(), min(high, found.end() + 160))
        yield from items(text, found.end(), stop.start() if stop else min(high, found.end() + 160), "Investor", "backers", 0.7)
    for found in _SUBJECT.finditer(text):
        label = "Investor" if "合伙人" in text[found.end() : found.end() + 6] and "创始" not in text[found.end() : found.end() + 2] else "Enterprise"
        yield from _firm(text, _descriptive(text, *found.span("x")), found.end("x"), label, "acts-as-a-firm", ("基金", "工程", "机器人"))
    for found in _CODED.finditer(text):
        yield from _firm(text, found.start("x"), found.end("x"), "Enterprise", "has-a-stock-code")
    for found in _OBJECT.finditer(text):
        group = next(g for g in "xyzwvutsrqponmlk" if found[g])
        yet = ("基金", "机器人", "投资") if group in "qr" else ("基金", "机器人", "家") if group in "ml" else ("基金", "机器人")
        yield from _firm(text, _descriptive(text, *found.span(group)), found.end(group), "Enterprise", "treated-as-a-firm", yet)


def _firm(text: str, start: int, end: int, label: str, rule: str, yet: tuple[str, ...] = ("基金", "机器人")) -> Iterator[Mention]:
    """The mention of a firm, if these two to ten signs can be what one calls itself."""
    start += text[start] in "自如而且但就" and end - start > 4
    name = text[start:end]
    no = _NO_FIRM.search(name) and not name.endswith(yet)  # a sort of fund (母基金) is made of words that name nothing
    odd = no or _ACT.match(name) or re.search(r"\d[年月日%]|[的了]|[和与及或]$", name)
    if 2 <= len(name) <= (16 if place().match(name) else 10) and name not in words()["fields"] and not odd:
        yield from (m for m in item(text, start, end, label, rule, 0.6) if m.start == start or _NO_FIRM.search(text[start : m.start])
                    or matching("hard").fullmatch(text, start, m.start))


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
        if text.rfind("《", 0, found.start()) > text.rfind("》", 0, found.start()):
            continue
        group = "x" if found["x"] else "y"
        low = max(text.rfind(c, max(0, found.start() - 40), found.start()) + 1 for c in ",。;:!?\n")
        if any(low < end <= found.start() for end in range(max(low, found.start() - 40), found.start() + 1) if end in orgs):
            start = clean_start(text, *found.span(group), joined=True)
            name = text[start : found.end(group)]
            label = "Laboratory" if name.endswith("实验室") else "Institute" if name.endswith("研究院") else "Platform"
            if len(name) >= 7 and not (label == "Institute" and bare(name)) and not re.match("国家级|[省市]级", name):
                yield Mention(start, found.end(group), label, "built-by-name", 0.7, name)
