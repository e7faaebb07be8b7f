"""Names made of a brand and a trade: 甲乙 + 量子. The trade names nothing by itself, so the word must stand alone in its clause, and no part
of what goes before may be a plain word (人形 + 机器人)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from ingest.text.found import Mention
from ingest.text.lexicon import bare, matching, place, trie, words
from ingest.text.names import clean_start

_AFTER = (
    r"[^\u4e00-\u9fffA-Za-z0-9\-]|$|[在与和及等将已拟宣获完是为的近以由对向也还则曾从被均系后共联签称]|身后|"
    r"之[前后中]|[正首又更这推发表也]|目前|董事|创始|总经理|总裁|首席|技术|方面|旗下|"
    r"合伙人|副总|有关|相关|不断|一直|主要|自主|持续|一举|再次|凭借|全资|正式"
)
_NOT_AFTER = re.compile(
    r"(?:[和与及等的]?(?:技术|产业|行业|领域|赛道|方向|板块|产品|市场|人才|专业|学科|成果)|"
    r"公司|企业|集团|研发商|服务商|供应商|制造商|提供商|运营商|厂商|平台|机构|独角兽|初创|是指|"
    r"等(?:领域|产业|行业|方向|技术|产品)|的(?:研发|研究|生产|制造|应用|发展|产业化|关键|核心))"
)
_BEFORE = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]\Z|\A\Z|[与和及由对向在为给将以、投注是从]\Z")
_LAW = re.compile(r"第[二三四五六七八九]条\s[^。]*。(?:.*\n)*?.*第[一二三四五六七八九十]+条\s")
_CORE = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,4}")
_VERB = re.compile(
    r"[的了着过在是有不为与和及于以从把被将对向]|[一二三四五六七八九十两]?[大个种类款项家条代批次]\Z|"
    r"^[一二三四五六七八九十第各该本这那其某两]|等\Z|[基型式级化性用类属人者方]\Z"
)


@functools.cache
def _trades() -> re.Pattern[str]:
    return re.compile(trie(words()["trades"]) + f"(?={_AFTER}|{matching('hard').pattern})")


def is_law(text: str) -> bool:
    """Does it go by articles? A law names hardly a firm, and its subjects are whoever it speaks to."""
    return _LAW.search(text) is not None


def traded(text: str) -> Iterator[Mention]:
    """Every brand + trade that stands alone. A law names none."""
    if is_law(text):
        return
    for found in _trades().finditer(text):
        start, end = found.span()
        if _NOT_AFTER.match(text, end):
            continue
        begin = clean_start(text, max(0, start - 9), start, legal=True)
        begin += text[begin] in "后前中其" and start - begin > 2
        whole = text[begin:end]
        at = place().match(whole)
        rest = text[begin + (at.end() if at else 0) : start]
        if begin > start - 9 and _brand(rest, found[0]) and not _whole_field(whole):
            yield Mention(begin, end, "Investor" if found[0] == "投资" else "Enterprise", "brand-and-trade", 0.55, whole)


def _brand(core: str, trade: str) -> bool:
    """Can these signs be what a firm calls itself?"""
    if core + trade in words()["fields"] or not _CORE.fullmatch(core) or _VERB.search(core) or bare(core):
        return False
    plain = matching("generic", "attributes", "fieldish", "fields", "hard").sub(lambda m: "" if len(m[0]) > 1 else m[0], core)
    return len(plain) == len(core) and not all(c in _single() for c in core)


@functools.cache
def _single() -> frozenset[str]:
    """Single signs that are words before a trade."""
    return frozenset(w for name in ("attributes", "generic", "fieldish") for w in words()[name] if len(w) == 1)


def _whole_field(name: str) -> bool:
    return name in words()["fields"] or name in words()["attributes"]
