"""`innochain review`: what may be one thing, judged by a person; and how good the proposals are (`evaluate-names`)."""

from __future__ import annotations

import csv
import getpass
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.terminal import Json, StoreUrl, Workspace, bar, note, opened, out, place_of, table
from graph.errors import BadFile, BadInput, InnochainError

if TYPE_CHECKING:
    from graph.proposals import Proposal
    from queries.reader import Reader

KEYS = {"s": "same", "d": "different", "u": "unsure", "w": "wrong", "z": "withdrawn"}
HELP = ("s 同一个 same · d 不同 different · u 不能定 unsure · w 有一条不对 a claim is wrong · z 撤回 take back · "
        "j 下一个 next · k 上一个 back · q 结束 end")  # fmt: skip
SHOWN = 12  # facts of a node that are shown


def review(what: Annotated[list[str] | None, typer.Argument(help="Two ids to judge, or one claim; none = go through the proposals")] = None,
           verdict: Annotated[str, typer.Option(help="same, different, unsure, wrong (a claim) or withdrawn: decides WHAT at once")] = "",
           why: Annotated[str, typer.Option(help="The reason, for those who ask later")] = "",
           who: Annotated[str, typer.Option(help="Who decides [the login name]")] = "",
           kind: Annotated[str, typer.Option(help="Only proposals of this kind")] = "",
           all_: Annotated[bool, typer.Option("--all", help="Those marked unsure again")] = False,
           list_: Annotated[bool, typer.Option("--list", help="List the proposals, decide nothing")] = False,
           decided: Annotated[bool, typer.Option("--decided", help="List the decisions that hold")] = False,
           workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Judge what may be one thing, one pair at a time, with sources. Decisions can be taken back; `innochain build` applies them."""
    from graph.review import decide, decisions, open_proposals
    from ingest.publications import region_names

    with opened(workspace, store) as reader:
        folder, snapshot = reader.settings.workspace, reader.snapshot()
        if decided:
            held = [asdict(d) for d in decisions(folder)]
            return out(held, as_json, lambda: table(["when", "who", "verdict", "on", "why"], [
                [d["when"][:19], d["who"], d["verdict"], "  ".join(filter(None, (d["subject"], d["object"]))), d["why"]] for d in held]))  # fmt: skip
        if verdict or what:
            if not verdict or not what or len(what) > 2:
                raise BadInput("write two ids (or one claim) and --verdict same, different, unsure, wrong or withdrawn")
            made = decide(folder, snapshot, verdict, what[0], what[1] if len(what) > 1 else None, who or getpass.getuser(), why)
            note("innochain build brings it into the graph")
            return out(made._asdict(), as_json, lambda: f"{made.claim_id}  {verdict}  {'  '.join(what)}")
        with bar("review") as progress:
            found = open_proposals(folder, snapshot, region_names(), progress, undecided=not all_)
        found = [p for p in found if kind in ("", p.kind)]
        if list_ or as_json:
            return out([asdict(p) for p in found], as_json, lambda: table(["score", "kind", "a", "b", "why"], [
                [f"{p.score:.3f}", p.kind, f"{p.name_a} {p.a}", f"{p.name_b} {p.b}", p.why_zh] for p in found]))  # fmt: skip
        _session(reader, found, who or getpass.getuser(), why)


def _session(reader: Reader, found: list[Proposal], who: str, why: str) -> None:
    """One proposal after the other, by keys. Bad input never ends it."""
    from graph.review import decide

    at, taken = 0, list[tuple[str, str, str | None]]()
    if not found:
        note("没有待判定的 nothing waits for a decision")
    while 0 <= at < len(found):
        p = found[at]
        claims = _shown(reader, p, f"{at + 1}/{len(found)}")
        key = _key()
        if key in ("q", ""):
            break
        if key in "jk":
            at = max(0, at + (1 if key == "j" else -1))
            continue
        on: tuple[str, str | None] | None = (p.a, p.b)
        if key == "w":
            on = _claim(claims)
        elif key == "z":
            on = (taken[-1][1], taken[-1][2]) if taken else None
        if key not in KEYS or on is None:
            note(HELP)
            continue
        try:
            decide(reader.settings.workspace, reader.snapshot(), KEYS[key], on[0], on[1], who, why)
        except InnochainError as e:
            note(f"error: {e.detail}")
            continue
        note(f"→ {KEYS[key]}: {'  '.join(filter(None, on))}")
        if key == "z":
            taken.pop()
            at = max(0, at - 1)
        else:
            taken.append((KEYS[key], *on))
            at += key != "w"
    if taken:
        note(f"{len(taken)} decisions are recorded; innochain build brings them into the graph")


def _key() -> str:
    """One key of a terminal, or one line of a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip().lower()[:1]
    import click

    key = click.getchar().lower()
    return "" if key in ("\x03", "\x04") else key


def _claim(claims: list[str]) -> tuple[str, None] | None:
    number = sys.stdin.readline().strip() if not sys.stdin.isatty() else str(typer.prompt(f"1–{len(claims)}", err=True))
    return (claims[int(number) - 1], None) if number.isdigit() and 0 < int(number) <= len(claims) else None


def _shown(reader: Reader, p: Proposal, head: str) -> list[str]:
    """Print both nodes with their numbered facts and sources; answer the facts' claims."""
    typer.echo(f"\n[{head}] {p.kind}  {p.score:.3f}\n  {p.why_zh}\n  {p.why_en}")
    claims: list[str] = []
    for mark, node, name in (("A", p.a, p.name_a), ("B", p.b, p.name_b)):
        codes = reader.ontology.kinds[p.kind].codes
        facts = sorted(reader.facts(node), key=lambda f: f["predicate"] not in ("name", "aliases", *codes))
        typer.echo(f"  {mark}  {name}  {node}")
        for f in facts[:SHOWN]:
            claims.append(f["claim"])
            place = place_of(reader.evidence([f["claim"]])[0])
            typer.echo(f"    {len(claims):>2}  {f['label']['zh']}: {f['shown'] or f['value']}  [{place}]")
        for m in reader.merged_from(node):
            typer.echo(f"        合并自 merged from {m['name']}  {m['id']}")
        counts = reader.ask("neighbour_counts", {"node": node}).rows
        typer.echo("        " + "  ".join(f"{reader.ontology.relations[r['relation']].zh} {r['edges']}" for r in counts[:6]))
    typer.echo(HELP)
    return claims


# ---- how good the proposals are


def evaluate_names(pairs: Annotated[Path, typer.Argument(metavar="CSV", help="Pairs: short, full, is_match (1 or 0)")],
                   as_json: Json = False) -> None:  # fmt: skip
    """Precision, recall and F1 of proposals for review on labelled pairs of names. Every name of the file is another's rival."""
    rows = _read_pairs(pairs)
    found = scored_pairs([(a, b) for a, b, _ in rows])
    figures, misses = _figures(rows, found)

    def text() -> str:
        rates = table(list(figures), [[f"{v:.4f}" for v in figures.values()]])
        return "\n".join([rates, "", *(f"{'not proposed' if m else 'wrongly proposed'}: {a} = {b}  {c.score:.3f}  {c.sentence('zh')}"
                                        for a, b, m, c in misses)])  # fmt: skip

    out(figures, as_json, text)


def scored_pairs(pairs: list[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """The comparison of every pair, with the other names of the list as rivals."""
    from graph.names import Names
    from graph.proposals import with_rivals
    from ingest.publications import region_names

    names = Names(region_names())
    return with_rivals({p: names.compare(*p) for p in pairs}, lambda n: not names.take(n).sort)


def _figures(rows: list[tuple[str, str, bool]], found: dict[tuple[str, str], Any]) -> tuple[dict[str, float], list[tuple[str, str, bool, Any]]]:
    from graph.names import PROPOSED

    proposed = [found[a, b].score >= PROPOSED for a, b, _ in rows]
    right = sum(p and m for p, (*_, m) in zip(proposed, rows, strict=True))
    precision, recall = right / max(1, sum(proposed)), right / max(1, sum(m for *_, m in rows))
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    misses = [(a, b, m, found[a, b]) for p, (a, b, m) in zip(proposed, rows, strict=True) if p != m]
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "threshold": PROPOSED}, misses


def _read_pairs(path: Path) -> list[tuple[str, str, bool]]:
    from ingest.files import decode

    reader = csv.DictReader(decode(path).text.splitlines())
    if missing := {"short", "full", "is_match"} - set(reader.fieldnames or ()):
        raise BadFile(f"{path}:1: column {min(missing)!r} is missing; the columns are short, full, is_match")
    rows = []
    for n, r in enumerate(reader, 2):
        if not r["short"] or not r["full"] or r["is_match"] not in ("0", "1"):
            raise BadFile(f"{path}:{n}: short and full must be given, and is_match is 1 or 0")
        rows.append((r["short"].strip(), r["full"].strip(), r["is_match"] == "1"))
    if not rows:
        raise BadFile(f"{path}: there are no pairs")
    return rows
