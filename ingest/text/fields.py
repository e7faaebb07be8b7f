"""Fields, industry chains, stages, titles and services: things that lists and set phrases name, not endings of a name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from ingest.text.found import Mention
from ingest.text.lexicon import bare, fieldish, matching, place, trie, words
from ingest.text.names import clean_start

_ITEM = r"[^\s,、。;:!?()《》“”‘’\d]{2,14}"
_BROAD = r"(?P<head>产业方向|产业领域|产业集群|产业板块|产业|领域|行业|赛道|方向|板块)"
_BROAD += r"(?!链|化|园|基金|创新(?!联合体|联盟)|技术|结构|政策|工人|协会|组织)"
_ETC = re.compile(
    r"(?:等(?:[我本全][省市区县])?(?:\d{1,3}|[一二两三四五六七八九十]+|多|若干|数)?(?:大|个|类|项|条)?|(?:[两二三四五六七八九十]|\d{1,3})(?:大(?!类)|个(?:大类)?))(?:“[^”]{1,12}”|[两二三四五六七八九十]个)*"
    r"(?:[^,。;:、]{0,18}?的)?(?:" + trie(words()["head_adjectives"]) + rf")*{_BROAD}"
)
_OF_CHAINS = re.compile(r"等(?:\d+|[一二两三四五六七八九十]+|多)?(?:大|个|条)?(?:[省市]级|国家级|" + trie(words()["head_adjectives"]) + r")*产业链")
_PLAIN = re.compile(rf"{_ITEM}(?:、{_ITEM}){{2,}}")
_ONE = re.compile(rf"(?<=[\u4e00-\u9fffA-Za-z0-9]){_BROAD}")
_FOCUS = re.compile(
    rf"(?:聚焦于?|围绕|专注于?|致力于|深耕于?|瞄准|面向|立足于?|切入|布局|从事)(?P<x>{_ITEM}?(?:[、和与及]{_ITEM}?)*?)"
    r"(?=实现|开展|进行|研发|研制|生产|设计|制造商|提供|领域|产业|行业|赛道|市场|方向|[,。;、的和与等])"
)
_INTO = re.compile(
    rf"(?:重点|主要)?(?:投向|重点投资(?!于)|(?:投资|产业|重点|细分|核心)(?:领域|方向)(?:为|包括|是|聚焦|涵盖|有)+:?)(?P<x>{_ITEM}?(?:[、和与及]{_ITEM}?){{1,12}})"
    r"(?=等|[,。;]|领域|产业|行业|方向|赛道|企业|项目)"
)
_NAMES_FIELDS = ("产业领域", "领域", "产业", "行业", "赛道")
_CHAIN = re.compile(r"(?P<x>[^\s,、。;:!?()《》“”\d]{1,14})产业链(?![长条]|联盟|共同体)")
_TRIM = re.compile(
    r"(?<![成造])就(?!业|地)|培养|受益于|进步及|加强|开展|集中在|集中于|分布在|聚焦于?|围绕|覆盖了?|涉及|涵盖|包括|面向|应用于|用于|瞄准|立足|加快|发展|推动|推进|促进|从事|支持|培育|壮大|做强|打造|布局|深耕|"
    r"专注于?|投向|服务于?(?![器业])|解决了?|诸多|众多|多个|属于|所在|位于|我国|省内|市内|区内|我省|我市|全省|全市|全国|国内|全球|世界|依托|突破|抢占|引领|拥有|切入|进入|覆盖|贯穿|"
    r"赋能|提升|优化|完善|延长|延伸|补齐|补强|强化|构建|形成|打通|稳定|拓展|畅通|增强|保障|维护|有关|相关|[在为对以于是了的由将向把从等该至]"
)
_SERVICE = re.compile(
    r"提供(?:了)?(?P<list>[^。;,]{2,60}?)(?:等)?(?P<adj>(?:全[流方][程位]|一站式|专业|全链条|综合|配套|系列|技术|专业化|中试|检测|验证)*)"
    r"(?P<end>服务|支撑|支持)"
)
_LISTING = re.compile(r"[、和与及]")
STAGES = re.compile(rf"(?:{matching('stages').pattern})(?:(?:、|—+|→|-+>?|到|至|和|,到|、到)(?:{matching('stages').pattern}))+")
SOME = (
    ("SomeFacility", re.compile(
        r"(?:各|首批|[省市]级|国家级|若干)*(?:\d{1,6}[家个])?(?:[省市]级|国家级)?(?:中试(?:共享|服务)?(?:基地|平台)|概念验证中心)")),
    ("SomeOrg", re.compile(
        r"(?:科技|创新|科技领军|领军|上下游|龙头|骨干|民营|国有|中小|大中小|初创|被投|高新技术|科技型中小|科技型|创新型|专精特新|链主)(?:型)?企业|"
        r"高校院所|高等院校|科研院所")),
    ("SomeProject", re.compile(r"(?:中试|概念验证|熟化|产业化|孵化|初创|转化|科创|科技)(?:熟化)?项目")),
    ("SomeCapital", re.compile(r"各类资金|社会资本|政府资金|财政资金|金融资本|民间资本|(?:中试|概念验证|天使|种子|产业|创投|母)基金")),
)  # fmt: skip


def _trimmed(text: str, start: int, end: int) -> int:
    """Where the first item of a list begins: after the last word that leads into it."""
    if text[start:end] in words()["fields"]:
        return start
    lead = max((m.end() for m in _TRIM.finditer(text, start, end)), default=start)
    begin = lead if lead == end else max(lead, clean_start(text, start, end, joined=True))
    at = place().match(text, begin, end) or matching("regions_wide").match(text, begin, end)
    return at.end() if at and fieldish(text[at.end() : end]) else begin


_AIMED = re.compile("聚焦|围绕|面向|瞄准|深耕|投向|重点(?:支持|发展|布局|投资)|布局|涵盖|覆盖|涉及")


def _number(said: str) -> int:
    """3大…产业 → 3."""
    found = re.match(r"等?(\d{1,2}|[两二三四五六七八九十])[大个类]", said)
    return 0 if not found else int(found[1]) if found[1].isdigit() else "两二三四五六七八九十".index(found[1]) + (2 if found[1] == "两" else 1)


def _pieces(text: str, start: int, end: int, parted: str = "、", joined: bool = False) -> list[tuple[int, int]]:
    """The items of a list. With several 、 in it, 与 and 和 part its last item only: “人工智能和数字经济、新材料” are two."""
    out, at = [], start
    last = text.rfind(parted, start, end)
    for found in _LISTING.finditer(text, start, end):
        if found[0] != "、" and (joined or found.start() < last):
            continue
        out.append((at, found.start()))
        at = found.end()
    return [(s, e) for s, e in [*out, (at, end)] if e > s]


def fields(text: str) -> Iterator[Mention]:
    """A、B、C等产业领域 → three fields; “光子产业” keeps its ending, “稀有金属材料领域” does not; what is focused on, if it is one."""
    for found in _ETC.finditer(text):
        low = _clause(text, found.start())
        spans = _pieces(text, low, found.start())
        whole = _pieces(text, low, found.start(), "、", joined=True)
        if len(whole) > 1 and _number(found[0]) == len(whole):
            spans = whole  # 光电信息、汽车及零部件2大产业: the count says that these are two
        aimed = _AIMED.search(text, low, spans[0][1]) if spans else None
        wide = [(aimed.end(), spans[0][1]), *spans[1:]] if aimed and "等" not in text[aimed.end() : found.start()] else []
        good = _good(text, spans)
        fit = [_maybe(text[s:e]) or (len(wide) > 2 and 4 <= e - s <= 8) for s, e in wide]
        if len(wide) > 1 and all(fit) and len(good) * 2 < len(wide):
            good = spans = wide
        if good and len(spans) > 1 and (len(good) * 2 >= len(spans) or found["head"] in _NAMES_FIELDS):  # so the others are
            good = [(s, e) for s, e in spans if (s, e) in good or _maybe(text[s:e])]
        yield from (Mention(s, e, "Field", "listed-field", 0.8, text[s:e]) for s, e in good)
    for found in _ONE.finditer(text):
        spans = _pieces(text, _clause(text, found.start()), found.start())
        good = _good(text, spans)
        if len(spans) > 2 and len(good) * 2 >= len(spans) and found["head"] in ("领域", "赛道", "行业"):
            good = [(s, e) for s, e in spans if (s, e) in good or _maybe(text[s:e])]
        elif len(good) * 2 < len(spans) or good[-1:] != spans[-1:]:
            good = _good(text, spans[-1:])
        for s, e in good:
            kept = found.end() if len(good) == 1 and found["head"] == "产业" else e
            yield Mention(s, kept, "Field", "field-of", 0.7, text[s:kept])
    for found in _FOCUS.finditer(text):
        spans = _pieces(text, *found.span("x"))
        if len(_good(text, spans)) == len(spans):
            yield from (Mention(s, e, "Field", "focused-on", 0.7, text[s:e]) for s, e in spans)
    for found in _INTO.finditer(text):
        low, high = found.span("x")
        spans = _pieces(text, max(low, text.rfind("的", low, high) + 1), high)
        if all(_maybe(text[s:e]) for s, e in spans):
            yield from (Mention(s, e, "Field", "money-goes-into", 0.65, text[s:e]) for s, e in spans)


def _maybe(item: str) -> bool:
    fits = 2 <= len(item) <= 10 or item in "镍钴锂锰铜铝钛镁锌钨钼铂钯硅氢碳"
    return fits and not bare(item) and "等" not in item and item not in words()["notfields"]


def listed_chains(text: str) -> Iterator[Mention]:
    """氢能、增材制造等重点产业链 → two chains; a span is what stands there, a name has its head."""
    for found in _OF_CHAINS.finditer(text):
        spans = _pieces(text, _clause(text, found.start()), found.start())
        good = _good(text, spans)
        if len(good) * 2 >= len(spans) > 2:  # so the others are
            good = [(s, e) for s, e in spans if (s, e) in good or _maybe(text[s:e])]
        for s, e in good:
            yield Mention(s, e, "IndustryChain", "listed-chain", 0.75, text[s:e] + "产业链")


def plain_lists(text: str) -> Iterator[Mention]:
    """A list of three or more of which most are known fields is one of fields, though nothing calls it so."""
    for found in _PLAIN.finditer(text):
        spans = _pieces(text, found.start(), found.end() - (len(found[0]) - found[0].rindex("等") if "等" in found[0][-6:] else 0))
        good = _good(text, spans)
        if sum(text[s:e] in words()["fields"] for s, e in good) * 3 >= len(spans) * 2:
            yield from (Mention(s, e, "Field", "list-of-fields", 0.65, text[s:e]) for s, e in good)


def _clause(text: str, end: int) -> int:
    """Where the list that ends here may begin."""
    return max(end - 200, 0, *(text.rfind(c, 0 if end < 200 else end - 200, end) + 1 for c in ",。;:!?()《》“”\n "))


def _good(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces of a list that can be fields; all lose the words that lead into them."""
    spans[:] = [(_trimmed(text, s, e), e) for s, e in spans]
    return [(s, e) for s, e in spans if e > s and fieldish(text[s:e])]


