"""Commands on the chain as a whole: sleeping, chain, gaps, cascade, registry, offers, measures-for, synth."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.terminal import Day, Json, StoreUrl, Workspace, note, opened, out, table

if TYPE_CHECKING:
    from queries.reader import Reader

Named = Annotated[str, typer.Option(help="An id or a name")]
Page = Annotated[str | None, typer.Option("--cursor", help="The next page: what the answer before said")]


def day(text: str | None) -> dt.date | None:
    """A day as people write it; a month or year stands for its last day. Raises BadParameter."""
    from graph.errors import BadParameter
    from graph.values import BadValue, clean_date

    try:
        latest = clean_date(text)["latest"] if text else None
    except BadValue as e:
        raise BadParameter(f"--as-of: {e}", errors=[{"parameter": "as_of", "value": text}]) from e
    return dt.date.fromisoformat(latest) if latest else None


def resolved(reader: Reader, name: str, *kinds: str) -> str:
    """The id of what a name stands for; nothing asked stays nothing, `unknown` stays a word."""
    wide = [k for x in kinds for k in reader.ontology.expand(x)]
    return reader.resolve(name, wide) if name and name != "unknown" else name


def told(found: dict[str, Any], as_json: bool, lines: list[str], nothing: str) -> None:
    """An answer with items: JSON or lines; a further page and an empty answer are said. Exit 4 where nothing was found."""
    out(found, as_json, lambda: "\n".join(lines))
    if found.get("next_cursor") and not as_json:
        note(f"more: --cursor {found['next_cursor']}")
    if not found["items"]:
        note(nothing)
        raise typer.Exit(4)


def sleeping(owner: Named = "", field: Named = "", region: Named = "", min_age: Annotated[int, typer.Option(help="Years since registration")] = 0,
             maturity: Annotated[str, typer.Option(help="A level, or levels: 4..6")] = "",
             moved_by: Annotated[list[str] | None, typer.Option(help="What wakes one: tried, transferred, licensed, spun_out; none = all")] = None,
             as_of: Day = None, limit: int = 20, cursor: Page = None, workspace: Workspace = None, store: StoreUrl = None,
             as_json: Json = False) -> None:  # fmt: skip
    """Achievements nobody tried, took over or licensed, the most promising first, each with its reasons. 沉睡成果"""
    from graph.potential import TESTS
    from queries.answers.sleeping import sleeping as find

    with opened(workspace, store) as reader:
        found = find(reader, owner=resolved(reader, owner, "Organization"), field=resolved(reader, field, "Industry"),
                     region=resolved(reader, region, "Region"), min_age=min_age, maturity=maturity, moved_by=moved_by or TESTS, as_of=day(as_of),
                     limit=limit, cursor=cursor)  # fmt: skip
    lines = [found["definition"]["zh"], f"共 {found['total']} 项 in all"]
    for item in found["items"]:
        owners = "、".join(o["name"] for o in item["owners"]) or "权属未知"
        age = "登记年份未知" if item["age"] is None else f"{item['age']} 年"
        lines.append(f"{item['score']:.3f}  {item['node']['name']}  ({owners},{age})  {item['node']['id']}")
        lines += [f"       {r['zh']}" for r in item["reasons"]]
    told(found, as_json, lines, "no sleeping achievement fits; ask for less, or another --moved-by")


def chain(what: Annotated[str | None, typer.Argument(metavar="CHAIN", help="An industry chain; none = list them")] = None, as_of: Day = None,
          region: Named = "", workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """An industry chain link by link: achievements by stage, where they stop, who stands beside them. 产业链"""
    from queries.answers.chain import chain as find
    from queries.reader import plain

    with opened(workspace, store) as reader:
        if what is None:
            page = reader.ask("industry_chains", {"limit": 200})
            rows = [[r["chain"].name, str(r["parts"]), str(r["leaders"]), r["chain"].id] for r in page.rows]
            return out({"items": plain(page.rows), "next_cursor": page.next_cursor, **reader.stamp()}, as_json,
                       lambda: table(["chain", "parts", "leaders", "id"], rows))  # fmt: skip
        found = find(reader, reader.resolve(what, ["IndustryChain"]), day(as_of), resolved(reader, region, "Region") or None)

    def text() -> str:
        heads = ["link", "lab", "verif.", "pilot", "industry", "centres", "bases", "firms", "demands", "funds"]
        rows = [[x["node"]["name"], *(str(s["at"]) for s in x["funnel"]["stages"]), str(x["facilities"].get("VerificationCentre", 0)),
                 str(x["facilities"].get("PilotBase", 0)), str(sum(x["enterprises"].values())), str(x["demands"]), str(sum(x["funds"].values()))]
                for x in found["links"]]  # fmt: skip
        leaders = [f"链主 {x['node']['name']}: {'、'.join(o['node']['name'] for o in x['leaders'])}" for x in found["links"] if x["leaders"]]
        return "\n".join([table(heads, rows), *leaders, *(x["said"]["zh"] for x in found["links"])])

    out(found, as_json, text)
    if found["circle"]:
        note(f"these links feed each other in a circle and have no order: {', '.join(x['name'] for x in found['circle'])}")


def gaps(chain: Named = "", region: Named = "", stage: Annotated[str, typer.Option(help="pilot or verification")] = "", as_of: Day = None,
         limit: int = 20, cursor: Page = None, workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Where achievements and demands wait and no base or centre serves, each with how much is known. 缺口"""
    from queries.answers.gaps import gaps as find

    with opened(workspace, store) as reader:
        found = find(reader, chain=resolved(reader, chain, "Industry"), region=resolved(reader, region, "Region"), stage=stage, as_of=day(as_of),
                     limit=limit, cursor=cursor)  # fmt: skip
    lines = [line for x in found["items"] for line in (f"{x['industry']['name']} · {x['stage']}  {x['industry']['id']}",
                                                       *(f"       {r['zh']}" for r in x["reasons"]))]  # fmt: skip
    told(found, as_json, lines, "no gap is on record here")


