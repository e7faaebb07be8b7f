"""`innochain paths` and `innochain routes`: what lies between two things, and by what kinds of route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.terminal import Avoid, Certain, Confidence, Day, Json, Modalities, StoreUrl, Workspace, day, note, opened, out, table

if TYPE_CHECKING:
    from graph.ontology import Ontology
    from graph.reach import Filter
    from queries.reader import Reader

Relations = Annotated[list[str] | None, typer.Option("--relation", help="Only along these relations")]
Between = Annotated[list[str] | None, typer.Option("--kind", help="Only through these kinds")]
Direction = Annotated[str, typer.Option(help="any, or out: along the relations' direction only")]
Through = Annotated[str | None, typer.Option(help="A kind that must lie between")]
ChainOnly = Annotated[bool, typer.Option("--chain-only", help="Never back along the chain from laboratory to industry")]
Cypher = Annotated[bool, typer.Option("--cypher", help="Also say what was asked of the store")]


def _filter(reader: Reader, relation: list[str] | None, kind: list[str] | None, direction: str, max_hops: int, as_of: str | None, certain: bool,
            min_confidence: float, modality: list[str] | None, avoid: list[str] | None, through: str | None, chain_only: bool) -> Filter:  # fmt: skip
    from graph.reach import Filter

    return Filter(tuple(relation or ()), tuple(kind or ()), direction, max_hops, day(as_of), certain, min_confidence, tuple(modality or ("done",)),
                  tuple(reader.resolve(a) for a in avoid or ()), through, chain_only)  # fmt: skip


def paths(source: Annotated[str, typer.Argument(metavar="FROM", help="An id, a name, or KIND@REGION: all of a kind, group or type there")],
          target: Annotated[str, typer.Argument(metavar="TO", help="The same")],
          and_from: Annotated[list[str] | None, typer.Option("--from", help="More to start from")] = None,
          and_to: Annotated[list[str] | None, typer.Option("--to", help="More to arrive at")] = None,
          k: int = 5, max_hops: int = 4, as_of: Day = None, rank: str = "score", direction: Direction = "any", min_confidence: Confidence = 0.0,
          certain: Certain = False, relation: Relations = None, kind: Between = None, modality: Modalities = None, avoid: Avoid = None,
          through: Through = None, chain_only: ChainOnly = False, cypher: Cypher = False,
          workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """The best paths between two things or sets of things, each explained."""
    from queries.answers.paths import named
    from queries.answers.paths import paths as find

    with opened(workspace, store) as reader:
        f = _filter(reader, relation, kind, direction, max_hops, as_of, certain, min_confidence, modality, avoid, through, chain_only)
        starts, ends = ([named(reader, x) for x in (one, *(more or ()))] for one, more in ((source, and_from), (target, and_to)))
        found = find(reader, starts, ends, f, k, rank, cypher)
        ontology = reader.ontology
    out(found, as_json, lambda: "\n".join(_lines(ontology, found["paths"], found)))
    _say_what_ran(found, as_json)
    if found["truncated"]:
        note("there may be more: the search reached its limit")
    if not found["paths"]:
        _nothing("path", found)


def routes(source: Annotated[str, typer.Argument(metavar="A", help="An id or a name")],
           target: Annotated[str, typer.Argument(metavar="B", help="An id or a name")],
           route: Annotated[str | None, typer.Option(help="The paths of this kind of route, by its short name")] = None,
           limit: int = 20, cursor: str | None = None, max_hops: int = 4, as_of: Day = None, direction: Direction = "any",
           min_confidence: Confidence = 0.0, certain: Certain = False, relation: Relations = None, kind: Between = None,
           modality: Modalities = None, avoid: Avoid = None, through: Through = None, chain_only: ChainOnly = False, cypher: Cypher = False,
           workspace: Workspace = None, store: StoreUrl = None, as_json: Json = False) -> None:  # fmt: skip
    """The kinds of route between two things: how many paths each has, and how much they say (degree-weighted path count)."""
    from queries.answers.routes import route_paths
    from queries.answers.routes import routes as find

    with opened(workspace, store) as reader:
        f = _filter(reader, relation, kind, direction, max_hops, as_of, certain, min_confidence, modality, avoid, through, chain_only)
        ends = reader.resolve(source), reader.resolve(target)
        found = route_paths(reader, *ends, route, f, limit, cursor, cypher) if route else find(reader, *ends, f, limit, cursor, cypher)
        ontology = reader.ontology
    listed = found["paths"] if route else found["items"]
    out(found, as_json, lambda: "\n".join(_lines(ontology, listed, found)) if route else _kinds(ontology, found))
    _say_what_ran(found, as_json)
    if not route and found["truncated"]:
        note(f"counted whole up to {found['whole_hops']} steps; longer ones are too many: narrow by --kind, --relation or --max-hops")
    if found["next_cursor"] and not as_json:
        note(f"more: --cursor {found['next_cursor']}")
    if not listed:
        _nothing("route", found)


OPTIONS = {"max_hops": "--max-hops", "modalities": "--modality", "relations": "--relation"}  # the others are given up by not giving them


def _nothing(what: str, found: Mapping[str, Any]) -> None:
    """Says that there is none, and which part of the filter hides what there is. Raises Exit."""
    note(f"there is no such {what} under this filter" + ("; but:" if found.get("instead") else
         ", nor without it: nothing that the graph holds joins the two" if "instead" in found else ""))
    for x in found.get("instead", ()):
        given = [f"{OPTIONS[k]} {one}" for k, v in x["query"].items() if k in OPTIONS for one in (v if isinstance(v, list) else [v])]
        note(f"  {x['zh']}（{' '.join(given) or '去掉该选项'}）")
    raise typer.Exit(4)


def _lines(ontology: Ontology, listed: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> list[str]:
    """Two lines a path: its steps, and why it ranks where it does."""
    nodes, edges, lines = {n["id"]: n for n in found["nodes"]}, {e["id"]: e for e in found["edges"]}, []
    for p in listed:
        steps = nodes[p["nodes"][0]]["name"]
        for e, n in zip(p["edges"], p["nodes"][1:], strict=True):
            r = ontology.relations[edges[e]["relation"]]
            steps += (f" —{r.zh}→ " if edges[e]["target"] == n else f" ←{r.zh}— ") + nodes[n]["name"]
        lines += [steps, f"    {p['explained']['sentence']['zh']}"]
    return lines


def _kinds(ontology: Ontology, found: Mapping[str, Any]) -> str:
    rows = [[i["route"], str(i["total_paths"]), f"{i['weighted']:.4g}", i["shown"]["zh"], _lines(ontology, [i["example"]], found)[0]]
            for i in found["items"]]  # fmt: skip
    return table(["route", "paths", "weighted", "路线 kind of route", "例 example"], rows)


def _say_what_ran(found: Mapping[str, Any], as_json: bool) -> None:
    if not as_json:
        for ran in found.get("cypher", ()):
            note(ran["text"])
