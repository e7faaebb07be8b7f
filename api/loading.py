"""Commands that bring facts in: ingest, template, build, publish."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.terminal import Json, StoreUrl, Workspace, bar, note, out, settings, table

if TYPE_CHECKING:
    from graph.settings import Settings
    from ingest.load import Report

COUNTS = ("read", "accepted", "rejected", "new", "unchanged", "removed")


def ingest(what: Annotated[list[str] | None, typer.Argument(help="Shipped sources, or files; nothing = every shipped source")] = None,
           as_: Annotated[str, typer.Option("--as", help="What the file is: a mapping (shipped, or your .yaml), or a name of its own")] = "",
           max_bad: Annotated[str, typer.Option(help="Write nothing when more rows are refused: 20, or 5%")] = "",
           dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of every row; write nothing")] = False,
           accept_removed: Annotated[bool, typer.Option("--accept-removed", help="Facts a source no longer states are gone, however many")] = False,
           workspace: Workspace = None, as_json: Json = False) -> None:  # fmt: skip
    """Read sources into the ledger: tables, documents, shipped sources, mended quarantine files.

    Rows that do not fit are set aside in quarantine/SOURCE.csv with their reasons (exit 3); mend them and ingest that file.
    """
    from dataclasses import asdict

    report = ingested(settings(workspace, None), what or [], as_, max_bad, dry_run, accept_removed)
    lines = [[name, *(f"{getattr(o, c):,}" for c in COUNTS), o.encoding] for name, o in report.sources.items()]
    data = {"dry_run": dry_run, "sources": {n: asdict(o) for n, o in report.sources.items()}, "rejected": report.rejected,
            "rejected_file": report.rejected_file}  # fmt: skip
    out(data, as_json, lambda: table(["source", *COUNTS, "encoding"], lines))
    for name, o in report.sources.items():
        if o.rejected:
            note(f"{name}: {o.rejected:,} rows were set aside{f'; mend them in {o.quarantine} and ingest that file' if o.quarantine else ''}")
            for line in o.first[: 3 if len(lines) > 1 else 10]:
                note(f"  {line}")
        if o.kept:
            note(f"{name}: {o.kept:,} facts it stated before are not there any more; they are kept until `innochain ingest` is run with "
                 "--accept-removed and no row is refused")  # fmt: skip
    if report.rejected or report.kept:
        raise typer.Exit(3)


def ingested(chosen_settings: Settings, what: list[str], as_: str = "", max_bad: str = "", dry: bool = False, accept_removed: bool = False) -> Report:
    """Run the sources asked for, with a progress bar; a doubt about vanished facts is asked on a terminal."""
    from ingest.load import Rules
    from ingest.load import ingest as run
    from ingest.source import chosen

    def confirm(question: str) -> bool:
        return accept_removed or (sys.stdin.isatty() and sys.stderr.isatty() and typer.confirm(question, default=False, err=True))

    with bar("ingest") as progress:
        return run(chosen_settings.workspace, chosen(what, as_), progress, Rules(max_bad, dry, chosen_settings.max_shrink, confirm))


def template(kind: Annotated[str | None, typer.Argument(help="A list a department keeps; none = say which there are")] = None,
             output: Annotated[Path | None, typer.Option("-o", "--output", help="The .xlsx file to write")] = None,
             as_json: Json = False) -> None:  # fmt: skip
    """An Excel form with drop-downs and an explanation of every column; filled in, it is ingested with no mapping."""
    from ingest.forms import forms, write

    if kind is None:
        listed = {n: m.title for n, m in forms().items()}
        out(listed, as_json, lambda: table(["form", "", ""], [[n, t["zh"], t["en"]] for n, t in listed.items()]))
        return
    path = output or Path(f"{kind}.xlsx")
    write(kind, path)
    note(f"{path}: fill in the first sheet and give it to `innochain ingest`")


def built(chosen: Settings, private: bool = False) -> dict[str, Any]:
    """Ledger → snapshot → the store in use."""
    from graph.ledger import writing
    from graph.snapshot import build as run
    from graph.store.open import open_store

    with writing(chosen.workspace):
        with bar("build") as progress:
            counted = itertools.count(1)
            snapshot = run(chosen.workspace, progress=lambda step: progress(step, next(counted), 4), private=private)
        _published(chosen, snapshot, open_store(chosen))
    m = snapshot.manifest
    return {"version": m["version"], "nodes": m["nodes"], "edges": m["edges"], "store": chosen.store, "private": m["private"]}


def _published(chosen: Settings, snapshot: Any, store: Any) -> None:
    try:
        with bar("publish") as progress:
            store.apply(snapshot, progress)
    finally:
        store.close()


def build(workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False,
          private: Annotated[bool, typer.Option("--private", help="With private sources' facts; every answer then needs a private key")] = False,
          ) -> None:  # fmt: skip
    """Turn the ledger into the snapshot and publish it to the store in use."""
    made = built(settings(workspace, store), private)
    out(made, as_json, lambda: f"version {made['version']}: {made['nodes']} nodes, {made['edges']} edges, published to {made['store']}")


def publish(store: StoreUrl = None, workspace: Workspace = None, as_json: Json = False) -> None:
    """Publish the current snapshot to another store; only the difference is written where the engine allows."""
    from graph.ledger import writing
    from graph.snapshot import open_current
    from graph.store.open import open_store

    chosen = settings(workspace, store)
    with writing(chosen.workspace):
        snapshot = open_current(chosen.workspace)
        _published(chosen, snapshot, open_store(chosen))
    out({"version": snapshot.version, "store": chosen.store}, as_json, lambda: f"version {snapshot.version} is published to {chosen.store}")