def chains(text: str) -> Iterator[Mention]:
    """中医药产业链; not “重点产业链”, “全产业链”."""
    for found in _CHAIN.finditer(text):
        start = _trimmed(text, *found.span("x"))
        core = text[start : found.end("x")]
        stands_for_all = re.match(r"[\u4e00-\u9fff]?[长条上下]", text[found.end() : found.end() + 2])
        named = len(core) >= 2 and not bare(core) and not place().fullmatch(core) and not core.endswith(("链", "全", "等", "级", "和", "与", "及"))
        if fieldish(core) or (named and not stands_for_all):
            yield Mention(start, found.end(), "IndustryChain", "named-chain", 0.8 if fieldish(core) else 0.6, text[start : found.end()])


def services(text: str) -> Iterator[Mention]:
    """What is offered: the items of “提供A、B、C等…服务”, or the one service that is named."""
    for found in _SERVICE.finditer(text):
        start, end = found.span("list")
        after = text.rfind("的", start, end)
        start = after + 1 if after >= 0 else start
        etc = text[end : end + 1] == "等"
        pieces = [(start, end)] if not etc and found["end"] == "服务" else _pieces(text, start, end, "等") if etc else []
        for s, e in pieces:
            whole = e if etc else found.end()
            if e - s >= 2 and (etc or not bare(text[s:e].replace("服务", ""))):
                yield Mention(s, whole, "Service", "offered", 0.7, text[s:whole])


