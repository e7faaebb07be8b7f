"""Tables as people have them, streamed as grids of text: CSV and TSV in any usual encoding, Excel, JSON, JSON lines, Parquet, zipped.

A grid's heads are found, not assumed: the row that holds most of the column names wanted. Above it stand titles and notes,
heads may span two rows (依托单位 over 名称 and 代码 gives 依托单位/名称), merged cells hold for every cell they cover.
A row's number is the one a person sees in the file: Excel's row, the line of a CSV or JSON-lines file, the place in a list.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from graph.errors import BadFile
from ingest.files import ENCODINGS

LOOKED_AT = 40  # rows looked at to find the heads
UNZIPPED = 4 * 2**30  # bytes of a zip's members that are read before it is taken for a bomb
Row = tuple[int, list[str]]
_NOTE = re.compile(r"^(注|备注|说明|填表|填报|合计|总计|小计|制表|联系|数据来源|资料来源|note)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_CHUNK = 1 << 20


@dataclass
class Grid:
    """One table of a file. `heads` are the wanted names found, as the file writes them; rows come in their order.

    `notes` fills while rows are read: numbers of the rows below the heads that are no data (empty ones are not counted).
    """

    name: str
    heads: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str
    notes: list[int] = field(default_factory=list)


def text(value: object) -> str:
    """A cell as a person would read it, in one line."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else _CONTROL.sub(" ", value).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, list):
        return "、".join(map(text, value))
    return str(value)


# ---- what each kind of file gives: (sheet, rows of cells) ------------------------------------------------------------


def encoding_of(path: Path) -> str:
    """The first of the usual encodings the whole file is right in. Raises BadFile."""
    import codecs

    with path.open("rb") as f:
        if f.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"  # Excel's "Unicode text"
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as f:
                while block := f.read(_CHUNK):
                    if "\x00" in decoder.decode(block):
                        raise BadFile(f"{path}: it holds binary data, not text; save it as CSV in UTF-8, or as .xlsx")
                decoder.decode(b"", True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadFile(f"{path}: neither UTF-8, UTF-16 nor GB18030 text; save it as CSV in UTF-8")


def _csv(path: Path, wanted: frozenset[str]) -> Iterator[tuple[str, Iterable[Row], str]]:
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
                    yield reader.line_num, [text(c) for c in cells]
            except csv.Error as e:
                raise BadFile(f"{path}:{reader.line_num}: {e}; quote cells that hold quotes, and save the file again") from e

    yield path.name, rows(), "utf-8" if encoding == "utf-8-sig" else encoding


def _excel(path: Path, _: frozenset[str]) -> Iterator[tuple[str, Iterable[Row], str]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name)) for m, name in zip(book.sheets_metadata, book.sheet_names, strict=True)
                  if "Visible" in str(m.visible) and "WorkSheet" in str(m.typ)]  # fmt: skip
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


