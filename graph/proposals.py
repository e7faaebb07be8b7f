"""Which nodes may be one thing: pairs for people to judge, each with an explained score. Nothing here joins anything.

Pairs are found by blocking (a shared core, the head of a short form, a number, a spelling, rare letters of a title), then
compared by `names.py`. Nodes with unequal codes of one sort are two things and are never proposed.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.ledger import write_atomically
from graph.names import HERE, PROPOSED, Comparison, Feature, Name, Names, spoken
from graph.ontology import load
from graph.snapshot import Snapshot

TITLED = ("Policy", "PilotBase", "VerificationCentre", "Platform", "Laboratory", "Fund", "Park", "IndustryChain", "Achievement")
CROWD = 200  # members of a block; what more names share tells nothing apart
RARE = 4  # of a title's pairs of letters, how many of the rarest find its like
RIVAL, MARGIN = -6.0, 0.03  # what a better-fitting name takes from a pair's logit; by how much it must fit better
KEPT = "proposals.json"  # in the workspace; begins with its stamp
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node as it is compared: its names, its codes (never two of one sort in one thing), where it is (adcodes)."""

    id: str
    kind: str
    names: tuple[str, ...]
    codes: tuple[tuple[str, str], ...] = ()
    regions: tuple[str, ...] = ()
    level: str = ""  # of a policy: province, city …


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two nodes that may be one, by which of their names, how likely, and why."""

    a: str
    b: str
    kind: str
    name_a: str
    name_b: str
    score: float
    why_zh: str
    why_en: str
    features: tuple[tuple[str, float, tuple[str, ...]], ...]


# ---- one pair against its rivals -------------------------------------------------------------------------------------

Pair = tuple[str, str]


def with_rivals(found: Mapping[Pair, Comparison], short: Callable[[str], bool]) -> dict[Pair, Comparison]:
    """Comparisons by (name, name); where a short form fits another name of the same list better, the pair says so and sinks.

    A short form belongs to one full name: 永和股份 fits 永和流体智控 only until 浙江永和制冷 is in the list too.
    """
    best: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (a, b), c in found.items():
        for name, other in ((a, b), (b, a)):
            best[name] = sorted([*best[name], (c.score, other)], reverse=True)[:2]
    out = {}
    for (a, b), c in found.items():
        rivals = [(name, better[1]) for name, other in ((a, b), (b, a)) if short(a) or short(b)
                  for better in best[name] if better[1] != other and better[0] > c.score + MARGIN]  # fmt: skip
        out[a, b] = c.also(Feature("rival", RIVAL, (rivals[0][1], rivals[0][0]))) if rivals else c
    return out


# ---- blocking --------------------------------------------------------------------------------------------------------


def _heads(name: Name) -> Iterator[str]:
    """Pairs of letters that a short form of this name may begin with: a first letter, then any later one."""
    for start in {name.body[:1], name.core[:1]} - {""}:
        at = name.body.find(start)
        yield from (start + c for c in set(name.body[at + 1 :]))


def _blocks(things: Iterable[Candidate], names: Names) -> Iterator[list[tuple[str, str]]]:
    """Lists of (node, name) that have something telling in common."""
    taken = {(t.id, n): names.take(n) for t in things for n in t.names}
    blocks: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    wanted: set[str] = set()
    for key, n in taken.items():
        if n.number is not None:
            blocks["number", str(n.number)].append(key)
        elif not n.latin:
            blocks["core", n.letters].append(key)
            if n.sort not in ("company", "university") and 2 <= len(n.core) <= 12:
                wanted |= {n.core[:2], n.body[:2]}
    if any(n.latin for n in taken.values()):
        for key, n in taken.items():
            if said := spoken(n):
                blocks["spelling", said].append(key)
    for key, n in taken.items():
        if n.number is None and not n.latin:
            for head in wanted.intersection(_heads(n)):
                blocks["head", head].append(key)
    yield from blocks.values()


def _title_blocks(things: Iterable[Candidate], names: Names) -> Iterator[list[tuple[str, str]]]:
    """Titles that share one of their rarest pairs of letters."""
    bags = {(t.id, n): set(map("".join, itertools.pairwise(names.title(n)[1]))) for t in things for n in t.names}
    known = Counter(p for bag in bags.values() for p in bag)
    blocks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, bag in bags.items():
        for pair in sorted((p for p in bag if known[p] > 1), key=lambda p: (known[p], p))[:RARE]:
            blocks[pair].append(key)
    yield from blocks.values()


def _pairs(blocks: Iterable[list[tuple[str, str]]], worth: Callable[[str, str], bool]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    seen: set[tuple[tuple[str, str], tuple[str, str]]] = set()
    for block in blocks:
        if len({i for i, _ in block}) > CROWD:
            continue
        for one, other in itertools.combinations(sorted(block), 2):
            if one[0] != other[0] and (one, other) not in seen and worth(one[1], other[1]):
                seen.add((one, other))
                yield one, other


# ---- a graph's proposals ---------------------------------------------------------------------------------------------


def propose(things: list[Candidate], places: Mapping[str, str], progress: Progress = lambda *_: None) -> list[Proposal]:
    """Pairs of nodes from `PROPOSED` on, likeliest first. 100,000 organisations take minutes (see the bench)."""
    names, out = Names(places), list[Proposal]()
    by_kind: dict[str, list[Candidate]] = defaultdict(list)
    for t in things:
        by_kind[t.kind].append(t)
    for n, (kind, group) in enumerate(sorted(by_kind.items())):
        progress(kind, n, len(by_kind))
        out += _of_kind(kind, group, names, functools.partial(progress, kind, n, len(by_kind)))
    progress("", len(by_kind), len(by_kind))
    return sorted(out, key=lambda p: (-p.score, p.a, p.b))


def _of_kind(kind: str, group: list[Candidate], names: Names, alive: Callable[[], None]) -> Iterator[Proposal]:
    """`alive` is called every few thousand pairs, so that whoever waits can end it."""
    titled, by_id = kind in TITLED, {t.id: t for t in group}
    compare = names.compare_titles if titled else names.compare
    taken = names.take

    def worth(a: str, b: str) -> bool:
        """Two complete names of different letters cannot be one; most of a block falls here, before anything is scored."""
        x, y = taken(a), taken(b)
        return titled or x.letters == y.letters or not (x.sort == y.sort and x.sort in ("company", "university"))

    found: dict[Pair, Comparison] = {}
    nodes: dict[Pair, set[tuple[str, str]]] = defaultdict(set)
    for seen, ((i, a), (j, b)) in enumerate(_pairs((_title_blocks if titled else _blocks)(group, names), worth)):
        if not seen % 5_000:
            alive()
        pair = (a, b) if a <= b else (b, a)
        if pair not in found:
            found[pair] = compare(a, b)
        if found[pair].score >= PROPOSED:
            nodes[pair].add((i, j) if (a, b) == pair else (j, i))
    likely = {p: c for p, c in found.items() if c.score >= PROPOSED}
    own = {(a, b) if a <= b else (b, a): compare(a, b) for t in group for a, b in itertools.combinations(t.names, 2)}
    judged = likely if titled else with_rivals({**own, **likely}, lambda n: not taken(n).sort)
    best: dict[tuple[str, str], Proposal] = {}
    for pair in likely:
        for i, j in nodes[pair]:
            p = _proposal(by_id[i], by_id[j], pair, judged[pair], names)
            if p and ((p.a, p.b) not in best or p.score > best[p.a, p.b].score):
                best[p.a, p.b] = p
    yield from best.values()


def _proposal(x: Candidate, y: Candidate, pair: Pair, c: Comparison, names: Names) -> Proposal | None:
    """The pair of nodes behind a pair of names; None where something certain or their full names keep them apart."""
    codes = dict(x.codes)
    if any(codes.get(sort, code) != code for sort, code in y.codes) or _full_names_differ(x, y, names):
        return None
    seen = c.also(*_where(x, y))
    if seen.score < PROPOSED:
        return None
    (a, name_a), (b, name_b) = sorted(((x.id, pair[0]), (y.id, pair[1])))
    return Proposal(a, b, x.kind, name_a, name_b, seen.score, seen.sentence("zh"), seen.sentence("en"),
                    tuple((f.name, f.weight, f.values) for f in seen.features))  # fmt: skip


def _full_names_differ(x: Candidate, y: Candidate, names: Names) -> bool:
    """Both have names that say what they are, and no two of these fit: a short form that fits both proves nothing."""
    if x.kind in TITLED:
        return False
    taken = names.take
    full = [[n for n in t.names if taken(n).sort in ("company", "university") or (taken(n).sort == "agency" and taken(n).place)] for t in (x, y)]
    return all(full) and not any(names.compare(a, b).score >= PROPOSED for a in full[0] for b in full[1])


def _where(x: Candidate, y: Candidate) -> list[Feature]:
    if x.level and y.level and x.level != y.level:
        return [Feature("level", -4.0, (x.level, y.level))]
    provinces = [{r[:2] for r in t.regions} for t in (x, y)]
    if both := sorted(set(x.regions) & set(y.regions)):
        return [Feature("same_region", 0.5, (both[0],))]
    if all(provinces) and not provinces[0] & provinces[1]:
        return [Feature("region", -2.0, (min(provinces[0]), min(provinces[1])))]
    return []


# ---- out of a snapshot -----------------------------------------------------------------------------------------------


def candidates(db: sqlite3.Connection) -> list[Candidate]:
    """The nodes of a snapshot that can be compared by name."""
    ontology = load()
    kinds = ["Organization", *TITLED]
    declared = [ontology.kinds[k] for k in kinds]
    codes = sorted({c for k in declared for c in k.codes if not k.properties[c].many})  # two of those tell two things apart
    marks = ", ".join("?" * len(codes))
    said: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for node, sort, value in db.execute(f"SELECT DISTINCT subject, predicate, value FROM facts WHERE won AND predicate IN ({marks})", codes):
        said[node].append((sort, value))
    at: dict[str, set[str]] = defaultdict(set)
    for node, code in db.execute("SELECT f.subject, json_extract(r.value, '$') FROM facts f JOIN facts r ON r.subject = f.value "
                                 "AND r.predicate = 'adcode' WHERE f.predicate = 'LOCATED_IN'"):  # fmt: skip
        at[node].add(str(code))
    levels = dict(db.execute("SELECT subject, max(json_extract(value, '$')) FROM facts WHERE won AND predicate = 'level' GROUP BY subject"))
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    wanted = ", ".join("?" * len(kinds))
    for node, kind, text in db.execute(f"SELECT DISTINCT node, kind, text FROM names WHERE kind IN ({wanted}) ORDER BY node, alias, text", kinds):
        names[node, kind].append(text)
    return [Candidate(node, kind, tuple(dict.fromkeys(many)), tuple(sorted(said[node])), tuple(sorted(at[node])),
                      levels.get(node, "") if kind == "Policy" else "") for (node, kind), many in names.items()]  # fmt: skip


def kept(workspace: Path, snapshot: Snapshot, places: Mapping[str, str], progress: Progress = lambda *_: None) -> list[Proposal]:
    """A snapshot's proposals, computed once a version and kept beside the ledger."""
    if is_kept(workspace, snapshot):
        held = json.loads((workspace / KEPT).read_bytes())["proposals"]
        return [Proposal(**{**p, "features": tuple((n, w, tuple(v)) for n, w, v in p["features"])}) for p in held]
    with snapshot.sqlite() as db:
        found = propose(candidates(db), places, progress)
    body = json.dumps({**_stamp(snapshot), "proposals": [asdict(p) for p in found]}, ensure_ascii=False)
    write_atomically(workspace / KEPT, body)
    return found


def is_kept(workspace: Path, snapshot: Snapshot) -> bool:
    """Are a snapshot's proposals at hand, so that `kept` only reads? Looks at the head of the file, however long it is."""
    head = json.dumps(_stamp(snapshot))[:-1].encode()
    path = workspace / KEPT
    if not path.exists():
        return False
    with path.open("rb") as f:
        return f.read(len(head)) == head


def _stamp(snapshot: Snapshot) -> dict[str, str]:
    """What proposals depend on: the graph, and how names are compared."""
    return {"version": snapshot.version, "by": hashlib.sha256(HERE.read_bytes()).hexdigest()[:16]}
