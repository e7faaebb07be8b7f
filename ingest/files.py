"""Files as they come: bytes become text with the encoding said, tables become rows with their place."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.errors import BadFile

ENCODINGS = ("utf-8-sig", "gb18030")  # utf-8 first: GB18030 accepts almost any bytes
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # how Excel's "Unicode text" begins
csv.field_size_limit(1 << 24)  # characters in one cell: a long text is no mistake
_HANDLE = re.compile(r"@[\w-]+")
TEXTS, TABLES = frozenset({".txt", ".html", ".htm", ".docx", ".pdf"}), frozenset({".csv", ".tsv"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, un-normalised: spans count its code points. `sha256` is of the bytes."""

    text: str
    encoding: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table's heads and rows; a row's number is its line in the file, the heads being line 1."""

    name: str
    encoding: str
    sha256: str
    heads: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def decode(path: Path) -> Decoded:
    """Read a text file. Raises BadFile when it is missing, empty or in no known encoding."""
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise BadFile(f"{path}: {e.strerror or e}; give the path of a readable file") from e
    for encoding in ("utf-16",) if raw.startswith(UTF16) else ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        if not text.strip():
            raise BadFile(f"{path}: the file is empty")
        return Decoded(text, "utf-8" if encoding == "utf-8-sig" else encoding, hashlib.sha256(raw).hexdigest())
    raise BadFile(f"{path}: neither UTF-8, UTF-16 nor GB18030 text; save it as UTF-8")


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, read in pieces."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def table(path: Path) -> Table:
    """Read a CSV or TSV file. Raises BadFile naming file and line."""
    decoded = decode(path)
    reader = csv.reader(io.StringIO(decoded.text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ",", strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        heads = tuple(h.strip() for h in next(reader))
        if twice := {h for h in heads if heads.count(h) > 1}:
            raise BadFile(f"{path}:1: column {min(twice)!r} appears twice")
        for cells in reader:
            if not any(c.strip() for c in cells):
                continue
            if len(cells) > len(heads):
                raise BadFile(f"{path}:{reader.line_num}: {len(cells)} cells under {len(heads)} heads; quote cells that hold a comma")
            rows.append((reader.line_num, dict(zip(heads, (c.strip() for c in cells), strict=False))))
    except csv.Error as e:
        raise BadFile(f"{path}:{reader.line_num}: {e}") from e
    return Table(path.name, decoded.encoding, decoded.sha256, heads, tuple(rows))


def write_csv(path: Path, heads: tuple[str, ...], rows: Iterator[dict[str, object]] | list[dict[str, object]]) -> None:
    """A CSV that Excel opens with Chinese intact (UTF-8 with BOM); cells that a spreadsheet would run are quoted with '."""

    def safe(cell: object) -> object:
        return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) and not _HANDLE.fullmatch(cell) else cell

    with path.open("w", encoding="utf-8-sig", newline="") as f:
        out = csv.DictWriter(f, heads)
        out.writeheader()
        out.writerows({k: safe(v) for k, v in row.items()} for row in rows)
