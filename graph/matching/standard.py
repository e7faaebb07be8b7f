"""The matching standard of `graph/standards/matching.yaml`, proved at load: a wrong line is refused with file and number."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from graph.errors import BadParameter
from graph.ontology import lined, refuse

HERE = Path(__file__).parents[1] / "standards" / "matching.yaml"
CRITERIA = {  # what the program can judge, by what is looked for
    "base": ("field", "services", "track", "distance", "ties", "price", "slot", "support", "improvements"),
    "centre": ("field", "services", "track", "distance", "ties", "price", "slot", "support", "improvements"),
    "fund": ("field", "stage", "size", "distance", "ties", "existing"),
}
CONDITIONS = ("process", "scale", "maturity", "open", "secrecy", "qualification", "chemical_park", "answer")
NUMBERS = ("prior_passed", "prior_failed", "half_km", "same_province", "half_days", "stale_days", "shift_days", "tie_hops", "other_refusals")
WORDS = ("generic", "synonyms", "secret", "public", "clearance", "everything", "owner_client", "owner_shared", "owner_base", "hazards")
STEPS = ("verify", "pilot", "transfer")
SECTIONS = ("kind", "title", "neutral", "profiles", "conditions", "overlap", "numbers", "maturity", "steps", "stages", "units", "per", "words")
Levels = tuple[int, int]
T = TypeVar("T")
READ = 50_000  # texts


@dataclass(frozen=True, slots=True)
class Criterion:
    """A soft criterion: its labels, its share of the score, and where it was seen."""

    name: str
    zh: str
    en: str
    weight: float
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    zh: str
    en: str
    levels: Levels


@dataclass(frozen=True)
class Standard:
    """The proved standard. `weights()` of one profile sum to 1."""

    title: Mapping[str, str]
    neutral: float
    profiles: Mapping[str, tuple[Criterion, ...]]
    conditions: Mapping[str, Criterion]
    overlap: Mapping[str, float]
    numbers: Mapping[str, float]
    maturity: Mapping[str, Levels]
    steps: tuple[Step, ...]
    stages: Mapping[str, Levels]
    units: Mapping[str, tuple[str, float]]
    per: Mapping[str, str]
    words: Mapping[str, tuple[Any, ...]]
    read: defaultdict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict), compare=False, repr=False)  # see `read_once`

    def weighed(self, profile: str, given: Mapping[str, float]) -> Standard:
        """With a caller's weights in one profile, all brought to the sum 1 again. Raises BadParameter."""
        known = CRITERIA[profile]
        for name, value in given.items():
            if name not in known:
                raise BadParameter(f"weights: there is no criterion {name!r}; there are {', '.join(known)}", errors=[{"parameter": "weights"}])
            if not 0 <= value <= 1_000_000:
                raise BadParameter(f"weights: {name}={value:g} must lie between 0 and 1000000", errors=[{"parameter": "weights"}])
        changed = [replace(c, weight=given.get(c.name, c.weight)) for c in self.profiles[profile]]
        if (total := sum(c.weight for c in changed)) <= 0:
            raise BadParameter("weights: at least one must be above 0", errors=[{"parameter": "weights"}])
        rest = tuple(replace(c, weight=c.weight / total) for c in changed) if given else self.profiles[profile]
        return replace(self, profiles={**self.profiles, profile: rest})

    def shown(self, profile: str) -> dict[str, Any]:
        """What an answer says of the standard it used."""
        return {"title": self.title, "profile": profile, "neutral": self.neutral,
                "criteria": [{"name": c.name, "zh": c.zh, "en": c.en, "weight": round(c.weight, 6), "source": c.source}
                             for c in self.profiles[profile]],
                "conditions": [{"name": c.name, "zh": c.zh, "en": c.en, "source": c.source} for c in self.conditions.values()]
                if profile != "fund" else [],
                "score": {"zh": f"各项取值按权重平均；未知项按中性值 {self.neutral:g} 计，既不加分也不当作不好；已知项占几成，是已知项的权重之和",
                          "en": f"mean of the criteria by weight; an unknown one counts as the neutral {self.neutral:g}, neither proof nor "
                                "blame; coverage is the weight of what is known"}}  # fmt: skip


