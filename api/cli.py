"""The command `innochain`: data on stdout, progress and messages on stderr.

Exit codes: 0 ok · 1 error · 2 usage · 3 some rows were set aside · 4 nothing found. Everything heavy is imported inside
the command that needs it, so that `--help` is fast.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.auditing import quality
from api.chains import COMMANDS as CHAIN
from api.evaluating import evaluate
from api.judging import conflicts, judge, standards
from api.loading import build, built, ingest, ingested, publish, template
from api.matching import mark, match
from api.pathfinding import paths, routes
from api.promising import contradictions, promises
from api.reviewing import evaluate_names, review
from api.terminal import (
    Avoid,
    Certain,
    Confidence,
    Day,
    Json,
    Modalities,
    StoreUrl,
    Workspace,
    cell,
    day,
    fresh,
    note,
    opened,
    options,
    out,
    place_of,
    settings,
    table,
    walk_rarely,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Innochain: the innovation chain as a graph; every fact with its source. 创新链知识图谱，条条有出处。")  # fmt: skip
app.callback()(fresh)
EXTRA = {"allow_extra_args": True, "ignore_unknown_options": True}
COMMANDS = (ingest, build, publish, template, review, match, mark, paths, routes, *CHAIN, standards, judge, conflicts, promises, contradictions,
            quality, evaluate, evaluate_names)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
WHY = {"code": "代码相同 the same code", "name": "名称相同 the same name", "alias": "别名 an alias", "judged": "人工判定 judged by a person"}
_FULL = re.compile(r"no space left|disk (is )?full|ENOSPC|disk quota", re.IGNORECASE)
Found = Annotated[str, typer.Argument(help="An id, a name or an alias")]


def main() -> None:
    """Entry point: runs the command, turns our errors into one message and their exit code."""
    from graph.errors import InnochainError

    walk_rarely()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # a Chinese name must not fail on a C locale
    try:
        app()
    except InnochainError as e:
        _tell(e)
        sys.exit(e.exit_code)
    except OSError as e:
        note(f"error: {e.strerror or e}{f': {e.filename}' if e.filename else ''}; nothing that was there before has changed")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as e:
        if type(e).__module__ not in ("_duckdb", "duckdb", "sqlite3"):
            raise
        note(f"error: {in_words(e)}. Nothing that was there before has changed")
        sys.exit(1)


def in_words(e: Exception) -> str:
    """An engine's own words; that the disk is full only where they say so."""
    words = (str(e).strip().splitlines() or [type(e).__name__])[0].rstrip(".")
    return words + ("; the disk is full: free some space, then run this again" if _FULL.search(str(e)) else "")


def _tell(e: Any) -> None:
    note(f"error: {e.detail}")
    for key in ("suggestions", "candidates"):
        for hit in e.particulars.get(key, []):
            note(f"  {hit['id']}  {hit['kind']}  {hit['name']}" if isinstance(hit, dict) else f"  {hit}")


# ---- out


