"""What the public hand is called: agencies with the place they belong to, policies and laws, and the places themselves."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from ingest.text.found import Mention
from ingest.text.lexicon import bare, code_of, place, places, trie, words
from ingest.text.names import clean_start

# ---- agencies ----


_DEPARTMENT = re.compile(r"国务院[\u4e00-\u9fff]{2,8}?(?:行政|主管|管理)部门")


@functools.cache
def _offices() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of what agencies are called without their place, and which sort each is: office, whole, national."""
    a = words()["agencies"]
    sorts = {core + end: "office" for core in a["cores"] for end in a["endings"]}
    sorts |= dict.fromkeys(a["whole"], "whole") | dict.fromkeys(a["national"], "national")
    return re.compile(trie(sorts)), sorts


@functools.cache
def _front() -> re.Pattern[str]:
    return re.compile(rf"(?:中共)?(?:(?:{place().pattern})+(?:[省市区县])?(?:第[一二三四五六七八九十]+届)?|国家|中国|全国)")


_OFFICE = re.compile("(?:委员会|领导小组)?(?:办公室|管理局|促进局|服务局|事务局|监管局|领导小组|指挥部|工作委员会|党工委|管理处)")


_OFFICIALS = re.compile("常务|副[区市]长|党组|办公室|主要负责|分管|领导|有关|相关")
_HEEDS = ("落实", "贯彻", "按照", "根据", "服从", "围绕", "报请", "坚持", "经过", "感谢", "依据")
_AFTER_OFFICE = ("省委", "市委", "区委", "县委", "委、", "厅、", "局、", "府、", "府和", "委和", "协、", "协和")


def agencies(text: str) -> Iterator[Mention]:
    """Government bodies with the place they belong to (陕西省科技厅, 省委), and those of the nation."""
    pattern, sorts = _offices()
    for found in pattern.finditer(text):
        start, end, sort = found.start(), found.end(), sorts[found[0]]
        if text[end : end + 4] == "工作报告" or (
            text[end : end + 1] in ("门", "员", "托", "派", "任", "代") and not found[0].endswith(("委员会", "政府"))
        ):
            continue
        begin = next((s for s in range(max(0, start - 18), start - 1) if _front().fullmatch(text, s, start)), None)
        if begin is None and text[start - 1 : start] in ("省", "市", "区") and start:
            before = text[start - 2 : start - 1] if start > 1 else ""
            ours = sort == "office" or text[start - 1] == "省"
            lone = not re.match(r"[\u4e00-\u9fff]", before) or before in "经由向据被请报" or (sort == "office" and before in "、和")
            lone = lone or (ours and before not in "各县区级的全本地辖、和") or text[max(0, start - 3) : start - 1] in (*_HEEDS, *_AFTER_OFFICE)
            begin = start - 1 if lone and not (text[start - 1] == "区" and sort == "whole" and not _OFFICIALS.match(text, end)) else None
        if begin is None and sort == "national":
            begin = start
        if begin is not None and text[begin:end] not in ("中国科技", "国家政府"):
            name = text[begin:end]
            yield Mention(begin, end, "Agency", "agency", 0.9 if len(name) > 4 else 0.8, name)
    for found in _OFFICE.finditer(text):  # of a place whatever it sees to: 某省军民融合发展办公室
        begin = clean_start(text, max(0, found.start() - 22), found.start())
        if re.search("学会|协会|联盟|商会", text[begin : found.start()]):
            continue
        if (at := _front().match(text, begin, found.start())) and 2 <= found.start() - at.end() <= 12:
            yield Mention(begin, found.end(), "Agency", "office-of-a-place", 0.75, text[begin : found.end()])
    for found in re.finditer("[\u4e00-\u9fff]{2,3}(?:镇|乡|街道)(?:人民政府|政府|党委)", text):
        begin = clean_start(text, *found.span())
        if found.end() - begin >= 5:
            yield Mention(begin, found.end(), "Agency", "town", 0.7, text[begin : found.end()])
    for found in re.finditer(rf"(?:九三学社|民建|民盟|民革|民进|农工党|致公党|台盟)(?:{place().pattern})?[省市区]?委(?:会|员会)?(?!员)", text):
        yield Mention(found.start(), found.end(), "Agency", "party-committee", 0.8, found[0])
    for found in re.finditer(r"(?:新区|高新区|经开区|开发区|示范区|保税区|科学城|产业园区?|工业园区?)(?:党工委|管委会|管理委员会|工委|执委会)", text):
        begin = clean_start(text, max(0, found.start() - 20), found.start())
        if not bare(text[begin : found.start()]):
            yield Mention(begin, found.end(), "Agency", "office-of-a-park", 0.75, text[begin : found.end()])
    for found in _DEPARTMENT.finditer(text):
        yield Mention(found.start(), found.end(), "Agency", "department-of-state", 0.8, found[0])


