"""Which provisional ids are one thing: codes, exact names with one candidate, aliases and people's judgements.

Similar strings never join here. Order of work (each step only where no judgement and no certain mark forbids it):
judged same → equal code → equal name → the one thing that claims a name as its alias. Everything is sorted first,
so the result is a function of the claims alone.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.ledger import contradictions
from graph.ontology import Kind, Ontology
from graph.records import fold, node_id

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def name_marks(kind: Kind) -> tuple[str, ...] | None:
    """Properties that tell namesakes of this kind apart, or None where a name alone never identifies."""
    for key in kind.keys:
        if key[0].name == "name" and all(p.optional and not p.side for p in key[1:]):
            return tuple(p.name for p in key[1:])
    return None


@dataclass
class Clusters:
    """A union-find whose unions can be forbidden: by judged difference, by unequal certain marks, and, for a name, by codes not shared."""

    parent: dict[str, str] = field(default_factory=dict)
    marks: dict[str, dict[str, str]] = field(default_factory=dict)  # root → mark → value
    several: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # root → code a thing may have several of → values
    enemies: dict[str, set[str]] = field(default_factory=dict)  # root → ids judged different
    why: dict[str, str] = field(default_factory=dict)  # id that was joined into another → by what

    def root(self, x: str) -> str:
        while (up := self.parent.get(x, x)) != x:
            self.parent[x] = x = self.parent.get(up, up)
        return x

    def forbidden(self, roots: Iterable[str], by_name: bool) -> bool:
        """Would one cluster of these hold two values of one mark, two ids judged different, or, by name alone, codes not shared?"""
        seen: dict[str, str] = {}
        roots = set(roots)
        if by_name:
            held = [(sort, values) for r in roots for sort, values in self.several.get(r, {}).items()]
            if any(a == b and not x & y for (a, x), (b, y) in itertools.combinations(held, 2)):
                return True
        for r in sorted(roots):
            for mark, value in self.marks.get(r, {}).items():
                if seen.setdefault(mark, value) != value:
                    return True
            if any(self.root(e) in roots for e in self.enemies.get(r, ())):
                return True
        return False

    def join(self, ids: Iterable[str], why: str) -> bool:
        """Make one cluster, or change nothing and answer False. `why`: code, name, alias or judged."""
        roots = sorted({self.root(i) for i in ids})
        if len(roots) < 2:
            return True
        if self.forbidden(roots, why in ("name", "alias")):
            return False
        for other in roots[1:]:
            self.absorb(roots[0], other, why)
        return True

    def absorb(self, root: str, other: str, why: str) -> None:
        """Put one root's cluster into another's, whatever forbids it; where marks differ, the other's stay."""
        self.parent[other], self.why[other] = root, why
        self.marks[root] = {**self.marks.pop(other, {}), **self.marks.get(root, {})}
        self.enemies.setdefault(root, set()).update(self.enemies.pop(other, ()))
        for sort, values in self.several.pop(other, {}).items():
            self.several.setdefault(root, {}).setdefault(sort, set()).update(values)


@dataclass(frozen=True)
class Resolution:
    """`canonical` maps every id that was joined into another, `why` says by what; `choices` are those kept against the natural order."""

    canonical: dict[str, str]
    why: dict[str, str]
    choices: list[tuple[str, str]]  # (kept id, the id the keys alone would give)
    ambiguous: list[dict[str, object]]


def resolve(db: DuckDBPyConnection, ontology: Ontology) -> Resolution:
    """Cluster the ids of the tables `live`, `judgements` and `published` (see `Ledger.load`)."""
    clusters = Clusters()
    ranks = _marks_and_ranks(db, ontology, clusters)
    judged(db.execute("SELECT verdict, subject, object FROM judgements WHERE verdict IN ('same', 'different')").fetchall(), clusters)
    for ids in _equal_codes(db, ontology):
        clusters.join(ids, "code")
    ambiguous = _equal_names(db, ontology, clusters)
    _equal_names_of_one_owner(db, ontology, clusters)
    return _choose(db, clusters, ranks, ambiguous)


def _marks_and_ranks(db: DuckDBPyConnection, ontology: Ontology, clusters: Clusters) -> dict[str, int]:
    """Certain marks of every id, and the rank of the key an id was made from (0 = best; ids of plain names are absent)."""
    ranks: dict[str, int] = {}
    for kind in ontology.kinds.values():
        wanted = [*kind.codes, *(name_marks(kind) or ())]
        several = [c for c in kind.codes if kind.properties[c].many]  # two of them do not tell two things apart
        if not wanted:
            continue
        rows = db.execute(
            "SELECT subject, predicate, min(value) FROM live WHERE kind = $1 AND list_contains($2, predicate) AND NOT list_contains($3, predicate) "
            "GROUP BY ALL UNION ALL SELECT DISTINCT subject, predicate, value FROM live WHERE kind = $1 AND list_contains($3, predicate) "
            "ORDER BY ALL",
            [kind.name, wanted, several],
        ).fetchall()
        for subject, mark, value in rows:
            if mark in several:
                clusters.several.setdefault(subject, {}).setdefault(mark, set()).add(value)
            else:
                clusters.marks.setdefault(subject, {})[mark] = value
            if mark in kind.codes and subject == node_id(kind.name, ((mark, str(json.loads(value))),)):
                ranks[subject] = kind.codes.index(mark)
    return ranks


