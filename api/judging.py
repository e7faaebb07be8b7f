"""Commands on standards: list and show them, judge things by them, find hosts that apply twice."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.terminal import Day, Json, StoreUrl, Workspace, note, opened, out, table

MARKS = {"pass": "✓", "warn": "!", "fail": "✗", "unknown": "?"}
CONFIRMED = {True: "", False: "未证实"}
Names = Annotated[list[str] | None, typer.Option("--standard", help="Judge by this standard; none = all for its kind but those of other regions")]


def standards(name: Annotated[str | None, typer.Argument(help="Show this one; none = list them")] = None,
              workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Standards of recognition, selection, performance, review and sharing; one with its criteria, thresholds and sources."""
    from queries.answers.judge import known, one

    with opened(workspace, store) as reader:
        if name is None:
            listed = known(reader)
            rows = [[s["name"], s["kind"], s["label"]["zh"], "、".join(s["judges"]), str(s["criteria"]), CONFIRMED[s["rule_confirmed"]]]
                    for s in listed]  # fmt: skip
            return out(listed, as_json, lambda: table(["standard", "kind", "", "judges", "criteria", ""], rows))
        found = one(reader, name)

    def text() -> str:
        lines = [f"{found['label']['zh']}  {found['label']['en']}", f"  {found['source']['document']}  {found['source']['url']}"]
        criteria = [[c["id"], c["label"]["zh"], c["force"], "" if c["weight"] is None else f"{c['weight']:g}", CONFIRMED[c["rule_confirmed"]]]
                    for c in found["criteria"]]  # fmt: skip
        criteria += [[c["id"], c["label"]["zh"], c["force"], "", CONFIRMED[c["rule_confirmed"]]] for c in found["conflicts"]]
        return "\n".join([*lines, table(["criterion", "", "force", "weight", ""], criteria)])

    out(found, as_json, text)


def judge(what: Annotated[str, typer.Argument(metavar="NODE", help="An id, a name or an alias")], standard: Names = None,
          compare: Annotated[list[str] | None, typer.Option("--compare", help="Put this one beside it")] = None, as_of: Day = None,
          workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Judge a base, centre, project or achievement by standards; with --compare, side by side."""
    from queries.answers.judge import judge as judged
    from queries.answers.sourced import day

    with opened(workspace, store) as reader:
        nodes = [reader.resolve(n) for n in (what, *(compare or ()))]
        found = judged(reader, nodes, standard or [], day(as_of))
    out(found, as_json, lambda: "\n\n".join(_judged(s, found["nodes"]) for s in found["standards"]))


def _judged(s: dict[str, Any], nodes: list[dict[str, str]]) -> str:
    head = f"{s['label']['zh']}  [{s['source']['document']}{'' if s['rule_confirmed'] else ' 未证实'}]"
    if s["rows"]:
        rows = [[r["label"]["zh"], *(f"{MARKS[c['verdict']]} {c['found']['zh']}" for c in r["cells"])] for r in s["rows"]]
        return head + "\n" + table(["", *(n["name"] for n in nodes)], rows)
    (r,) = s["results"]
    lines = [f"  {MARKS[c['verdict']]} {c['sentence']['zh']}" for c in r["criteria"]]
    if r["total"]:
        lines.append(f"  得分 {r['total']['points']:g} / {r['total']['of_known']:g}(已知部分，占 {r['total']['coverage']:.0%})")
    return "\n".join([head, *lines, f"  {r['sentence']['zh']}"])


def conflicts(standard: Annotated[str, typer.Option("--standard", help="The standard whose rules on applying twice are asked")],
              workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Hosts that apply twice under a standard's rules, also through subsidiaries where the rule says so (exit 4: none found)."""
    from queries.answers.judge import conflicts as collide

    with opened(workspace, store) as reader:
        found = collide(reader, standard)
    out(found, as_json, lambda: "\n".join(f"{MARKS[x['verdict']]} {x['sentence']['zh']}" for x in found["items"]))
    if not found["items"]:
        note("nothing known collides under these rules")
        raise typer.Exit(4)
