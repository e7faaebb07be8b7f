"""How good the data is: what disagrees, what is old, what has no code, what rests on little, what no longer stands where it is cited.

Each list comes in pages, each row with the claims it rests on and a sentence. Whole-graph counts stop at COUNTED and say so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from graph.records import UNCONFIRMED
from graph.store.contract import Version
from queries.answers.paths import known, within
from queries.cursor import make_cursor, read_cursor
from queries.reader import Reader, plain

COUNTED = 10_000
SHOWN = 20  # evidence ids of one row
DAYS = 1_826  # five years
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: subjects of one kind only; what counts as old."""

    kind: str | None
    before: dt.date


@dataclass(frozen=True, slots=True)
class List:
    """One list: its name for people, what it holds, where its rows come from, how one is filled in for an answer."""

    zh: str
    en: str
    doc: Mapping[str, str]
    rows: Callable[[Reader, Asked], Iterator[Row]]
    fill: Callable[[Reader, Row], Row]


def overview(reader: Reader, kind: str | None = None, days: int = DAYS, before: dt.date | None = None) -> dict[str, Any]:
    """`{items: [{list, title, doc, count, at_least}], codes, undated_documents, graph_version}`: how long each list is.

    `at_least`: counting stopped at 10,000. `codes`: organisations with no code, by type.
    """
    asked = _asked(reader, kind, days, before)

    def work(version: Version) -> dict[str, Any]:
        items, codes = [], reader.ask("code_coverage").rows
        codeless = next((r["without_code"] for r in codes if r["label"] == "Organization"), 0) if kind in (None, "Organization") else 0
        for name, found in LISTS.items():
            counted = sum(1 for _ in itertools.islice(found.rows(reader, asked), COUNTED)) if name != "no_code" else codeless
            n = min(counted, COUNTED)
            items.append({"list": name, "title": {"zh": found.zh, "en": found.en}, "doc": found.doc, "count": n, "at_least": n == COUNTED})
        undated = reader.ask("undated_documents", {"limit": 200})
        return {"items": items, "before": asked.before.isoformat(), "codes": plain(codes),
                "undated_documents": {"count": len(undated.rows), "at_least": undated.next_cursor is not None}, "graph_version": version.shown}

    return reader.steady(work)


def quality(reader: Reader, which: str, limit: int = 20, cursor: str | None = None, kind: str | None = None, days: int = DAYS,
            before: dt.date | None = None) -> dict[str, Any]:  # fmt: skip
    """`{items, next_cursor, list, title, doc, graph_version}`: one page of a list: conflicts, old, no_code, weak, single or broken.

    `kind`: only of things of one kind. `old` means: every dated document that says it is from before the day (or so many days ago).
    Raises BadParameter, CursorGone.
    """
    known("list", (which,), LISTS)
    within("limit", limit, 1, 200)
    asked, found = _asked(reader, kind, days, before), LISTS[which]

    def work(version: Version) -> dict[str, Any]:
        given = {"kind": kind, "before": asked.before if which == "old" else None, "limit": limit}
        skip = read_cursor(cursor, str(version.current), f"quality_{which}", given) if cursor else 0
        rows = list(itertools.islice(found.rows(reader, asked), skip, skip + limit + 1))
        following = make_cursor(str(version.current), f"quality_{which}", given, skip + limit) if len(rows) > limit else None
        items = [found.fill(reader, row) for row in rows[:limit]]
        nodes = reader.nodes(i["node"] for i in items)
        return {"items": [{**i, "node": plain(nodes[i["node"]])} for i in items if i["node"] in nodes], "next_cursor": following, "list": which,
                "title": {"zh": found.zh, "en": found.en}, "doc": found.doc, "graph_version": version.shown}  # fmt: skip

    return reader.steady(work)


def _asked(reader: Reader, kind: str | None, days: int, before: dt.date | None) -> Asked:
    known("kind", (kind,) if kind else (), reader.ontology.kinds)
    within("days", days, 0, 100_000)
    return Asked(kind, before or dt.date.today() - dt.timedelta(days=days))


# ---- facts that disagree -------------------------------------------------------------------------------------------


def _conflicts(reader: Reader, asked: Asked) -> Iterator[Row]:
    """A name that lost is an alias, and a month that holds the day another source states agrees with it."""
    db = reader.sqlite()
    rows = db.execute("SELECT DISTINCT subject, predicate FROM facts WHERE won = 0 AND predicate <> 'name' ORDER BY subject, predicate")
    for subject, predicate in rows:
        if asked.kind in (None, reader.ontology.kind_of(subject)):
            stated = db.execute("SELECT DISTINCT value FROM facts WHERE subject = ? AND predicate = ?", [subject, predicate]).fetchall()
            if any(_disagree(orjson.loads(a), orjson.loads(b)) for (a,), (b,) in itertools.combinations(stated, 2)):
                yield {"node": subject, "predicate": predicate}


def _disagree(a: Any, b: Any) -> bool:
    """Two different values disagree, unless they are dates that can be the same day."""
    if not (isinstance(a, dict) and isinstance(b, dict) and "earliest" in a and "earliest" in b):
        return True
    return (a["earliest"] or "") > (b["latest"] or "9999") or (b["earliest"] or "") > (a["latest"] or "9999")


