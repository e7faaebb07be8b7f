"""How well `match` finds the base that a planted achievement went to after the cutoff, beside two baselines on the same graph.

    python tests/bench/holdout.py [NODES] [--seed S]     builds a synthetic province, prints three rows, puts them into today's results

The province states nothing of the held-out project, so its graph is what was known at the cutoff. Candidates that score alike share
their places: a hit and a reciprocal rank are expectations over every order of them, so that no luck with ids counts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from graph.ledger import writing  # noqa: E402
from graph.settings import Settings  # noqa: E402
from graph.snapshot import build  # noqa: E402
from graph.store.open import open_store  # noqa: E402
from ingest.synth import synth  # noqa: E402
from queries.answers.match import LIMIT, match  # noqa: E402
from queries.answers.shelf import shelf  # noqa: E402
from queries.answers.wishes import Description, wish_of  # noqa: E402
from queries.reader import Reader  # noqa: E402

KIND = "PilotBase"
Scores = Mapping[str, float]  # base → how well it is thought to fit; a base that is left out is not recommended


@dataclass(frozen=True)
class Row:
    """One method over all planted achievements: shares from 0 to 1."""

    method: str
    hit_1: float
    hit_5: float
    mrr: float


def asked(planted: Mapping[str, Any], truth: Mapping[str, Any]) -> Description:
    """What its owner would ask on the day work is to begin: the achievement and the credentials it needs, not where."""
    return Description(achievement=truth["achievement"], qualification=truth["needs"], start=truth["held_out"]["started"])


def by_match(reader: Reader, given: Description) -> Scores:
    return {i["node"]["id"]: i["score"] for i in match(reader, given, limit=LIMIT)["items"]}


def blind(reader: Reader, given: Description) -> Scores:
    """`match` without its hard conditions: what a floor has to be above."""
    found = match(reader, given, limit=LIMIT)
    return {i["node"]["id"]: i["score"] for i in (*found["items"], *found["rejected"])}


def by_degree(reader: Reader, _: Description) -> Scores:
    """The base with most ties, whatever is asked."""
    a, on = reader.adjacency(), shelf(reader, KIND)
    return dict(zip(on.ids, (float(a.degree(int(n))) for n in on.numbers), strict=True))


def by_text(reader: Reader, given: Description) -> Scores:
    """Names of the base, of what it serves and offers, against the achievement's name, fields and processes."""
    wish, on = wish_of(reader, given), shelf(reader, KIND)
    value, _, _ = on.index.best([wish.name, *wish.fields, *wish.processes], on.size)
    return {i: float(v) for i, v in zip(on.ids, value, strict=True) if v > 0}


METHODS: dict[str, Callable[[Reader, Description], Scores]] = {
    "match": by_match, "match, no condition": blind, "text only": by_text, "degree only": by_degree}  # fmt: skip


def evaluate(reader: Reader, planted: Mapping[str, Any]) -> dict[str, Row]:
    """Each method's row; the held-out bases are those of `planted["matches"]`."""
    return {name: _row(name, [_places(method(reader, asked(planted, t)), t["held_out"]["base"]) for t in planted["matches"]])
            for name, method in METHODS.items()}  # fmt: skip


def _places(scores: Scores, right: str) -> range:
    """The places, from 1, that the right base shares with those that score alike; none where it is not recommended."""
    if right not in scores:
        return range(0)
    better = sum(s > scores[right] for s in scores.values())
    return range(better + 1, better + 1 + sum(s == scores[right] for s in scores.values()))


def _row(method: str, places: list[range]) -> Row:
    def mean(worth: Callable[[int], float]) -> float:
        return round(sum(sum(map(worth, p)) / len(p) for p in places if p) / len(places), 4)

    return Row(method, mean(lambda n: n <= 1), mean(lambda n: n <= 5), mean(lambda n: 1 / n))


def table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"{'hold-out':<22}{'hit@1':>8}{'hit@5':>8}{'MRR':>8}"
    for r in rows:
        yield f"{r['method']:<22}{r['hit_1']:>8.3f}{r['hit_5']:>8.3f}{r['mrr']:>8.3f}"


def held_out(nodes: int = 20_000, seed: int = 1) -> dict[str, Any]:
    """Builds a province, publishes it in the embedded store and evaluates: `{nodes, seed, achievements, rows}`."""
    with tempfile.TemporaryDirectory(prefix="innochain-holdout-") as folder:
        workspace = Path(folder)
        _, planted = synth(workspace, nodes, seed)
        with writing(workspace):
            made = build(workspace)
        settings = Settings(workspace=workspace, store="embedded")
        with closing(open_store(settings)) as store:
            store.apply(made, lambda what, done, total: None)
        with closing(Reader(settings)) as reader:
            rows = [asdict(r) for r in evaluate(reader, planted).values()]
    return {"nodes": nodes, "seed": seed, "achievements": len(planted["matches"]), "rows": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nodes", nargs="?", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    held, today = held_out(given.nodes, given.seed), dt.date.today().isoformat()
    path = HERE / "results" / f"{today}.json"
    body = json.loads(path.read_bytes()) if path.exists() else {"date": today, "synthetic": True}
    path.write_text(json.dumps(body | {"holdout": held}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\n".join(table(held["rows"])))


if __name__ == "__main__":
    main()
