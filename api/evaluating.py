"""`innochain evaluate`: how well the extraction does on a hand-labelled text, and what it misses.

Entities count by exact span, named ones only, of the types `gold_mapping.json` beside the gold lists. A relation is right when its
type is and both its ends overlap mentions of the gold's ends; the gold states relations within a sentence, so only those are held
against it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.terminal import out, table
from graph.errors import BadFile

if TYPE_CHECKING:
    from ingest.text.found import Extraction, Link, Mention

Span = tuple[int, int]


@dataclass(frozen=True)
class Gold:
    """A hand-labelled text and how its types count."""

    entities: list[dict[str, Any]]
    relations: list[dict[str, Any]]
    kinds: dict[str, str]  # type of the gold → label of ours
    ignored: frozenset[str]
    counted: frozenset[str]


def evaluate(gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Hand-labelled JSONL, gold_mapping.json beside it")],
             text: Annotated[Path, typer.Option("--text", help="The text it labels")],
             as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON")] = False) -> None:  # fmt: skip
    """Precision, recall and F1 of the extraction against a hand-labelled text, with what was missed."""
    from ingest.text.extract import extract
    from ingest.text.formats import text_of

    raw = text_of(text).text
    found = scored(read_gold(gold, raw), extract(raw))
    out(found, as_json, lambda: _shown(found))


# ---- the gold


def _json_lines(path: Path) -> Iterable[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise BadFile(f"{path}: {getattr(e, 'strerror', None) or 'not UTF-8'}; give a file of JSON lines in UTF-8") from e
    for n, line in enumerate(lines, 1):
        if line.strip():
            try:
                read = json.loads(line)
            except ValueError as e:
                raise BadFile(f"{path}:{n}: no JSON ({e})") from e
            if not isinstance(read, dict) or read.get("kind") not in ("entity", "relation"):
                raise BadFile(f"{path}:{n}: every line is an object whose kind is entity or relation")
            yield {**read, "line": n}


def read_gold(path: Path, text: str) -> Gold:
    """The gold, proved against the text. Raises BadFile naming the line that does not fit."""
    lines = list(_json_lines(path))
    beside = path.with_name("gold_mapping.json")
    try:
        mapping = json.loads(beside.read_text(encoding="utf-8-sig"))
        made = Gold([x for x in lines if x["kind"] == "entity"], [x for x in lines if x["kind"] == "relation"], mapping["entities"],
                    frozenset(mapping.get("ignored_mentions", ())), frozenset(mapping["relations_that_count"]))  # fmt: skip
    except OSError as e:
        raise BadFile(f"{beside}: {e.strerror}; the gold needs it beside it to say which types count") from e
    except (ValueError, KeyError, TypeError) as e:
        raise BadFile(f"{beside}: it needs entities (type → kind) and relations_that_count ({e})") from e
    _prove(path, made, text)
    return made


def _prove(path: Path, gold: Gold, text: str) -> None:
    for e in gold.entities:
        missing = [k for k in ("type", "mention", "doc_start", "sentence_id", "generic") if k not in e]
        if missing:
            raise BadFile(f"{path}:{e['line']}: an entity needs {missing[0]}")
        there = text[e["doc_start"] : e["doc_start"] + len(e["mention"])]
        if there != e["mention"]:
            raise BadFile(f"{path}:{e['line']}: the text has {there!r} at {e['doc_start']}, not {e['mention']!r}; is it the text that was labelled?")
    for r in gold.relations:
        if missing := [k for k in ("head", "type", "tail", "sentence_id") if k not in r]:
            raise BadFile(f"{path}:{r['line']}: a relation needs {missing[0]}")
    if not gold.entities:
        raise BadFile(f"{path}: it labels no entity")


# ---- the score


def _rates(right: int, predicted: int, wanted: int, hit: int | None = None) -> dict[str, float]:
    precision, recall = right / predicted if predicted else 0.0, (right if hit is None else hit) / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _spans(gold: Gold) -> dict[Span, str]:
    """Span → label of every entity that counts."""
    return {(e["doc_start"], e["doc_start"] + len(e["mention"])): gold.kinds[e["type"]] for e in gold.entities
            if not e["generic"] and e["type"] in gold.kinds and e["mention"] not in gold.ignored}  # fmt: skip


def _counting(labels: set[str]) -> Callable[[Mention], Mention]:
    """A named laboratory is a platform where the gold has no label of its own for it: 创新平台 of the policies include laboratories."""
    return lambda m: replace(m, label="Platform") if m.label == "Laboratory" and m.label not in labels else m


def scored(gold: Gold, found: Extraction) -> dict[str, Any]:
    """The figures and the misses, as `--json` prints them."""
    wanted = _spans(gold)
    ignored = {(e["doc_start"], e["doc_start"] + len(e["mention"])) for e in gold.entities if e["mention"] in gold.ignored}
    labels = set(gold.kinds.values())
    ours = {(m.start, m.end): m for m in map(_counting(labels), found.mentions) if m.label in labels and (m.start, m.end) not in ignored}
    right = wanted.keys() & ours.keys()
    both = {s for s in right if wanted[s] == ours[s].label}
    kinds = {k: _rates(sum(wanted[s] == k for s in both), sum(m.label == k for m in ours.values()), sum(w == k for w in wanted.values()))
             for k in sorted({*wanted.values(), *(m.label for m in ours.values())})}  # fmt: skip
    span = _rates(len(right), len(ours), len(wanted))
    relations, relation_misses = _relations(gold, found)
    texts = {s: e["mention"] for e in gold.entities for s in [(e["doc_start"], e["doc_start"] + len(e["mention"]))]}

    def missed(how: str, span: Span, **more: str) -> dict[str, Any]:
        return {"what": "entity", "missed": how, "start": span[0], "end": span[1], **more}

    misses = [missed("recall", s, kind=wanted[s], mention=texts[s]) for s in sorted(wanted.keys() - right)]
    misses += [missed("precision", s, kind=m.label, mention=m.name, rule=m.rule) for s, m in sorted(ours.items()) if s not in right]
    misses += [missed("kind", s, kind=wanted[s], found=ours[s].label, mention=texts[s]) for s in sorted(right - both)]
    return {"entities": {"f1": span["f1"], "span": span, "span_kind": _rates(len(both), len(ours), len(wanted)), "by_kind": kinds},
            "relations": relations, "misses": [*misses, *relation_misses]}  # fmt: skip


def gold_types(link: Link) -> list[str]:
    """Names of the gold that a link of ours answers, a name that is read backwards with a leading “<”."""
    from ingest.text.links import gold_relations

    return [("<" if e.get("back") else "") + name for name, entries in gold_relations().items() for e in entries
            if e["relation"] == link.relation and e.get("said", link.said) == link.said
            and link.source.label in e.get("from", [link.source.label]) and link.target.label in e.get("to", [link.target.label])]  # fmt: skip


def _relations(gold: Gold, found: Extraction) -> tuple[dict[str, float], list[dict[str, Any]]]:
    ends: defaultdict[tuple[int, str], list[Span]] = defaultdict(list)
    sentences: dict[int, Span] = {}
    for e in gold.entities:
        span = (e["doc_start"], e["doc_start"] + len(e["mention"]))
        for name in {e["mention"], e.get("canonical", e["mention"])}:
            ends[e["sentence_id"], name].append(span)
        start = e["doc_start"] - e.get("start", 0)
        sentences[e["sentence_id"]] = (start, start + len(e.get("sentence", e["mention"])))
    wanted = [r for r in gold.relations if r["type"] in gold.counted]
    ours = _heads_and_tails(gold, found, list(sentences.values()))
    hit: set[int] = set()
    right: set[int] = set()
    for n, (name, head, tail, _) in enumerate(ours):
        for r in wanted:
            if r["type"] == name and _over(head, ends[r["sentence_id"], r["head"]]) and _over(tail, ends[r["sentence_id"], r["tail"]]):
                hit.add(r["line"])
                right.add(n)
    misses: list[dict[str, Any]] = [
        {"what": "relation", "missed": "recall", "relation": r["type"], "head": r["head"], "tail": r["tail"], "sentence_id": r["sentence_id"],
         "stated": r.get("stated")} for r in wanted if r["line"] not in hit]  # fmt: skip
    for n, (name, head, _, link) in enumerate(ours):
        if n not in right:
            first, second = (link.source, link.target) if head == _at(link.source) else (link.target, link.source)
            misses.append({"what": "relation", "missed": "precision", "relation": name, "head": first.name, "tail": second.name,
                           "start": link.start, "rule": link.rule})  # fmt: skip
    return _rates(len(right), len(ours), len(wanted), len(hit)), misses


def _at(m: Mention) -> Span:
    return m.start, m.end


def _heads_and_tails(gold: Gold, found: Extraction, sentences: list[Span]) -> list[tuple[str, Span, Span, Link]]:
    """Our links in the gold's names and directions, once each, those within one sentence."""
    made: dict[tuple[str, Span, Span], Link] = {}
    for link in found.links:
        low, high = min(link.source.start, link.target.start), max(link.source.end, link.target.end)
        if sentences and any(s <= low < e and high > e for s, e in sentences):
            continue
        for name in gold_types(link):
            head, tail = (link.target, link.source) if name[0] == "<" else (link.source, link.target)
            if name.lstrip("<") in gold.counted:
                made.setdefault((name.lstrip("<"), _at(head), _at(tail)), link)
    return [(*key, link) for key, link in made.items()]


def _over(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


# ---- for people


def _shown(found: dict[str, Any]) -> str:
    def row(name: str, r: dict[str, float]) -> list[str]:
        return [name, *(f"{r[k]:.3f}" for k in ("precision", "recall", "f1"))]

    rows = [row("entities, span", found["entities"]["span"]), row("entities, span and kind", found["entities"]["span_kind"]),
            *(row(f"  {k}", r) for k, r in found["entities"]["by_kind"].items()), row("relations", found["relations"])]  # fmt: skip
    lines = [table(["what", "precision", "recall", "F1"], rows), ""]
    for m in found["misses"]:
        said = f"{m['head']} —{m['relation']}→ {m['tail']}" if m["what"] == "relation" else f"{m['kind']} {m['mention']} ({m['start']}–{m['end']})"
        why = {"recall": "not found", "precision": "not in the gold", "kind": f"called {m.get('found')}"}[m["missed"]]
        lines.append(f"{why}: {said}" + (f"  [{m['rule']}]" if "rule" in m else ""))
    return "\n".join(lines)