def _conflict(reader: Reader, row: Row) -> Row:
    facts = [f for f in reader.facts(row["node"]) if f["predicate"] == row["predicate"]]
    values: dict[str, Row] = {}
    for f in facts:
        e = reader.evidence([f["claim"]])[0]
        value = values.setdefault(orjson.dumps(f["value"]).decode(), {"value": f["value"], "shown": f["shown"], "won": f["won"], "said": []})
        value["said"].append({"claim": f["claim"], **_said(e)})
    texts = [(v, "；".join(f"{s['document']['name']}（{s['document']['published'] or '未注日期'}）" for s in v["said"])) for v in values.values()]
    zh = "；".join(f"{_text(v)}，见{where}" + ("，取此值" if v["won"] else "") for v, where in texts)
    en = "; ".join(f"{_text(v)} according to {where}" + (" (taken)" if v["won"] else "") for v, where in texts)
    label = facts[0]["label"]
    return {**row, "label": label, "values": list(values.values()), "evidence": [f["claim"] for f in facts],
            "sentence": {"zh": f"{label['zh']}有 {len(values)} 种说法：{zh}", "en": f"{len(values)} values of {label['en']}: {en}"}}  # fmt: skip


def _text(value: Row) -> str:
    return value["shown"] or str(value["value"])


def _said(e: Row) -> Row:
    return {"document": {k: e["document"][k] for k in ("id", "name", "published", "standing")}, "place": e["place"], "source": e["source"],
            "confidence": e["confidence"], "unconfirmed": e["unconfirmed"], "modality": e["modality"]}  # fmt: skip


# ---- facts that are old --------------------------------------------------------------------------------------------

_DAY = "(SELECT max(json_extract(p.value, '$.latest')) FROM facts p WHERE p.subject = {} AND p.predicate = 'published' AND p.won = 1)"
# the latest saying of a fact stands for it; where a document of unknown date says it too, its age is unknown
_OLD = f"""
SELECT f.subject, f.predicate, f.claim FROM evidence e JOIN facts f ON f.claim = e.claim
WHERE e.document = ? AND f.won = 1 AND f.subject <> e.document AND f.predicate <> 'aliases'
  AND NOT EXISTS (SELECT 1 FROM (SELECT g.claim, {_DAY.format("h.document")} AS day FROM facts g JOIN evidence h ON h.claim = g.claim
                                 WHERE g.subject = f.subject AND g.predicate = f.predicate AND g.value IS f.value AND g.claim <> f.claim) n
                  WHERE n.day IS NULL OR n.day > ? OR (n.day = ? AND n.claim < f.claim))
ORDER BY e.start, e.rowid"""  # by the index: rows come as they are found


def _old(reader: Reader, asked: Asked) -> Iterator[Row]:
    db = reader.sqlite()
    documents = db.execute(f"SELECT * FROM (SELECT d.id, {_DAY.format('d.id')} AS day FROM documents d) WHERE day < ? ORDER BY day, id",
                           [asked.before.isoformat()]).fetchall()  # fmt: skip
    for document, day in documents:
        for subject, predicate, claim in db.execute(_OLD, [document, day, day]):
            if asked.kind in (None, reader.ontology.kind_of(subject)):
                yield {"node": subject, "predicate": predicate, "claim": claim, "latest": day}


def _aged(reader: Reader, row: Row) -> Row:
    said = _cited(reader, row)
    label, name, day = said["label"], said["document"]["name"], row["latest"]
    sentence = {"zh": f"{label['zh']}最晚见于 {day} 的《{name}》", "en": f"{label['en']}: last said by {name} of {day}"}
    return {**said, "latest": day, "sentence": sentence}


def _cited(reader: Reader, row: Row) -> Row:
    """One claim as a row: what it says, where."""
    e = reader.evidence([row["claim"]])[0]
    return {"node": row["node"], "predicate": row["predicate"], "label": _label(reader, row), "value": e["value"], "object": e["object"],
            "shown": e["shown"], "note": e["note"], "found": e["quote"], **_said(e), "evidence": [row["claim"]]}  # fmt: skip


def _label(reader: Reader, row: Row) -> dict[str, str]:
    relation = reader.ontology.relations.get(row["predicate"])
    declared = relation or reader.ontology.kinds[str(reader.ontology.kind_of(row["node"]))].properties[row["predicate"]]
    return {"zh": declared.zh, "en": declared.en}


# ---- what rests on little ------------------------------------------------------------------------------------------


def _no_code(reader: Reader, asked: Asked) -> Iterator[Row]:
    cursor: str | None = ""
    while asked.kind in (None, "Organization") and cursor is not None:
        page = reader.ask("organizations_without_code", {"limit": 200}, cursor)
        yield from ({"node": r["organization"].id} for r in page.rows)
        cursor = page.next_cursor


