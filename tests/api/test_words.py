"""The words of words.yaml: every code, column and sentence of an error is said in Chinese and in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from api import pages
from api.view import in_chinese
from graph import errors
from graph.ontology import load
from queries.catalogue import Catalogue


def test_every_code_has_its_words() -> None:
    words = yaml.safe_load((Path(pages.__file__).parent / "templates" / "words.yaml").read_text(encoding="utf-8"))
    assert all(isinstance(zh, str) for zh in words.pop("details").values())
    assert all(len(v) == 2 and all(isinstance(x, str) for x in v) for section in words.values() for v in section.values())
    ontology = load()
    owners = [*ontology.kinds.values(), *ontology.relations.values()]
    said = {x for k in owners for p in k.properties.values() if p.is_ == "choice" and p.name not in ("types", "member_kind") for x in p.choices
            if f"{p.name}.{x}" not in words["values"] and x not in words["values"]}  # fmt: skip
    assert not said
    columns = {n for q in Catalogue() for n in (*(p.name for p in q.parameters), *(c for c, _ in q.returns))}
    assert not columns - set(words["columns"])
    assert {q.group for q in Catalogue()} <= set(words["groups"])
    assert set(ontology.groups) <= set(words["values"])


ERRORS = {n for n, x in vars(errors).items() if isinstance(x, type)} - {"BadDeclaration"}  # who writes declarations reads the log
BY_COMMAND = ("api/evaluating.py", "api/reviewing.py", "api/cli.py", "api/serving.py", "api/terminal.py", "api/matching.py", "ingest/synth.py",
              "ingest/table.py", "ingest/publications.py")  # fmt: skip


def sentences(file: Path) -> Iterator[str]:
    """What the errors raised in a file say, with x for what differs."""
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and call.args and getattr(call.func, "id", "") in ERRORS:
            parts = call.args[0].values if isinstance(call.args[0], ast.JoinedStr) else [call.args[0]]
            said = [p.value if isinstance(p, ast.Constant) else ("'x'" if getattr(p, "conversion", -1) == ord("r") else "x") for p in parts]
            if isinstance(call.args[0], (ast.Constant, ast.JoinedStr)):
                yield "".join(map(str, said))


def test_every_sentence_of_an_error_has_its_chinese() -> None:
    root = Path(pages.__file__).parents[1]
    files = [f for folder in ("api", "graph", "ingest", "queries") for f in (root / folder).rglob("*.py")]
    said = {s for f in files if f"{f.relative_to(root)}" not in BY_COMMAND for s in sentences(f) if not s.startswith("--")}
    assert len(said) > 100
    passed_on = re.compile(r"([\w']+: ?|x:)*('x' )?x")  # another's words after the name of a parameter or file
    missing = {s for s in said if not passed_on.fullmatch(s) and not in_chinese(s) and not in_chinese(s.removesuffix("x"))}
    assert missing == {"achievement: the project 'x' x"}
    for told in ("tries 2 achievements: name one of a, b", "tries no known achievement: describe it"):
        assert in_chinese(f"achievement: the project 'x' {told}")
    assert in_chinese("maturity: '12' is no level: write 5, or 4..6, from 1 to 9") == "成熟度：“12”不是级别：请写 5 或 4..6，从 1 到 9"