def cascade(policy: Annotated[str, typer.Argument(help="A policy: an id or a name")],
            level: Annotated[str, typer.Option(help="province, city or district; none = the level below the policy's")] = "",
            workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Which policies are based on one, and which cities or districts have none on record. 政策配套"""
    from queries.answers.cascade import cascade as find

    with opened(workspace, store) as reader:
        found = find(reader, reader.resolve(policy, ["Policy"]), level)

    def text() -> str:
        rows = [[str(x["steps"]), x["policy"]["name"], "、".join(z["name"] for z in x["regions"]) or "地区未知"] for x in found["based_on_it"]]
        lacking = f"未见 none on record: {'、'.join(z['name'] for z in found['lacking'])}" if found["lacking"] else ""
        return "\n".join(filter(None, [found["said"]["zh"], table(["steps", "policy", "region"], rows), lacking]))

    out(found, as_json, text)


def registry(kind: Annotated[str, typer.Option(help="base, centre, platform or laboratory")] = "base", region: Named = "", level: str = "",
             field: Named = "", chain: Named = "", host_type: Annotated[str, typer.Option(help="University, Institute, Enterprise …")] = "",
             year: str = "", status: Annotated[str, typer.Option(help="in_force, expired, revoked, proposed, unknown")] = "", as_of: Day = None,
             limit: int = 20, cursor: Page = None, workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Bases and centres with facets; status is computed for a day. Any filter may be `unknown`. 名录"""
    from queries.answers.registry import registry as find

    with opened(workspace, store) as reader:
        found = find(reader, kind=kind, region=resolved(reader, region, "Region"), level=level, field=resolved(reader, field, "Industry"),
                     chain=resolved(reader, chain, "IndustryChain"), host_type=host_type, year=year, status=status, as_of=day(as_of), limit=limit,
                     cursor=cursor)  # fmt: skip
    lines = [f"{x['node']['name']}  {x['node']['id']}\n       {x['status']['zh']}" for x in found["items"]]
    for facet, c in found["facets"].items():
        most = ", ".join([f"{x['zh']} {x['count']}" for x in c["values"][:8]] + [f"未知 unknown {c['unknown']}"] * bool(c["unknown"]))
        lines.append(f"{facet}: {most}")
    told(found, as_json, lines, "nothing in the register fits; try --region unknown, or fewer filters")


def offers(what: Annotated[str, typer.Option(help="Words in its name, model, process or text")] = "",
           kind: Annotated[list[str] | None, typer.Option("--kind", help="Service, Instrument, Scenario, Rule")] = None, process: str = "",
           scale: float | None = None, scale_unit: str = "", max_price: Annotated[float | None, typer.Option(help="Yuan")] = None,
           free_by: Annotated[str | None, typer.Option(help="The latest day its slot may begin")] = None, region: Named = "",
           sure: Annotated[bool, typer.Option("--sure", help="Leave out what is not stated")] = False, limit: int = 20, cursor: Page = None,
           workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Who has what: services, instruments, scenarios and rules across bases, by words, process, scale, price, free slot. 共享清单"""
    from queries.answers.registry import offers as find

    with opened(workspace, store) as reader:
        found = find(reader, what=what, kinds=kind or [], process=process, scale=scale, scale_unit=scale_unit, max_price=max_price,
                     free_by=day(free_by), region=resolved(reader, region, "Region"), sure=sure, limit=limit, cursor=cursor)  # fmt: skip
    lines = [f"{x['offer']['name']}  {x['owner']['name']}  {x['said']['zh']}  {x['offer']['id']}" for x in found["items"]]
    told(found, as_json, lines, "nothing offered fits")


def measures_for(kind: Annotated[str, typer.Option(help="Enterprise, University, Institute, PilotBase …")], region: Named = "",
                 size: Annotated[str, typer.Option(help="large, medium, small, micro")] = "", limit: int = 50, workspace: Workspace = None,
                 store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """Measures that apply, or may apply, to a kind of organisation in a region, each with why. 适用举措"""
    from queries.answers.measures import measures_for as find

    with opened(workspace, store) as reader:
        found = find(reader, region=resolved(reader, region, "Region"), kind=kind, size=size, limit=limit)
    lines = [f"{x['verdict']['zh']}  {x['measure']['name']}  ({x['why']['zh']})" for x in found["items"]]
    told(found, as_json, lines, "no measure is known to apply")


def synth(nodes: Annotated[int, typer.Option(help="About how many nodes")] = 10_000, seed: int = 1, workspace: Workspace = None,
          as_json: Json = False) -> None:  # fmt: skip
    """Make up a province in a workspace of its own, to test and measure with; then `innochain build`. What was planted: planted.json."""
    from api.terminal import settings
    from ingest.synth import PLANTED
    from ingest.synth import synth as make

    folder = settings(workspace, None).workspace
    info, planted = make(folder, nodes, seed)
    counts = {k: len(v) for k, v in planted.items() if isinstance(v, list)}
    said = ", ".join(f"{n} {k}" for k, n in counts.items())
    out({"workspace": str(folder), "claims": info.claims, "planted": counts, "synthetic": True}, as_json,
        lambda: f"{info.claims:,} synthetic claims in {folder}; planted {said} ({PLANTED})")  # fmt: skip


COMMANDS = (sleeping, chain, gaps, cascade, registry, offers, measures_for, synth)
