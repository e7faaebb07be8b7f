"""Rows that were refused: one CSV a source that Excel opens, every row with its place, its reason and its cells.

Mend the cells and ingest the file: the rows go in under their source, at their place in the original; what is still wrong
stays. Of a row that is marked secret only its number and the reason are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import BadFile, BadRow
from ingest.files import write_csv
from ingest.grids import Grid, grids, plain_head
from ingest.readers import Row
from ingest.text.mask import mask

FOLDER = "quarantine"
PLACE = ("来源 source", "映射 mapping", "表 sheet", "行 row", "列 column", "原因", "reason")
_NAMES = tuple(map(plain_head, PLACE))


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused row: where it stands, its cells by head, why."""

    sheet: str
    row: int
    cells: Mapping[str, str]
    why: BadRow
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Mended:
    """A quarantine file as it comes back: its source and mapping, heads, rows by sheet, and the rows that stay as they are."""

    source: str
    mapping: str
    heads: tuple[str, ...]
    rows: Mapping[str, tuple[tuple[int, list[str]], ...]]
    secret: tuple[Refused, ...]


def waiting(workspace: Path) -> list[str]:
    """The sources that have rows set aside."""
    return sorted(p.stem for p in (workspace / FOLDER).glob("*.csv") if not p.name.endswith(".previous.csv"))


def path_of(workspace: Path, source: str) -> Path:
    return workspace / FOLDER / f"{source}.csv"


def write(workspace: Path, source: str, mapping: str, refused: Sequence[Refused]) -> Path | None:
    """Replace the source's file by these rows; none = there is no file any more. A file somebody has changed is kept aside."""
    path = path_of(workspace, source)
    before = path.read_bytes() if path.exists() else None
    path.unlink(missing_ok=True)
    if refused:
        path.parent.mkdir(parents=True, exist_ok=True)
        heads = tuple(dict.fromkeys(h for r in refused for h in r.cells))
        write_csv(path, (*PLACE, *heads), [
            dict(zip(PLACE, (source, mapping, r.sheet, r.row, r.why.field, mask(r.why.reason_zh), mask(r.why.detail)), strict=True))
            | ({} if r.secret else {h: mask(v) for h, v in r.cells.items()}) for r in refused])  # fmt: skip
    if before is not None and (not path.exists() or path.read_bytes() != before):
        path.with_suffix(".previous.csv").write_bytes(before)
    return path if refused else None


def is_one(path: Path) -> bool:
    """Is this a quarantine file, also when Excel has saved it in another encoding or as .xlsx?"""
    suffix = path.suffix.lower()
    if not path.is_file() or (suffix != ".csv" and (suffix != ".xlsx" or path.stat().st_size > 1 << 24)):
        return False
    if suffix == ".csv":
        with path.open("rb") as f:
            first = f.readline(4096)
        return any(t.encode(e) in first for t in PLACE[:2] for e in ("utf-8", "gb18030", "utf-16-le"))
    try:
        with grids(path, PLACE) as found:
            return any(set(_NAMES) <= set(g.heads) for g in found)
    except BadFile:
        return False


def read(path: Path) -> Mended:
    """A quarantine file that was mended. Raises BadFile naming the line."""
    with grids(path, PLACE) as found:
        grid = next(found, None)
        if grid is None or (lost := [p for p, n in zip(PLACE, _NAMES, strict=True) if n not in grid.heads]):
            raise BadFile(f"{path}: column {lost[0] if grid else PLACE[0]!r} is missing; leave the first columns as they were")
        return _mended(path, grid)


def _mended(path: Path, grid: Grid) -> Mended:
    places = [grid.heads.index(n) for n in _NAMES]
    own = [i for i, h in enumerate(grid.heads) if i not in places and h]
    sheets, secret, named = dict[str, list[Row]](), list[Refused](), set[tuple[str, str]]()
    for n, line in grid.rows:
        source, mapping, sheet, row, field, zh, en = (line[i] if i < len(line) else "" for i in places)
        cells = [_as_it_was(line[i]) if i < len(line) else "" for i in own]
        if not row.isdigit() or not source:
            raise BadFile(f"{path}:{n}: the columns {PLACE[0]} and {PLACE[3]} say where the row belongs; leave them as they were")
        named.add((source, mapping))
        if any(cells):
            sheets.setdefault(sheet, []).append((int(row), cells))
        else:
            secret.append(Refused(sheet, int(row), {}, BadRow(en, zh, field), True))
    if len(named) != 1:
        raise BadFile(f"{path}: {'rows of several sources' if named else 'there are no rows'}; one file holds the rows of one source")
    ((source, mapping),) = named
    return Mended(source, mapping, tuple(grid.heads[i] for i in own), {s: tuple(r) for s, r in sheets.items()}, tuple(secret))


def _as_it_was(cell: str) -> str:
    """Without the ' that keeps a spreadsheet from running a cell."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell
