"""Targets: a clause with a number, in a sentence that says by when (到2026年底,将培育认定60家…)."""

from __future__ import annotations

import bisect
import re

from ingest.text.amounts import DATE, amounts
from ingest.text.found import Extraction, Link, Mention
from ingest.text.view import View

_STRIP = re.compile(r"^(?:全[省市县区国]|我[省市]|将|力争|争取|确保|要|累计|总共|共|预计|和|并|且)+")
_PAST = re.compile(r"已经?|[^为]了(?!解)|实际|同比|截至|[遴评筛]?选出|入选")
_SPLIT = re.compile(r"[,;]|、(?=[^、,;。]*\d)")


def targets(view: View) -> Extraction:
    """Target mentions (the clause), each with its value and its due date."""
    out = Extraction()
    numbers = sorted((m for m in amounts(view.text) if m.label != "Date"), key=lambda m: (m.start, -m.end))
    starts = [m.start for m in numbers]
    for start, end in view.sentences():
        for due in _dues(view.text, start, end):
            for low, high in _clauses(view.text, due.end, end):
                inside = numbers[bisect.bisect_left(starts, low) : bisect.bisect_left(starts, high)]
                clause = view.text[low:high]
                if not inside or _PAST.search(clause) or len(clause) > 60 or not re.search(r"\d", clause):
                    continue
                low += len(found[0]) if (found := _STRIP.match(clause)) else 0
                if high - low < 4 or inside[0].start < low:
                    continue
                aim = Mention(low, high, "Target", "dated-aim", 0.75, view.text[low:high])
                out.mentions.append(aim)
                for part, rule, said, end_ in (("value", "target-value", "目标值", inside[0]), ("due", "target-due", "完成时限", due)):
                    out.links.append(Link(f"Target.{part}", aim, end_, rule, 0.75, said, "planned", start=due.start, end=high))
    return out


def _dues(text: str, start: int, end: int) -> list[Mention]:
    """The first date of the sentence that something is to be done by."""
    for found in DATE.finditer(text, start, end):
        before, after = text[max(start, found.start() - 4) : found.start()], text[found.end() : found.end() + 1]
        if before.endswith(("截至", "截止", "截至到")):
            continue
        ends = found[0].endswith(("底", "末", "前")) and re.search(r"(?:^|[,;:。\s]|在|力争|确保)$", before)
        aimed = re.search(r"到$|至$|力争$|争取$", before) or ends
        if aimed and "以来" not in found[0] and "今" not in before and after not in ("的", "以"):
            return [Mention(*found.span(), "Date", "date", 0.95, found[0])]
    return []


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses after the date, each cut where the next number's begins."""
    start += len(re.match(r"[年底末前,、\s]*", text[start:end])[0])  # type: ignore[index]  # it always matches
    out, at = [], start
    for found in [*_SPLIT.finditer(text, start, end), None]:
        high = found.start() if found else end
        out.append((at, high - (len(text[at:high]) - len(text[at:high].rstrip("。!?\n ”")))))
        at = found.end() if found else end
    return [(s, e) for s, e in out if e > s]