def _codeless(reader: Reader, row: Row) -> Row:
    codes = reader.ontology.kinds["Organization"].codes
    labels = [reader.ontology.kinds["Organization"].properties[c] for c in codes]
    zh, en = "、".join(p.zh for p in labels), ", ".join(p.en.lower() for p in labels)
    return {**row, "evidence": _claims(reader, row["node"]), "sentence": {"zh": f"没有{zh}；只凭名称认它", "en": f"no {en}: known by its name only"}}


def _thin(where: str) -> Callable[[Reader, Asked], Iterator[Row]]:
    def rows(reader: Reader, asked: Asked) -> Iterator[Row]:
        kinds = [asked.kind] if asked.kind else sorted(reader.ontology.kinds)
        for kind in kinds:
            found = reader.sqlite().execute(f"SELECT node, claims, documents, confidence FROM thin WHERE kind = ? AND {where} ORDER BY node", [kind])
            yield from (dict(zip(("node", "claims", "documents", "confidence"), r, strict=True)) for r in found)

    return rows


def _resting(reader: Reader, row: Row) -> Row:
    claims = _claims(reader, row["node"])
    names = list(dict.fromkeys(e["document"]["name"] for e in reader.evidence(claims[:5])))
    zh, en = "、".join(names), ", ".join(names)
    sure = f"{row['confidence']:g}"
    return {**row, "unconfirmed": row["confidence"] <= UNCONFIRMED, "evidence": claims, "sentence": {
        "zh": f"{row['claims']} 条陈述出自 {row['documents']} 份文件（{zh}），最高可信度 {sure}",
        "en": f"{row['claims']} claims of {row['documents']} document{'s' * (row['documents'] != 1)} ({en}), the surest {sure}"}}  # fmt: skip


def _claims(reader: Reader, node: str) -> list[str]:
    """Claims about a thing: its own, or those of its relations where it has none."""
    own = [r[0] for r in reader.sqlite().execute("SELECT DISTINCT claim FROM facts WHERE subject = ? ORDER BY claim LIMIT ?", [node, SHOWN])]
    if own:
        return own
    rows = reader.ask("neighbours", {"node": node, "limit": SHOWN, "modalities": list(reader.ontology.modalities)}).rows
    return sorted({c for r in rows for c in r["edge"].properties.get("evidence", ())})[:SHOWN]


# ---- evidence that no longer verifies ------------------------------------------------------------------------------


_CITED = """
SELECT e.claim, e.start, e."end", e.quote_sha256, f.subject, f.predicate FROM evidence e JOIN facts f ON f.claim = e.claim
WHERE e.document = ? AND e.start IS NOT NULL AND e.quote_sha256 IS NOT NULL AND f.predicate <> 'aliases' ORDER BY e.start, e.rowid"""


def _broken(reader: Reader, asked: Asked) -> Iterator[Row]:
    """Cited places of loaded texts that now say something else. (`innochain check-evidence` reads the ledger, before a build.)"""
    db = reader.sqlite()
    for (document,) in db.execute("SELECT id FROM documents WHERE text IS NOT NULL ORDER BY id").fetchall():
        text = db.execute("SELECT text FROM documents WHERE id = ?", [document]).fetchone()[0]
        for claim, start, end, quote, subject, predicate in db.execute(_CITED, [document]):
            if hashlib.sha256(text[start:end].encode()).hexdigest() != quote and asked.kind in (None, reader.ontology.kind_of(subject)):
                yield {"node": subject, "predicate": predicate, "claim": claim}


def _broke(reader: Reader, row: Row) -> Row:
    said = _cited(reader, row)
    label, now = said["label"], said["found"]
    sentence = {"zh": f"{label['zh']}所引之处现为“{now}”，与所读文本不同", "en": f"the place cited for {label['en']} now reads {now!r}"}
    return {**said, "sentence": sentence}


LISTS = {
    "conflicts": List("说法不一", "Facts that disagree", {"zh": "同一属性的不同取值，各附来源与日期。",
                      "en": "Different values of one property, each with its sources and dates."}, _conflicts, _conflict),
    "old": List("陈旧的事实", "Facts that are old", {"zh": "最近一次陈述早于某日的事实。",
            "en": "Facts whose latest saying is from before a day."}, _old, _aged),
    "no_code": List("没有代码的机构", "Organisations with no code", {"zh": "仅知其名称的机构。", "en": "Organisations known by their name only."},
                    _no_code, _codeless),
    "weak": List("只有弱证据的节点", "Nodes of weak evidence only", {"zh": f"所有陈述的可信度都不超过 {UNCONFIRMED} 的对象。",
                 "en": f"Things of which nothing is said with confidence over {UNCONFIRMED}."}, _thin(f"confidence <= {UNCONFIRMED}"), _resting),
    "single": List("只有一个来源的节点", "Nodes of one source", {"zh": "只有一份文件提到的对象。", "en": "Things that one document alone speaks of."},
                   _thin("documents = 1"), _resting),
    "broken": List("证据不再成立", "Evidence that no longer holds", {"zh": "所引之处与已载文本不符。",
                   "en": "Cited places where the loaded text says something else."}, _broken, _broke),
}  # fmt: skip
