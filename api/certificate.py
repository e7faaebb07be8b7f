"""A matched pair on one printable page: what was asked, each condition ticked, crossed or open, reasons with sources, version, date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from queries.reader import Reader

HERE = Path(__file__).parent
STYLE = HERE / "static" / "certificate.css"


def certificate(reader: Reader, found: Mapping[str, Any], lang: str = "zh", today: dt.date | None = None, alone: bool = False) -> str:
    """HTML of what `pair` gives. `alone`: with its style inside, as a file; else a page of the service. Cited sources are numbered."""
    page = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True).get_template("certificate.html")  # fmt: skip
    item = found["item"]
    claims = dict.fromkeys(c for part in (item["conditions"], item["reasons"]) for x in part for c in x["evidence"])
    places = {e["claim"]: e for e in (_evidence(reader, c) for c in claims) if e}
    numbers: dict[tuple[str, str], int] = {}
    for e in places.values():
        numbers.setdefault(_source(e), len(numbers) + 1)
    marks = {c: numbers[_source(e)] for c, e in places.items()}
    return page.render(item=item, wish=found["achievement"], step=found["next_step"], standard=found["standard"], version=found["graph_version"],
                       synthetic="synthetic" in reader.stamp(),
                       lang=lang, today=(today or dt.date.today()).isoformat(), t=lambda zh, en: en if lang == "en" else zh,
                       cited=lambda evidence: sorted({marks[c] for c in evidence if c in marks}),
                       sources=sorted(numbers.items(), key=lambda x: x[1]), style=STYLE.read_text(encoding="utf-8") if alone else None)  # fmt: skip


def _evidence(reader: Reader, claim: str) -> dict[str, Any] | None:
    from graph.errors import Unknown

    try:
        return reader.evidence([claim])[0]
    except Unknown:  # a claim without a document
        return None


def _source(e: Mapping[str, Any]) -> tuple[str, str]:
    place = e["place"]
    where = f"{place['start']}–{place['end']}" if "start" in place else "·".join(str(v) for v in place.values())
    return str(e["document"]["name"]), where or str(e["note"] or "")
