"""Other names: short forms, former names, every later place where a name stands again, and the words that stand for a name."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator

from ingest.text.found import FACILITIES, ORGANIZATIONS, Link, Mention
from ingest.text.lexicon import bare, fieldish, matching, place, suffixes, trie, words
from ingest.text.names import clean_start

_CHARS = r"[\u4e00-\u9fffA-Za-z0-9·&\-]"
_ASIDE = re.compile(r"[(](?P<x>(?:[^()\n]|[(][^()\n]*[)]){2,160})[)]")
_SAID = re.compile(
    r"(?:^|[,;、:]|或)(?:下|又|亦|也|以下|下文|下称|以下统|(?:公司)?(?:证券|股票|A股|H股)|中文)*"
    r"(?P<how>简称|下称|统称|称|曾用名|原名|原|前身|又名)(?:为|是|:|叫)*"
    r"[“「『\"]?(?P<x>[^“”「」『』\",;、:]{2,40}?)[”」』\"]?(?=$|[,;、“]|或)"
)
_ANY_FUND = re.compile("(?:产业|投资|股权|创业|并购|合伙|专项|引导|本|该|母|子)*基金")
_ANOTHER = re.compile(r"[、或,]?[“「](?P<x>[^“”「」]{2,20})[”」]")  # 简称“公司”“甲乙科技”
_FORMER = re.compile(
    r"(?:,|;)?(?:的)?(?:原名|曾用名|前身)(?:为|是|系|:|叫)*(?:(?:成立|创立|创办|始建|组建)于[^,。;的]{2,12}的)?"
    rf"[“「]?(?P<x>{_CHARS}{{3,30}}?(?:\([^()]{{1,6}}\){_CHARS}{{1,12}}?)?)[”」]?"
    r"(?=[,。;()、\n]|于\d|在|成立|更名|$)"
)
_RENAMED = re.compile(r"(?:正式|已|将?于?[^,。;]{2,12})?(?:更名|改名|变更名称|名称变更|整体变更)(?:为|成)[“「]?(?=[\u4e00-\u9fffA-Za-z])")
_BRIEFLY = re.compile(rf",?(?:以下|下文)?简称(?:为|:)?[“「]?(?P<x>{_CHARS}{{2,12}}?)[”」]?(?=[,。;、])")
_ONCE = re.compile(rf"(?:是|系)?由(?P<x>{_CHARS}{{4,30}}?)(?:整体)?(?:更名|变更|改制|改组|演变)(?:而来|而成|设立|为[“「]?)")
_NAMED = (*ORGANIZATIONS, *FACILITIES, "Park", "Fund", "Policy")
_GENERAL = re.compile(
    r"《?(?:本|该)?(?:[甲乙丙丁戊]方|上市公司|联合实验室|实验室|研究院|项目公司|合资公司|[母子]?基金管理人|管理人|标的公司|目标公司|发行人|公司|集团|(?:实施|行动|工作)?(?:方案|意见|计划|指引|细则)|条例|办法|规定|法|企业|平台|基金|"
    r"联盟|联合体|基地|中心|协会)》?|本.*"
)
# ---- words that stand for a name; after them a predicate follows
_FIRM = re.compile(
    r"(?:(?<=[,。;:!?\n\s])|^|(?<=[在为由向给与和是对持前])|(?<=成为)|(?<=持有)|(?<=持有的)|(?<=目前)|(?<=此前))(?:该|本)?(?P<c>公司|集团)"
    r"(?![\u4e00-\u9fff]?(?:法|章程|制|治理|债|化|登记|注册资本))|该(?P<d>公司|企业|集团)|"
    r"(?<=持有|成为)(?P<e>其)(?=\d|[\u4e00-\u9fff]{0,2}股)|(?<=为)(?P<f>其)(?=控股股东|第一大股东)"
)
_SCHOOL = re.compile("该(?P<i>研究院|研究所|所|院|校)(?![\u4e00-\u9fff]?(?:有|属))")
_FUND = re.compile(
    r"(?:该|本|(?<=[,。;\n])|^)(?P<w>(?:子|母)?基金)(?<=[该本]基金)(?!管理|业|小镇)|(?:(?<=[,。;\n])|^)(?P<v>(?:子|母)?基金)"
    r"(?=由|将|聚焦|总规模|规模|重点|主要|计划|成立|设立|首期|投资|采用|存续|围绕|面向|,)"
)
_UNION = re.compile(
    r"(?:该|(?<![\u4e00-\u9fff])|(?<=发起成立|共同组建|共同成立|正式加入|共同发起|发起设立)|(?<=加入|成为|担任|作为|入选))"
    r"(?P<w>联盟|创新联合体|联合体|共同体|协会|学会|商会|促进会)(?![、式链]|标准|第)"
)


def in_brackets(text: str, mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Mention, Link]]:
    """(who, its other name, the link) of “A(以下简称B)”, “A(曾用名:B,简称C)”."""
    ends = {m.end: m for m in mentions if m.label in _NAMED}
    for aside in _ASIDE.finditer(text):
        for found in _SAID.finditer(aside["x"]):
            at = aside.start("x")
            low, high = at + found.start("x"), at + found.end("x")
            former = found["how"] in ("原名", "曾用名", "原", "前身")
            who = ends.get(aside.start()) or ends.get(aside.start() - 1) or _unknown(text, aside.start(), found["x"] if former else "")
            end = found.end()
            while who and (more := _ANOTHER.match(aside["x"], end)):
                end = more.end()
                if not _GENERAL.fullmatch(more["x"]):
                    yield _pair(who, at + more.start("x"), at + more.end("x"), former, aside)
            if not who or _ANY_FUND.fullmatch(found["x"]) or _GENERAL.fullmatch(found["x"]) or "英文" in found["x"]:
                continue
            if found["how"] != "原" or len(found["x"]) >= 4:
                yield _pair(who, low, high, former, aside)


def abbreviated(text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """The short form that stands alone in brackets behind a name: 某省结构调整基金(某调基金)."""
    ends = {m.end: m for m in mentions if m.label in _NAMED}
    for found in re.finditer(rf"[(][“「]?(?P<x>{_CHARS}{{2,10}})[”」]?[)]", text):
        who = ends.get(found.start())
        if who and len(found["x"]) < len(who.name) and _within(found["x"], who.name) and not place().fullmatch(found["x"]):
            yield Mention(*found.span("x"), who.label, "short-form", 0.75, found["x"])


def _within(short: str, full: str) -> bool:
    """Do the signs of the short form stand in the name in that order?"""
    rest = iter(full)
    return all(c in rest for c in short)


def renamed(text: str, mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Mention, Link]]:
    """(who, its other name, the link) of “A,前身为B”, “A简称B”, “B更名为A”, “A由B改制而来”."""
    ends = {m.end: m for m in mentions if m.label in _NAMED}
    begins = {m.start: m for m in ends.values()}
    asides = {n for aside in _ASIDE.finditer(text) for n in range(*aside.span())}
    for found in _FORMER.finditer(text):
        at = found.start()
        if at in asides:
            continue
        who = ends.get(at) or ends.get(at - 1) or _unknown(text, at, found["x"]) or _opening(text, at, begins)
        if who and len(found["x"]) >= 3 and not re.match("(?:成立|创立|始建)", found["x"]) and not place().fullmatch(found["x"]):
            yield _pair(who, *found.span("x"), True, found)
    for found in _BRIEFLY.finditer(text):
        if who := ends.get(found.start()):
            yield _pair(who, *found.span("x"), False, found)
    for found in _RENAMED.finditer(text):
        who, now = ends.get(found.start()), begins.get(found.end())
        if who and now:
            yield now, who, Link("Organization.aliases", now, who, "former-name", 0.85, "曾用名", start=min(who.start, found.start()), end=now.end)
    for found in _ONCE.finditer(text):
        now = ends.get(found.start()) or ends.get(found.start() - 1) or begins.get(found.end())
        if now and (found["x"].endswith(("公司", "厂", "院", "所", "集团", "中心")) or found.end("x") in ends):
            yield _pair(now, *found.span("x"), True, found)


def _opening(text: str, at: int, begins: dict[int, Mention]) -> Mention | None:
    """The name with which the sentence opens."""
    low = max(text.rfind(c, max(0, at - 300), at) + 1 for c in "。!?\n")
    return next((begins[n] for n in range(low, min(low + 8, at)) if n in begins and (n == low or text[n - 1] in ",:“「* ")), None)


def _pair(who: Mention, low: int, high: int, former: bool, found: re.Match[str]) -> tuple[Mention, Mention, Link]:
    rule, said = ("former-name", "曾用名") if former else ("short-form", "简称")
    other = Mention(low, high, who.label, rule, 0.85, found.string[low:high])
    return who, other, Link("Organization.aliases", who, other, rule, 0.85, said, start=min(who.start, found.start()), end=found.end())


def _unknown(text: str, end: int, other: str) -> Mention | None:
    """What stands before “(以下简称…” or “,原名…”: a name if it, or what it was called, ends like one."""
    start = clean_start(text, max(0, end - 30), end, legal=True)
    name = text[start:end]
    label = next((found for n in range(12, 0, -1) for form in (name, other) if (found := suffixes().get(form[-n:]))), None)
    if label == "University" and name.endswith("学院") and not place().match(name):
        return None
    known = label and len(name) >= 4 and not bare(name) and not re.match("[各省市区县乡]", name)
    return Mention(start, end, label, "shortened", 0.6, name) if label and known else None


def again(text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Every other place where a name that was found stands, and the brand inside a company's full name."""
    names: dict[str, Mention] = {}
    for m in mentions:
        if m.rule == "short-form" or (m.label in (*ORGANIZATIONS, *FACILITIES, "Fund") and m.rule not in ("agency", "place")):
            least = 2 if m.rule in ("short-form", "raised-money", "invested", "former-name", "speaks-or-founded") else 3
            for form in (m.name, *_brands(m)):
                if len(form) >= least and (not bare(form) or (m.rule == "short-form" and len(form) >= 4)) and not place().fullmatch(form):
                    names.setdefault(form, m)
    if not names:
        return
    yield from _bald(text, mentions, names)
    for found in re.compile(trie(names)).finditer(text):
        first = names[found[0]]
        more = _TRADES.match(text, found.end()) if found[0] != first.name else None  # 南京甲乙, and its 南京甲乙科技
        end = more.end() if more else found.end()
        end += len(latin[0]) if (latin := _LATIN.match(text, end)) and not found[0][-1].isascii() else 0  # 甲乙, and its 甲乙AI
        yield Mention(found.start(), end, first.label, "named-before", min(first.confidence, 0.75) - 0.05, text[found.start() : end])


_BESIDE = re.compile(r"[由与和及、对向在为,。;:“\n(]|\A")


def _bald(text: str, mentions: Iterable[Mention], names: dict[str, Mention]) -> Iterator[Mention]:
    """The two signs a company is called by (某某能源有限公司 → 某某), where a clause or a verb bounds them on both sides."""
    short: dict[str, Mention] = {}
    for m in mentions:
        if m.label in ("Enterprise", "Investor") and (m.name.endswith(("公司", "集团", "资本", "创投")) or m.rule == "raised-money"):
            brand = re.sub(r"(?:\([^()]*\))?(?:股份|集团|控股|有限责任|有限|总)*(?:公司)?$|(?:资本|创投)$", "", m.name)
            while found := place().match(brand):
                brand = brand[found.end() :]
            while (shorter := _plain(brand)) != brand:
                brand = shorter
            if len(brand) == 2 and brand != m.name and brand not in names and not bare(brand) and not fieldish(brand) and not place().match(brand):
                short.setdefault(brand, m)
    for found in re.finditer(trie(short), text) if short else ():
        if _BESIDE.match(text[found.start() - 1 : found.start()]) and _AFTER_BRAND.match(text, found.end()):
            yield Mention(found.start(), found.end(), short[found[0]].label, "brand-alone", 0.6, short[found[0]].name)


_TRADE = re.compile(
    r"(?:科技|技术|信息技术|新?材料|实业|工程|电子|生物|医药|智能|投资|管理|开发|发展|服务|装备|设备|新?能源|机器人|半导体|光电|医疗|药业|制药|汽车|传感|激光|航空|通信|化工|环保|"
    r"食品|软件|数据|网络|信息|电气|电力|机械|精密|自动化|系统|微电子|光学|检测|设计|产业|建设|工业|制造|国际|电器|集团|控股)$"
)


def _plain(brand: str) -> str:
    """Without the trade or the field it ends in."""
    field = next((n for n in range(min(6, len(brand) - 2), 1, -1) if brand[-n:] in words()["fields"]), 0)
    shorter = _TRADE.sub("", brand)
    return brand[:-field] if field and shorter == brand else shorter


def _brands(m: Mention) -> Iterator[str]:
    """苏州X科技有限公司 → X科技."""
    if m.label in ("Enterprise", "Investor") and m.name.endswith(("公司", "集团")):
        rest = m.name
        while found := place().match(rest):
            rest = rest[found.end() :].removeprefix("省").removeprefix("市")
        front = m.name[: len(m.name) - len(rest)]
        brand = re.sub(r"(?:\([^()]*\))?(?:股份|集团|控股|有限责任|有限|总)*(?:公司)?$", "", re.sub(r"\([^()]*\)", "", rest))
        if len(brand) >= 4 and brand not in words()["fields"]:
            yield brand
            bald = brand
            while (shorter := _plain(bald)) != bald:
                bald = shorter
            if front and 2 <= len(bald) <= 4 and not bare(bald):
                yield front + bald  # 某地甲乙
            while (shorter := _plain(brand)) != brand and len(shorter) >= 4 and not bare(shorter):
                yield shorter
                brand = shorter


_LATIN = re.compile("AI(?![A-Za-z])")
_TRADES = re.compile(r"(?:科技|材料|新能源|生物|医药|机器人|半导体|股份|集团|智能|能源|电子|医疗)(?!产业|领域|行业|公司|有限)")
_AFTER_BRAND = re.compile(rf"[,。;、的]|牵头|合作|总经理|总裁|董事长|总工程师|创始人|方面|{matching('hard').pattern}")
_IN_PASSING = ("beside-organisations", "listed-with-head", "household-name", "backers", "treated-as-a-firm")


_OF_ANOTHER = re.compile(r"\A[^,。;]{0,8}(?:持有|收购|增持|减持|入股|投资|作为|成为|[是为系与和])\Z")
_NEAR = 400  # mentions before a word that may be what it stands for


def anaphors(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    """“公司”, “该企业”, “基金”, “联盟” after a name: they stand for the last one that fits, and are no names themselves."""
    named = sorted((m for m in mentions if m.label in ("Enterprise", "Fund", "Alliance")), key=lambda m: m.end)
    schools = sorted((m for m in mentions if m.label in ("University", "Institute")), key=lambda m: m.end)
    firms = [m for m in named if m.label == "Enterprise" and m.rule not in _IN_PASSING]
    about = {m.name for m in firms if m.rule in ("short-form", "raised-money")}  # whom the text is about
    unions = [m for m in named if m.label == "Alliance" and len(m.name) > 4]
    funds = [m for m in named if m.label == "Fund"]
    meant = ((_FIRM, firms, "Anaphor"), (_SCHOOL, schools, "Anaphor"), (_FUND, funds, "FundRef"), (_UNION, unions, "AllianceRef"))
    for pattern, names, label in meant:
        for found in pattern.finditer(text):
            word = next(g for g in found.groups() if g)
            start = found.end() - len(word)
            fitting = [m for m in _before(names, start) if label != "AllianceRef" or m.name.endswith(word)]
            if pattern is _FIRM and found["c"] and text[start - 1 : start] not in "该":
                fitting = fitting or [m for m in _before(named, start) if m.label == "Enterprise"]
                fitting = [m for m in fitting if m.name in about] or fitting
                opening = _opening(text, start, {m.start: m for m in _before(firms, start)})
                if opening and not _OF_ANOTHER.search(text[opening.end : start]):
                    fitting = [opening]  # whose sentence it is
            if word == "其":
                fitting = [m for m in _before(named, start) if m.label == "Enterprise"]
                fitting = [m for m in fitting if m.end < start - 1] or fitting  # not who stands right before it
            if fitting:
                begin = found.start() if label != "Anaphor" or text[found.start()] in "该本" else start
                yield Mention(begin, found.end(), label, "stands-for", 0.5, fitting[-1].name)


def _before(names: list[Mention], start: int) -> list[Mention]:
    high = bisect.bisect_right(names, start, key=lambda m: m.end)
    return names[max(0, high - _NEAR) : high]
