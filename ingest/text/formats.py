"""Texts as they come: TXT, HTML, DOCX and PDF become one text. Spans count the code points of that text, un-normalised."""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import BadFile
from ingest.files import Decoded, decode, sha256_of

if TYPE_CHECKING:
    from docx.table import Table

MOST_BYTES = 100 * 2**20  # a larger file is a collection, not a document
MOST_UNPACKED = 400 * 2**20
_DROPPED = ("script", "style", "nav", "header", "footer", "aside", "form", "iframe", "noscript", "button", "select", "template", "svg")
_BLOCKS = ("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "table", "ul", "ol", "dd", "dt",
           "blockquote", "pre", "title")  # fmt: skip
_MAIN = ("article", "main", "#zoom", "#UCAP-CONTENT", ".TRS_Editor", ".article-content", ".pages_content", "#content", ".content")
_BREAK = "\x1e"
_WRAPPED = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\n\s*(?=[\u3000-\u9fff\uff00-\uffef])")
_SENTENCE_END = ("。", "！", "？", "；", "：", ":", ";", "!", "?", "”")


def text_of(path: Path) -> Decoded:
    """The text of a document. Raises BadFile naming the file and what to do when it cannot be read."""
    try:
        size = path.stat().st_size
    except OSError as e:
        raise BadFile(f"{path}: {e.strerror or e}; give the path of a readable file") from e
    if size > MOST_BYTES:
        raise BadFile(f"{path}: {size / 2**20:.0f} MB is more than the {MOST_BYTES // 2**20} MB a document may have; split it")
    read: Callable[[Path], Decoded] = READERS.get(path.suffix.lower(), decode)
    found = read(path)
    if not says(found.text):
        raise BadFile(f"{path}: no text was found in it; give the file that has the words")
    return found


def says(text: str) -> bool:
    """Is there anything to read in it? Blanks, NULs and other control characters say nothing."""
    return any(c.isprintable() and not c.isspace() for c in text)


# ---- HTML


def _html(path: Path) -> Decoded:
    """The main part of a page: no scripts, navigation or forms; one line a block."""
    from selectolax.lexbor import LexborHTMLParser

    decoded = decode(path)
    tree = LexborHTMLParser(decoded.text)
    for node in tree.css(",".join(_DROPPED)):
        node.decompose()
    for node in tree.css("br"):
        node.replace_with(_BREAK)
    for node in tree.css(",".join(_BLOCKS)):
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    for node in tree.css("td,th"):
        node.insert_after(" ")
    heads = [_lines(n.text()) for n in tree.css("h1")[:1]] or [_lines(n.text()) for n in tree.css("title")[:1]]
    mains = sorted((_lines(n.text()) for css in _MAIN for n in tree.css(css)), key=len)
    body = tree.body
    whole = _lines(body.text()) if body else ""
    text = mains[-1] if mains and len(mains[-1]) * 2 > len(whole) else whole  # a “main” of little text is a teaser
    if heads and heads[0] and heads[0] not in text:
        text = f"{heads[0]}\n{text}"
    return Decoded(text, decoded.encoding, decoded.sha256)


def _lines(marked: str | None) -> str:
    pieces = (" ".join(_WRAPPED.sub("", part).split()) for part in (marked or "").split(_BREAK))
    return "\n".join(p for p in pieces if p)


# ---- DOCX


def _docx(path: Path) -> Decoded:
    """Paragraphs and tables in their order; the cells of a row are separated by tabs, merged ones stand once."""
    from docx import Document
    from docx.table import Table

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(i.file_size for i in packed.infolist()) > MOST_UNPACKED:
                raise BadFile(f"{path}: unpacked it is larger than {MOST_UNPACKED // 2**20} MB; split it")
        parts = list(Document(str(path)).iter_inner_content())
        text = "\n".join(line for part in parts for line in (_rows(part) if isinstance(part, Table) else [part.text]))
    except BadFile:
        raise
    except Exception as e:  # broken packages raise whatever the zip, XML or relationship reader meets
        raise BadFile(f"{path}: it cannot be read as a DOCX file ({type(e).__name__}); open it in an office program and save it again") from e
    return Decoded(text, "docx", sha256_of(path))


def _rows(grid: Table) -> Iterator[str]:
    for row in grid.rows:
        cells: dict[Any, str] = {c._tc: " ".join(c.text.split()) for c in row.cells}
        yield "\t".join(cells.values())


# ---- PDF


def _pdf(path: Path) -> Decoded:
    """The text layer, page by page; lines that the page's width broke are joined again."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports repairs of bad files line by line
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadFile(f"{path}: the PDF is protected by a password; save an unprotected copy")
        pages = [page.extract_text() or "" for page in reader.pages]
    except BadFile:
        raise
    except Exception as e:  # a broken PDF raises whatever object it fails on
        raise BadFile(f"{path}: it cannot be read as a PDF file ({type(e).__name__}); open it and save it again") from e
    text = "\n".join(_joined(page) for page in pages)
    if not text.strip():
        raise BadFile(f"{path}: the PDF has no text layer (its pages are pictures); run a text recognition (OCR) over it and give the result")
    return Decoded(text.replace("\x00", ""), "pdf", sha256_of(path))


def _joined(page: str) -> str:
    """A line that is nearly as long as the longest and ends no sentence goes on in the next one."""
    lines = [line.rstrip() for line in page.splitlines()]
    longest = max(map(len, lines), default=0)
    out: list[str] = []
    for n, line in enumerate(lines):
        full = n and len(lines[n - 1]) >= 0.85 * longest > 12 and not lines[n - 1].endswith(_SENTENCE_END)
        if full and out and not line.startswith(("\u3000", "  ")):
            out[-1] += line.lstrip()
        else:
            out.append(line)
    return "\n".join(out)


READERS: dict[str, Callable[[Path], Decoded]] = {".html": _html, ".htm": _html, ".docx": _docx, ".pdf": _pdf}
