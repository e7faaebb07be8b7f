"""A text document as claims: its masked text, and who published it when as far as the text itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from graph.records import Claim, Evidence, check, claim
from graph.values import BadValue, clean_date
from ingest.files import Decoded, decode
from ingest.publications import Publication, shipped
from ingest.text.mask import mask

_DATE = re.compile(r"^\s*(\d{4}年\d{1,2}月\d{1,2}日)\s*$", re.MULTILINE)
_ASKED = re.compile(r"提出的(《[^》]+》)[^。]*收悉")


def known(path: Path, decoded: Decoded) -> Publication | None:
    """The shipped publication this file is the text of: by the hash of what was read, or by file name (then it was edited)."""
    publications = shipped().values()
    by_hash = (p for p in publications if p.read_sha256 and p.read_sha256 == decoded.sha256)
    by_name = (p for p in publications if p.file and p.file == path.name)
    return next(by_hash, None) or next(by_name, None)


def described(path: Path, text: str) -> Publication:
    """What an unknown text says of itself: a reply names what it answers, others start with their title; date and issuer sign it."""
    asked, dates = _ASKED.search(text), [d for d in _DATE.finditer(text) if _is_day(d[1])]
    first = next(line.strip() for line in text.splitlines() if line.strip())
    title = f"对{asked[1]}的答复" if asked else first[:80]
    before = text[: dates[-1].start()].rstrip().splitlines() if dates else []
    issuer = before[-1].strip() if before and len(before[-1].strip()) <= 30 and "。" not in before[-1] else ""
    return Publication(ref=path.stem, title=title, issuer=issuer, published=dates[-1][1] if dates else "", standing="unknown")


def _is_day(text: str) -> bool:
    try:
        return bool(clean_date(text))
    except BadValue:
        return False


def document_claims(source: str, path: Path) -> tuple[str, Iterator[Claim]]:
    """(how the encoding was read, the claims of a text file). Raises BadFile."""
    decoded = decode(path)
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


