"""A text → what it names and what it says of it, by rules. Nothing is filled in that the text does not say.

Invariant: every span lies in the text and its slice is the mention; of overlapping names the longest stands, nested ones only
inside a policy's name.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingest.text import aliases, amounts, brands, fields, frames, lists, names, public
from ingest.text.found import FACILITIES, ORGANIZATIONS, Extraction, Link, Mention
from ingest.text.links import links
from ingest.text.targets import targets
from ingest.text.view import View

_RANK = {
    "Policy": 0, "Reform": 1, **dict.fromkeys((*ORGANIZATIONS, *FACILITIES, "Fund", "Park", "Exchange", "Team", "Cohort", "PatentSet"), 2),
    **dict.fromkeys(("Batch", "IndustryChain", "Credential", "Date", "Money", "Percent"), 3), "Service": 4, "Field": 5, "Stage": 5,
    "Region": 6, "Count": 6,
}  # fmt: skip
_IN_POLICY = (*ORGANIZATIONS, "Platform", "Fund", "Region", "Park", "Date")


def extract(text: str) -> Extraction:
    """Mentions and links of a text (masked or not); spans are code points of `text`."""
    view = View(text)
    first = _standing([*names.endings(view.text), *names.numbered(view.text), *public.agencies(view.text), *public.policies(view.text),
                       *names.elided(view.text), *names.listed(view.text), *public.regions(view.text)])  # fmt: skip
    other = list(aliases.in_brackets(view.text, first))
    seen = _standing([*first, *_shown(other), *aliases.abbreviated(view.text, first), *frames.revealed(view.text),
                      *brands.traded(view.text)])  # fmt: skip
    later = list(aliases.renamed(view.text, _standing([*seen, *aliases.again(view.text, seen)])))
    seen = _standing([*seen, *_shown(later)])
    seen = _standing([*seen, *lists.neighbours(view.text, seen), *frames.built(view.text, seen)])
    repeated = list(aliases.again(view.text, seen))
    groups = list(amounts.groups(view.text))
    rest = [
        *repeated, *aliases.anaphors(view.text, _standing([*seen, *repeated])), *amounts.amounts(view.text), *(g for g, _ in groups),
        *fields.fields(view.text), *fields.listed_chains(view.text), *fields.plain_lists(view.text), *fields.chains(view.text),
        *fields.services(view.text), *fields.stages(view.text), *fields.credentials(view.text), *fields.unnamed(view.text),
    ]  # fmt: skip
    every = _standing([*seen, *rest])
    aims = targets(view)
    found = [*(k for _, k in groups), *(k for *_, k in (*other, *later)), *aims.links, *links(view, every)]
    return _back(view, [*every, *aims.mentions], found)


def _shown(other: Iterable[tuple[Mention, Mention, Link]]) -> list[Mention]:
    return [m for who, named, _ in other for m in (who, named)]


def _standing(found: Iterable[Mention]) -> list[Mention]:
    """Of overlapping mentions the better: rank, then length, then confidence. Inside a policy's name, names stand too."""
    ordered = sorted({m for m in found if m.start < m.end}, key=lambda m: (_RANK.get(m.label, 9), m.start - m.end, -m.confidence, m.start, m.rule))
    taken: dict[int, Mention] = {}
    out: list[Mention] = []
    for m in ordered:
        over = {id(t): t for n in range(m.start, m.end) if (t := taken.get(n))}
        if all(t.label == "Policy" and t.covers(m) and m.label in _IN_POLICY and t.end - t.start > m.end - m.start for t in over.values()):
            out.append(m)
            if m.label != "Policy" or not over:
                taken.update(dict.fromkeys(range(m.start, m.end), m))
    return sorted(out, key=lambda m: (m.start, -m.end))


def _back(view: View, mentions: list[Mention], found: list[Link]) -> Extraction:
    """Spans of the raw text; what touches a masked place is left out."""

    def raw(m: Mention) -> Mention:
        return m.moved(*view.span(m.start, m.end))

    out = Extraction(mentions=[raw(m) for m in mentions if "█" not in view.text[m.start : m.end]])
    for k in dict.fromkeys(found):
        if "█" in view.text[k.source.start : k.source.end] + view.text[k.target.start : k.target.end]:
            continue
        start, end = view.span(k.start, k.end)
        out.links.append(Link(k.relation, raw(k.source), raw(k.target), k.rule, k.confidence, k.said, k.modality, k.qualifiers, start, end))
    return out
