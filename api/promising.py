"""Commands on promises: targets counted and timed, and what documents say that does not agree."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.terminal import Day, Json, StoreUrl, Workspace, note, opened, out, place_of, table


def promises(target: Annotated[str | None, typer.Argument(help="One target, by id or name; none = list them")] = None,
             region: Annotated[str | None, typer.Option("--region", help="Targets about this region and those inside it")] = None, as_of: Day = None,
             limit: Annotated[int, typer.Option(min=1, max=100)] = 20, cursor: str | None = None, workspace: Workspace = None,
             store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Targets with what the graph holds toward them: count, gap, pace needed, status on a day, evidence, reported figures, measures."""
    from queries.answers.promises import promise
    from queries.answers.promises import promises as every
    from queries.answers.sourced import day

    with opened(workspace, store) as reader:
        if target is not None:
            one = promise(reader, reader.resolve(target, ["Target"]), day(as_of))
            return out(one, as_json, lambda: _one(one))
        where = reader.resolve(region, ["Region"]) if region else None
        found = every(reader, day(as_of), where, limit, cursor)
    rows = [[x["target"]["name"], x["shown"] or "", "" if x["observed"] is None else f"≥{x['observed']}", x["label"]["zh"], x["due"] or ""]
            for x in found["items"]]  # fmt: skip
    out(found, as_json, lambda: table(["目标", "值", "图谱中", "状态", "期限"], rows))
    if found["next_cursor"]:
        note(f"more: --cursor {found['next_cursor']}")
    if not found["items"]:
        note("no target is known here")
        raise typer.Exit(4)


def _one(x: dict[str, Any]) -> str:
    lines = [f"{x['target']['name']}  {x['target']['id']}", f"  {x['definition']['zh']}", f"  {x['sentence']['zh']}"]
    for key, label in (("counted", "计入"), ("undecided", "不能定"), ("unconfirmed_records", "未证实"), ("named_only", "只见其名")):
        lines += [f"  {label}: {r['node']['name']}  {r.get('where', {}).get('zh', '')}" for r in x[key]]
    lines += [f"  报告: {r['metric']} {r['shown']} {r['period'] or ''}  [{r['document']['name']}]{' 未证实' * r['unconfirmed']}"
              for r in x["reported"]]  # fmt: skip
    lines += [f"  举措: {m['measure']['name']}  {m['state']} · {m['modality']}" for m in x["measures"]]
    return "\n".join(lines)


def contradictions(about: Annotated[str | None, typer.Option("--about", help="Only figures about this thing")] = None,
                   workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Figures of documents that do not agree, each with both places and what differs (exit 4: none found)."""
    from queries.answers.contradictions import contradictions as find

    with opened(workspace, store) as reader:
        found = find(reader, reader.resolve(about) if about else None)

    def text() -> str:
        lines = []
        for x in found["items"]:
            lines.append(x["sentence"]["zh"])
            lines += [f"    [{place_of(p)}] {p['quote'] or p['note'] or ''}" for p in x["places"]]
        return "\n".join(lines)

    out(found, as_json, text)
    if not found["items"]:
        note("no figures are known to disagree")
        raise typer.Exit(4)
