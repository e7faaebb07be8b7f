"""What is wanted: an achievement of the graph, or one described on the spot, or both (what is described comes on top)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from graph import search
from graph.errors import BadParameter
from graph.matching.facts import Claims, Place, Said, Wish
from graph.matching.scale import levels_of
from graph.matching.standard import standard
from graph.records import UNCONFIRMED
from graph.store.contract import Edge, Node
from graph.values import TYPES, BadValue, clean_bool, clean_date, clean_money
from queries.answers.shelf import CHUNK, names_of, regions
from queries.reader import Reader

MOST = 20  # values of one list


def _several(value: Any) -> Any:
    """One text or several; 、 and ; divide too."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        return given
    return [part.strip() for text in given for part in (str(text).replace("；", "、").replace(";", "、").split("、")) if part.strip()]


Texts = Annotated[list[Annotated[str, Field(max_length=200)]], BeforeValidator(_several), Field(max_length=MOST)]
Text = Annotated[str, Field(max_length=200)]


class Description(BaseModel):
    """An achievement of the graph or a project that tries one (`achievement`: id or name), or what is wanted in words; not all parts may lack."""

    model_config = ConfigDict(extra="forbid")
    achievement: Annotated[Text, Field(description="Id or name of an achievement, or of a project that tries one, in the graph")] = ""
    name: Annotated[Text, Field(description="What a described achievement is called")] = ""
    field: Annotated[Texts, Field(description="Fields, chains or segments, as 镁合金")] = []
    process: Annotated[Texts, Field(description="Processes, as 压铸")] = []
    scale: Annotated[Text, Field(description="Scale wanted with its unit: 百公斤级, 500千克/批")] = ""
    maturity: Annotated[Text, Field(description="Level 1-9 or a stage: 4-6, 小试, 中期(中试)")] = ""
    region: Annotated[Text, Field(description="Where: 陕西省, 西安市, 610113")] = ""
    qualification: Annotated[Texts, Field(description="Credentials needed: CNAS, or with a scope CNAS:镁合金")] = []
    budget: Annotated[Text, Field(description="An amount: 50万元")] = ""
    start: Annotated[Text, Field(description="When work is to begin: 2026-09-01")] = ""
    secrecy: Annotated[Text, Field(description="密级: 涉密, 国防, 公开")] = ""
    hazard: Annotated[Texts, Field(description="Hazards: 危险化学品")] = []
    chemical_park: Annotated[Text, Field(description="Whether a recognised chemical park is needed: 是 or 否")] = ""
    owner: Annotated[Texts, Field(description="Ids or names of its owners, for ties")] = []


def wish_of(reader: Reader, given: Description) -> Wish:
    """The wish of a description. Raises BadParameter (says which part and what would be right), Unknown, Ambiguous."""
    if not any(v for k, v in given.model_dump().items() if k not in ("name", "budget", "start")):
        raise BadParameter("nothing is described: name an achievement of the graph, or at least a field, a process, a scale, a maturity or a region",
                           errors=[{"parameter": "achievement"}])  # fmt: skip
    wish = Wish(name=given.name)
    if given.achievement:
        wish = _stated(reader, reader.resolve(given.achievement, ["Achievement", "Project"]))
    chosen: dict[str, Any] = {}
    if given.field:
        chosen |= {"fields": tuple(given.field), "industries": _industries(reader, given.field), "name_only": False}
    if given.process:
        chosen["processes"] = tuple(given.process)
    if given.scale:
        chosen["scale"] = given.scale
    if given.maturity:
        levels = levels_of(given.maturity, standard())
        if levels is None:
            raise BadParameter(f"maturity: {given.maturity!r} is no level 1-9 and no known stage; there are {', '.join(standard().maturity)}",
                               errors=[{"parameter": "maturity", "value": given.maturity}])  # fmt: skip
        chosen |= {"levels": levels, "stage": given.maturity}
    if given.region:
        chosen["region"] = _region(reader, given.region)
    if given.qualification:
        chosen["qualifications"] = tuple(given.qualification)
    for key, name, clean in (("budget", "budget", lambda t: float(clean_money(t)["value"])), ("start", "start", _day),
                             ("chemical_park", "chemical_park", clean_bool)):  # fmt: skip
        if text := getattr(given, name):
            chosen[key] = _cleaned(name, text, clean)
    if given.secrecy:
        chosen["secrecy"] = given.secrecy
    if given.hazard:
        chosen["hazards"] = tuple(given.hazard)
    if given.owner:
        chosen["owners"] = tuple(reader.resolve(o, ["Organization"]) for o in given.owner)
    claims = {k: v for k, v in wish.evidence.items() if k not in _REPLACED or not getattr(given, _REPLACED[k])}  # described here, stated nowhere
    return replace(wish, **chosen, evidence=claims)


