"""A text document as claims: its masked text, what it says of itself, and what the rules find in it.

The text of a publication whose facts ship states its text only: those facts were read by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from graph.records import Claim, Evidence, check, claim
from graph.values import BadValue, clean_date, nfkc
from ingest.files import Decoded
from ingest.publications import Publication, shipped
from ingest.text.formats import says, text_of
from ingest.text.mask import mask

_DAY = r"(?:\d{4}年\d{1,2}月\d{1,2}日|[二一][〇零○O0九][〇零○O一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
_DATE = re.compile(rf"^\s*({_DAY})\s*$", re.MULTILINE)
_STATED_DATE = re.compile(
    rf"(?:发布|发文|成文|印发|公布)(?:时间|日期)\s*[::]?\s*({_DAY}|\d{{4}}-\d{{1,2}}-\d{{1,2}})|({_DAY})\s*(?:印发|发布)\s*$", re.MULTILINE
)
_ASKED = re.compile(r"提出的(《[^》]+》)[^。]*收悉")
_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,12}?)\s*[〔\[(【﹝［]\s*((?:19|20)\d{2})\s*[〕\])】﹞］]\s*第?\s*(\d{1,5})\s*号")
_HEAD = re.compile(
    r"^\s*(?:类别|签发人|索引号|信息分类|主题词|公开方式|密级|特急|加急|title:|[\u4e00-\u9fff]{2,20}文件\s*$|来源[::]|发布时间|发布日期|首页|"
    r"当前位置)"
)
_KIND = re.compile(
    r"(?:通知|意见|方案|办法|公告|通告|决定|函|批复|计划|条例|规定|细则|规划|纲要|公示|名单|报告|答复|指南|若干措施)(?:[((][^()]{1,20}[))])?$"
)
_BY = re.compile(r"^(?P<who>[\u4e00-\u9fff]{3,40}?(?:厅|局|委|部|院|会|政府|办公室))关于")


def known(path: Path, decoded: Decoded) -> Publication | None:
    """The shipped publication this file is the text of: by the hash of what was read, or by file name (then it was edited)."""
    publications = shipped().values()
    by_hash = (p for p in publications if p.read_sha256 and p.read_sha256 == decoded.sha256)
    by_name = (p for p in publications if p.file and p.file == path.name)
    return next(by_hash, None) or next(by_name, None)


def described(path: Path, text: str) -> Publication:
    """What an unknown text says of itself: title, issuer, date, 文号. A reply names what it answers; date and issuer sign it."""
    asked, dates = _ASKED.search(text), [d for d in _DATE.finditer(text) if _is_day(_plain(d[1]))]
    lines = [line for raw in text.splitlines() if says(line := raw.strip().lstrip("# "))]
    title = (f"对{asked[1]}的答复" if asked else _title(lines)) or path.stem
    before = text[: dates[-1].start()].rstrip().splitlines() if dates else []
    signed = before[-1].strip() if before and len(before[-1].strip()) <= 40 and "。" not in before[-1] else ""
    if not signed and (said := _BY.match(title)):
        signed = said["who"]
    stated = next((d for m in _STATED_DATE.finditer(text) if _is_day(d := _plain(m[1] or m[2]))), "")
    published = _plain(dates[-1][1]) if dates else stated
    return Publication(ref=path.stem, title=title, issuer=signed, document_no=_number(text), published=published, standing="unknown")


def _title(lines: list[str]) -> str:
    """The first line that is no letterhead; with its next ones where only together they end like a title."""
    body = [line for line in lines[:12] if not _HEAD.match(line) and not _NUMBER.fullmatch(nfkc(line))] or lines
    for n in (1, 2, 3):
        joined = "".join(body[:n])
        if _KIND.search(joined) and len(joined) <= 100 and "。" not in joined:
            return joined
    return body[0][:80] if body else ""


def _number(text: str) -> str:
    """The document's own 文号, in its usual brackets: one that stands on a line of its own near the top, or under the title in brackets."""
    for line in text.splitlines()[:15]:
        plain = nfkc(line).strip("() ")
        if (found := _NUMBER.search(plain)) and len(plain) <= len(found[0]) + 8:
            return f"{found[1]}〔{found[2]}〕{found[3]}号"
    return ""


def _plain(day: str) -> str:
    """二〇二四年八月十四日 → 2024年8月14日."""
    if re.match(r"\d", day):
        return day
    digits = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "O": "0"}

    def small(number: str) -> str:
        tens, ten, ones = number.rpartition("十")
        return str((int(digits.get(tens, "1")) * 10 if ten else 0) + int(digits.get(ones, "0")))

    year, month, last = re.split("[年月日]", day)[:3]
    return f"{''.join(digits.get(c, c) for c in year)}年{small(month)}月{small(last)}日"


def _is_day(text: str) -> bool:
    try:
        return bool(clean_date(text))
    except BadValue:
        return False


def document_claims(source: str, path: Path) -> tuple[str, Iterator[Claim]]:
    """(how the encoding was read, the claims of a text file). Raises BadFile."""
    decoded = text_of(path)
    publication = known(path, decoded)
    masked = mask(decoded.text)
    about = publication or described(path, masked)
    return decoded.encoding, _claims(source, about, publication is None, masked, decoded.sha256)


def _claims(source: str, publication: Publication, fresh: bool, masked: str, sha256: str) -> Iterator[Claim]:
    document = publication.node_id
    if fresh:
        yield from publication.claims(source)
    evidence = Evidence(document, note="正文原件").json()
    for name, value in check("Document", {"text_sha256": sha256}).items():
        yield claim(source, document, name, evidence, value=value.value, shown=value.shown)
    yield claim(source, document, "text", evidence, value=masked)
    if fresh:
        from ingest.text.claims import extracted

        yield from extracted(source, publication, masked)
