"""The house rules: who may import whom, what lives where, what nothing is called. `make check` runs these."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from graph import errors
from graph.errors import InnochainError

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("graph", "queries", "ingest", "api")
MAY_IMPORT = {  # DESIGN §4: imports run one way
    "graph": {"graph"},
    "queries": {"graph", "queries"},
    "ingest": {"graph", "queries", "ingest"},
    "api": set(ROOMS),
    "notebooks": {"graph", "queries"},
}
ENGINES = {"kglite": {"graph/store/embedded.py"}, "neo4j": {"graph/store/bolt.py"}}
CYPHER_LIVES_IN = {"graph/schema.py"}  # write texts, derived from the ontology; reads are files under queries/
REFUSED_STEMS = {"utils", "util", "core", "services", "service", "managers", "manager", "helpers", "helper", "common", "base", "misc"}
HEAVY = {"neo4j", "kglite", "pandas", "duckdb", "pyvis", "numpy", "networkx", "fastapi", "uvicorn"}  # --help is fast
MOST_LINES = 400
LONG: dict[str, str] = {"tests/ingest/test_shipped.py": "one build of the shipped facts serves them all"}  # file → why it is better long than cut

CYPHER = re.compile(
    r"\bMATCH\s*\(|\bMERGE\s*\(|\bUNWIND\s+\S+\s+AS\b|\bDETACH\s+DELETE\b|\bCREATE\s*\(\s*\w*\s*:|\]\s*->\s*\(|\bCREATE\s+(CONSTRAINT|FULLTEXT)\b"
    r"|\bCALL\s+(db|dbms|apoc|gds)\.",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|home|Users|work|mnt)/[\w.-]+|[A-Z]:\\(?:Users|Documents)")
REGISTRY = re.compile(
    r"pypi\.org(?!/project/)|pythonhosted\.org|(?:repo1|repo)\.maven\.(?:apache\.)?org|registry\.npmjs\.org|proxy\.golang\.org"
    r"|https?://[\w.-]*(?:artifactory|nexus|jfrog|mirrors?\.|registry)[\w.-]*|--(?:extra-)?index-url"
)
TEXTS = {".py", ".toml", ".md", ".yaml", ".yml", ".cypher", ".html", ".css", ".js", ".json", ".sh", ".xml", ".java", ".csv", ".txt", ".lock", ""}


@cache
def tracked() -> tuple[str, ...]:
    """Files of the repository: tracked, or new and not ignored."""
    out = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    return tuple(sorted(f for f in out.stdout.decode().split("\0") if f and (ROOT / f).is_file()))


def sources(*folders: str) -> list[str]:
    return [f for f in tracked() if f.endswith(".py") and f.split("/")[0] in folders]


@cache
def tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), file)


def imports(node: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(module, imported names) of an import statement."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, ()) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are written out from the room"
        yield str(node.module), tuple(alias.name for alias in node.names)


# ---- imports


def test_there_is_something_to_hold_the_rules_against() -> None:
    assert all(len(sources(room)) >= 3 for room in ROOMS) and len(sources("notebooks")) >= 1


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_one_way(room: str) -> None:
    wrong = [f"{file}: {module}" for file in sources(room) for node in ast.walk(tree(file)) for module, _ in imports(node)
             if (top := module.split(".")[0]) in MAY_IMPORT and top not in MAY_IMPORT[room]]  # fmt: skip
    assert wrong == []


def test_an_engine_is_imported_in_its_one_adapter_only() -> None:
    importers: dict[str, set[str]] = {engine: set() for engine in ENGINES}
    for file in sources(*MAY_IMPORT):
        for module, _ in (i for node in ast.walk(tree(file)) for i in imports(node)):
            if (top := module.split(".")[0]) in ENGINES:
                importers[top].add(file)
    assert importers == ENGINES


def run_time_imports(file: str) -> set[str]:
    """Our modules that importing this file imports: at its top, not inside functions, not for type checkers only."""
    modules = {f.removesuffix(".py").removesuffix("/__init__").replace("/", "."): f for f in sources(*ROOMS)}
    found: set[str] = set()
    todo: list[ast.AST] = list(tree(file).body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            todo += node.orelse
            continue
        for module, names in imports(node):
            found |= {modules[m] for m in (module, *(f"{module}.{n}" for n in names)) if m in modules}
        todo += ast.iter_child_nodes(node)
    return found - {file}


def test_no_modules_import_each_other_in_a_circle() -> None:
    uses = {file: {u for u in run_time_imports(file) if not u.endswith("__init__.py")} for file in sources(*ROOMS)}
    assert uses["graph/snapshot.py"] >= {"graph/ledger.py", "graph/search.py"}  # imports are seen at all
    while leaves := [f for f, used in uses.items() if not used]:
        for leaf in leaves:
            del uses[leaf]
        for used in uses.values():
            used.difference_update(leaves)
    assert sorted(uses) == [], "these import each other, or import those that do"


def test_help_imports_nothing_heavy() -> None:
    code = """
