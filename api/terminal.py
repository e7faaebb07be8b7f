"""What every command shares: where it says things, what it opens, how it shows a table."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from graph.settings import Settings
    from queries.reader import Reader


Workspace = Annotated[Path | None, typer.Option("--workspace", help="Folder of ledger, snapshots and embedded store [INNOCHAIN_WORKSPACE]")]
StoreUrl = Annotated[str | None, typer.Option("--store", help="`embedded` or neo4j://host:port [INNOCHAIN_STORE]")]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON")]
Day = Annotated[str | None, typer.Option("--as-of", help="Only what may have held on this day")]
Certain = Annotated[bool, typer.Option("--certain", help="With --as-of: leave out what has unknown dates")]
Confidence = Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="Leave out what is stated with less confidence")]
Modalities = Annotated[list[str] | None, typer.Option("--modality", help="done, required, planned, encouraged")]
Avoid = Annotated[list[str] | None, typer.Option("--avoid", help="Keep away from these nodes")]


def walk_rarely() -> None:
    """For a process of ours: Python's collector walks what is kept of a big graph, a million objects, for every few hundred that an answer
    makes; at 10^6 nodes about a fifth of a match. Answers make no circles; what libraries leave is found a little later."""
    gc.set_threshold(100_000, 20, 100)


def day(text: str | None) -> dt.date | None:
    """A stated day, month or year as its last day. Raises BadParameter."""
    from graph.errors import BadParameter
    from graph.values import BadValue, clean_date

    try:
        return dt.date.fromisoformat(clean_date(text)["latest"] or "") if text else None
    except (BadValue, ValueError) as e:
        raise BadParameter(f"as_of: {e}", errors=[{"parameter": "as_of", "value": text}]) from e


def note(text: str) -> None:
    """A line for people, on stderr."""
    typer.echo(text, err=True)


_synthetic: list[bool] = []  # set when a graph of made-up data is opened


def fresh() -> None:
    """Before a command: what an earlier one in this process opened says nothing of this one."""
    _synthetic.clear()


def out(data: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Data on stdout: JSON, or what `text` makes of it. What comes from made-up data says so."""
    if _synthetic and not as_json:
        note("合成数据 Synthetic data: nothing here is a fact")
    if _synthetic and isinstance(data, dict):
        data = {**data, "synthetic": True}
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str) if as_json else text())


def settings(workspace: Path | None, store: str | None) -> Settings:
    """Settings from the environment, with what the command line says on top."""
    from pydantic import ValidationError

    from graph.errors import BadParameter
    from graph.settings import Settings

    given = {k: v for k, v in {"workspace": workspace, "store": store}.items() if v is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as e:
        first = e.errors(include_url=False)[0]
        raise BadParameter(f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}") from None


@contextlib.contextmanager
def opened(workspace: Path | None, store: str | None) -> Iterator[Reader]:
    from graph.errors import InnochainError
    from queries.reader import Reader

    reader = Reader(settings(workspace, store))
    try:
        with contextlib.suppress(InnochainError):  # what is missing is said by the question that needs it
            _synthetic.extend([True] if reader.snapshot().manifest.get("synthetic") else [])
        yield reader
    finally:
        reader.close()


@contextlib.contextmanager
def bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on stderr; silent when stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"),
                  console=Console(stderr=True), transient=True) as progress:  # fmt: skip
        task = progress.add_task("", total=None)
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Columns aligned by display width, so that Chinese stands straight."""
    from rich.cells import cell_len

    widths = [max(cell_len(r[i]) for r in [heads, *rows]) for i in range(len(heads))]
    return "\n".join("  ".join(c + " " * (w - cell_len(c)) for c, w in zip(r, widths, strict=True)).rstrip() for r in [heads, *rows])


def options(args: list[str]) -> dict[str, Any]:
    """`--name value`, `--name=value` pairs; a name given twice makes a list."""
    from graph.errors import BadParameter

    given: dict[str, Any] = {}
    rest = list(args)
    while rest:
        key, sep, value = rest.pop(0).partition("=")
        if not key.startswith("--") or (not sep and not rest):
            raise BadParameter(f"{key!r}: write --parameter value")
        value = value if sep else rest.pop(0)
        key = key[2:].replace("-", "_")
        given[key] = [*given[key], value] if isinstance(given.get(key), list) else [given[key], value] if key in given else value
    return given


def cell(value: Any) -> str:
    from graph.store.contract import Edge, Node

    if isinstance(value, Node):
        return value.name
    if isinstance(value, Edge):
        return value.relation
    if isinstance(value, list):
        return "、".join(map(cell, value))
    return "" if value is None else str(value)


def place_of(e: dict[str, Any]) -> str:
    """Where something is said, in one line."""
    where = f" {e['place']['start']}–{e['place']['end']}" if "start" in e["place"] else ""
    return f"{e['document']['name']}{where}{' 未证实' if e['unconfirmed'] else ''}"
