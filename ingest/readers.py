"""Files that hold tables, each kind read as sheets of rows of text: CSV and TSV in any usual encoding, Excel, JSON, JSON lines,
Parquet, zipped. A row's number is the one a person sees: Excel's row, the line of a CSV or JSON-lines file, the place in a list.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import itertools
import lzma
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from graph.errors import BadFile
from graph.scan import scan
from ingest.files import ENCODINGS, UTF16

LOOKED_AT = 40  # rows looked at to find the heads
UNZIPPED = 4 * 2**30  # bytes of a zip's members that are read before it is taken for a bomb
Row = tuple[int, list[str]]
Sheet = tuple[str, Iterable[Row], str]  # its name, its rows, the encoding of its file
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_CHUNK = 1 << 20


def text(value: object) -> str:
    """A cell as a person would read it, in one line."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else _CONTROL.sub(" ", value).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if value != value:
            return ""  # how Parquet files say that there is none
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # Excel keeps 15 digits: what had more is no code now
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, list):
        return "、".join(map(text, value))
    return str(value)


# ---- what each kind of file gives: (sheet, rows of cells) ------------------------------------------------------------


def encoding_of(path: Path) -> str:
    """The first of the usual encodings the whole file is right in. Raises BadFile."""
    with path.open("rb") as f:
        usual = ("utf-16",) if f.read(2) in UTF16 else ENCODINGS
    for encoding in usual:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as f:
                while block := f.read(_CHUNK):
                    if "\x00" in decoder.decode(block):
                        raise UnicodeDecodeError(encoding, block, 0, 1, "binary data")
                decoder.decode(b"", True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadFile(f"{path}: neither UTF-8, UTF-16 nor GB18030 text; save it as UTF-8")


def _csv(path: Path, wanted: frozenset[str]) -> Iterator[Sheet]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as f:
        sample = f.read(1 << 16)
    if not sample.strip():
        raise BadFile(f"{path}: the file is empty")

    def fit(delimiter: str) -> tuple[int, int]:
        first = itertools.islice(csv.reader(sample.splitlines(), delimiter=delimiter), LOOKED_AT)
        return max((len(wanted.intersection(map(str.strip, r))), len(r)) for r in first)

    delimiter = max((",", "\t", ";", "|"), key=fit)

    def rows() -> Iterator[Row]:
        with path.open(encoding=encoding, newline="") as f:
            reader = csv.reader(f, delimiter=delimiter, strict=True)
            try:
                for cells in reader:
                    yield reader.line_num, [c.strip() if c.isprintable() else text(c) for c in cells]
            except csv.Error as e:
                raise BadFile(f"{path}:{reader.line_num}: {e}; quote cells that hold quotes, and save the file again") from e

    yield path.name, rows(), _named(encoding)


def _named(encoding: str) -> str:
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _excel(path: Path, _: frozenset[str]) -> Iterator[Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name)) for m, name in zip(book.sheets_metadata, book.sheet_names, strict=True)
                  if m.visible == SheetVisibleEnum.Visible and m.typ == SheetTypeEnum.WorkSheet]  # fmt: skip
    except Exception as e:
        raise BadFile(f"{path}: Excel's file cannot be read ({e}); open it in Excel and save it as .xlsx, without a password") from e

    def rows(sheet: Any) -> Iterator[Row]:
        held = {(r, c): first for first, last in sheet.merged_cell_ranges or () if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) < 100_000
                for r in range(first[0], last[0] + 1) for c in range(first[1], last[1] + 1)}  # fmt: skip
        spread: dict[tuple[int, int], str] = {}
        left = (sheet.start or (0, 0))[1]
        for r, cells in enumerate(sheet.iter_rows()):
            out = [""] * left + [text(c) for c in cells] if len(cells) < (sheet.end or (0, 0))[1] + 1 else [text(c) for c in cells]
            for c in range(len(out)) if held else ():
                if first := held.get((r, c)):
                    out[c] = spread.setdefault(first, out[c]) if (r, c) == first else spread.get(first, "")
            yield r + 1, out

    for name, sheet in sheets:
        yield name, rows(sheet), "xlsx"


def _flat(record: Any, wanted: frozenset[str], before: str = "") -> Iterator[tuple[str, str]]:
    """A record's values by name; what is nested by `outer.inner`, or, where the outer name itself is wanted, as the list of its keys."""
    for key, value in record.items():
        name = f"{before}{key}"
        if not isinstance(value, dict):
            yield name, text(value)
        elif name in wanted:
            yield name, text([*value])
        else:
            yield from _flat(value, wanted, f"{name}.")