def _stated(reader: Reader, node: str) -> Wish:
    """What an achievement wants, or the one achievement that a project tries, under the project's name."""
    if reader.ontology.kind_of(node) != "Project":
        return wishes(reader, [node])[0]
    tried = {r["neighbour"].id for r in reader.ask("neighbours", {"node": node, "relations": ["TRIED_IN"], "kinds": ["Achievement"]}).rows}
    name = reader.nodes([node])[node].name
    if len(tried) != 1:
        told = f"tries {len(tried)} achievements: name one of {', '.join(sorted(tried))}" if tried else "tries no known achievement: describe it"
        raise BadParameter(f"achievement: the project {name!r} {told}", errors=[{"parameter": "achievement", "value": node}])
    return replace(wishes(reader, sorted(tried))[0], name=name)


_REPLACED = {"fields": "field", "process": "process", "scale_wanted": "scale", "maturity_min": "maturity", "maturity_max": "maturity",
             "stage_stated": "maturity", "secrecy": "secrecy", "hazards": "hazard", "needs_chemical_park": "chemical_park"}  # fmt: skip


def _cleaned(name: str, text: str, clean: Any) -> Any:
    try:
        return clean(text)
    except (BadValue, ValueError) as e:
        raise BadParameter(f"{name}: {e}", errors=[{"parameter": name, "value": text}]) from e


def _day(text: str) -> dt.date:
    found = clean_date(text)["earliest"]
    if found is None:
        raise BadValue(f"{text!r} has no first day; write one day, month or year", f"“{text}”没有起始日")
    return dt.date.fromisoformat(found)


def _region(reader: Reader, text: str) -> Place:
    known = regions(reader)
    if len(text) == 6 and text.isdigit():
        found = next((p for p in known.by_id.values() if p.adcode == text), None)
        if found is None:
            raise BadParameter(f"region: there is no region with the code {text}", errors=[{"parameter": "region", "value": text}])
        return found
    if place := known.by_name.get(text):
        return place
    if (place := known.by_id.get(reader.resolve(text, ["Region"]))) is None:
        raise BadParameter(f"region: the code of {text!r} is not known", errors=[{"parameter": "region", "value": text}])
    return place


def _industries(reader: Reader, names: Sequence[str]) -> tuple[str, ...]:
    """Fields, chains and segments of the graph that bear exactly these names."""
    industry = reader.ontology.groups["Industry"]
    return tuple(dict.fromkeys(h.id for n in names for h in search.named(reader.sqlite(), n) if h.kind in industry))


# ---- achievements of the graph -----------------------------------------------------------------------------------------


def wishes(reader: Reader, ids: Sequence[str]) -> list[Wish]:
    """What achievements of the graph want, in the order given; one that is there no longer is left out."""
    nodes, said = reader.nodes(ids), said_of(reader, ids)
    rows = reader.ask("achievement_facts", {"achievements": list(ids)}).rows if ids else []
    around: dict[str, list[tuple[Node, Edge]]] = {}
    for r in rows:
        around.setdefault(r["achievement"], []).append((r["thing"], r["edge"]))
    patents = {r["thing"].id: r["thing"] for r in rows if r["thing"].kind == "Patent"}
    secret = said_of(reader, patents)
    called = names_of(reader, {r["thing"].id for r in rows})
    return [_wish(nodes[i], said.get(i, {}), around.get(i, []), patents, secret, called) for i in ids if i in nodes]


