"""The search index: names, aliases, short forms, pinyin and initials in SQLite FTS5, the same on every store.

Chinese is cut into characters and pairs of characters, so two characters are enough and no dictionary is needed.
Rows are inserted shortest name first: the cheap cut-off by row number then keeps the best candidates.
"""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph.records import fold

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_RUNS, _RUN_OF_HAN = re.compile(rf"[{_HAN}]+|[a-z0-9]+"), re.compile(rf"[{_HAN}]+")
LIKELY = 20.0  # the least score of a name that only shares some characters with what was typed
CANDIDATES = 400  # fetched before ranking: 0.2 ms for 2–4 characters of 500k names

DDL = """
CREATE TABLE names (rowid INTEGER PRIMARY KEY, node TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, form TEXT NOT NULL,
                    alias INTEGER NOT NULL, name TEXT NOT NULL, sort_key TEXT NOT NULL, modality TEXT NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(tokens, content='', prefix='2 3 4', tokenize='unicode61');
CREATE INDEX names_form ON names(form);
CREATE INDEX names_node ON names(node);
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found node: `matched` is the name or alias that fitted, `score` 0–100."""

    id: str
    kind: str
    name: str
    matched: str
    score: float
    modality: str


@lru_cache(maxsize=100_000)
def _syllable(character: str) -> str:
    from pypinyin import Style, pinyin

    return str(pinyin(character, style=Style.NORMAL, errors="default")[0][0])


def sort_key(name: str) -> str:
    """Pinyin without tones, then the name itself: the order people expect of Chinese names on every engine."""
    return " ".join(_syllable(c) for c in fold(name))[:200] + "\u0001" + name


def tokens(text: str) -> list[str]:
    """Characters and pairs of Han, whole words of the rest, joined pinyin and initials."""
    out: list[str] = []
    form = fold(text)
    for run in _RUNS.findall(form):
        if _RUN_OF_HAN.match(run):
            out += run
            out += (run[i : i + 2] for i in range(len(run) - 1))
        else:
            out.append(run)
    return out + _spoken(form)


def _spoken(form: str) -> list[str]:
    """Joined pinyin and initials of a text's Chinese."""
    syllables = [_syllable(c) for c in "".join(_RUN_OF_HAN.findall(form))]
    return ["".join(syllables), "".join(s[0] for s in syllables)] if syllables else []


def index(db: sqlite3.Connection, rows: Iterable[tuple[str, str, str, bool, str, str, str]]) -> None:
    """Fill the index from (node, kind, text, is alias, name, sort key, modality) rows."""
    db.executescript(DDL)
    ordered = sorted(rows, key=lambda r: (r[3], len(r[2]), r[5], r[0], r[2]))
    db.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   ((n, r[0], r[1], r[2], fold(r[2]), int(r[3]), r[4], r[5], r[6]) for n, r in enumerate(ordered, 1)))
    db.executemany("INSERT INTO search(rowid, tokens) VALUES (?, ?)", ((n, " ".join(tokens(r[2]))) for n, r in enumerate(ordered, 1)))


def _match(query: str, join: str) -> str:
    parts = []
    for run in _RUNS.findall(query):
        if _RUN_OF_HAN.match(run):
            parts += [f'"{run[i : i + 2]}"' for i in range(len(run) - 1)] or [f'"{run}"']
        else:
            parts.append(f'"{run}" *')
    return f" {join} ".join(parts)


def _score(query: str, form: str, alias: bool) -> float:
    if form == query:
        score = 100.0
    elif form.startswith(query):
        score = 80 + 15 * len(query) / len(form)
    elif query in form:
        score = 60 + 18 * len(query) / len(form)
    else:
        from rapidfuzz import fuzz

        han = "".join(_RUN_OF_HAN.findall(query))
        forms = (form,) if han else (form, *_spoken(form))  # pinyin and initials are typed in Latin letters
        score = 0.5 * max(fuzz.ratio(han or query, f) for f in forms)
    return round(score - (1.0 if alias else 0.0), 2)


def find(db: sqlite3.Connection, text: str, kinds: Sequence[str] = (), limit: int = 20, modalities: Sequence[str] = (),
         keep: Callable[[str], bool] = lambda _: True) -> list[Hit]:  # fmt: skip
    """Best-fitting nodes, one row a node, best first; ties by pinyin then id. Empty text finds nothing. `keep` is asked of ids, best first."""
    query = fold(text)
    if not _RUNS.search(query):
        return []
    wanted, args = "", []
    for column, values in (("kind", kinds), ("modality", modalities)):
        if values:
            wanted += f" AND {column} IN ({', '.join('?' * len(values))})"
            args += list(values)
    exact = db.execute(f"SELECT * FROM names WHERE form = ?{wanted}", [query, *args]).fetchall()
    rows = exact
    for join in ("AND", "OR"):
        rows = exact + db.execute(
            f"SELECT n.* FROM search s JOIN names n ON n.rowid = s.rowid WHERE search MATCH ?{wanted} LIMIT ?",
            [_match(query, join), *args, CANDIDATES],
        ).fetchall()
        if rows:
            break
    best: dict[str, Hit] = {}
    keys: dict[str, str] = {}
    for _, node, kind, matched, form, alias, name, key, modality in rows:
        score = _score(query, form, bool(alias))
        if score >= LIKELY and (node not in best or score > best[node].score):
            best[node], keys[node] = Hit(node, kind, name, matched, score, modality), key
    ranked = sorted(best.values(), key=lambda h: (-h.score, keys[h.id], h.id))
    return list(itertools.islice((h for h in ranked if keep(h.id)), limit))


def named(db: sqlite3.Connection, text: str) -> list[Hit]:
    """Nodes that bear exactly this name or alias."""
    rows = db.execute("SELECT node, kind, name, text, alias, modality FROM names WHERE form = ? ORDER BY alias, sort_key, node", [fold(text)])
    best = {r[0]: Hit(r[0], r[1], r[2], r[3], 100.0 - r[4], r[5]) for r in reversed(rows.fetchall())}
    return sorted(best.values(), key=lambda h: (-h.score, h.id))
