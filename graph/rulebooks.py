"""Standards, read from `standards/*.yaml` and a folder of the user's own, and proved: what is wrong stops at load, with file and line.

Invariant: a standard that has loaded tests only declared properties, relations and kinds, in units of their type, and its
weights sum to its total. A file whose head is of another form (`kind: matching`) is left to its own loader.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.errors import BadDeclaration, Unknown
from graph.ontology import Ontology, Property, lined, load, refuse
from graph.records import clean
from graph.values import BadValue, clean_quantity

HERE = Path(__file__).with_name("standards")
KINDS = ("recognition", "selection", "performance", "review", "sharing")
OTHER_FORMS = ("matching",)  # files of this folder that another loader reads
STANDINGS = ("issuer", "newspaper", "table", "mirror", "unknown")
CONFIRMED = ("issuer", "newspaper", "table")  # a rule seen only elsewhere is judged, but decides nothing
FORCES = ("must", "should")  # should = 原则上: a breach is a warning
RULES = ("both_kinds", "again", "subsidiaries")
FORMS = {  # form of a test → the fields it may have beside it
    "property": {"of", "is", "at_least", "at_most"}, "age": {"of", "at_least"}, "within": {"of"}, "has": {"of", "to", "named"},
    "figure": {"years", "at_least", "at_most"}, "count": {"of", "to", "years", "at_least"}, "rate": {"over", "full_at", "at_least"},
    "unobserved": {"seen"},
}  # fmt: skip
AMOUNTS = ("quantity", "count", "money", "area", "percent")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule was seen. Only the issuer's own document, a newspaper or an official table confirms it."""

    document: str
    standing: str
    ref: str = ""
    url: str = ""

    @property
    def confirmed(self) -> bool:
        return self.standing in CONFIRMED


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. `test` holds its form, with thresholds cleaned (an amount as `{value, high, bound, unit}`)."""

    id: str
    label: Mapping[str, str]
    form: str
    test: Mapping[str, Any]
    force: str
    source: Source
    weight: float | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """Who may not apply twice: a host of both kinds at once, an approved host again, or one through its subsidiaries."""

    id: str
    label: Mapping[str, str]
    rule: str
    force: str
    source: Source
    hops: int = 0
    hosts: str = ""  # the credential a host must hold for the rule to speak of it; empty = every host
    since: int = 0  # the first year of applications it speaks of
    place: str = ""


@dataclass(frozen=True)
class Standard:
    name: str
    kind: str
    label: Mapping[str, str]
    judges: tuple[str, ...]
    region: str
    in_graph: str  # name of the policy or document in the graph whose measures state the rules
    source: Source
    criteria: tuple[Criterion, ...]
    conflicts: tuple[ConflictRule, ...] = ()
    total: float | None = None
    file: str = ""
    relations: frozenset[str] = field(default_factory=frozenset)  # what the tests ask about


class _Prover:
    """One file being proved."""

    def __init__(self, path: Path, raw: dict[str, Any], ontology: Ontology) -> None:
        self.path, self.raw, self.ontology, self.file = path, raw, ontology, path.name
        self.relations: set[str] = {"HOSTS", "LOCATED_IN", "OFFERS"}

    def line(self, block: Mapping[str, Any], key: str = "") -> int:
        lines: dict[str, int] = block.get("__lines__", {})
        return lines.get(key) or min(lines.values(), default=1)

    def refuse(self, block: Mapping[str, Any], key: str, what: str) -> BadDeclaration:
        return refuse(self.file, self.line(block, key), what)

    def fields(self, block: Any, allowed: set[str], required: set[str], at: Mapping[str, Any], what: str) -> None:
        if not isinstance(block, dict):
            raise self.refuse(at, "", f"{what} needs a mapping with {', '.join(sorted(required))}")
        for name in block:
            if name != "__lines__" and name not in allowed:
                raise self.refuse(block, name, f"unknown field {name!r} of {what}; allowed: {', '.join(sorted(allowed))}")
        if missing := required - set(block):
            raise self.refuse(block, "", f"{what} lacks {', '.join(sorted(missing))}")

    def standard(self) -> Standard:
        raw = self.raw
        allowed = {"kind", "zh", "en", "for", "region", "in_graph", "source", "criteria", "conflicts", "total"}
        self.fields(raw, allowed, {"kind", "zh", "en", "for", "source", "criteria"}, raw, "a standard")
        judges = self._kinds(raw, "for")
        source = self.source(raw["source"], raw)
        criteria = tuple(self.criterion(c, judges, source) for c in self._list(raw, "criteria"))
        if not criteria:
            raise self.refuse(raw, "criteria", "there are no criteria")
        conflicts = tuple(self.conflict(c, source) for c in self._list(raw, "conflicts"))
        ids = [*(c.id for c in criteria), *(c.id for c in conflicts)]
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise self.refuse(raw, "criteria", f"the id {min(twice)!r} is used twice")
        region = str(raw.get("region", ""))
        if region and not re.fullmatch(r"[1-9]\d{5}", region):
            raise self.refuse(raw, "region", f"region {region!r} is no adcode of 6 digits")
        return Standard(self.path.stem, raw["kind"], {"zh": raw["zh"], "en": raw["en"]}, judges, region, str(raw.get("in_graph", "")), source,
                        criteria, conflicts, self._total(criteria), self.file, frozenset(self.relations))

    def _list(self, block: dict[str, Any], key: str) -> list[Any]:
        found = block.get(key, [])
        if not isinstance(found, list):
            raise self.refuse(block, key, f"{key} is a list")
        return found

    def _kinds(self, block: dict[str, Any], key: str) -> tuple[str, ...]:
        found = self._list(block, key)
        if unknown := [k for k in found if k not in self.ontology.kinds]:
            raise self.refuse(block, key, f"there is no kind {unknown[0]!r}")
        if not found:
            raise self.refuse(block, key, f"{key} names no kind")
        return tuple(found)

    def _total(self, criteria: tuple[Criterion, ...]) -> float | None:
        weights = [c.weight for c in criteria if c.weight is not None]
        if not weights and "total" not in self.raw:
            return None
        total = self.raw.get("total")
        if not isinstance(total, int | float) or isinstance(total, bool):
            raise self.refuse(self.raw, "total", "weights need `total`, the number they sum to")
        if abs(sum(weights) - total) > 1e-9:
            raise self.refuse(self.raw, "total", f"the weights sum to {sum(weights):g}, not to {total:g}")
        return float(total)

    def source(self, block: Any, at: dict[str, Any]) -> Source:
        self.fields(block, {"ref", "document", "url", "standing"}, {"document", "standing"}, at, "source")
        if block["standing"] not in STANDINGS:
            raise self.refuse(block, "standing", f"standing {block['standing']!r} is none of {', '.join(STANDINGS)}")
        return Source(**{k: str(v) for k, v in block.items() if k != "__lines__"})

    def _head(self, block: Any, own: set[str], what: str) -> tuple[str, dict[str, str]]:
        self.fields(block, {"id", "zh", "en", "force", "source", "place"} | own, {"id", "zh", "en", "force"}, self.raw, what)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", str(block["id"])):
            raise self.refuse(block, "id", f"the id {block['id']!r} is not snake_case")
        if block["force"] not in FORCES:
            raise self.refuse(block, "force", f"force {block['force']!r} is none of {', '.join(FORCES)}")
        return str(block["id"]), {"zh": str(block["zh"]), "en": str(block["en"])}

    def criterion(self, block: Any, judges: tuple[str, ...], source: Source) -> Criterion:
        name, label = self._head(block, {"test", "weight"}, "a criterion")
        test = block.get("test")
        if not isinstance(test, dict) or len(forms := [f for f in FORMS if f in test]) != 1:
            raise self.refuse(block, "test", f"test has exactly one of {', '.join(FORMS)}")
        form = forms[0]
        self.fields(test, FORMS[form] | {form}, {form}, block, f"a test of the form {form}")
        weight = block.get("weight")
        if weight is not None and (not isinstance(weight, int | float) or isinstance(weight, bool) or weight <= 0):
            raise self.refuse(block, "weight", f"weight {weight!r} is no number above 0")
        made = {k: v for k, v in test.items() if k != "__lines__"}
        getattr(self, f"_{form}")(test, made, judges)
        own = self.source(block["source"], block) if "source" in block else source
        return Criterion(name, label, form, made, block["force"], own, weight, str(block.get("place", "")))

    def conflict(self, block: Any, source: Source) -> ConflictRule:
        name, label = self._head(block, {"rule", "hops", "hosts", "since"}, "a conflict rule")
        if block.get("rule") not in RULES:
            raise self.refuse(block, "rule", f"rule {block.get('rule')!r} is none of {', '.join(RULES)}")
        hops = block.get("hops", 0)
        if hops not in range(4) or (block["rule"] == "subsidiaries") != (hops > 0):
            raise self.refuse(block, "hops", "hops is 1 to 3, and only for subsidiaries")
        own = self.source(block["source"], block) if "source" in block else source
        since = block.get("since", 0)
        if not isinstance(since, int):
            raise self.refuse(block, "since", f"since {since!r} is no year")
        return ConflictRule(name, label, block["rule"], block["force"], own, hops, str(block.get("hosts", "")), since, str(block.get("place", "")))

    # ---- the forms

    def _owners(self, test: dict[str, Any], judges: tuple[str, ...], default: str = "self") -> tuple[str, ...]:
        of = test.get("of", default)
        if of not in ("self", "host", "any"):
            raise self.refuse(test, "of", f"of {of!r} is none of self, host, any")
        return {"self": judges, "host": ("Organization",), "any": (*judges, "Organization")}[of]

    def _declared(self, test: dict[str, Any], key: str, name: Any, kinds: tuple[str, ...]) -> Property:
        for kind in kinds:
            if name not in self.ontology.kinds[kind].properties:
                near = difflib.get_close_matches(str(name), self.ontology.kinds[kind].properties, 1)
                raise self.refuse(test, key, f"{kind} has no property {name!r}{f'; {near[0]}?' if near else ''}")
        return self.ontology.kinds[kinds[0]].properties[name]

    def _relation(self, test: dict[str, Any], key: str, name: Any) -> None:
        if name not in self.ontology.relations:
            near = difflib.get_close_matches(str(name), self.ontology.relations, 1)
            raise self.refuse(test, key, f"there is no relation {name!r}{f'; {near[0]}?' if near else ''}")
        self.relations.add(name)

    def _ends(self, test: dict[str, Any], form: str, kinds: tuple[str, ...]) -> None:
        """A relation that can stand at these kinds, leading to or coming from `to`."""
        self._relation(test, form, test[form])
        r, to = self.ontology.relations[test[form]], test.get("to")
        if to is not None and to not in self.ontology.kinds:
            raise self.refuse(test, "to", f"there is no kind {to!r}")
        for kind in kinds:
            if (kind in r.sources and (to is None or to in r.targets)) or (kind in r.targets and (to is None or to in r.sources)):
                return
        raise self.refuse(test, form, f"{r.name} does not stand between {', '.join(kinds)} and {to or 'anything'}")

    def _threshold(self, test: dict[str, Any], made: dict[str, Any], prop: Property | None) -> None:
        """Cleaned thresholds, in the property's own type: an amount of another unit is refused here."""
        for key in ("at_least", "at_most"):
            if key in test:
                try:
                    made[key] = clean(prop, str(test[key])).value if prop else clean_quantity(str(test[key]))
                except BadValue as e:
                    raise self.refuse(test, key, f"{key}: {e}") from e

    def _property(self, test: dict[str, Any], made: dict[str, Any], judges: tuple[str, ...]) -> None:
        prop = self._declared(test, "property", test["property"], self._owners(test, judges))
        if len([k for k in ("is", "at_least", "at_most") if k in test]) != 1:
            raise self.refuse(test, "property", "a property needs one of is, at_least, at_most")
        if "is" in test:
            if prop.is_ == "bool" and not isinstance(test["is"], bool):
                raise self.refuse(test, "is", f"{prop.name} is yes or no")
            if prop.choices and test["is"] not in prop.choices:
                raise self.refuse(test, "is", f"{prop.name}: {test['is']!r} is none of {', '.join(prop.choices)}")
            return
        if prop.is_ not in (*AMOUNTS, "integer", "number"):
            raise self.refuse(test, "property", f"{prop.name} is a {prop.is_}: it has no least or most")
        self._threshold(test, made, prop)

    def _age(self, test: dict[str, Any], made: dict[str, Any], judges: tuple[str, ...]) -> None:
        prop = self._declared(test, "age", test["age"], self._owners(test, judges))
        if prop.is_ != "date" or not isinstance(test.get("at_least"), int | float):
            raise self.refuse(test, "age", "age names a date and needs at_least, a number of years")

    def _within(self, test: dict[str, Any], made: dict[str, Any], judges: tuple[str, ...]) -> None:
        self._owners(test, judges)
        if not re.fullmatch(r"[1-9]\d{5}", str(test["within"])):
            raise self.refuse(test, "within", f"{test['within']!r} is no adcode of 6 digits")

    def _has(self, test: dict[str, Any], made: dict[str, Any], judges: tuple[str, ...]) -> None:
        self._ends(test, "has", self._owners(test, judges))
        made["named"] = tuple(map(str, self._list(test, "named")))

    def _figure(self, test: dict[str, Any], made: dict[str, Any], judges: tuple[str, ...]) -> None:
        made["figure"] = tuple(map(str, self._list(test, "figure")))
        if not made["figure"] or not {"at_least", "at_most"} & set(test):
            raise self.refuse(test, "figure", "figure names metrics and needs at_least or at_most")
        self._threshold(test, made, None)

    def _count(self, test: dict[str, Any], made: dict[str, Any], judges: tuple[str, ...]) -> None:
        self._ends(test, "count", self._owners(test, judges))
        if "at_least" in test and not isinstance(test["at_least"], int):
            raise self.refuse(test, "at_least", "at_least of a count is a whole number")

    def _rate(self, test: dict[str, Any], made: dict[str, Any], judges: tuple[str, ...]) -> None:
        units: dict[str, set[str]] = {}
        for side in ("rate", "over"):
            terms = [self._term(t, test, judges) for t in self._list(test, side)]
            made[side] = tuple(terms)
            units[side] = {t["unit"] for t in terms}
            if len(units[side]) > 1:
                raise self.refuse(test, side, f"{' and '.join(sorted(units[side]))} cannot be added")
        if not made["rate"]:
            raise self.refuse(test, "rate", "rate has no terms")
        if units["over"] and units["over"] != units["rate"]:
            raise self.refuse(test, "over", f"{units['rate'].pop()} over {units['over'].pop()} is no rate: the units differ")
        for key in ("full_at", "at_least"):
            if key in test and (not isinstance(test[key], int | float) or test[key] <= 0):
                raise self.refuse(test, key, f"{key} is a number above 0")

    def _term(self, term: Any, test: dict[str, Any], judges: tuple[str, ...]) -> dict[str, Any]:
        self.fields(term, {"figure", "property", "unit", "times", "instruments"}, set(), test, "a term")
        if ("figure" in term) == ("property" in term):
            raise self.refuse(term, "", "a term has a figure or a property")
        if term.get("instruments") not in (None, "sum", "mean"):
            raise self.refuse(term, "instruments", "instruments is sum or mean of their hours")
        made = {"times": float(term.get("times", 1)), "instruments": term.get("instruments"), "unit": str(term.get("unit", ""))}
        if "property" in term:
            prop = self._declared(term, "property", term["property"], judges)
            if prop.is_ not in AMOUNTS:
                raise self.refuse(term, "property", f"{prop.name} is a {prop.is_}, no amount")
            return made | {"property": prop.name, "zh": prop.zh, "en": prop.en, "unit": {"money": "元", "area": "m²"}.get(prop.is_, made["unit"])}
        if not made["unit"]:
            raise self.refuse(term, "figure", "a figure of a rate needs its unit")
        return made | {"figure": tuple(map(str, self._list(term, "figure")))}

    def _unobserved(self, test: dict[str, Any], made: dict[str, Any], judges: tuple[str, ...]) -> None:
        made["seen"] = tuple(self._list(test, "seen"))
        for name in made["seen"]:
            if name in self.ontology.relations:
                self.relations.add(name)
            else:
                self._declared(test, "seen", name, judges)