@app.command()
def stats(workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:
    """Numbers of the graph, by kind and relation."""
    with opened(workspace, store) as reader:
        found = reader.stats()
    rows = [[k, str(n)] for part in ("nodes_by_kind", "edges_by_relation") for k, n in sorted(found[part].items(), key=lambda x: -x[1])]
    out(found, as_json, lambda: f"version {found['version']}\n" + table(["what", "count"], [["nodes", str(found["nodes"])],
                                                                                      ["edges", str(found["edges"])], *rows]))  # fmt: skip


@app.command()
def search(text: str, kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind, group or type")] = None, limit: int = 20,
           modality: Modalities = None, as_of: Day = None, certain: Certain = False, min_confidence: Confidence = 0.0, avoid: Avoid = None,
           workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Find nodes by name, alias, pinyin or initials."""
    from graph.reach import Filter

    with opened(workspace, store) as reader:
        f = Filter(modalities=tuple(modality or ()), as_of=day(as_of), certain=certain, min_confidence=min_confidence,
                   avoid=tuple(reader.resolve(a) for a in avoid or ()))  # fmt: skip
        found = reader.search(text, kind or [], limit, f)
    out(found, as_json, lambda: table(["kind", "name", "matched", "id"], [[h["kind"], h["name"], h["matched"], h["id"]] for h in found]))
    if not found:
        note(f"nothing fits {text!r}; try fewer characters, or pinyin")
        raise typer.Exit(4)


@app.command()
def show(what: Found, workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:
    """One node: its facts with their sources, and what it is related to."""
    from queries.reader import plain

    with opened(workspace, store) as reader:
        node_id = reader.resolve(what)
        node, facts = reader.node(node_id), reader.facts(node_id)
        page = reader.ask("neighbours", {"node": node_id, "limit": 200, "modalities": list(reader.ontology.modalities)})
        cited = {f["claim"]: reader.evidence([f["claim"]])[0] for f in facts}
        relations, merged = reader.ontology.relations, reader.merged_from(node_id)
    data = {"node": plain(node), "facts": facts, "merged_from": merged,
            "neighbours": plain(page.rows), "evidence": list(cited.values()), "graph_version": page.version}  # fmt: skip

    def text() -> str:
        lines = [f"{node.name}  ({', '.join((node.kind, *node.types))})  {node.id}"]
        for f in facts:
            e = cited[f["claim"]]
            lines.append(f"  {f['label']['zh']}: {f['shown'] or f['value']}{'' if f['won'] else ' (另说)'}  [{place_of(e)}]")
        lines += [f"  合并自 merged from: {m['name']}  {m['id']}  ({WHY[m['why']]})" for m in merged]
        for row in page.rows:
            edge, other = row["edge"], row["neighbour"]
            r = relations[edge.relation]
            said = reader.ontology.modality_labels[str(edge.properties.get("modality", "done"))]["zh"]
            mark = "" if edge.properties.get("modality") == "done" else f" [{said}]"
            lines.append(f"  {'→ ' + r.zh if edge.source == node.id else '← ' + r.back_zh}: {other.name}{mark}  {other.id}")
        return "\n".join(lines)

    out(data, as_json, text)


@app.command(context_settings=EXTRA)
def ask(context: typer.Context, name: Annotated[str | None, typer.Argument(help="A question; none = list them")] = None,
        cypher: Annotated[bool, typer.Option("--cypher", help="Also say what was run")] = False, cursor: str | None = None,
        workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Ask a question of the library: `innochain ask bases --year 2022`. Node parameters take names."""
    from queries.reader import plain

    with opened(workspace, store) as reader:
        if name is None:
            listed: list[dict[str, Any]] = [{"name": q.name, "group": q.group, "title": q.title, "doc": q.doc,
                       "parameters": [{"name": p.name, "type": p.shown, "default": p.default} for p in q.parameters]} for q in reader.catalogue]
            rows = [[q["name"], q["title"]["zh"], " ".join(f"--{p['name']}" for p in q["parameters"])] for q in listed]
            out(listed, as_json, lambda: table(["question", "", "parameters"], rows))
            return
        page = reader.ask(name, options(context.args), cursor, names=True)
    data = {"items": plain(page.rows), "next_cursor": page.next_cursor, "truncated": page.truncated, "graph_version": page.version}
    if cypher:
        data["cypher"] = plain(page.cypher)
    heads = list(page.rows[0]) if page.rows else []
    out(data, as_json, lambda: table(heads, [[cell(v) for v in r.values()] for r in page.rows]) if page.rows else "")
    if cypher and not as_json:
        note(page.cypher["text"])
    if page.next_cursor and not as_json:
        note(f"more: --cursor {page.next_cursor}")
    if not page.rows:
        given = {k: v for k, v in page.cypher["parameters"].items() if v not in (None, []) and k not in ("limit", "skip", "modalities")}
        asked = ", ".join(f"{k}={v}" for k, v in given.items())
        note(f"nothing found{f' for {asked}' if asked else ''}")
        raise typer.Exit(4)


@app.command()
def draw(what: Found, output: Annotated[Path, typer.Option("-o", "--output", help="The HTML file to write")], limit: int = 100, lang: str = "zh",
         workspace: Workspace = None, store: StoreUrl = None) -> None:  # fmt: skip
    """A node and its neighbours as one HTML file that needs no network."""
    from graph.picture import draw as picture

    with opened(workspace, store) as reader:
        node = reader.node(reader.resolve(what))
        rows = reader.ask("neighbours", {"node": node.id, "limit": min(limit, 200), "modalities": list(reader.ontology.modalities)}).rows
        html = picture(node, [r["neighbour"] for r in rows], [r["edge"] for r in rows], reader.ontology, lang, "synthetic" in reader.stamp())
    from graph.ledger import write_atomically

    write_atomically(output, html)
    note(f"{output}: {node.name} with {len(rows)} relations")


@app.command("check-evidence")
def check_evidence(workspace: Workspace = None, as_json: Json = False) -> None:
    """Does every fact that cites a loaded text still stand there? Names those that do not (exit 1)."""
    from queries.answers.check import check_evidence as check

    found = check(settings(workspace, None).workspace)

    def text() -> str:
        lines = []
        for d in found["documents"]:
            lines.append(f"{d['name']}: text {d['text']}, {d['cited']} places cited, {d['holds']} hold, {len(d['failed'])} fail")
            lines += [f"  {f['start']}–{f['end']}  {f['subject']} · {f['predicate']} · {f['says']}  ({f['note']}); now there: {f['found']!r}"
                      for f in d["failed"]]  # fmt: skip
        return "\n".join(lines) or "no fact cites a place in a text"

    out(found, as_json, text)
    if found["failed"]:
        note(f"{found['failed']} facts no longer hold; the text that was read is another one")
        raise typer.Exit(1)


# ---- serving


@app.command()
def serve(host: str = "127.0.0.1", port: int = 8000, workspace: Workspace = None, store: StoreUrl = None) -> None:
    """Serve pages and HTTP API. Off loopback only with keys, or when reads are declared open."""
    from api.serving import serve as run

    run(settings(workspace, store), host, port)


@app.command()
def demo(host: str = "127.0.0.1", port: int = 8000, workspace: Workspace = None, store: StoreUrl = None) -> None:
    """Ingest and build the facts that ship when there is no graph yet, then serve it."""
    from api.serving import serve as run
    from graph.errors import Empty, WorkspaceMismatch
    from graph.snapshot import open_current
    from graph.store.open import open_store

    chosen = settings(workspace, store)
    try:
        snapshot = open_current(chosen.workspace)
        if open_store(chosen).version().current != snapshot.version:
            built(chosen)
    except (Empty, WorkspaceMismatch):
        ingested(chosen, [])
        made = built(chosen)
        note(f"built version {made['version']}: {made['nodes']} nodes, {made['edges']} edges")
    run(chosen, host, port)


@app.command()
def docs(check: Annotated[bool, typer.Option("--check", help="Only say whether docs/reference.md is up to date")] = False) -> None:
    """Write docs/reference.md from the ontology, the questions, the settings, the routes and the commands."""
    from api.reference import reference
    from graph.errors import InnochainError

    path, text = Path("docs/reference.md"), reference(app)
    if not check:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        note(f"{path} is written")
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        raise InnochainError(f"{path} is not what the declarations say; run `innochain docs`")


if __name__ == "__main__":
    main()