import json, sys
from api.cli import main
sys.argv = ["innochain", "--help"]
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "ingest" in done.stdout and "serve" in done.stdout
    assert HEAVY & set(json.loads(done.stderr.strip().splitlines()[-1])) == set()


# ---- what lives where


def strings(module: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every string of a module, f-strings put together, but for docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {id(n.body[0].value) for n in ast.walk(module) if isinstance(n, documented) and n.body and isinstance(n.body[0], ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "x" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def test_no_cypher_stands_in_python_but_the_write_texts_of_the_schema() -> None:
    found = {(file, line) for file in sources(*MAY_IMPORT) for line, text in strings(tree(file)) if CYPHER.search(text)}
    assert {file for file, _ in found} == CYPHER_LIVES_IN, sorted(found)


def test_every_question_is_a_file_of_its_group() -> None:
    questions = [f for f in tracked() if f.endswith(".cypher")]
    assert len(questions) >= 20 and all(re.fullmatch(r"queries/[a-z]+/[a-z_]+(\.embedded|\.neo4j)?\.cypher", f) for f in questions)


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    ours = [f for f in tracked() if not f.endswith((".cypher", ".csv")) and not f.startswith("tests/golden/")]  # those are named by what they ask
    assert [f for f in ours if {part.split(".")[0] for part in Path(f).parts} & REFUSED_STEMS] == []


def test_no_package_of_the_tests_hides_one_of_ours() -> None:
    assert [f for f in tracked() if f.startswith("tests/") and f.endswith("__init__.py")] == []
    assert (ROOT / "graph" / "store" / "__init__.py").read_text() == ""


def test_no_file_is_too_long_without_a_reason() -> None:
    lines = {f: len((ROOT / f).read_text(encoding="utf-8").splitlines()) for f in sources(*MAY_IMPORT, "tests")}
    assert {f: n for f, n in lines.items() if n > MOST_LINES and f not in LONG} == {}
    assert [f for f in LONG if lines.get(f, 0) <= MOST_LINES] == [], "short again: take it off the list"


def content() -> Iterator[tuple[str, str]]:
    for file in tracked():
        if Path(file).suffix in TEXTS:
            yield file, (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["path of a machine", "host of a registry"])
def test_no_tracked_file_names_what_holds_on_one_machine_only(pattern: re.Pattern[str]) -> None:
    found = [f"{file}:{text[: m.start()].count(chr(10)) + 1}: {m[0]}" for file, text in content() for m in pattern.finditer(text)]
    assert found == []


# ---- errors

DRAWN = re.compile(r"^(?P<lead>[ │├└─]*)(?P<name>[A-Z]\w+)\s+(?P<status>\d{3})\s+exit (?P<exit>\d)", re.MULTILINE)


def drawn() -> dict[str, tuple[str, int, int]]:
    """Name → (parent, status, exit code) as the docstring draws the tree."""
    out: dict[str, tuple[str, int, int]] = {}
    above: list[tuple[int, str]] = []
    for line in DRAWN.finditer(errors.__doc__ or ""):
        depth = len(line["lead"])
        above = [(d, n) for d, n in above if d < depth]
        out[line["name"]] = (above[-1][1] if above else "Exception", int(line["status"]), int(line["exit"]))
        above.append((depth, line["name"]))
    return out


def every_error() -> set[type[InnochainError]]:
    """All classes of the tree, wherever in our rooms they are declared."""
    for room in ROOMS:
        for module in pkgutil.walk_packages([str(ROOT / room)], f"{room}."):
            importlib.import_module(module.name)
    found, todo = {InnochainError}, [InnochainError]
    while todo:
        fresh = [c for c in todo.pop().__subclasses__() if c not in found and c.__module__.split(".")[0] in ROOMS]
        found |= set(fresh)
        todo += fresh
    return found


def test_every_error_is_drawn_in_the_tree_with_its_parent_status_and_exit_code() -> None:
    assert {c.__name__: (c.__bases__[0].__name__, c.status, c.exit_code) for c in every_error()} == drawn()
    assert len(drawn()) >= 15


def test_every_error_has_a_code_of_its_own_for_programs() -> None:
    codes = sorted(c("x").code for c in every_error())
    assert len(set(codes)) == len(codes) and all(re.fullmatch(r"[a-z]+(_[a-z]+)*", c) for c in codes)
    assert errors.StoreUnavailable("x").code == "store_unavailable"
