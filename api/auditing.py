"""`innochain quality`: what is doubtful in the data, in numbers and in lists."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.terminal import Json, StoreUrl, Workspace, day, note, opened, out, table


def quality(which: Annotated[str | None, typer.Argument(help="conflicts, old, no_code, weak, single or broken; none = how many of each")] = None,
            kind: Annotated[str | None, typer.Option(help="Only things of this kind")] = None, limit: int = 20, cursor: str | None = None,
            days: Annotated[int, typer.Option(help="What was last said so many days ago is old")] = 1_826,
            before: Annotated[str | None, typer.Option(help="Instead of --days: last said before this day")] = None,
            workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """What is doubtful: facts that disagree or are old, organisations with no code, nodes that rest on little, evidence that no longer holds."""
    from queries.answers.quality import overview
    from queries.answers.quality import quality as listed

    with opened(workspace, store) as reader:
        if which is None:
            counts = overview(reader, kind, days, day(before))
            return out(counts, as_json, lambda: _counts(counts))
        found = listed(reader, which.replace("-", "_"), limit, cursor, kind, days, day(before))
    out(found, as_json, lambda: "\n".join(line for i in found["items"] for line in _lines(i)))
    if found["next_cursor"] and not as_json:
        note(f"more: --cursor {found['next_cursor']}")
    if not found["items"]:
        note(f"{found['title']['zh']} {found['title']['en']}: none")
        raise typer.Exit(4)


def _counts(found: dict[str, Any]) -> str:
    rows = [[i["list"], f"{i['title']['zh']} {i['title']['en']}", f"{'≥ ' * i['at_least']}{i['count']}"] for i in found["items"]]
    undated = found["undated_documents"]
    return table(["list", "", "count"], [*rows, ["", "未注明日期的文件 documents without a date", f"{'≥ ' * undated['at_least']}{undated['count']}"]])


def _lines(item: dict[str, Any]) -> list[str]:
    node = item["node"]
    return [f"{node['name']}  ({node['kind']})  {node['id']}", f"    {item['sentence']['zh']}  {' '.join(item['evidence'][:3])}"]
