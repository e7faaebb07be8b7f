"""The question catalogue: finds the `.cypher` files, proves each against the ontology, runs it on any store.

Invariant: a question that has loaded uses only declared labels, relations and parameters, only reads, and stays inside
the part of Cypher in which both engines agree.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.errors import BadDeclaration, BadParameter, Unknown
from graph.ontology import Ontology, load
from graph.store.contract import Answer, Store
from graph.values import BadValue, clean_bool, clean_date, clean_integer, clean_number

HERE = Path(__file__).parent
HEADER = ("title.zh", "title.en", "doc.zh", "doc.en", "param", "returns", "route")
SCALARS = ("int", "float", "bool", "str", "date", "kind", "relation", "stage", "modality")
RETURNS = ("node", "edge", "int", "float", "bool", "str", "date", "nodes", "edges", "strs")
REFUSED = {  # what the engines do differently, or wrongly; see DESIGN §5
    r"/\*": "the embedded engine knows only // comments",
    r"(?i)\b(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|FOREACH|LOAD|DROP|CALL)\b": "only reads are allowed",  # LOAD CSV reads any file
    r"`": "names are written plainly, so that they can be proved",
    r"(?i)\b(all)?shortestPaths?\b|\bSHORTEST\b": "shortest paths are asked through `paths`",
    r"(?i)\bkeys\s*\(|\bproperties\s*\(": "keys() and properties() differ between engines",
    r"(?i)\.name\s+IS\s+(NOT\s+)?NULL": "a null test on name differs between engines",
    r"[\w.]+\s*[<>]=?\s*[\w.$]+\s*[<>]=?\s*[\w.$]+": "chained comparisons differ; write two, joined by AND",
    r"(?i)\bCOLLECT\s*\{": "COLLECT {} is not in both engines",
    r"\)\s*(\+|\{\d*,?\d*\})\s*[(\-]": "quantified paths are not in both engines",
    r"[([]\s*\w*\s*:\s*\$": "labels must be written out, not computed",
    r"(?si)\b(EXISTS|COUNT)\s*\{(?!\s*MATCH)": "write EXISTS { MATCH … }, COUNT { MATCH … }",
    r"(?si)\bEXISTS\s*\{[^}]*\bRETURN\b": "EXISTS { … RETURN } differs between engines",
    r"(?i)\bduration\.between\b|\bpercentile\w*\(|\btoString\s*\(": "this function gives different results on the engines",
    r"\[[^\]]*\*(?!\d+\.\.\d+|\d+\])": "every * in a pattern needs bounds, such as *1..3",
    r"\(\s*\w*\s*\{\s*id\s*:": "{id: …} without a label scans everything; write the label",
}
_NODE = re.compile(r"\(\s*(\w*)\s*:\s*([A-Za-z|:]+)")
_REL = re.compile(r"\[\s*\w*\s*:\s*([\w|]+)")
_UNREAD = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|//[^\n]*""", re.DOTALL)  # strings and comments
_PARAM = re.compile(r"^(\w+)\s+([a-z]+)(?:\((\w+)\))?(\?)?(?:\s*=\s*(.+?))?(?:\s+in\s+(\S+))?$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter. `of` is what a node(), ids() or list() holds; `low`/`high` or `choices` bound it."""

    name: str
    type: str
    of: str = ""
    optional: bool = False
    default: Any = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        return not self.optional and self.default is None

    @property
    def shown(self) -> str:
        return (f"{self.type}({self.of})" if self.of else self.type) + ("?" if self.optional else "")


@dataclass(frozen=True)
class Question:
    """One question file, proved."""

    name: str
    group: str
    title: Mapping[str, str]
    doc: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    returns: tuple[tuple[str, str], ...]
    route: str
    text: str
    path: Path
    lists: frozenset[str] = field(default_factory=frozenset)

    @property
    def paged(self) -> bool:
        return any(p.name == "limit" for p in self.parameters)


@dataclass(frozen=True, slots=True)
class Result:
    """An answer with what was run. `next_skip` is None on the last page."""

    question: Question
    answer: Answer
    text: str
    params: Mapping[str, Any]
    next_skip: int | None


# ---- reading and proving -------------------------------------------------------------------------------------------


class _File:
    """One file being proved; every refusal names file and line."""

    def __init__(self, path: Path, root: Path, ontology: Ontology) -> None:
        self.path, self.ontology = path, ontology
        self.shown = str(path.relative_to(root.parent)) if path.is_relative_to(root.parent) else str(path)
        try:
            self.lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as e:
            raise self.refuse(1, f"not UTF-8 text ({e.reason} at byte {e.start})") from e
        self.group = path.parent.name if path.parent != root else "own"

    def refuse(self, line: int, what: str) -> BadDeclaration:
        return BadDeclaration(f"{self.shown}:{line}: {what}", errors=[{"file": self.shown, "line": line, "what": what}])

    def question(self) -> Question:
        header, body, body_line = self._header()
        parameters = tuple(self._parameter(text, line) for text, line in header["param"])
        for n, (p, (_, line)) in enumerate(zip(parameters, header["param"], strict=True)):
            if p.name == "skip":
                raise self.refuse(line, "skip comes with limit and is never declared")
            if p.name in (q.name for q in parameters[:n]):
                raise self.refuse(line, f"the parameter {p.name!r} is declared twice")
        returns = tuple(self._returned(part, header["returns"][0][1]) for part in header["returns"][0][0].split(","))
        title, doc = ({lang: header[f"{what}.{lang}"][0][0] for lang in ("zh", "en")} for what in ("title", "doc"))
        route = header["route"][0][0] if header["route"] else f"/questions/{self.path.stem.replace('_', '-')}"
        self._prove_parameters(body, body_line, parameters)
        self._prove_text(body, body_line)
        if bad := {p for p in re.findall(r"\{(\w+)\}", route)} - {p.name for p in parameters}:
            raise self.refuse(header["route"][0][1], f"the route names {min(bad)!r}, which is no parameter")
        return Question(self.path.stem, self.group, title, doc, parameters, returns, route, body.strip(), self.path)

    def _header(self) -> tuple[dict[str, list[tuple[str, int]]], str, int]:
        header: dict[str, list[tuple[str, int]]] = {k: [] for k in HEADER}
        n = 0
        for n, line in enumerate(self.lines, 1):
            if not line.startswith("//"):
                break
            key, sep, value = line[2:].strip().partition(":")
            if not sep or key not in HEADER:
                raise self.refuse(n, f"unknown header key {key!r}; there are {', '.join(HEADER)}")
            if header[key] and key != "param":
                raise self.refuse(n, f"{key} is given twice")
            header[key].append((value.strip(), n))
        for key in ("title.zh", "title.en", "doc.zh", "doc.en", "returns"):
            if not header[key]:
                raise self.refuse(1, f"the header lacks {key}")
        return header, "\n".join(self.lines[n - 1 :]), n

    def _parameter(self, text: str, line: int) -> Parameter:
        found = _PARAM.match(text)
        if not found:
            raise self.refuse(line, f"parameter {text!r}: write `name type`, `name type = default`, `name type?`, `name type in 1..9`")
        name, kind, of, optional, default, bounds = found.groups()
        if kind == "node":
            if not of or not self.ontology.expand(of):
                raise self.refuse(line, f"parameter {name!r}: node({of or ''}) names no kind, group, type or Any")
        elif kind == "ids":
            if not of or not self.ontology.expand(of):
                raise self.refuse(line, f"parameter {name!r}: ids({of or ''}) names no kind, group, type or Any")
        elif kind == "list":
            if of not in SCALARS:
                raise self.refuse(line, f"parameter {name!r}: list({of or ''}) holds none of {', '.join(SCALARS)}")
        elif kind not in SCALARS:
            raise self.refuse(line, f"parameter {name!r}: there is no type {kind!r}; there are {', '.join(SCALARS)}, node(…), ids(…), list(…)")
        low = high = None
        choices: tuple[str, ...] = ()
        if bounds and (m := re.fullmatch(r"(-?\d+)\.\.(-?\d+)", bounds)):
            low, high = float(m[1]), float(m[2])
        elif bounds:
            choices = tuple(bounds.split("|"))
        if low is not None and kind not in ("int", "float"):
            raise self.refuse(line, f"parameter {name!r}: only int and float have bounds")
        if choices and kind != "str":
            raise self.refuse(line, f"parameter {name!r}: only str has choices")
        parameter = Parameter(name, kind, of or "", bool(optional), None, low, high, choices)
        if default is None:
            return parameter
        try:
            value = coerce(self.ontology, parameter, [v.strip() for v in default.strip("[]").split(",")] if kind == "list" else default)
        except BadParameter as e:
            raise self.refuse(line, f"the default of {name!r}: {e}") from e
        return Parameter(name, kind, of or "", bool(optional), value, low, high, choices)

    def _returned(self, text: str, line: int) -> tuple[str, str]:
        name, _, kind = text.strip().partition(" ")
        if kind not in RETURNS:
            raise self.refuse(line, f"returns {text.strip()!r}: write `name type` with one of {', '.join(RETURNS)}")
        return name, kind

    def _prove_parameters(self, body: str, line: int, parameters: tuple[Parameter, ...]) -> None:
        declared = {p.name for p in parameters} | ({"skip"} if any(p.name == "limit" for p in parameters) else set())
        body = _bare(body)
        used = set(re.findall(r"\$(\w+)", body))
        if used - declared:
            at = next(i for i, text in enumerate(body.splitlines()) if f"${min(used - declared)}" in text)
            raise self.refuse(line + at, f"${min(used - declared)} is not declared as a param")
        if declared - used:
            raise self.refuse(line, f"param {min(declared - used)!r} is declared but not used")

    def _prove_text(self, body: str, line: int) -> None:
        bare = _bare(body)
        for pattern, why in REFUSED.items():
            if found := re.search(pattern, bare):
                raise self.refuse(line + bare[: found.start()].count("\n"), f"{found[0].strip()!r}: {why}")
        for match in re.finditer(r"\bMATCH\b(.*?)(?=\b(WHERE|RETURN|WITH|MATCH|OPTIONAL|UNWIND|ORDER)\b|\})", bare, re.DOTALL | re.IGNORECASE):
            if re.search(r"[)\]]\s*,\s*\(", match[1]):
                raise self.refuse(line + bare[: match.start()].count("\n"), "two patterns in one MATCH: write two MATCH clauses")
        for found in _NODE.finditer(bare):
            for label in re.split(r"[|:]", found[2]):
                if not self.ontology.expand(label):
                    raise self.refuse(line + bare[: found.start()].count("\n"), f"there is no kind, group or type {label!r}")
        nodes = list(_NODE.finditer(bare))
        wide = [n for n in nodes if "|" in n[2] or len(self.ontology.expand(n[2])) > 1]
        if (joined := next((n for n in nodes if ":" in n[2]), None)) and wide:
            instead = f"write WHERE {joined[1]}:{joined[2].split(':')[-1]}"
            what = f"{joined[2]!r} beside {wide[0][2]!r}: Neo4j refuses ':' and '|' between labels of one text; {instead}"
            raise self.refuse(line + bare[: joined.start()].count("\n"), what)
        for found in re.finditer(r"\w:([A-Z]\w*)", bare):
            if not self.ontology.expand(found[1]) and found[1] not in self.ontology.relations:
                raise self.refuse(line + bare[: found.start()].count("\n"), f"there is no kind, group, type or relation {found[1]!r}")
        for found in _REL.finditer(bare):
            for relation in found[1].split("|"):
                if relation not in self.ontology.relations:
                    raise self.refuse(line + bare[: found.start()].count("\n"), f"there is no relation {relation!r}")
        if not re.search(r"(?i)\bORDER\s+BY\b", bare):
            raise self.refuse(line, "ORDER BY is required, ending in an id: equal means in the same order")


def _bare(text: str) -> str:
    """The text with what is inside strings and comments left out; every line stays where it was."""
    return _UNREAD.sub(lambda found: "''" + "\n" * found[0].count("\n") if found[0][0] in "'\"" else "\n" * found[0].count("\n"), text)


def coerce(ontology: Ontology, p: Parameter, value: Any) -> Any:
    """A parameter's value from text or JSON. Raises BadParameter saying what would be right."""
    if p.type == "list":
        items = value if isinstance(value, list | tuple) else str(value).split(",")
        return [coerce(ontology, Parameter(p.name, p.of, choices=p.choices), v) for v in items if str(v).strip()]
    if p.type == "ids":
        items = value if isinstance(value, list | tuple) else str(value).split(",")
        return [coerce(ontology, Parameter(p.name, "node", p.of), v) for v in items if str(v).strip()]
    text = str(value).strip()
    try:
        result = _scalar(ontology, p, text)
    except BadValue as e:
        raise BadParameter(f"{p.name}: {e}", errors=[{"parameter": p.name, "value": text}]) from e
    if p.choices and result not in p.choices:
        raise BadParameter(f"{p.name}: {text!r} is none of {', '.join(p.choices)}", errors=[{"parameter": p.name, "value": text}])
    if p.low is not None and p.high is not None and not p.low <= result <= p.high:
        raise BadParameter(f"{p.name}: {text} is not within {p.low:g}..{p.high:g}", errors=[{"parameter": p.name, "value": text}])
    return result


def _scalar(ontology: Ontology, p: Parameter, text: str) -> Any:
    if p.type == "int":
        return clean_integer(text)
    if p.type == "float":
        return clean_number(text)
    if p.type == "bool":
        return clean_bool(text)
    if p.type == "date":
        if (latest := clean_date(text)["latest"]) is None:
            raise BadValue(f"{text!r} has no last day; write one day, month or year", f"“{text}”没有截止日；请写某日、某月或某年")
        return dt.date.fromisoformat(latest)
    if p.type == "stage":
        return _stage_labels(ontology, text)
    known = {"kind": ontology.kinds, "relation": ontology.relations, "modality": ontology.modalities}.get(p.type)
    if known is not None and text not in known:
        raise BadValue(f"{text!r} is none of {', '.join(known)}", f"“{text}”不在 {'、'.join(known)} 之中")
    if p.type == "node" and ontology.kind_of(text) not in ontology.expand(p.of):
        raise BadValue(f"{text!r} is no id of a {p.of}; look the name up first", f"“{text}”不是 {p.of} 的标识")
    return text


def _stage_labels(ontology: Ontology, stage: str) -> list[str]:
    """A stage as the labels of kinds and types that stand in it."""
    ids = [s["id"] for s in ontology.stages]
    if stage not in ids:
        raise BadValue(f"{stage!r} is none of {', '.join(ids)}", f"“{stage}”不在 {'、'.join(ids)} 之中")
    n = ids.index(stage)
    types = [t for k in ontology.kinds.values() for t, v in k.types.items() if v.get("stage") == n]
    return sorted([k.name for k in ontology.kinds.values() if k.stage == n] + types)


# ---- the catalogue -------------------------------------------------------------------------------------------------


class Catalogue:
    """All questions by name. `own` is a folder of the user's own files, which get the same treatment."""

    def __init__(self, own: Path | None = None, ontology: Ontology | None = None) -> None:
        self.ontology = ontology or load()
        self.questions: dict[str, Question] = {}
        if own is not None and not own.is_dir():
            raise BadDeclaration(f"{own}: there is no such folder; INNOCHAIN_QUERIES names it")
        for root in (HERE, own):
            for path in sorted(root.rglob("*.cypher")) if root else ():
                question = _File(path, root or HERE, self.ontology).question()
                if (before := self.questions.get(question.name)) is not None:
                    raise BadDeclaration(f"{path}:1: the question {question.name!r} exists already in {before.path}")
                self.questions[question.name] = question

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions.values())

    def get(self, name: str) -> Question:
        if (found := self.questions.get(name.replace("-", "_"))) is None:
            import difflib

            near = difflib.get_close_matches(name, self.questions, 3, 0.4)
            raise Unknown(f"there is no question {name!r}; `innochain ask` lists them", suggestions=near)
        return found

    def bind(self, question: Question, given: Mapping[str, Any]) -> dict[str, Any]:
        """Checked parameters, defaults filled in. Raises BadParameter naming the parameter."""
        known = {p.name for p in question.parameters}
        if unknown := set(given) - known:
            raise BadParameter(f"{question.name} has no parameter {min(unknown)!r}; it has {', '.join(sorted(known)) or 'none'}",
                               errors=[{"parameter": min(unknown)}])
        out: dict[str, Any] = {}
        for p in question.parameters:
            value = given.get(p.name)
            if value is None or value == "" or value == []:
                if p.required:
                    raise BadParameter(f"{question.name} needs {p.name} ({p.shown})", errors=[{"parameter": p.name}])
                out[p.name] = p.default
            else:
                out[p.name] = coerce(self.ontology, p, value)
        return out

    def run(self, store: Store, name: str, given: Mapping[str, Any], *, timeout: float, budget: int, skip: int = 0) -> Result:
        """Ask a question. Paged ones are asked for one row more than `limit`, to know whether there is a next page."""
        question = self.get(name)
        params = self.bind(question, given)
        text = self._expand(question, params)
        limit = params.get("limit")
        if question.paged and limit is not None:
            asked = {**params, "limit": limit + 1, "skip": skip}
            answer = store.ask(text, asked, timeout, limit + 1)
            more = len(answer.rows) > limit
            return Result(question, Answer(answer.columns, answer.rows[:limit]), text, asked, skip + limit if more else None)
        return Result(question, store.ask(text, params, timeout, budget), text, params, None)

    def _expand(self, question: Question, params: Mapping[str, Any]) -> str:
        """Groups become their kinds; where an id is given, the one kind its prefix names: an index seek instead of a scan."""
        text = question.text
        for p in question.parameters:
            wide = "|".join(("Any", *self.ontology.groups))
            if p.type == "node" and (value := params.get(p.name)):
                kind = self.ontology.kind_of(value)
                text = re.sub(rf"(?<=:)({wide})(?=\s*\{{\s*id\s*:\s*\${p.name}\b)", str(kind), text)
            elif p.type == "ids" and (value := params.get(p.name)) and len(kinds := {self.ontology.kind_of(v) for v in value}) == 1:
                text = re.sub(rf"\((\w+):({wide})(?=\)[^()]*WHERE\s+\1\.id\s+IN\s+\${p.name}\b|\)-.*WHERE\s+\1\.id\s+IN\s+\${p.name}\b)",
                              rf"(\1:{kinds.pop()}", text, flags=re.DOTALL)
        return _groups(text)


@functools.lru_cache(maxsize=1024)
def _groups(text: str) -> str:
    ontology = load()

    def widen(found: re.Match[str]) -> str:
        parts = found[2].split("|")
        if not any(x == "Any" or x in ontology.groups for x in parts):
            return found[0]
        kinds = dict.fromkeys(k for x in parts for k in ontology.expand(x))
        return f"({found[1]}:{'|'.join(kinds)}"

    return _NODE.sub(widen, text)
