"""`innochain match` and `innochain mark`: the right base for an achievement, and what came of asking it."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.terminal import Json, StoreUrl, Workspace, note, opened, out, table

if TYPE_CHECKING:
    from queries.reader import Reader

SIGNS = {"met": "✓", "not_met": "✗", "unknown": "?"}
Several = list[str] | None


def match(achievement: Annotated[str, typer.Argument(help="An achievement, or a project of one, in the graph (with --for achievements: the base); "
                                                "none = described")] = "",
          field: Annotated[Several, typer.Option("--field", help="镁合金; may be given several times")] = None,
          process: Annotated[Several, typer.Option("--process", help="压铸")] = None,
          scale: Annotated[str, typer.Option(help="百公斤级, 500千克/批")] = "",
                  maturity: Annotated[str, typer.Option(help="1-9, 小试, 中期(中试)")] = "",
          region: Annotated[str, typer.Option(help="陕西省, 西安市")] = "",
          qualification: Annotated[Several, typer.Option("--qualification", help="CNAS, or with a scope CNAS:镁合金")] = None,
          budget: Annotated[str, typer.Option(help="50万元")] = "", start: Annotated[str, typer.Option(help="2026-09-01")] = "",
          secrecy: Annotated[str, typer.Option(help="涉密, 国防, 公开")] = "", hazard: Annotated[Several, typer.Option("--hazard")] = None,
          chemical_park: Annotated[str, typer.Option(help="是 or 否: is a recognised chemical park needed")] = "",
          owner: Annotated[Several, typer.Option("--owner", help="Its owners, for ties")] = None,
          for_: Annotated[str, typer.Option("--for", help="base, centre, fund or achievements")] = "base",
          weights: Annotated[Several, typer.Option("--weights", help="criterion=number, over the standard's")] = None, limit: int = 10,
          base: Annotated[str, typer.Option(help="Only this base: with -o FILE.html its certificate")] = "",
          file: Annotated[Path | None, typer.Option("--file", help="A filled-in form of achievements (innochain template Achievement)")] = None,
          output: Annotated[Path | None, typer.Option("-o", "--output", help=".xlsx: the table; .html: the certificate")] = None,
          lang: str = "zh", workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """The right pilot base for an achievement: ranked, explained, with why not; also centres, funds, and achievements for a base."""
    from api.match_routes import Asked, described, weights_of

    given: dict[str, Any] = {"achievement": "" if for_ == "achievements" else achievement, "base": achievement if for_ == "achievements" else base}
    given |= {"field": field or [], "process": process or [], "scale": scale, "maturity": maturity, "region": region,
            "qualification": qualification or [],
              "budget": budget, "start": start, "secrecy": secrecy, "hazard": hazard or [], "chemical_park": chemical_park, "owner": owner or [],
              "for": for_, "weights": weights_of(weights or []), "limit": limit}  # fmt: skip
    asked: Asked = described(**given)
    with opened(workspace, store) as reader:
        if file is not None or (output is not None and output.suffix == ".xlsx"):
            _batch(reader, asked, file, output, as_json)
        elif base and for_ != "achievements":
            _pair(reader, asked, output, lang, as_json)
        else:
            _one(reader, asked, as_json)


def _one(reader: Reader, asked: Any, as_json: bool) -> None:
    from api.match_routes import found_for, known_only

    found = found_for(reader, known_only(asked))
    out(found, as_json, lambda: _text(found))
    if not found["items"]:
        note("nothing can be recommended" + ("; why not is said above" if found["rejected"] else ": the graph holds no candidate"))
        raise typer.Exit(4)


def _text(found: dict[str, Any]) -> str:
    lines = []
    for n, item in enumerate(found["items"], 1):
        tied = f"（与另外 {len(item['tied_with'])} 个同分）" if item["tied_with"] else ""
        said = "" if item["modality"] == "done" else f" [{item['modality']}]"
        lines.append(f"{n}. {item['node']['name']}{said}  {item['score']:.3f}  已知 {item['coverage']:.0%}{tied}  {item['node']['id']}")
        lines += _particulars(item)
    if found["rejected"]:
        lines.append("不能推荐 not recommended:")
    for item in found["rejected"]:
        lines.append(f"✗ {item['node']['name']}  {item['score']:.3f}  {item['node']['id']}")
        lines += [f"    ✗ {w['sentence']['zh']}" for w in item["why_not"]]
        lines.append(_change(item))
    lines += _step(found)
    if found["beyond"]:
        lines.append(found["beyond"]["zh"])
    return "\n".join(lines)


def _change(item: dict[str, Any]) -> str:
    return "    → " + ("；".join(c["sentence"]["zh"] for c in item["flip"]["changes"]) or "未找到可行的改变")


def _step(found: dict[str, Any]) -> list[str]:
    step = found["next_step"]
    return [f"下一步 next step: {step['zh']}（{step['reason']['zh']}）"] if step else []


def _particulars(item: dict[str, Any]) -> list[str]:
    lines = [f"    {SIGNS[c['status']]} {c['sentence']['zh']}" for c in item["conditions"]]
    lines += [f"    · {r['sentence']['zh']}" for r in item["reasons"] if r["value"] is not None]
    lines += [f"    ! {m['name']}曾被谢绝{' ' + m['date'] if m['date'] else ''}：{m['reason']}" for m in item.get("marks", [])]
    missing = "、".join(dict.fromkeys(u["missing"]["zh"] for u in item["unknown"]))
    page = item.get("contact_page")
    return [*lines, f"    未知：{missing}"] + ([f"    联系：{page['url']}"] if page else [])


def _pair(reader: Reader, asked: Any, output: Path | None, lang: str, as_json: bool) -> None:
    from api.certificate import certificate
    from graph.ledger import write_atomically
    from queries.answers.match import pair

    found = pair(reader, asked.description(), reader.resolve(asked.base, ["PilotBase", "VerificationCentre"]), asked.weights)
    if output is not None:
        write_atomically(output, certificate(reader, found, lang, alone=True))
        note(f"{output}: the certificate of {found['item']['node']['name']}")
    if output is None or as_json:
        item = found["item"]
        head = item["node"]["name"] + f"  {item['score']:.3f}"
        no = [] if item["accepted"] else ["不能推荐 not recommended", _change(item)]
        out(found, as_json, lambda: "\n".join([head, *_particulars(item), *no, *_step(found)]))


def _batch(reader: Reader, asked: Any, file: Path | None, output: Path | None, as_json: bool) -> None:
    from api.match_sheet import workbook
    from graph.errors import BadFile
    from ingest.asked import descriptions
    from queries.answers.match_table import match_many

    one = asked.description()
    queries = descriptions(file) if file is not None else {one.name or one.achievement or "、".join(one.field) or "成果": one}
    found = match_many(reader, queries, asked.for_, asked.weights, asked.limit)
    if output is not None:
        try:
            output.write_bytes(workbook(found))
        except OSError as e:
            raise BadFile(f"{output}: {e.strerror or e}; close the file where it is open, or choose another --output") from e
        note(f"{output}: {len(found['table'])} achievements")
    if output is None or as_json:
        rows = [[r["achievement"], " / ".join(f"{b['name']} {b['score']:.2f}" for b in r["best"]), r["blocking"]["zh"] if r["blocking"] else "",
                 r["next_step"]["zh"] if r["next_step"] else "", r["error"] or ""] for r in found["table"]]  # fmt: skip
        out(found, as_json, lambda: table(["achievement", "best", "blocking", "next step", "problem"], rows))
    if any(r["error"] for r in found["table"]):
        note(f"{sum(bool(r['error']) for r in found['table'])} rows could not be asked; the table says why")
        raise typer.Exit(3)


def mark(achievement: Annotated[str, typer.Argument(help="An achievement of the graph")],
        base: Annotated[str, typer.Argument(help="A base or centre")],
         answer: Annotated[str, typer.Argument(help="contacted, signed, refused; withdrawn takes back what was marked")],
         reason: Annotated[str, typer.Option(help="Why, for later why-nots")] = "", date: Annotated[str, typer.Option(help="When [today]")] = "",
         who: Annotated[str, typer.Option(help="Who notes it [the login name]")] = "",
         workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Note what came of asking a base about an achievement; `innochain build` brings it into the graph, and it stays."""
    from pydantic import ValidationError

    from api.match_routes import Note, noted_pair
    from graph.errors import BadParameter

    try:
        given = Note(achievement=achievement, base=base, answer=answer, reason=reason, date=date, who=who or getpass.getuser())
    except ValidationError as e:
        first = e.errors(include_url=False)[0]
        raise BadParameter(f"{first['loc'][0]}: {first['msg']}") from None
    with opened(workspace, store) as reader:
        made = noted_pair(reader, given)
    note("innochain build brings it into the graph")
    out({"claims": made, **given.model_dump()}, as_json, lambda: "  ".join([*made, answer, achievement, base]))
