"""People's decisions on what may be one thing: taken, listed, taken back. They are claims; source rows are never rewritten.

A decision changes the graph at the next build. One that cannot hold together with earlier ones is refused when it is taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import BadInput, Unknown
from graph.identity import judged
from graph.ledger import Ledger, judgeable, writing
from graph.proposals import Progress, Proposal, kept

if TYPE_CHECKING:
    from graph.records import Claim
    from graph.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Decision:
    """A live judgement: on two ids, or on one claim (`wrong`)."""

    claim_id: str
    verdict: str
    subject: str
    object: str | None
    who: str
    when: str
    why: str


def decisions(workspace: Path) -> list[Decision]:
    """The live ones, latest first; a withdrawn one shows as withdrawn."""
    import duckdb

    with duckdb.connect() as db:
        Ledger(workspace).judgements(db)
        rows = db.execute("SELECT claim_id, verdict, subject, object, value FROM judgements").fetchall()
    made = [Decision(c, v, s, o, **{k: str(json.loads(value)[k]) for k in ("who", "when", "why")}) for c, v, s, o, value in rows]
    return sorted(made, key=lambda d: (d.when, d.claim_id), reverse=True)


def open_proposals(workspace: Path, snapshot: Snapshot, places: Mapping[str, str], progress: Progress = lambda *_: None, *,
                   undecided: bool = True) -> list[Proposal]:  # fmt: skip
    """What a person has not decided yet, likeliest first. `undecided` = also what was marked unsure stays away."""
    done = {(d.subject, d.object) for d in decisions(workspace) if d.verdict in ("same", "different") or (undecided and d.verdict == "unsure")}
    return [p for p in kept(workspace, snapshot, places, progress) if (p.a, p.b) not in done]


def decide(workspace: Path, snapshot: Snapshot, verdict: str, subject: str, object: str | None, who: str, why: str) -> Claim:
    """Record a decision. Raises BadInput, Unknown (no such id or claim), Contradiction (listed), Busy."""
    if not who.strip():
        raise BadInput("who decides? give a name, so that others can ask")
    judgeable(verdict, subject, object)
    _known(snapshot, subject, object)
    with writing(workspace):
        ledger = Ledger(workspace)
        if verdict in ("same", "different") and object is not None:
            _holds(ledger, verdict, subject, object)
        return ledger.judge(verdict, subject, object, who.strip(), why.strip())


def _known(snapshot: Snapshot, subject: str, object: str | None) -> None:
    db = snapshot.sqlite()
    try:
        for what in (subject, object):
            if what is None:
                continue
            node = ":" in what
            table = "names WHERE node = ?1 UNION SELECT 1 FROM referents WHERE id = ?1" if node else "evidence WHERE claim = ?1"
            if not db.execute(f"SELECT 1 FROM {table}", [what]).fetchone():
                raise Unknown(f"there is no {'node' if node else 'claim'} {what!r} in the current graph", suggestions=[])
    finally:
        db.close()


def _holds(ledger: Ledger, verdict: str, subject: str, object: str) -> None:
    """Refuse a decision that contradicts the live ones, directly or along a chain of `same`."""
    import duckdb

    with duckdb.connect() as db:
        ledger.judgements(db)
        pairs = db.execute("SELECT verdict, subject, object FROM judgements WHERE verdict IN ('same', 'different')").fetchall()
    pair = tuple(sorted((subject, object)))
    judged([p for p in pairs if (p[1], p[2]) != pair] + [(verdict, *pair)])
