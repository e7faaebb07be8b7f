"""Names that only their sentence gives away: who raised money and from whom, who is founded, owned or listed beside organisations;
short forms and former names; and every later place where a name stands again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.text.found import ORGANIZATIONS, Link, Mention
from ingest.text.lexicon import bare, place, suffixes, trie, words
from ingest.text.names import clean_start

_CHARS = r"[\u4e00-\u9fffA-Za-z0-9·&\-]"
_QUOTED = rf"[“「『\"](?P<q>{_CHARS}{{2,20}})[”」』\"]"
_LATELY = (r"(?:,?(?:近日|日前|近期|今日|宣布|正式|已|于|新|再次|连续|相继|先后|顺利|接连|在[\u4e00-\u9fff]{2,6}宣布|\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月(?:\d{1,2}日)?|[(][^()]{1,40}[)])){0,6},?")
RAISED = re.compile(rf"(?:{_QUOTED}|(?P<x>{_CHARS}{{2,24}}?)){_LATELY}(?:完成|获得?|斩获|拿下|拿到|收获|启动|开启)(?:了|由|来自)?[^。;\n,]{{0,60}}?(?:融资|投资|注资)")
_INVESTED = re.compile(r"(?:等(?:机构|投资方|多家机构|知名机构|老股东)?)?(?:共同|联合|独家|的|继续|持续|超额|跟进|追加|战略|参与)*(?P<v>领投|跟投|参投|独投|加持|加注|加码|追投|追加投资|战略投资|战略入股)")
_BACKERS = re.compile(r"(?:投资方|投资人|投资机构|老股东|股东|出资方|参投方|领投方|跟投方|投资者)(?:包括|有|为|分别为|则?是|:|还有)(?:了)?")
_FOUNDED = re.compile(rf"(?<![\u4e00-\u9fff])(?P<x>{_CHARS}{{2,10}})(?=(?:公司)?成立于|(?:公司)?创立于|(?:联合)?创始人|CEO|首席执行官|董事长|方面表示|宣布[,完])")
_BUILT = re.compile(rf"(?:建设|建成|搭建|打造|创建|成立|运营)(?:的|了|有)?(?P<x>{_CHARS}{{5,24}}?平台)(?!公司|经济|企业)")
_SHORT = re.compile(r"[(](?:[^()]{0,30}?[,;、])?(?:以下|下文|下称|以下统)?(?:又|亦)?(?P<how>简称|下称|统称|称|原名|曾用名|原|前身为|前身是|又名|英文名)(?:为|:|是)?[“「『\"]?(?P<x>[^()“”「」『』\"]{2,30}?)[”」』\"]?"
                    r"(?:或[“「『\"][^()]{1,12}[”」』\"])?(?:[,、;][^()]{0,30})?[)]")  # fmt: skip
_FORMER = re.compile(rf"(?:,)?(?:原名|曾用名|前身为|前身是|的前身(?:为|是)|前身(?:系))[“「]?(?P<x>{_CHARS}{{2,30}}?)[”」]?(?=[,。;()、]|于|在|成立|更名|$)")
_RENAMED = re.compile(r"(?:正式|已|于[^,。;]{2,12})?(?:更名|改名|变更名称)(?:为|成)[“「]?(?=[\u4e00-\u9fffA-Za-z])")
_LEAD = re.compile(r"(?:本轮|此轮|该轮|其中|其他|知名|老股东|现有股东|原股东|新股东|投资方|投资机构|产业方|产业资本|头部机构|机构|由|以及|包括|并由|及|与|和|获得|获|还|、|,|融资|均|分别)+")
_NOBODY = re.compile(r"(?:该|本|这|那|其|某|此|我|公司|企业|他|她|它|项目|团队|记者|双方|多家|数家|轮|融资|资金|官方|[甲乙丙丁]方|[A-Z]轮|产业资本|老股东|新股东|机构|投资方|知名|政府|社会资本|业内|国内|对方)")


def _label(name: str, default: str) -> str:
    for n in range(min(len(name) - 1, 12), 0, -1):
        if found := suffixes().get(name[-n:]):
            return found if found in ORGANIZATIONS or found == "Fund" else default
    return "Investor" if re.search(r"(?:投资|资管|创新基金|Capital|Ventures?)$", name) else default


def _item(text: str, start: int, end: int, label: str, rule: str, weight: float) -> Iterator[Mention]:
    """One name of a list, without what leads into it and what is said in brackets."""
    while found := _LEAD.match(text, start, end):
        start = found.end()
    if (bracket := text.find("(", start, end)) > start:
        end = bracket
    start, end = start + (text[start:end][:1] in "“「"), end - (text[start:end][-1:] in "”」")
    while start < end and text[start] == " ":
        start += 1
    name = text[start:end]
    if 2 <= len(name) <= 24 and re.fullmatch(rf"{_CHARS}+(?:\([^()]+\)){{0,2}}{_CHARS}*", name) and not bare(name) and not _NOBODY.match(name):
        if (begin := clean_start(text, start, end, legal=True)) < end - 1:
            if not bare(text[begin:end]) and not place().fullmatch(text[begin:end]):
                yield Mention(begin, end, _label(text[begin:end], label), rule, weight, text[begin:end])


def _items(text: str, start: int, end: int, label: str, rule: str, weight: float) -> Iterator[Mention]:
    at, depth = start, 0
    for n in range(start, end + 1):
        c = text[n] if n < end else "、"
        depth += (c == "(") - (c == ")")
        if depth <= 0 and (c in "、和与及," or n == end):
            yield from _item(text, at, n, label, rule, weight)
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
    for found in _FOUNDED.finditer(text):
        if not re.search("年|月|日|公司$|[的了]", found["x"]):
            yield from _item(text, _descriptive(text, *found.span("x")), found.end("x"), "Enterprise", "speaks-or-founded", 0.6)


def _descriptive(text: str, start: int, end: int) -> int:
    """“激光雷达服务商X” → X."""
    kinds = list(re.finditer(r"企业|公司|服务商|供应商|研发商|制造商|提供商|开发商|运营商|厂商|品牌|平台|独角兽|初创|电商", text[start:end]))
    after = start + kinds[-1].end() if kinds else start
    return after if end - after >= 2 and not text[after:end].startswith(("家", "(有限", "服务", "管理")) else start


def _after_by(text: str, low: int, high: int) -> int:
    by = max(text.rfind(w, low, high) + len(w) for w in ("由", "获得", "获", "包括", "其中") if text.rfind(w, low, high) >= 0) if re.search(
        "由|获|包括|其中", text[low:high]) else low  # fmt: skip
    return by


def built(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    """A platform that a named organisation builds is a thing, whatever plain words it is called by."""
    orgs = {m.end: m for m in mentions if m.label in ORGANIZATIONS}
    for found in _BUILT.finditer(text):
        low = max(text.rfind(c, max(0, found.start() - 40), found.start()) + 1 for c in ",。;:!?\n")
        if any(low < end <= found.start() for end in range(max(low, found.start() - 40), found.start() + 1) if end in orgs):
            start = clean_start(text, *found.span("x"))
            if found.end("x") - start >= 7:
                yield Mention(start, found.end("x"), "Platform", "built-by-name", 0.7, text[start : found.end("x")])


def neighbours(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    """A short item beside organisations of one list is one too: “华为、某某和西安电子科技大学”. So are the items of “甲、乙等12家企业”."""
    ends = {m.end: m for m in mentions}
    begins = {m.start: m for m in mentions}
    for m in mentions:
        if m.label not in ORGANIZATIONS or m.label in ("Agency", "Alliance"):
            continue
        beside, at = m, m.start
        while at > 1 and text[at - 1] in "、和与及" and at - 1 not in ends:
            start = clean_start(text, max(0, at - 12), at - 1)
            made = next(iter(_beside(text, start, at - 1, beside)), None) if start > at - 12 else None
            if made is None:
                break
            yield made
            at = made.start
        at = m.end
        while at < len(text) - 2 and text[at] in "、和与及" and at + 1 not in begins:
            end = _item_end(text, at + 1)
            made = next(iter(_beside(text, at + 1, end, beside)), None)
            if made is None or made.start != at + 1:
                break
            yield made
            at = made.end
    yield from _headed(text)


def _item_end(text: str, start: int) -> int:
    """Where the item of a list that begins here ends: at the next sign or word that no name holds."""
    chars = re.compile(rf"{_CHARS}{{1,24}}").match(text, start)
    high = chars.end() if chars else start
    stop = next((m for m in re.compile(r"等|的|加入|共同|联合|组成|参与|牵头|发起|成立|出资|签|跟投|领投|持股|持有|在|为|将|已|和|与|及").finditer(text, start + 1, high)), None)
    return stop.start() if stop else high


def _beside(text: str, start: int, end: int, beside: Mention) -> Iterator[Mention]:
    name = text[start:end]
    if 2 <= len(name) <= 10 and name not in words()["fields"] and not re.search(r"[0-9]{2}|专家|教授|院士|学生|教师|人员|部门|地区|代表|负责|领导|政府|高校|企业|机构|院所", name):
        default = beside.label if beside.label in ("Enterprise", "Investor") else "Enterprise"
        yield from _item(text, start, end, default, "beside-organisations", 0.55)


_HEADED = re.compile(r"等(?:\d+|数|百|[一二两三四五六七八九十百]+)?(?:余|多)?(?:家|所|个)?(?:知名|头部|龙头|重点|骨干|央企|国内外|孵投|上市|科技|硬科技|成员|产业链|链主|本土|上下游|国有|民营|大型|一线|专业)*(?P<h>企业|公司|央企|国企|机构|投资机构|资本|基金|高校|院校)")


def _headed(text: str) -> Iterator[Mention]:
    for found in _HEADED.finditer(text):
        low = max(text.rfind(c, max(0, found.start() - 160), found.start()) + 1 for c in ",。;:!?\n《》()“”")
        label = "Enterprise" if found["h"] in ("企业", "公司", "央企", "国企") else "University" if found["h"] in ("高校", "院校") else "Investor"
        pieces = re.split("、", text[low : found.start()])
        if len(pieces) < 2:
            continue
        spans, at = [], low
        for n, piece in enumerate(pieces):
            spans.append((clean_start(text, at, at + len(piece)) if n == 0 else at, at + len(piece)))
            at += len(piece) + 1
        made = [list(_item(text, s, e, label, "listed-with-head", 0.6)) if e - s >= 2 and text[s:e] not in words()["fields"] else [] for s, e in spans]
        if sum(map(len, made)) == len(spans) and all(m[0].start == s for m, (s, _) in zip(made, spans, strict=True)):
            yield from (m[0] for m in made)


# ---- short forms and former names


def renamed(text: str, mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Mention, Link]]:
    """(who, its other name, the link) of “A(以下简称B)”, “A(原名B)”, “A,前身为B”, “A更名为B”."""
    ends = {m.end: m for m in mentions if m.label in (*ORGANIZATIONS, "Platform", "Park", "Fund", "PilotBase", "VerificationCentre", "Laboratory", "Policy")}
    begins = {m.start: m for m in ends.values()}
    for pattern, former in ((_SHORT, False), (_FORMER, True)):
        for found in pattern.finditer(text):
            who = ends.get(found.start()) or ends.get(found.start() - 1) or _unknown(text, found.start(), found["x"] if pattern is _FORMER or "名" in found["how"] else "")
            how = found.groupdict().get("how") or "原名"
            name = found["x"]
            if who is None or re.fullmatch(r"本?(?:公司|集团|条例|办法|法|企业|平台)", name) or (how == "原" and len(name) < 4) or how == "英文名":
                continue
            said = "曾用名" if former or how in ("原名", "曾用名", "原", "前身为", "前身是") else "简称"
            yield _pair(who, Mention(*found.span("x"), who.label, "short-form" if said == "简称" else "former-name", 0.85, name), said, found)
    for found in _RENAMED.finditer(text):
        who, now = ends.get(found.start()), begins.get(found.end())
        if who and now:
            yield _pair(now, who, "曾用名", found)


def _pair(who: Mention, other: Mention, said: str, found: re.Match[str]) -> tuple[Mention, Mention, Link]:
    rule = "short-form" if said == "简称" else "former-name"
    return who, other, Link("Organization.aliases", who, other, rule, 0.85, said, start=min(who.start, found.start()), end=found.end())


def _unknown(text: str, end: int, other: str) -> Mention | None:
    """What stands before “(以下简称…” or “,原名…”: a name if it, or what it was called, ends like one."""
    start = clean_start(text, max(0, end - 30), end, legal=True)
    name = text[start:end]
    label = next((found for n in range(12, 0, -1) for form in (name, other) if (found := suffixes().get(form[-n:]))), None)
    return Mention(start, end, label, "shortened", 0.6, name) if label and len(name) >= 4 and not bare(name) else None


def again(text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Every other place where a name that was found stands, and the brand inside a company's full name."""
    names: dict[str, Mention] = {}
    for m in mentions:
        if m.rule == "short-form" or (m.label in (*ORGANIZATIONS, "Fund") and m.rule not in ("agency", "place")):
            least = 2 if m.rule in ("short-form", "raised-money", "invested", "former-name") else 3
            for form in (m.name, *_brands(m)):
                if len(form) >= least and not bare(form) and not place().fullmatch(form):
                    names.setdefault(form, m)
    if not names:
        return
    for found in re.compile(trie(names)).finditer(text):
        first = names[found[0]]
        yield Mention(found.start(), found.end(), first.label, "named-before", min(first.confidence, 0.75) - 0.05, found[0])


_ANAPHOR = re.compile(r"(?:(?<=[,。;!?\n])|^|(?<=[在为由向给]))(?:该|本)?(?P<c>公司|企业|集团)(?=成立于|创立于|总部|位于|由|已?获|已?完成|专注|此前|的?股东|主要从事|主营|注册|现有|拥有|于|为|是|旗下|持有|,)|该(?P<d>公司|企业|集团)")
_UNION = re.compile(r"(?:该|(?<![\u4e00-\u9fff]))(?P<w>联盟|创新联合体|联合体|共同体|协会|学会|商会)(?=成员|由|现有|将|在|成立|首批|理事|汇聚|以|,|。|的|共)")


def anaphors(text: str, mentions: list[Mention]) -> Iterator[Mention]:
    """“公司”, “该企业”, “联盟” after a name: they stand for the last one that fits, and are no names themselves."""
    firms = [m for m in mentions if m.label == "Enterprise" and m.rule in ("raised-money", "short-form", "ending-enterprise", "known-name", "shortened", "speaks-or-founded")]
    unions = [m for m in mentions if m.label == "Alliance" and len(m.name) > 4]
    for pattern, names, label in ((_ANAPHOR, firms, "Anaphor"), (_UNION, unions, "Alliance")):
        for found in pattern.finditer(text):
            fitting = [m for m in names if m.end <= found.start() and (label == "Anaphor" or m.name.endswith(found["w"]))]
            if fitting:
                yield Mention(found.start(), found.end(), label, "stands-for", 0.5, fitting[-1].name)


def _brands(m: Mention) -> Iterator[str]:
    """苏州X科技有限公司 → X科技."""
    if m.label in ("Enterprise", "Investor") and m.name.endswith("公司"):
        rest = m.name
        while found := place().match(rest):
            rest = rest[found.end() :].removeprefix("省").removeprefix("市")
        brand = re.sub(r"(?:\([^()]*\))?(?:股份|集团|控股|有限责任|有限|总)*公司$", "", re.sub(r"\([^()]*\)", "", rest))
        if len(brand) >= 4 and brand not in words()["fields"]:
            yield brand
            shorter = re.sub(r"(?:科技|技术|信息技术|新材料|实业|工程|电子|生物|医药|智能|投资|管理)$", "", brand)
            if len(shorter) >= 4 and shorter != brand and not bare(shorter):
                yield shorter