def stages(text: str) -> Iterator[Mention]:
    """The stages of a chain that is written out: 实验室、概念验证、中试放大、产业化."""
    for found in STAGES.finditer(text):
        terms = list(matching("stages").finditer(text, *found.span()))
        tail = text[found.end() : found.end() + 6]
        if len(terms) >= 2 and ("链" in tail or "流程" in tail or "过程" in tail or "阶段" in tail or re.search("→|->|—|到|至", found[0])):
            for m in terms:
                yield Mention(m.start(), m.end(), "Stage", "stage", 0.8, m[0])


@functools.cache
def _credential() -> re.Pattern[str]:
    return re.compile(rf"(?:国家级?|[省市]级|陕西省)?(?:{trie(words()['credentials'])})")


def credentials(text: str) -> Iterator[Mention]:
    for found in _credential().finditer(text):
        yield Mention(found.start(), found.end(), "Credential", "title-held", 0.8, found[0])


_COUNTED = re.compile(
    r"(?:\d{1,6}|[一二两三四五六七八九十百]{1,5})[家个]"
    r"(?:(?:[省市]级|国家级)(?:平台|基地)|(?:[省市]级|国家级)?(?:中试基地|概念验证中心|中试平台))"
)


def unnamed(text: str) -> Iterator[Mention]:
    """Things that are spoken of without a name; they hold a place in a sentence and become no node."""
    for label, pattern in SOME:
        for found in pattern.finditer(text):
            yield Mention(found.start(), found.end(), label, "unnamed", 0.5, found[0])
    for found in _COUNTED.finditer(text):
        yield Mention(found.start(), found.end(), "Batch", "counted-group", 0.6, found[0])
