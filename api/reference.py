"""docs/reference.md: kinds, relations, questions, settings, routes, commands and errors, made from the declarations."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import typer
import typer.main
from pydantic_core import PydanticUndefined

from api.app import create_app
from graph import errors
from graph.ontology import load
from graph.settings import Settings
from queries.catalogue import Catalogue


def reference(commands: typer.Typer) -> str:
    """The whole page; `commands` is the command line."""
    head = ["# Reference", "", "Made by `innochain docs` from the declarations; do not edit by hand.", ""]
    parts = (_kinds(), _relations(), _questions(), _routes(), _commands(commands), _settings(), _errors())
    return "\n".join([*head, *(line for part in parts for line in part)]) + "\n"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(c).replace("|", "\\|").replace("\n", " ") for c in cells) + " |"


def _table(title: str, *heads: str) -> list[str]:
    return [f"## {title}", "", _row(*heads), _row(*("---" for _ in heads))]


def _kinds() -> Iterator[str]:
    yield from _table("Kinds", "kind", "中文", "what", "keys, best first", "properties")
    for k in load().kinds.values():
        keys = "; ".join(" + ".join(f"{p.side}{p.name}{'?' if p.optional else ''}" for p in key) for key in k.keys)
        yield _row(f"`{k.name}`", k.zh, k.definition["en"], keys, ", ".join(f"`{p.name}` {p.zh}" for p in k.properties.values()))
    yield ""


def _relations() -> Iterator[str]:
    yield from _table("Relations", "relation", "中文", "from", "to", "in paths", "properties")
    for r in load().relations.values():
        ends = (", ".join(x) if len(x) < len(load().kinds) else "Any" for x in (r.sources, r.targets))
        yield _row(f"`{r.name}`", f"{r.zh} / {r.back_zh}", *ends, "yes" if r.path else "", ", ".join(f"`{p}`" for p in r.properties))
    yield ""


def _questions() -> Iterator[str]:
    yield from _table("Questions", "question", "中文", "what", "parameters", "route")
    for q in Catalogue():
        parameters = ", ".join(f"`{p.name}` {p.shown}" for p in q.parameters)
        yield _row(f"`{q.name}`", q.title["zh"], q.doc["en"], parameters, f"`/api/v1{q.route}`")
    yield ""


def _routes() -> Iterator[str]:
    yield from _table("Other routes", "route", "what")
    asked = {f"/api/v1{q.route}" for q in Catalogue()}
    for path, methods in sorted(create_app(Settings(queries=None)).openapi()["paths"].items()):
        for method, told in methods.items():
            if path not in asked:
                yield _row(f"`{method.upper()} {path}`", told.get("summary", ""))
    yield ""


def _commands(commands: typer.Typer) -> Iterator[str]:
    yield from _table("Commands", "command", "what")
    group = typer.main.get_command(commands)
    for name, command in sorted(getattr(group, "commands", {}).items()):
        yield _row(f"`innochain {name}`", (command.help or "").split("\n")[0])
    yield ""


def _settings() -> Iterator[str]:
    yield from _table("Settings", "variable", "default", "what")
    for name, f in Settings.model_fields.items():
        default = "" if f.default in (None, PydanticUndefined, ()) or name == "neo4j_password" else f.default
        yield _row(f"`INNOCHAIN_{name.upper()}`", default, f.description)
    yield ""


def _errors() -> Iterator[str]:
    yield from _table("Errors", "code", "status", "exit")
    for name, e in inspect.getmembers(errors, lambda x: inspect.isclass(x) and issubclass(x, errors.InnochainError)):
        if name != "InnochainError":
            yield _row(f"`{e('').code}`", e.status, e.exit_code)
