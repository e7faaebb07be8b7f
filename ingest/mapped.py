"""A table that a mapping explains: its rows go to DuckDB in chunks, the next one being read while this one is stated."""

from __future__ import annotations

import gc
import itertools
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from graph.errors import BadFile, BadRow
from graph.ledger import MEMORY, Run
from ingest import quarantine
from ingest.files import sha256_of
from ingest.grids import Grid, grids, plain_head
from ingest.meaning import TableMapping
from ingest.quarantine import Refused
from ingest.readers import Row
from ingest.table import PUBLIC, SECRECY, SECRET, Reading

T = TypeVar("T")
BEYOND = "表头之外 beyond the heads"  # the head that a quarantine file gives to cells that have none


@dataclass
class Rows:
    """Where a mapped table's rows come from: `sheets` gives each sheet's heads and rows; a whole file's `path` and its `sha256`."""

    sheets: Callable[[], Iterator[Grid]]
    path: Path | None = None
    sha256: str = ""

    @staticmethod
    def of_file(path: Path, m: TableMapping) -> Rows:
        def sheets() -> Iterator[Grid]:
            nothing = True
            with grids(path, m.columns) as found:
                for grid in found:
                    nothing = False
                    if missing := [c for c in m.columns if c not in grid.heads and c not in m.optional]:
                        has = ", ".join(filter(None, grid.heads))
                        raise BadFile(f"{path}: {grid.name} has no column {missing[0]!r}, which {m.name} needs; it has {has}")
                    yield grid
            if nothing:
                raise BadFile(f"{path}: none of the columns {', '.join(m.columns)} that {m.name} needs were found; is it the right file?")

        return Rows(sheets, path, sha256_of(path))

    @staticmethod
    def of_mended(mended: quarantine.Mended) -> Rows:
        return Rows(lambda: (Grid(s, mended.heads, iter(rows), "utf-8") for s, rows in mended.rows.items()))


class Mapped(Reading):
    """A table that a mapping explains, stated chunk by chunk when it is written."""

    def __init__(self, m: TableMapping, source: str, rows: Rows) -> None:
        super().__init__(mapping=m.reference)
        self.m, self.source, self.rows = m, source, rows

    def write(self, run: Run, progress: Callable[[int], None]) -> None:
        gc.disable()  # rows are millions of small lists without cycles: to walk them took a third of the reading
        try:
            self._write(run, progress)
        finally:
            gc.enable()

    def _write(self, run: Run, progress: Callable[[int], None]) -> None:
        import duckdb

        from ingest.columns import CHUNK, Columns
        from ingest.made import frame

        run.add(replace(self.m.publication, read_sha256=self.rows.sha256).claims(self.source))
        with tempfile.TemporaryDirectory(dir=run.beside) as spill:
            # the order of claims in a file means nothing, and to keep it would cost the second core
            settings = {"memory_limit": MEMORY, "temp_directory": spill, "preserve_insertion_order": "false"}
            with duckdb.connect(config=settings) as db:  # type: ignore[arg-type]
                columns = Columns(self.m, self.source, db)
                for grid in self.rows.sheets():
                    aside: list[Refused] = []
                    self.encoding = grid.encoding
                    chunks = _chunks(self._sound(grid, aside), CHUNK)
                    for chunk, framed in _ahead((c, frame(self.m, c, grid.heads)) for c in chunks):
                        refused = columns.run(framed, grid.name, run.part(), run.run)
                        cells = dict(chunk) if refused else {}
                        self.refused += [_refused(grid, n, cells[n], why, secret) for n, why, secret in refused]
                        self.read += len(chunk)
                        progress(self.read)
                    self.read += len(aside)
                    self.refused += aside
                    self.notes += len(grid.notes)
        if self.rows.path and not self.read:
            raise BadFile(f"{self.rows.path}: there are heads but no rows")
        self.refused.sort(key=lambda r: (r.sheet, r.row))

    def _sound(self, grid: Grid, aside: list[Refused]) -> Iterator[Row]:
        """The rows to state: not those to skip, and `aside` those that are secret or have slipped out of their columns."""
        skip = [(grid.heads.index(c), values) for c, values in self.m.skip.items() if c in grid.heads]
        secrecy = [n for n, h in enumerate(grid.heads) if plain_head(h).rpartition("/")[2] in SECRECY]
        width = grid.heads.index(BEYOND) if BEYOND in grid.heads else len(grid.heads)
        for n, cells in grid.rows:
            if skip and any(len(cells) > at and cells[at] in values for at, values in skip):
                grid.notes.append(n)
                continue
            marked = -1
            for at in secrecy:
                if len(cells) > at and cells[at] not in PUBLIC:
                    marked = at
                    break
            if marked >= 0:
                why = BadRow(*SECRET, grid.heads[marked])
            elif len(cells) > width and any(cells[width:]):
                why = BadRow(f"{len(cells)} cells under {width} heads; quote a cell that holds the separator",
                             f"有 {len(cells)} 个单元格，而表头只有 {width} 个；含分隔符的单元格须加引号", BEYOND)  # fmt: skip
            else:
                yield n, cells
                continue
            aside.append(_refused(grid, n, cells, why, marked >= 0))


def _refused(grid: Grid, n: int, cells: list[str], why: BadRow, secret: bool) -> Refused:
    if secret:
        return Refused(grid.name, n, {}, why, True)
    beyond = {BEYOND: " | ".join(cells[len(grid.heads) :])} if any(cells[len(grid.heads) :]) else {}
    return Refused(grid.name, n, dict(zip(grid.heads, cells, strict=False)) | beyond, why)


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def _ahead(chunks: Iterator[T]) -> Iterator[T]:
    """The chunks, each being read while the one before it is in use."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = pool.submit(next, chunks, None)
            yield chunk
