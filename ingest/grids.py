"""Tables as people have them, streamed as grids of text under heads that are found, not assumed.

The heads are the row that holds most of the column names wanted. Above it stand titles and notes, heads may span two rows
(依托单位 over 名称 and 代码 gives 依托单位/名称), merged cells hold for every cell they cover, notes and sums are no data.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import BadFile
from ingest.readers import LOOKED_AT, READERS, Row

_NOTE = re.compile(r"^(注|备注|说明|填表|填报|合计|总计|小计|制表|联系|数据来源|资料来源|note|"
                   r"[（(]?[一二三四五六七八九十]+[、）)．.])", re.IGNORECASE)  # fmt: skip
_SUM = re.compile(r"(合|总|小|共)\s*计[:：]?")  # begins a row of sums


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


def plain_head(head: str) -> str:
    """A head without what forms add to it: spaces, a star or bracket that says it must be filled in."""
    return re.sub(r"\s|[*＊]|\((?:必填|选填|可多选)\)", "", head.replace("（", "(").replace("）", ")"))


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
    try:
        path.open("rb").close()
    except OSError as e:
        raise BadFile(f"{path}: {e.strerror or e}; give the path of a readable file") from e
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadFile(f"{path}: {path.suffix or 'nameless'} files cannot be read as tables; give one of {', '.join(sorted(READERS))}")
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
    grid.rows = _data(itertools.chain(first[used:], rows), grid, wanted)
    return grid


def _data(rows: Iterator[Row], grid: Grid, wanted: frozenset[str]) -> Iterator[Row]:
    odd = {w[:2] for w in wanted} | {"必填", "选填", "合计", "总计", "小计", "共计"}  # how heads, explanations and sums begin
    for n, cells in rows:
        if cells and (begins := cells[0][:2]).isalnum() and begins not in odd and cells[-1] not in ("", cells[0]):
            yield n, cells  # nearly every row; the others are looked at twice
            continue
        filled = [c for c in cells if c]
        if not filled:
            continue
        if _is_note(filled, len(grid.heads)) or (plain_head(filled[0]) in wanted and _repeats(cells, grid.heads)):
            grid.notes.append(n)
            continue
        yield n, cells


def _is_note(filled: list[str], width: int) -> bool:
    """Is this a note, a sum, a heading between rows, or the row of a form that explains its columns?"""
    first = filled[0]
    if first == filled[-1] and width > 1 and len(set(filled)) == 1:  # one cell, or one merged over the others
        return len(filled) > 2 or _NOTE.match(first) is not None
    return (first[1:2] == "填" and all(c.startswith(("必填", "选填")) for c in filled)) or (len(first) < 5 and _SUM.fullmatch(first) is not None)


def _repeats(cells: list[str], heads: tuple[str, ...]) -> bool:
    """Are these the heads once more, as at the top of a printed page?"""
    return all(not c or plain_head(c) == h for c, h in zip(cells, heads, strict=False))