# ---- policies ----

_QUOTED = re.compile(r"《([^《》\n]{2,120}|[^《》\n]{0,60}(?:《[^《》\n]{2,60}》[^《》\n]{0,60}){1,3})》")
_ONLY_A_SORT = ("办法", "条例", "规定", "意见", "方案", "通知", "细则", "指引", "指南",
                "实施细则", "计划", "措施", "若干措施", "决定", "规划", "法", "章程", "规则")
_REFORM = re.compile(r"(?:科技成果(?:转化)?)?“[一二三四五六七八九十两]项改革”")
_TITLE = re.compile(r"^[#\s]*(?P<t>[\u4e00-\u9fff()《》]{2,40})\s*$", re.MULTILINE)


def policies(text: str) -> Iterator[Mention]:
    """What stands in 《》 and is called a policy, named reforms, and a law's own title line."""
    endings = tuple(words()["policies"])
    for found in _QUOTED.finditer(text):
        inner = re.sub(r"[((][^()]{0,24}[))]$", "", found[1]).rstrip("》〉”’")
        if inner.endswith(("公告", "报告", "报告书")) and re.search("股权|股份|股票|股东|交易|权益|董事会|募集", inner):
            continue  # what a listed company tells
        if inner in _ONLY_A_SORT or inner.endswith(("研究报告", "发展报告", "年度报告", "调研报告", "分析报告")):
            continue
        if inner.endswith(endings) and not inner.endswith(("提案", "议案")):
            yield Mention(found.start(), found.end(), "Policy", "policy-title", 0.95, found[1])
    for found in _REFORM.finditer(text):
        yield Mention(found.start(), found.end(), "Reform", "named-reform", 0.85, found[0])
    for found in _TITLE.finditer(text[:3000]):
        title = found["t"]
        ours = place().match(title) or title.startswith(("中华人民共和国", "国家", "国务院"))
        if ours and title.endswith(tuple(words()["laws"])) and len(title) >= 5:
            yield Mention(*found.span("t"), "Policy", "law-title", 0.9, title)
            return


# ---- places ----


_TITLED = re.compile("(?:[市省县区镇部局厅处所院校会行长]长|主任|书记|董事长|总裁|经理|教授|记者|主席|委员|代表|院士|博士)[\u4e00-\u9fff]\\Z")


@functools.cache
def _somewhere() -> re.Pattern[str]:
    one = trie([*places(), *words()["abroad"], *words()["regions_wide"]])
    return re.compile(f"{one}(?:{place().pattern})*")


def regions(text: str) -> Iterator[Mention]:
    """Places; 浙江省杭州市滨江区 is one, named by all it says."""
    seen: set[str] = set()
    for found in _somewhere().finditer(text):
        seen.update(m[0] for m in place().finditer(found[0]))
        if _TITLED.search(text[max(0, found.start() - 5) : found.start()]) and not found[0].endswith(("省", "市", "区", "县")):
            continue  # 市长王安顺
        if text[found.end() : found.end() + 1] in ("路", "街", "话", "菜", "人") and not found[0].endswith(("省", "市", "区", "县")):
            continue
        if found[0].endswith("省") and text[found.end() : found.end() + 1] == "会":
            yield Mention(found.start(), found.end() - 1, "Region", "place", 0.9, found[0][:-1])  # 贵州省会
            continue
        yield Mention(found.start(), found.end(), "Region", "place", 0.9 if code_of(found[0]) else 0.6, found[0])
    small = {n[:-1]: n for n in seen if n in places() and len(n) > 2 + (n[-1] == "区") and n[-1] in "市县区" and n[:-1] not in places()}
    for found in re.finditer(trie(small), text) if small else ():  # 昆山, once the text has said 昆山市
        if text[found.end() : found.end() + 1] not in ("市", "县", "区", "路", "街"):
            yield Mention(found.start(), found.end(), "Region", "place-short", 0.7, small[found[0]])
    for found in re.finditer(r"(?<![\u4e00-\u9fff“])中国(?=[,。、;的在是]|境内|市场|大陆|企业)", text):
        yield Mention(found.start(), found.end(), "Region", "place", 0.7, "中国")