def read_once(read: Callable[[str, Standard], T]) -> Callable[[str, Standard], T]:
    """What a standard makes of a text, worked out once: the same few texts are compared with every candidate."""

    @functools.wraps(read)
    def asked(text: str, standard: Standard) -> T:
        held: dict[str, tuple[T]] = standard.read[read.__name__]
        if (found := held.get(text)) is None:  # asked once: another thread may clear it in between
            if len(held) >= READ:
                held.clear()
            held[text] = found = (read(text, standard),)
        return found[0]

    return asked


class _Prover:
    def __init__(self, raw: Mapping[str, Any], file: str) -> None:
        self.raw, self.file, self.lines = raw, file, raw["__lines__"]

    def no(self, line: int, what: str) -> Exception:
        return refuse(self.file, line, what)

    def items(self, section: str) -> Iterator[tuple[str, Any, int]]:
        block = self.raw[section]
        if not isinstance(block, dict):
            raise self.no(self.lines[section], f"{section}: names with values are needed")
        for key, value in block.items():
            if key != "__lines__":
                yield str(key), value, block["__lines__"][key]

    def numbers(self, section: str, names: tuple[str, ...], low: float = 0, high: float = float("inf")) -> dict[str, float]:
        out = {}
        for name, value, line in self.items(section):
            if name not in names:
                raise self.no(line, f"{section}: unknown {name!r}; there are {', '.join(names)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                raise self.no(line, f"{section}: {name} is {value!r}; a number from {low:g} to {high:g} is needed")
            out[name] = float(value)
        if missing := [n for n in names if n not in out]:
            raise self.no(self.lines[section], f"{section}: {missing[0]} is missing")
        return out

    def levels(self, value: Any, line: int) -> Levels:
        if not (isinstance(value, list) and len(value) == 2 and all(isinstance(v, int) for v in value) and 1 <= value[0] <= value[1] <= 9):
            raise self.no(line, f"{value!r}: two levels from 1 to 9 are needed, the lower first")
        return value[0], value[1]

    def rows(self, block: Any, line: int, fields: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], int]]:
        if not isinstance(block, list):
            raise self.no(line, "a list is needed")
        for row in block:
            at = min(row["__lines__"].values()) if isinstance(row, dict) and row["__lines__"] else line
            if not isinstance(row, dict) or set(row) - {"__lines__"} != set(fields):
                raise self.no(at, f"an entry has exactly {', '.join(fields)}")
            yield row, at

    def profile(self, name: str, block: Any, line: int) -> tuple[Criterion, ...]:
        out: list[Criterion] = []
        for row, at in self.rows(block, line, ("name", "zh", "en", "weight", "source")):
            if row["name"] not in CRITERIA[name]:
                raise self.no(at, f"{name}: unknown criterion {row['name']!r}; there are {', '.join(CRITERIA[name])}")
            if row["name"] in (c.name for c in out):
                raise self.no(at, f"{name}: {row['name']!r} is given twice")
            if isinstance(row["weight"], bool) or not isinstance(row["weight"], int | float) or not 0 <= row["weight"] <= 1:
                raise self.no(at, f"{name}: the weight of {row['name']} is {row['weight']!r}; a number from 0 to 1 is needed")
            if not row["source"]:
                raise self.no(at, f"{name}: {row['name']} needs a source")
            out.append(Criterion(row["name"], row["zh"], row["en"], float(row["weight"]), row["source"]))
        if abs((total := sum(c.weight for c in out)) - 1) > 1e-9:
            raise self.no(line, f"{name}: the weights sum to {total:g}, not to 1")
        return tuple(out)

    def conditions(self) -> dict[str, Criterion]:
        out = {}
        for row, at in self.rows(self.raw["conditions"], self.lines["conditions"], ("name", "zh", "en", "source")):
            if row["name"] not in CONDITIONS:
                raise self.no(at, f"conditions: unknown {row['name']!r}; there are {', '.join(CONDITIONS)}")
            out[row["name"]] = Criterion(row["name"], row["zh"], row["en"], 0.0, row["source"])
        if missing := [n for n in CONDITIONS if n not in out]:
            raise self.no(self.lines["conditions"], f"conditions: {missing[0]} is missing")
        return out

    def words(self) -> dict[str, tuple[Any, ...]]:
        out: dict[str, tuple[Any, ...]] = {}
        for name, value, line in self.items("words"):
            if name not in WORDS or not isinstance(value, list):
                raise self.no(line, f"words: {name!r} is no list of {', '.join(WORDS)}")
            out[name] = tuple(tuple(v) if isinstance(v, list) else str(v) for v in value)
        if missing := [n for n in WORDS if n not in out]:
            raise self.no(self.lines["words"], f"words: {missing[0]} is missing")
        return out

    def units(self) -> dict[str, tuple[str, float]]:
        out: dict[str, tuple[str, float]] = {}
        for dimension, units, line in self.items("units"):
            for unit, factor in units.items():
                if unit == "__lines__":
                    continue
                if unit in out or not isinstance(factor, int | float) or factor <= 0:
                    raise self.no(units["__lines__"][unit] if isinstance(units, dict) else line,
                            f"units: {unit!r} is twice there, or no number above 0")
                out[str(unit)] = (dimension, float(factor))
        return out

    def prove(self) -> Standard:
        for name, line in self.lines.items():
            if name not in SECTIONS:
                raise self.no(line, f"unknown section {name!r}; there are {', '.join(SECTIONS)}")
        if missing := [s for s in SECTIONS if s not in self.raw]:
            raise self.no(1, f"section {missing[0]!r} is missing")
        neutral = self.raw["neutral"]
        if not isinstance(neutral, int | float) or not 0 <= neutral <= 1:
            raise self.no(self.lines["neutral"], f"neutral is {neutral!r}; a number from 0 to 1 is needed")
        profiles = {}
        for name, block, line in self.items("profiles"):
            if name not in CRITERIA:
                raise self.no(line, f"profiles: unknown {name!r}; there are {', '.join(CRITERIA)}")
            profiles[name] = self.profile(name, block, line)
        if missing := [p for p in CRITERIA if p not in profiles]:
            raise self.no(self.lines["profiles"], f"profiles: {missing[0]} is missing")
        steps = tuple(Step(r["name"], r["zh"], r["en"], self.levels(r["levels"], at))
                      for r, at in self.rows(self.raw["steps"], self.lines["steps"], ("name", "zh", "en", "levels")))  # fmt: skip
        if tuple(s.name for s in steps) != STEPS:
            raise self.no(self.lines["steps"], f"steps: exactly {', '.join(STEPS)} are needed, in this order")
        title = {k: str(v) for k, v, _ in self.items("title")}
        return Standard(title, float(neutral), profiles, self.conditions(),
                        self.numbers("overlap", ("same", "part", "feeds", "text", "characters"), 0, 1), self.numbers("numbers", NUMBERS),
                        {w: self.levels(v, at) for w, v, at in self.items("maturity")}, steps,
                        {w: self.levels(v, at) for w, v, at in self.items("stages")}, self.units(),
                        {k: str(v) for k, v, _ in self.items("per")}, self.words())  # fmt: skip


def read(path: Path) -> Standard:
    """The standard of a file. Raises BadDeclaration with file and line."""
    return _Prover(lined(path), path.name).prove()


@functools.cache
def standard() -> Standard:
    """The standard that ships, proved once a process."""
    return read(HERE)
