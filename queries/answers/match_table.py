"""Many achievements at once: each one's whole answer, and a table for the desk: best three, what blocks, next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from graph.errors import BadParameter, InnochainError
from queries.answers.match import match
from queries.answers.wishes import Description
from queries.reader import Reader

MOST = 200
BEST = 3


def match_many(reader: Reader, queries: Mapping[str, Description | InnochainError], target: str = "base", weights: Mapping[str, float] | None = None,
               limit: int = 10) -> dict[str, Any]:  # fmt: skip
    """`{responses: {name: answer or {error}}, table: [row], graph_version}`. A query that cannot be asked spoils no other.

    Raises BadParameter for more than 200 queries, or weights or a target that fit none.
    """
    if not 1 <= len(queries) <= MOST:
        raise BadParameter(f"{len(queries)} queries; from 1 to {MOST} in one call", errors=[{"parameter": "queries"}])

    def work(_: Any) -> dict[str, Any]:
        responses = {name: _one(reader, q, target, weights, limit) for name, q in queries.items()}
        return {"responses": responses, "table": [row(name, r) for name, r in responses.items()], **reader.stamp()}

    return reader.steady(work)


def _one(reader: Reader, q: Description | InnochainError, target: str, weights: Mapping[str, float] | None, limit: int) -> dict[str, Any]:
    try:
        if isinstance(q, InnochainError):
            raise q
        return match(reader, q, target, weights, limit)
    except InnochainError as e:
        if e.status >= 500 or any(x.get("parameter") in ("for", "weights", "limit") for x in e.errors):
            raise  # wrong for all of them
        return {"error": {"code": e.code, "detail": e.detail, **{k: v for k, v in e.particulars.items() if k in ("suggestions", "candidates")}}}


def row(name: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """One line of the table."""
    if "error" in answer:
        return {"query": name, "achievement": name, "best": [], "blocking": None, "next_step": None, "error": answer["error"]["detail"]}
    labels = {c["name"]: c for c in answer["standard"]["conditions"]}
    failed = Counter(w["condition"] for r in answer["rejected"] for w in r["why_not"]).most_common(1)
    blocking = None
    if failed:
        which, n = failed[0]
        blocking = {"condition": which, "zh": labels[which]["zh"], "en": labels[which]["en"], "candidates": n, "of": answer["considered"]}
    best = [{"id": i["node"]["id"], "name": i["node"]["name"], "score": i["score"], "coverage": i["coverage"],
             "unknown": [c["label"] for c in i["conditions"] if c["status"] == "unknown"]} for i in answer["items"][:BEST]]  # fmt: skip
    return {"query": name, "achievement": answer["achievement"]["name"] or name, "best": best, "blocking": blocking, "next_step": answer["next_step"],
            "error": None}  # fmt: skip
