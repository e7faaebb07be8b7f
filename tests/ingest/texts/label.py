"""Make the labelled texts of this folder from marked.txt: `python tests/ingest/texts/label.py`. All of them are invented.

`== name` begins a text. A line is a sentence (one that ends in no 。 is a line of the text, too); an empty line is one. {类型|词} is a named
mention, {类型|词=全称} says what it stands for; 词{类型:g|词=全称} labels the word before as one that only stands for it; {类型:n|词} labels
the last such word within the mention before. `> head | relation | tail` is said by the sentence above.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_MARK = re.compile(r"\{([^|{}:]+)(:[gn])?\|([^{}=]+)(?:=([^{}]+))?\}")


def labelled(marked: str) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """Name → (text, the lines of its gold)."""
    blocks = (b.partition("\n") for b in re.split(r"^== ", marked, flags=re.M)[1:])
    return {name: _one(name, body.strip("\n").split("\n")) for name, _, body in blocks}


def _one(name: str, lines: list[str]) -> tuple[str, list[dict[str, Any]]]:
    text, entities, relations, number = "", [], [], -1
    here: dict[str, Any] = {}
    for line in lines:
        if line.startswith("> "):
            head, kind, tail = (x.strip() for x in line[2:].split("|"))
            entities += _ends(entities, here, head, tail)
            relations.append({"kind": "relation", "head": head, "type": kind, "tail": tail, "stated": "explicit", "sentence_id": number})
        elif not line:
            text += "\n"
        else:
            number += 1
            plain, marks = _read(line)
            here = {"kind": "entity", "doc": name, "sentence_id": number, "sentence": plain}
            entities += [here | m | {"doc_start": len(text) + m["start"]} for m in marks]
            here["at"] = len(text)
            text += plain + ("" if plain.endswith(("。", "”")) else "\n")
    return text + "\n", [{k: v for k, v in e.items() if k != "at"} for e in entities] + relations


def _read(line: str) -> tuple[str, list[dict[str, Any]]]:
    plain, marks, at = "", [], 0
    for found in _MARK.finditer(line):
        plain += line[at : found.start()]
        kind, how, word, full = found.groups()
        start = plain.rindex(word) if how else len(plain)
        plain += "" if how else word
        marks.append({"type": kind, "mention": word, "start": start, "end": start + len(word), "canonical": full or word, "generic": how == ":g"})
        at = found.end()
    return plain + line[at:], marks


def _ends(entities: list[dict[str, Any]], here: dict[str, Any], *ends: str) -> list[dict[str, Any]]:
    """Ends that are no mention yet (sums, dates, things without a name): every place in the sentence where they stand."""
    known = {w for e in entities if e["sentence_id"] == here["sentence_id"] for w in (e["mention"], e["canonical"])}
    made = []
    for end in ends:
        places = [m.start() for m in re.finditer(re.escape(end), here["sentence"])] if end not in known else [-1]
        assert places, f"{end!r} does not stand in {here['sentence']!r}"
        for start in (s for s in places if s >= 0):
            spot = {"start": start, "end": start + len(end), "doc_start": here["at"] + start}
            made.append(here | spot | {"type": "其他", "mention": end, "canonical": end, "generic": True})
    return made


if __name__ == "__main__":
    for name, (text, gold) in labelled((HERE / "marked.txt").read_text(encoding="utf-8")).items():
        (HERE / f"{name}.txt").write_text(text, encoding="utf-8")
        (HERE / f"{name}.jsonl").write_text("".join(json.dumps(g, ensure_ascii=False) + "\n" for g in gold), encoding="utf-8")
