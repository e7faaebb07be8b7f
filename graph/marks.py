"""What people note of a pair: an achievement was considered at a facility, with what answer. Live claims of the source `curation`.

A mark changes the graph at the next build, outlives every rebuild, and is taken back by judging its claim `wrong`: nothing
in the ledger is ever rewritten. While no source states one of its ends, a mark waits and shows nowhere.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import BadInput, Unknown
from graph.ledger import CURATION, Ledger, writing
from graph.ontology import load
from graph.records import Evidence, check, claim, node_id

if TYPE_CHECKING:
    from graph.records import Claim
    from graph.snapshot import Snapshot

ANSWERS = load().relations["CONSIDERED_AT"].properties["answer"].choices
TITLE = "接洽记录"  # the document that marks cite; who noted it and when stands in the claim's note


@dataclass(frozen=True, slots=True)
class Marked:
    """A live mark as it was noted."""

    claim_id: str
    achievement: str
    facility: str
    answer: str
    reason: str
    date: str
    note: str


def marks(workspace: Path) -> list[Marked]:
    """Live marks, latest first. Raises nothing on an empty workspace."""
    import duckdb

    ledger = Ledger(workspace)
    if not (about := ledger.noted("CONSIDERED_AT")):
        return []
    with duckdb.connect() as db:
        ledger.load(db, about=about)
        rows = db.execute("SELECT claim_id, subject, object, value, evidence->>'$.note', recorded_at FROM live WHERE source = ? "
                          "AND predicate = 'CONSIDERED_AT' ORDER BY recorded_at DESC, claim_id", [CURATION]).fetchall()  # fmt: skip
    out = []
    for claim_id, subject, obj, value, note, _ in rows:
        said = {k: v["s"] for k, v in json.loads(value).items()}
        out.append(Marked(claim_id, subject, obj, said["answer"], said.get("reason", ""), said.get("event_date", ""), note or ""))
    return out


def mark(workspace: Path, snapshot: Snapshot, achievement: str, facility: str, answer: str, reason: str, who: str,
         date: str = "", now: dt.datetime | None = None) -> Claim:  # fmt: skip
    """Note an answer. Raises BadInput, BadRow (a date that is none), Unknown (no such node in the graph), Busy."""
    if not who.strip():
        raise BadInput("who notes it? give a name, so that others can ask")
    if answer not in ANSWERS:
        raise BadInput(f"no answer {answer!r}; there are {', '.join(ANSWERS)}")
    if answer == "refused" and not reason.strip():
        raise BadInput("why was it refused? give the reason, so that later answers can say why not")
    if not load().allows("CONSIDERED_AT", load().kind_of(achievement) or "", load().kind_of(facility) or ""):
        raise BadInput(f"{achievement!r} and {facility!r}: an achievement and a base, centre or platform are needed")
    _known(snapshot, achievement, facility)
    at = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    texts = {"answer": answer, "event_date": date.strip() or at.date().isoformat()} | ({"reason": reason.strip()} if reason.strip() else {})
    value = {k: {"v": v.value, "s": v.shown} for k, v in check("CONSIDERED_AT", texts).items()}
    document = node_id("Document", (("name", TITLE),))
    note = f"{who.strip()} 记于 {at.isoformat(timespec='seconds')}"
    made = claim(CURATION, achievement, "CONSIDERED_AT", Evidence(document, note=note).json(), object=facility, value=value)
    paper = [claim(CURATION, document, p, Evidence(document, note=TITLE).json(), value=v, shown=v) for p,
            v in (("name", TITLE), ("standing", "table"))]
    with writing(workspace), Ledger(workspace).run(CURATION, at) as run:
        run.add([*paper, made])
        run.close(complete=False)
    return made


def withdraw(workspace: Path, achievement: str, facility: str, who: str, why: str) -> list[str]:
    """Take back every live mark of a pair; the claims taken back. Raises Unknown where there is none."""
    if not who.strip():
        raise BadInput("who takes it back? give a name, so that others can ask")
    held = [m for m in marks(workspace) if (m.achievement, m.facility) == (achievement, facility)]
    if not held:
        raise Unknown(f"nothing is marked between {achievement!r} and {facility!r}", suggestions=[])
    for m in held:
        with writing(workspace):
            Ledger(workspace).judge("wrong", m.claim_id, None, who.strip(), why.strip())
    return [m.claim_id for m in held]


def _known(snapshot: Snapshot, *ids: str) -> None:
    db = snapshot.sqlite()
    try:
        for what in ids:
            if not db.execute("SELECT 1 FROM names WHERE node = ?", [what]).fetchone():
                raise Unknown(f"there is no node {what!r} in the current graph", suggestions=[])
    finally:
        db.close()