def read(path: Path, ontology: Ontology | None = None) -> Standard | None:
    """The standard of a file; None when its head says it is of another form. Raises BadDeclaration with file and line."""
    raw = lined(path)
    if raw.get("kind") in OTHER_FORMS:
        return None
    if raw.get("kind") not in KINDS:
        raise refuse(path.name, raw["__lines__"].get("kind", 1), f"kind {raw.get('kind')!r} is none of {', '.join((*KINDS, *OTHER_FORMS))}")
    return _Prover(path, raw, ontology or load()).standard()


@functools.cache
def standards(own: Path | None = None) -> Mapping[str, Standard]:
    """Every standard by name: ours, and those of a folder of the user's own. Raises BadDeclaration."""
    if own is not None and not own.is_dir():
        raise BadDeclaration(f"{own}: there is no such folder; INNOCHAIN_STANDARDS names it")
    found: dict[str, Standard] = {}
    for folder in filter(None, (HERE, own)):
        for path in sorted(folder.glob("*.yaml")):
            if (made := read(path)) is None:
                continue
            if made.name in found:
                raise refuse(path.name, 1, f"the standard {made.name!r} exists already")
            found[made.name] = made
    return found


def named(found: Mapping[str, Standard], name: str) -> Standard:
    """A standard by its name. Raises Unknown with suggestions."""
    if name not in found:
        near = difflib.get_close_matches(name, found, 3, 0.3)
        raise Unknown(f"there is no standard {name!r}; `innochain standards` lists them", suggestions=near)
    return found[name]