def _flat(record: Any, before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", text(value)


def _leaves(value: Any, keys: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """A mapping of mappings as rows: key1, key2 …, then value, or value1, value2 … of a list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*keys, str(key)))
        return
    row = {f"key{n}": k for n, k in enumerate(keys, 1)}
    yield row | ({f"value{n}": text(v) for n, v in enumerate(value, 1)} if isinstance(value, list) else {"value": text(value)})


def _records(path: Path, records: Iterable[tuple[int, dict[str, str]]], encoding: str) -> Iterator[tuple[str, Iterable[Row], str]]:
    """Records as rows under heads that are found in the first ones."""
    records = iter(records)
    first = list(itertools.islice(records, 1000))
    heads = list(dict.fromkeys(k for _, r in first for k in r))

    def rows() -> Iterator[Row]:
        yield 0, heads
        for n, r in itertools.chain(first, records):
            yield n, [r.get(h, "") for h in heads]

    yield path.name, rows(), encoding


def _json(path: Path, _: frozenset[str]) -> Iterator[tuple[str, Iterable[Row], str]]:
    encoding = encoding_of(path)
    try:
        whole = orjson.loads(path.read_text(encoding=encoding))
    except ValueError as e:
        raise BadFile(f"{path}: no JSON: {e}") from e
    if isinstance(whole, dict):
        lists = [v for v in whole.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        whole = lists[0] if len(lists) == 1 else [*_leaves(whole)]
    if not isinstance(whole, list) or not all(isinstance(r, dict) for r in whole):
        raise BadFile(f"{path}: a list of objects, or objects by name, is needed")
    yield from _records(path, ((n, dict(_flat(r))) for n, r in enumerate(whole, 1)), "utf-8" if encoding == "utf-8-sig" else encoding)


def _json_lines(path: Path, _: frozenset[str]) -> Iterator[tuple[str, Iterable[Row], str]]:
    encoding = encoding_of(path)

    def records() -> Iterator[tuple[int, dict[str, str]]]:
        with path.open(encoding=encoding) as f:
            for n, line in enumerate(f, 1):
                if not line.strip():
                    continue
                try:
                    record = orjson.loads(line)
                    yield n, dict(_flat(record))
                except (ValueError, AttributeError) as e:
                    raise BadFile(f"{path}:{n}: no JSON object: {e}") from e

    yield from _records(path, records(), "utf-8" if encoding == "utf-8-sig" else encoding)


def _parquet(path: Path, _: frozenset[str]) -> Iterator[tuple[str, Iterable[Row], str]]:
    import duckdb

    def rows() -> Iterator[Row]:
        with duckdb.connect() as db:
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


def _zip(path: Path, wanted: frozenset[str]) -> Iterator[tuple[str, Iterable[Row], str]]:
    try:
        with zipfile.ZipFile(path) as z, tempfile.TemporaryDirectory() as folder:
            members = [i for i in z.infolist() if not i.is_dir() and "__MACOSX" not in i.filename]
            if sum(i.file_size for i in members) > UNZIPPED:
                raise BadFile(f"{path}: more than {UNZIPPED >> 30} GiB when unpacked; unpack it and give the files")
            for n, member in enumerate(members):
                name = Path(member.filename if member.flag_bits & 0x800 else member.filename.encode("cp437").decode("gb18030", "replace")).name
                inner = Path(folder) / f"{n}{Path(name).suffix.lower()}"
                if inner.suffix not in READERS or inner.suffix == ".zip":
                    continue
                with z.open(member) as packed, inner.open("wb") as f:
                    while block := packed.read(_CHUNK):
                        f.write(block)
                for sheet, rows, encoding in READERS[inner.suffix](inner, wanted):
                    yield (name if sheet == inner.name else f"{name}/{sheet}"), rows, encoding
                inner.unlink()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as e:
        raise BadFile(f"{path}: the zip file cannot be read ({e}); unpack it and give the files") from e


READERS: dict[str, Callable[[Path, frozenset[str]], Iterator[tuple[str, Iterable[Row], str]]]] = {
    ".csv": _csv, ".tsv": _csv, ".xlsx": _excel, ".xlsm": _excel, ".xls": _excel, ".ods": _excel, ".json": _json, ".jsonl": _json_lines,
    ".ndjson": _json_lines, ".parquet": _parquet, ".zip": _zip}  # fmt: skip


# ---- heads -----------------------------------------------------------------------------------------------------------


def plain_head(head: str) -> str:
    """A head without what forms add to it: spaces, a star or bracket that says it must be filled in."""
    return re.sub(r"\s|[*＊]|[（(](?:必填|选填|可多选)[）)]", "", head)


def _two_rows(upper: list[str], lower: list[str]) -> list[str]:
    width = max(len(upper), len(lower))
    pairs = zip(upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower)), strict=True)
    return [a if a == b or not b else f"{a}/{b}" if a else b for a, b in pairs]


def _matched(cells: list[str], wanted: frozenset[str]) -> int:
    return len({plain_head(c) for c in cells} & wanted) + len({plain_head(c.rpartition("/")[2]) for c in cells if "/" in c} & wanted)


def heads_of(rows: list[Row], wanted: frozenset[str]) -> tuple[int, list[str]]:
    """(how many rows the heads and what is above take, the heads): the best single row, or two rows read as one."""
    best, score, found = 0, -1, list[str]()
    for i, (_, cells) in enumerate(rows):
        if (n := _matched(cells, wanted)) > score:
            best, score, found = i + 1, n, cells
        if i + 1 < len(rows) and (n := _matched(joined := _two_rows(cells, rows[i + 1][1]), wanted)) > score:
            best, score, found = i + 2, n, joined
    return best, found


@contextmanager
def grids(path: Path, wanted: Iterable[str]) -> Iterator[Iterator[Grid]]:
    """The tables of a file that hold any of the `wanted` heads. Raises BadFile for one that cannot be read."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadFile(f"{path}: {path.suffix or 'no'} files cannot be read as tables; give one of {', '.join(sorted(READERS))}")
    try:
        path.open("rb").close()
    except OSError as e:
        raise BadFile(f"{path}: {e.strerror or e}; give the path of a readable file") from e
    names = frozenset(plain_head(w) for w in wanted)
    yield (g for sheet, rows, encoding in reader(path, names) if (g := _grid(path, sheet, iter(rows), encoding, names)))


def _grid(path: Path, sheet: str, rows: Iterator[Row], encoding: str, wanted: frozenset[str]) -> Grid | None:
    first = list(itertools.islice(rows, LOOKED_AT))
    used, heads = heads_of(first, wanted)
    names = [plain_head(h) if plain_head(h) in wanted else last if (last := plain_head(h.rpartition("/")[2])) in wanted else h.strip() for h in heads]
    if not wanted.intersection(names):
        return None
    if twice := [n for n in names if n in wanted and names.count(n) > 1]:
        raise BadFile(f"{path}: column {twice[0]!r} appears twice in {sheet}; rename one of them")
    grid = Grid(sheet, tuple(names), iter(()), encoding)
    grid.rows = _data(itertools.chain(first[used:], rows), len(names), grid)
    return grid


def _data(rows: Iterator[Row], width: int, grid: Grid) -> Iterator[Row]:
    for n, cells in rows:
        filled = [c for c in cells if c]
        if not filled:
            continue
        if (len(set(filled)) == 1 and width > 1 and _NOTE.match(filled[0])) or all(c.startswith(("必填", "选填")) for c in filled):
            grid.notes.append(n)
            continue
        yield n, cells