def _leaves(value: Any, keys: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """A mapping of mappings as rows: key1, key2 …, then value, or value1, value2 … of a list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*keys, str(key)))
        return
    row = {f"key{n}": k for n, k in enumerate(keys, 1)}
    yield row | ({f"value{n}": text(v) for n, v in enumerate(value, 1)} if isinstance(value, list) else {"value": text(value)})


def _records(path: Path, records: Callable[[], Iterable[tuple[int, dict[str, str]]]], wanted: frozenset[str], encoding: str) -> Iterator[Sheet]:
    """Records as rows. Their heads are found in the first ones; where a wanted one is not among these, the others are looked through."""
    every = iter(records())
    heads = dict.fromkeys(k for _, r in itertools.islice(every, LOOKED_AT * 10) for k in r)
    for _, r in every if not wanted <= heads.keys() else ():
        heads |= dict.fromkeys(r)

    def rows() -> Iterator[Row]:
        yield 0, [*heads]
        for n, r in records():
            yield n, [r.get(h, "") for h in heads]

    yield path.name, rows(), encoding


def _json(path: Path, wanted: frozenset[str]) -> Iterator[Sheet]:
    encoding = encoding_of(path)
    try:
        whole = orjson.loads(path.read_text(encoding=encoding))
        if isinstance(whole, dict):
            lists = [v for v in whole.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
            whole = lists[0] if len(lists) == 1 else [*_leaves(whole)]
    except (ValueError, RecursionError) as e:
        raise BadFile(f"{path}: no JSON that holds a table: {e}; give a list of objects") from e
    if not isinstance(whole, list) or not all(isinstance(r, dict) for r in whole):
        raise BadFile(f"{path}: a list of objects, or objects by name, is needed")
    yield from _records(path, lambda: ((n, dict(_flat(r, wanted))) for n, r in enumerate(whole, 1)), wanted, _named(encoding))


def _json_lines(path: Path, wanted: frozenset[str]) -> Iterator[Sheet]:
    encoding = encoding_of(path)

    def records() -> Iterator[tuple[int, dict[str, str]]]:
        with path.open(encoding=encoding) as f:
            for n, line in enumerate(f, 1):
                if not line.strip():
                    continue
                try:
                    yield n, dict(_flat(orjson.loads(line), wanted))
                except (ValueError, AttributeError, RecursionError) as e:
                    raise BadFile(f"{path}:{n}: no JSON object: {e}; a line holds one object") from e

    yield from _records(path, records, wanted, _named(encoding))


def _parquet(path: Path, _: frozenset[str]) -> Iterator[Sheet]:
    import duckdb

    def rows() -> Iterator[Row]:
        with scan() as db:
            try:
                found = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
            except duckdb.Error as e:
                raise BadFile(f"{path}: no Parquet file: {str(e).splitlines()[0]}") from e
            yield 0, [d[0] for d in found.description or ()]
            numbers = itertools.count(1)
            while block := found.fetchmany(20_000):
                for cells in block:
                    yield next(numbers), [text(c) for c in cells]

    yield path.name, rows(), "parquet"


def _zip(path: Path, wanted: frozenset[str]) -> Iterator[Sheet]:
    try:
        with zipfile.ZipFile(path) as z, tempfile.TemporaryDirectory() as folder:
            members = [i for i in z.infolist() if not i.is_dir() and "__MACOSX" not in i.filename]
            if sum(i.file_size for i in members) > UNZIPPED:
                raise BadFile(f"{path}: more than {UNZIPPED >> 30} GiB when unpacked; unpack it and give the files")
            if any(i.flag_bits & 1 for i in members):
                raise BadFile(f"{path}: the zip file needs a password; unpack it and give the files")
            for n, member in enumerate(members):
                name = Path(member.filename if member.flag_bits & 0x800 else member.filename.encode("cp437").decode("gb18030", "replace")).name
                inner = Path(folder) / f"{n}{Path(name).suffix.lower()}"
                if inner.suffix in READERS and inner.suffix != ".zip":
                    with z.open(member) as packed, inner.open("wb") as f:
                        shutil.copyfileobj(packed, f, _CHUNK)
                    yield from _member(f"{path}: {name}", name, inner, wanted)
                    inner.unlink()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, lzma.LZMAError) as e:
        raise BadFile(f"{path}: the zip file cannot be read ({e}); unpack it and give the files") from e


def _member(shown: str, name: str, inner: Path, wanted: frozenset[str]) -> Iterator[Sheet]:
    def told(rows: Iterable[Row]) -> Iterator[Row]:
        try:
            yield from rows
        except BadFile as e:
            raise BadFile(e.detail.replace(str(inner), shown)) from e

    try:
        for sheet, rows, encoding in READERS[inner.suffix](inner, wanted):
            yield (name if sheet == inner.name else f"{name}/{sheet}"), told(rows), encoding
    except BadFile as e:
        raise BadFile(e.detail.replace(str(inner), shown)) from e


READERS: dict[str, Callable[[Path, frozenset[str]], Iterator[Sheet]]] = {
    ".csv": _csv, ".tsv": _csv, ".xlsx": _excel, ".xlsm": _excel, ".xls": _excel, ".ods": _excel, ".json": _json, ".jsonl": _json_lines,
    ".ndjson": _json_lines, ".parquet": _parquet, ".zip": _zip}  # fmt: skip