def judged(pairs: Iterable[tuple[str, str, str]], clusters: Clusters | None = None) -> Clusters:
    """Join what people judged same, keep apart what they judged different: (verdict, id, id). Raises Contradiction, listing the pairs."""
    clusters, pairs = clusters or Clusters(), sorted(pairs)
    for _, a, b in (p for p in pairs if p[0] == "same"):
        root, other = sorted((clusters.root(a), clusters.root(b)))
        if root != other:  # a person's "same" holds against unequal marks too
            clusters.absorb(root, other, "judged")
    different = [(a, b) for v, a, b in pairs if v == "different"]
    contradictions({i: clusters.root(i) for p in pairs for i in p[1:]}, different)
    for a, b in different:
        clusters.enemies.setdefault(clusters.root(a), set()).add(b)
        clusters.enemies.setdefault(clusters.root(b), set()).add(a)
    return clusters


def _equal_codes(db: DuckDBPyConnection, ontology: Ontology) -> list[list[str]]:
    codes = [(k.name, c) for k in ontology.kinds.values() for c in k.codes]
    wanted = ", ".join(f"('{k}', '{c}')" for k, c in codes)
    rows = db.execute(f"""
        SELECT list(DISTINCT subject ORDER BY subject) FROM live WHERE (kind, predicate) IN ({wanted})
        GROUP BY kind, predicate, value HAVING count(DISTINCT subject) > 1 ORDER BY 1""").fetchall()
    return [r[0] for r in rows]


def _equal_names(db: DuckDBPyConnection, ontology: Ontology, clusters: Clusters) -> list[dict[str, object]]:
    kinds = [k.name for k in ontology.kinds.values() if name_marks(k) is not None]
    db.create_function("fold", lambda t: fold(t), ["VARCHAR"], "VARCHAR")
    rows = db.execute("""
        WITH forms AS (
            SELECT kind, subject, predicate = 'aliases' AS alias, fold(value->>'$') AS form FROM live
            WHERE predicate IN ('name', 'aliases') AND list_contains(?, kind)
        ), mixed AS (
            SELECT kind, form, list(DISTINCT subject ORDER BY subject) FILTER (NOT alias) AS bearers,
                   list(DISTINCT subject ORDER BY subject) FILTER (alias) AS claimants
            FROM forms GROUP BY kind, form HAVING count(DISTINCT subject) > 1
        ) SELECT * FROM mixed ORDER BY kind, form""", [kinds]).fetchall()
    ambiguous: list[dict[str, object]] = []
    by_alias = []
    for kind, form, bearers, claimants in rows:
        bearers = bearers or []
        if not clusters.join(bearers, "name"):
            bare = [b for b in bearers if not clusters.marks.get(clusters.root(b))]
            clusters.join(bare, "name")
            ambiguous.append({"kind": kind, "name": form, "ids": bearers, "why": "namesakes with different marks"})
        elif claimants:
            by_alias.append((kind, form, bearers, claimants))
    for kind, form, bearers, claimants in by_alias:
        claiming = {clusters.root(c) for c in claimants} - {clusters.root(b) for b in bearers}
        if bearers and claiming and (len(claiming) > 1 or not clusters.join([*bearers, *claiming], "alias")):
            ambiguous.append({"kind": kind, "name": form, "ids": sorted({*bearers, *claimants}), "why": "alias of several, or forbidden"})
    return ambiguous


def _equal_names_of_one_owner(db: DuckDBPyConnection, ontology: Ontology, clusters: Clusters) -> None:
    """Where a name alone never identifies (achievements, patents, laboratories): an equal name and an owner in common do."""
    for kind in ontology.kinds.values():
        sides = [p.name for key in kind.keys for p in key if key[0].name == "name" and p.side == "<" and p.optional]
        if not sides:
            continue
        rows = db.execute("""
            WITH named AS (SELECT DISTINCT subject, fold(value->>'$') AS form FROM live WHERE kind = ? AND predicate = 'name'),
            shared AS (SELECT form FROM named GROUP BY form HAVING count(*) > 1)
            SELECT DISTINCT n.form, n.subject, l.subject FROM named n JOIN shared USING (form)
            JOIN live l ON l.object = n.subject AND list_contains(?, l.predicate) ORDER BY ALL""", [kind.name, sides]).fetchall()  # fmt: skip
        held: dict[tuple[str, str], list[str]] = {}
        for form, subject, owner in rows:
            held.setdefault((form, clusters.root(owner)), []).append(subject)
        for ids in held.values():
            clusters.join(ids, "name")


def _choose(db: DuckDBPyConnection, clusters: Clusters, ranks: dict[str, int], ambiguous: list[dict[str, object]]) -> Resolution:
    members: dict[str, list[str]] = {}
    for i in list(clusters.parent):
        members.setdefault(clusters.root(i), [clusters.root(i)]).append(i)
    ids = sorted({i for m in members.values() for i in m})
    published = {r[0] for r in db.execute("SELECT id FROM published WHERE list_contains(?, id)", [ids]).fetchall()} if ids else set()
    canonical, choices = dict[str, str](), list[tuple[str, str]]()
    for group in sorted(sorted(set(m)) for m in members.values()):
        natural = min(group, key=lambda i: (ranks.get(i, 99), i))
        kept = min((i for i in group if i in published), default=natural)
        canonical |= {i: kept for i in group if i != kept}
        if kept != natural:
            choices.append((kept, natural))
    why = {i: clusters.why.get(i) or clusters.why[kept] for i, kept in canonical.items()}  # a root was joined by nothing of its own
    return Resolution(canonical, why, choices, ambiguous)
