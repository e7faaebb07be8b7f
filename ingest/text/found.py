"""What is found in a text: mentions with their spans, and links between them in the terms of the ontology.

A label is finer than a kind: it says what the words call the thing. Spans are code points; after `extract` those of the raw text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

ORGANIZATIONS = ("University", "Institute", "Hospital", "Enterprise", "Agency", "TransferOrg", "Investor", "Alliance")
FACILITIES = ("PilotBase", "VerificationCentre", "Platform", "Laboratory")
KINDS = {  # label → kind of the ontology; labels absent here name nothing and only hold a place (SomeOrg: “科技型企业”)
    **dict.fromkeys(ORGANIZATIONS, "Organization"), **{f: f for f in FACILITIES}, "Policy": "Policy", "Reform": "Policy", "Field": "Field",
    "IndustryChain": "IndustryChain", "Fund": "Fund", "Park": "Park", "Region": "Region", "Stage": "Stage", "Service": "Service",
    "Credential": "Credential", "Target": "Target", "Batch": "Batch", "Anaphor": "Organization",
    "FundRef": "Fund", "AllianceRef": "Organization", "Team": "Observation", "Cohort": "Observation", "PatentSet": "Observation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """One span that names (or counts, dates, prices) something. `name` is the thing's name: its elided head is added."""

    start: int
    end: int
    label: str
    rule: str
    confidence: float
    name: str

    def covers(self, other: Mention) -> bool:
        return self.start <= other.start and other.end <= self.end

    def moved(self, start: int, end: int) -> Mention:
        return replace(self, start=start, end=end)


@dataclass(frozen=True, slots=True)
class Link:
    """`source` —relation→ `target` as the ontology directs it; a property is written Kind.property. `said` is the verb."""

    relation: str
    source: Mention
    target: Mention
    rule: str
    confidence: float
    said: str = ""
    modality: str = "done"
    qualifiers: tuple[tuple[str, str], ...] = ()
    start: int = 0  # the words that say it
    end: int = 0


@dataclass
class Extraction:
    """Everything found in one text. `nested` mentions stand inside a policy's name."""

    mentions: list[Mention] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def by_label(self) -> dict[str, int]:
        counted: dict[str, int] = {}
        for m in self.mentions:
            counted[m.label] = counted.get(m.label, 0) + 1
        return dict(sorted(counted.items()))


def json_of(found: Extraction) -> dict[str, Any]:
    """Plain data of an extraction, for reading by eye."""
    return {"mentions": [(m.start, m.end, m.label, m.name, m.rule) for m in found.mentions],
            "links": [(k.source.name, k.relation, k.target.name, k.said, k.modality, dict(k.qualifiers)) for k in found.links]}  # fmt: skip
