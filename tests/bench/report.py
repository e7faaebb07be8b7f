"""`bench/RESULTS.md` from the figures of one run: every question's cost beside its aim, with machine and versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

AIMS = {  # p50 in milliseconds at a million nodes
    "paths, k=10, far apart": 30, "paths, k=10, near": 30, "paths, k=10, between hubs": 30, "match": 50,
    "match, in a service that is ready": 50, "sleeping, a page": 30, "gaps, whole graph": 2_000,
}  # fmt: skip
ROWS_A_SECOND = 40_000
PARTS = (("answers", "What people ask"), ("questions", "Every question of the catalogue"))
Column = tuple[dict[str, Any], str]  # a world's results and the store they are of
Figures = dict[str, Any]


def write_report(path: Path, body: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines(body)) + "\n", encoding="utf-8")


def lines(body: dict[str, Any]) -> Iterator[str]:
    """The report as Markdown."""
    yield f"# What it costs to ask\n\nWritten by `make bench` on {body['date']}.\n"
    if results := body.get("results"):
        yield f"{_machine(body['machine'])}\n\nThe worlds are made up (`innochain synth`, seed 1); nothing in them is a fact.\n"
        yield from _worlds(results)
        columns = [(r, s) for s in results[0]["stores"] for r in results if s in r["stores"]]
        for part, title in PARTS:
            yield f"## {title}\n\nMilliseconds: the median, and the longest in brackets. Aims are for a million nodes.\n"
            yield "What is asked alike again comes from what is kept for the version; what it costs the first time stands further down.\n"
            yield from _asked(columns, {part}, _cost, aims=part == "answers")
        yield "## First calls\n\nMilliseconds of the first call after opening, which fills what is kept, where it stands out.\n"
        yield from _asked(columns, {p for p, _ in PARTS}, lambda x: _ms(x["first"]), lambda x: x["first"] > max(20, 3 * x["p50"]))
    if held := body.get("holdout"):
        yield (f"## The right base for {held['achievements']} achievements\n\nIn a made-up province of {held['nodes']:,} nodes: the base each "
               "went to after the cutoff, which the graph does not state, found from what was known before.\n")  # fmt: skip
        yield from _table(("", "hit@1", "hit@5", "MRR"), ([x["method"], *(f"{x[k]:.3f}" for k in ("hit_1", "hit_5", "mrr"))] for x in held["rows"]))
    if tables := body.get("tables"):
        yield f"## A table of nine columns into the ledger\n\n{_machine(tables['machine'])}\n"
        yield f"Aim: {ROWS_A_SECOND:,} rows a second, end to end, and memory that does not grow with the rows.\n"
        keys = ("rows", "seconds", "rows_per_second", "claims_per_second", "cpu_seconds", "peak_memory_mb", "load_average")
        yield from _table([k.replace("_", " ") for k in keys], ([f"{f[k]:,}" for k in keys] for f in tables["results"]))


def _machine(m: dict[str, Any]) -> str:
    versions = ", ".join(f"{k} {v}" for k, v in m["versions"].items())
    memory = int(m["memory"].split()[0]) // 1_048_576
    pace = f"; ten million additions in Python: {m['loop_ms']} ms" if "loop_ms" in m else ""
    return (f"{m['cpu']}, {m['cores']} cores, {memory} GiB; {m['system']}; Python {m['python']}; {versions}; commit {m['commit']}; "
            f"load average at the end {m['load']}{pace}.")  # fmt: skip


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = [*heads]
    yield f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _worlds(results: list[dict[str, Any]]) -> Iterator[str]:
    def row(name: str, of: Callable[[dict[str, Any]], int]) -> list[str]:
        return [name, *(f"{of(r):,}" for r in results)]

    yield "## Worlds\n"
    rows = [row("relations", lambda r: r["edges"])]
    for name in dict.fromkeys(n for r in results for n in r["seconds"]):
        rows.append([f"{name} (s)", *(str(r["seconds"].get(name, "")) for r in results)])
    for store in results[0]["stores"]:
        taken = [r["stores"][store]["seconds"] if store in r["stores"] else {} for r in results]
        rows += [[f"{store}: {name} (s)", *(str(t.get(name, "")) for t in taken)] for name in ("publish", "open")]
    rows += [[f"{name} (MB)", *(f"{r['megabytes'][name]:,}" for r in results)] for name in ("snapshot", "embedded")]
    rows += [row("peak memory so far (MB)", lambda r: r["peak_memory_mb"])]
    yield from _table(["", *(f"{r['nodes']:,} nodes" for r in results)], rows)


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _cost(x: Figures) -> str:
    return f"{_ms(x['p50'])} ({_ms(x['longest'])})" + (" **timeout**" if x.get("timeout") else "")


def _asked(columns: list[Column], parts: set[str], cell: Callable[[Figures], str], wanted: Callable[[Figures], bool] = lambda _: True,
           aims: bool = False) -> Iterator[str]:  # fmt: skip
    asked = [{n: x for n, x in r["stores"][s]["asked"].items() if x["part"] in parts} for r, s in columns]
    names = [n for n in dict.fromkeys(n for a in asked for n in a) if any(n in a and wanted(a[n]) for a in asked)]
    rows = ([n, *(cell(a[n]) if n in a else "" for a in asked), *([f"≤ {AIMS[n]:,}" if n in AIMS else ""] if aims else [])] for n in names)
    yield from _table(["", *(f"{s}, {r['nodes']:,}" for r, s in columns), *(["aim"] if aims else [])], rows)