def _wish(node: Node, said: Mapping[str, tuple[Claims, bool]], around: Sequence[tuple[Node, Edge]], patents: Mapping[str, Node],
          secret: Mapping[str, Mapping[str, tuple[Claims, bool]]], called: Mapping[str, str]) -> Wish:  # fmt: skip
    p = {k: v for k, v in node.properties.items() if said.get(k, ((), True))[1]}  # what is unconfirmed decides nothing
    sure = [(x, e) for x, e in around if float(e.properties.get("confidence", 1.0)) > UNCONFIRMED]
    about = [(x, e) for x, e in sure if e.relation == "APPLIES_TO"]
    levels = None
    if p.get("maturity_min") or p.get("maturity_max"):
        low, high = int(p.get("maturity_min") or p["maturity_max"]), int(p.get("maturity_max") or p["maturity_min"])
        levels = (low, high) if 1 <= low <= high <= 9 else None
    stage = str(p.get("stage_stated", ""))
    fields = tuple(dict.fromkeys([*(called.get(x.id, x.name) for x, _ in about), *map(str, p.get("keywords", ()))]))
    evidence = {k: c for k, (c, ok) in said.items() if ok} | {"fields": tuple(c for _, e in about for c in _claims(e))}
    secrecy = str(p.get("secrecy", ""))
    for x, e in sure:
        mark = str(patents[x.id].properties.get("secrecy", "")) if x.kind == "Patent" and x.id in patents else ""
        if mark and not secrecy and secret.get(x.id, {}).get("secrecy", ((), True))[1]:
            secrecy = mark
            evidence["secrecy"] = (*secret[x.id]["secrecy"][0], *_claims(e)) if x.id in secret else _claims(e)
    piloted = tuple(c for x, e in sure if e.relation == "TRIED_IN" and x.properties.get("outcome") == "passed"
                    and x.properties.get("project_kind") == "pilot" for c in _claims(e))  # fmt: skip
    return Wish(node.id, node.name, fields or (node.name,), tuple(x.id for x, _ in about), tuple(map(str, p.get("process", ()))),
                str(p.get("scale_wanted", "")), levels or (levels_of(stage, standard()) if stage else None), stage, None, (), None, None, secrecy,
                tuple(map(str, p.get("hazards", ()))), p.get("needs_chemical_park"), tuple(x.id for x, e in sure if e.relation == "OWNS"),
                not fields, piloted, evidence)  # fmt: skip


def _claims(edge: Edge) -> Claims:
    return tuple(edge.properties.get("evidence", ()))


# ---- who states a property ---------------------------------------------------------------------------------------------


def said_of(reader: Reader, ids: Iterable[str]) -> dict[str, dict[str, tuple[Claims, bool]]]:
    """Of every node: property → (claims that state the value that holds, whether a confirmed source is among them)."""
    wanted, out = sorted(set(ids)), dict[str, dict[str, tuple[Claims, bool]]]()
    relations = ", ".join(f"'{r}'" for r in reader.ontology.relations)
    for i in range(0, len(wanted), CHUNK):
        part = wanted[i : i + CHUNK]
        rows = reader.sqlite().execute(
            f"SELECT subject, predicate, claim, sure FROM facts WHERE subject IN ({', '.join('?' * len(part))}) "
            f"AND predicate NOT IN ({relations}) AND won = 1 ORDER BY claim", part)
        for subject, predicate, claim, confirmed in rows:
            held = out.setdefault(subject, {})
            claims, sure = held.get(predicate, ((), False))
            held[predicate] = ((*claims, claim), sure or bool(confirmed))
    return out


def stated(reader: Reader, node: Node, said: Mapping[str, tuple[Claims, bool]]) -> dict[str, Said]:
    """A node's properties that a confirmed source states, with who does. A date counts by its first day."""
    out = {}
    for prop in reader.ontology.kinds[node.kind].properties.values():
        if prop.kept == "snapshot":
            continue
        columns = TYPES[prop.is_].columns
        key = prop.name + ("_earliest" if "_earliest" in columns else "")
        if (value := node.properties.get(key)) is not None:
            claims, sure = said.get(prop.name, ((), True))
            if sure:
                out[prop.name] = Said(value, str(node.properties.get(f"{prop.name}_shown", "")), claims)
    return out
