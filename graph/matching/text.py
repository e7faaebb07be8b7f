"""How far two short Chinese texts are about the same: shared pairs of characters, rare ones counting more; no dictionary.

An index over the names of one kind of candidate finds, for a few terms, the best text of every candidate at once.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.matching.standard import Standard, read_once
from graph.records import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9]+")


_fold = functools.lru_cache(maxsize=50_000)(fold)  # the same few texts are compared with every candidate


@read_once
def bare(text: str, standard: Standard) -> str:
    """What is left of a text when words that any base's name has are taken out."""
    plain = _fold(text)
    for word in standard.words["generic"]:
        plain = plain.replace(word, " ")
    return plain


@functools.lru_cache(maxsize=50_000)
def grams(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """(single characters and whole Latin words, pairs of characters and whole Latin words)."""
    singles, pairs = set[str](), set[str]()
    for run in _RUNS.findall(text):
        if run[0].isascii():
            singles.add(run)
            pairs.add(run)
        else:
            singles.update(run)
            pairs.update(run[i : i + 2] for i in range(len(run) - 1))
    return frozenset(singles), frozenset(pairs)


def said_in(wanted: str, text: str, standard: Standard) -> bool:
    """Does one of the two name the other, also by a synonym?"""
    b = _fold(text)
    return bool(b) and any(n in b or b in n for n in _names(wanted, standard))


@read_once
def _names(wanted: str, standard: Standard) -> tuple[str, ...]:
    """The names that something goes by, folded; none of nothing."""
    a = _fold(wanted)
    return tuple(sorted({a, *(_fold(s) for group in standard.words["synonyms"] if a in map(_fold, group) for s in group)})) if a else ()


@dataclass
class Index:
    """Texts of candidates: `owner[i]` is the candidate's row of text i, `texts[i]` the text as stated."""

    standard: Standard
    owner: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    _plain: list[str] = field(default_factory=list)
    _where: dict[str, list[int]] = field(default_factory=dict)
    _owners: set[int] = field(default_factory=set)
    _bearers: dict[str, set[int]] = field(default_factory=dict)
    _rows: dict[str, NDArray[Any]] = field(default_factory=dict)
    _grams: list[frozenset[str]] = field(default_factory=list)
    _by_text: NDArray[Any] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def add(self, owner: int, text: str, stripped: str | None = None) -> bool:
        """Take in a text; `stripped` is it without its place. False when nothing is left of it to compare."""
        plain = bare(text if stripped is None else stripped, self.standard)
        singles, pairs = grams(plain)
        if not singles:
            return False
        n = len(self.texts)
        self.owner.append(owner)
        self._owners.add(owner)
        self.texts.append(text)
        self._plain.append(fold(text))
        self._grams.append(singles | pairs)
        for gram in singles | pairs:
            self._where.setdefault(gram, []).append(n)
            self._bearers.setdefault(gram, set()).add(owner)
        return True

    def _weight(self, gram: str) -> float:
        """How telling a gram is: the square of its inverse frequency among candidates (once for each text, as in tf-idf)."""
        return float(math.log1p(len(self._owners) / max(1, len(self._bearers.get(gram, ())))) ** 2)

    def _found(self, gram: str) -> NDArray[Any]:
        if gram not in self._rows:
            self._rows[gram] = np.array(self._where.get(gram, ()), dtype=np.int64)
        return self._rows[gram]

    def best(self, terms: Sequence[str], size: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """For each of `size` candidates: (value 0 to 1, number of the best text or -1, number of the term). Ties: first term, first text."""
        value, text, term = np.zeros(size), np.full(size, -1), np.full(size, -1)
        owner = self._owner_rows()
        for k, wanted in enumerate(terms) if self.texts else ():
            scores = self._scores(wanted)
            some = np.flatnonzero(scores)
            order = some[np.argsort(-scores[some], kind="stable")]
            owners, first = np.unique(owner[order], return_index=True)
            top = order[first]
            better = scores[top] > value[owners] + 1e-12
            at, by = owners[better], top[better]
            value[at], text[at], term[at] = scores[by], by, k
        return value, text, term

    def each(self, terms: Sequence[str]) -> list[float]:
        """The value of every text, what `best` works out of many: for a handful NumPy takes five times as long."""
        wanted = [self._wanted(t) for t in terms]
        return [max((self._worth(w, n) for w in wanted), default=0.0) for n in range(len(self.texts))]

    def of_one(self, terms: Sequence[str], owner: int) -> tuple[float, int, int]:
        """What `best` says of one candidate, without looking at the others."""
        best = (0.0, -1, -1)
        for k, wanted in enumerate(map(self._wanted, terms)):
            for n in np.flatnonzero(self._owner_rows() == owner).tolist():
                if (score := self._worth(wanted, n)) > best[0] + 1e-12:
                    best = (score, n, k)
        return best

    def _owner_rows(self) -> NDArray[Any]:
        if len(self._by_text) != len(self.owner):
            self._by_text = np.array(self.owner, dtype=np.int64)
        return self._by_text

    def _wanted(self, wanted: str) -> tuple[list[tuple[list[tuple[str, float]], float]], tuple[str, ...]]:
        """Of a term: its weighed single characters and pairs, each with their sum, and the names it goes by."""
        singles, pairs = grams(bare(wanted, self.standard))
        if not singles:  # only words that every name has: compare them as they are
            singles, pairs = grams(fold(wanted))
        kinds = []
        for these in (singles, pairs):
            weighed = [(g, self._weight(g)) for g in sorted(these)]
            kinds.append((weighed, sum(w for _, w in weighed)))
        return kinds, _names(wanted, self.standard)

    def _worth(self, wanted: tuple[list[tuple[list[tuple[str, float]], float]], tuple[str, ...]], n: int) -> float:
        kinds, names = wanted
        if any(name in self._plain[n] for name in names):
            return self.standard.overlap["text"]
        mine = self._grams[n]
        shares = [sum(w for g, w in weighed if g in mine) / total if total else 0.0 for weighed, total in kinds]
        return round(self.standard.overlap["text"] * max(shares[1], self.standard.overlap["characters"] * shares[0]), 9)

    def _scores(self, wanted: str) -> NDArray[Any]:
        overlap = self.standard.overlap
        kinds, names = self._wanted(wanted)
        shares = []
        for weighed, total in kinds:
            got = np.zeros(len(self.texts))
            for gram, weight in weighed:
                got[self._found(gram)] += weight
            shares.append(got / total if total else got)
        scores: NDArray[Any] = overlap["text"] * np.maximum(shares[1], overlap["characters"] * shares[0])
        for name in names:
            pieces = grams(name)
            near = min((self._where.get(g, []) for g in pieces[1] or pieces[0]), key=len, default=[])
            scores[[n for n in near if name in self._plain[n]]] = overlap["text"]
        return np.round(scores, 9)
