"""What the rules found, as claims: every one with its span, the hash of the words that say it, the rule's name and its confidence.

A thing that is only spoken of (“科技型企业”) becomes no node; a link that the ontology does not allow becomes no claim.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from graph.errors import BadRow
from graph.ontology import load
from graph.records import Claim, Evidence, Stated, check, claim, node_id
from ingest.publications import Publication, key_text
from ingest.text.extract import extract
from ingest.text.found import KINDS, ORGANIZATIONS, Extraction, Link, Mention
from ingest.text.lexicon import code_of, place, places

STANDING = (*ORGANIZATIONS, "PilotBase", "VerificationCentre", "Platform", "Laboratory", "Policy", "Reform", "Field", "IndustryChain", "Fund",
            "Park", "Region")  # fmt: skip
LINKED = ("Stage", "Credential", "Anaphor", "FundRef", "AllianceRef")  # become nodes only where a link needs them
_COUNTS = {
    "概念验证中心": "VerificationCentre", "中试基地": "PilotBase", "中试平台": "PilotBase", "新产品": "Product", "企业": "Organization",
    "专利": "Patent", "基金": "Fund",
}  # fmt: skip
_FORMS = {
    "决定": "decision", "计划": "plan", "方案": "scheme", "意见": "opinion", "办法": "measures", "改革": "reform", "规划": "programme",
    "细则": "rules", "规定": "rules", "指南": "guide", "条例": "law", "法": "law",
}  # fmt: skip


def extracted(source: str, publication: Publication, text: str) -> Iterator[Claim]:
    """The claims of everything found in a (masked) text, each once."""
    seen: set[str] = set()
    for made in _Writer(source, publication, text, extract(text)).claims():
        if made.claim_id not in seen:
            seen.add(made.claim_id)
            yield made


class _Writer:
    def __init__(self, source: str, publication: Publication, text: str, found: Extraction) -> None:
        self.source, self.text, self.found = source, text, found
        self.document, self.day = publication.node_id, publication.day
        self.ontology = load()
        self.home = _home(publication.issuer, found)
        self.named: set[str] = set()

    def claims(self) -> Iterator[Claim]:
        for m in self.found.mentions:
            if m.label in STANDING:
                yield from self._node(m)
            if m.label == "Policy":
                yield from self._relation("CITES", self.document, "Document", m, m)
        for link in self.found.links:
            try:
                yield from self._link(link)
            except BadRow:  # an amount or date that no value type takes: the mention stands, the link does not
                continue
        yield from self._targets()

    # ---- nodes

    def _evidence(self, start: int, end: int, rule: str, said: str = "") -> str:
        quote = hashlib.sha256(self.text[start:end].encode()).hexdigest()
        return Evidence(self.document, start, end, quote, note=f"规则提取：{rule}{f'（{said}）' if said else ''}").json()

    def _name(self, m: Mention) -> str:
        """省科技厅 is the department of the province this document is of; without one it is nobody's."""
        if m.label == "Agency" and (lone := re.match(r"[省市区](?!政协)", m.name)) and not place().match(m.name):
            home = self.home.get(lone[0], "")
            return home + m.name[1:] if home else ""
        return m.name

    def id_of(self, m: Mention) -> str | None:
        kind, name = KINDS.get(m.label), self._name(m)
        if kind is None or not name or m.label not in (*STANDING, *LINKED):
            return None
        if kind == "Region":
            code = code_of(name)
            return node_id("Region", (("adcode", code),)) if code else None
        return node_id(kind, (("name", name),))

    def _node(self, m: Mention) -> Iterator[Claim]:
        """What is known of a thing by being named: its name and what its name says it is. Once a document."""
        node = self.id_of(m)
        if node is None or node in self.named or m.label in ("Anaphor", "FundRef", "AllianceRef"):
            return
        self.named.add(node)
        kind, evidence = KINDS[m.label], self._evidence(m.start, m.end, m.rule)
        texts: dict[str, Any] = {"name": self._name(m)}
        if kind == "Region":
            texts = {"adcode": code_of(m.name)}
        elif kind == "Organization":
            texts["types"] = [m.label]
        elif kind == "Policy" and (form := next((f for w, f in _FORMS.items() if re.search(f"{w}(?:[((][^()]*[))])?”?$", m.name)), "")):
            texts["form"] = form
        for name, value in check(kind, texts, self.day).items():
            for one in value if isinstance(value, list) else [value]:
                yield claim(self.source, node, name, evidence, value=one.value, shown=one.shown, confidence=m.confidence)

    # ---- links

    def _link(self, link: Link) -> Iterator[Claim]:
        if link.relation in ("Target.value", "Target.due"):
            return  # written together, as one target
        if link.relation == "Policy.issued":
            yield from self._property(link, "issued", link.target.name, link.source)
        elif link.relation == "Organization.aliases":
            yield from self._property(link, "aliases", [link.target.name], link.source)
        elif link.relation == "Measure.amount":
            yield from self._measure(link)
        elif link.relation == "ABOUT":
            yield from self._observation(link)
        elif link.relation == "OFFERS":
            yield from self._service(link)
        elif "Batch" in (link.source.label, link.target.label):
            yield from self._batch(link)
        elif "." not in link.relation and (source := self.id_of(link.source)):
            yield from self._relation(link.relation, source, KINDS[link.source.label], link.target, link)

    def _property(self, link: Link, name: str, value: Any, owner: Mention) -> Iterator[Claim]:
        if node := self.id_of(owner):
            evidence = self._evidence(link.start, link.end, link.rule, link.said)
            (stated,) = check(KINDS[owner.label], {name: value}, self.day).values()
            for one in stated if isinstance(stated, list) else [stated]:
                yield claim(self.source, node, name, evidence, value=one.value, shown=one.shown, modality=link.modality, confidence=link.confidence)

    def _relation(self, relation: str, source: str, source_kind: str, target: Mention, by: Link | Mention) -> Iterator[Claim]:
        object_ = self.id_of(target)
        if object_ is None or object_ == source or not self.ontology.allows(relation, source_kind, KINDS[target.label]):
            return
        link = by if isinstance(by, Link) else None
        for end in (link.source, target) if link else (target,):
            yield from self._node(end)
        declared = self.ontology.relations[relation].properties
        given = {k: v for k, v in (link.qualifiers if link else ()) if k in declared}
        if relation == "ISSUES":
            given["part"] = "issuer"
        values: dict[str, Stated] = check(relation, given, self.day)
        evidence = self._evidence(by.start, by.end, by.rule, link.said if link else "")
        stated = {k: {"v": v.value, "s": v.shown} for k, v in values.items()} or None
        modality = link.modality if link else "done"
        yield claim(self.source, source, relation, evidence, object=object_, value=stated, modality=modality, confidence=by.confidence)

    # ---- things that only their statement tells apart

    def _own(self, kind: str, key: tuple[tuple[str, str], ...], texts: dict[str, Any], link: Link, by: str) -> Iterator[Claim]:
        """A node whose key has this document in it, with the relation from the document."""
        node, evidence = node_id(kind, key), self._evidence(link.start, link.end, link.rule, link.said)
        common: dict[str, Any] = {"modality": link.modality, "confidence": link.confidence}
        for name, value in check(kind, texts, self.day).items():
            for one in value if isinstance(value, list) else [value]:
                yield claim(self.source, node, name, evidence, value=one.value, shown=one.shown, **common)
        yield claim(self.source, self.document, by, evidence, object=node, confidence=link.confidence)

    def _targets(self) -> Iterator[Claim]:
        """Targets with their set: those of one sentence share it."""
        values = {k.source: k for k in self.found.links if k.relation == "Target.value"}
        dues = {k.source: k.target for k in self.found.links if k.relation == "Target.due"}
        together: dict[int, int] = {}
        for due in dues.values():
            together[due.start] = together.get(due.start, 0) + 1
        for aim, link in values.items():
            due = dues[aim]
            metric = re.sub(r"[\s,]+", "", aim.name.replace(link.target.name, "", 1)) or aim.name
            texts: dict[str, Any] = {"name": aim.name, "metric": metric, "value": link.target.name, "due": due.name}
            if counts := sorted({kind for word, kind in _COUNTS.items() if word in metric}):
                texts["counts"] = counts
            if (n := together[due.start]) > 1:
                texts["target_set"] = f"{due.name}：{n}项目标"
            try:
                stated = check("Target", {"due": due.name}, self.day)["due"]
                yield from self._own("Target", (("STATES", self.document), ("metric", metric), ("due", key_text(stated))), texts, link, "STATES")
            except BadRow:
                continue

    def _measure(self, link: Link) -> Iterator[Claim]:
        position = f"{link.start}–{link.end}"
        texts = {"name": f"对{link.source.name}给予{link.target.name}", "position": position, "whom": link.source.name, "amount": link.target.name,
                 "state": "announced"}  # fmt: skip
        planned = Link(**{f: getattr(link, f) for f in Link.__slots__} | {"modality": "planned" if link.modality == "done" else link.modality})
        yield from self._own("Measure", (("PROMISES", self.document), ("position", position)), texts, planned, "PROMISES")

    def _observation(self, link: Link) -> Iterator[Claim]:
        """A figure about an organisation: its team, the patents it put in."""
        about = self.id_of(link.target)
        number = next((k.target for k in self.found.links if k.relation == "Observation.value" and k.source == link.source), None)
        if about is None or number is None:
            return
        yield from self._node(link.target)
        metric = link.source.name if link.said == "打造" else f"{link.said}的{link.source.name}"
        key = (("STATES", self.document), ("metric", metric), ("ABOUT", about))
        texts = {"name": f"{link.target.name}{metric}：{number.name}", "metric": metric, "value": number.name}
        yield from self._own("Observation", key, texts, link, "STATES")
        evidence = self._evidence(link.start, link.end, link.rule, link.said)
        yield claim(self.source, node_id("Observation", key), "ABOUT", evidence, object=about, confidence=link.confidence)

    def _service(self, link: Link) -> Iterator[Claim]:
        provider = self.id_of(link.source)
        if provider is None or not self.ontology.allows("OFFERS", KINDS[link.source.label], "Service"):
            return
        yield from self._node(link.source)
        service = node_id("Service", (("name", link.target.name), ("OFFERS", provider)))
        evidence, name = self._evidence(link.start, link.end, link.rule, link.said), link.target.name
        yield claim(self.source, service, "name", evidence, value=name, shown=name, modality=link.modality, confidence=link.confidence)
        yield claim(self.source, provider, "OFFERS", evidence, object=service, modality=link.modality, confidence=link.confidence)

    def _batch(self, link: Link) -> Iterator[Claim]:
        """A counted group (10家省级中试基地): what is said of it is said of no single member."""
        group = link.source if link.source.label == "Batch" else link.target
        other = link.target if group is link.source else link.source
        kinds = sorted({kind for word, kind in _COUNTS.items() if word in group.name and kind in ("PilotBase", "VerificationCentre")})
        if not kinds or (other_id := self.id_of(other)) is None:
            return
        key = (("STATES", self.document), ("member_kind", ",".join(kinds)), ("name", group.name))
        batch = node_id("Batch", key)
        ends = (batch, other_id) if group is link.source else (other_id, batch)
        if not self.ontology.allows(link.relation, *("Batch" if e == batch else KINDS[other.label] for e in ends)):
            return
        yield from self._node(other)
        members = re.match(r"[\d一二三四五六七八九十百]+[家个]", group.name)
        texts = {"name": group.name, "member_kind": kinds, "stated_members": members[0] if members else group.name}
        yield from self._own("Batch", key, texts, link, "STATES")
        given = {k: v for k, v in link.qualifiers if k in self.ontology.relations[link.relation].properties}
        values: dict[str, Stated] = check(link.relation, given, self.day)
        stated = {k: {"v": v.value, "s": v.shown} for k, v in values.items()} or None
        evidence = self._evidence(link.start, link.end, link.rule, link.said)
        yield claim(self.source, ends[0], link.relation, evidence, object=ends[1], value=stated, modality=link.modality, confidence=link.confidence)


def _home(issuer: str, found: Extraction) -> dict[str, str]:
    """The one province (省) and city (市) a document is of: its issuer's, else the only one its agencies and places name."""
    out: dict[str, str] = {}
    for sign, level in (("省", "0000"), ("市", "00")):
        heads = {m[0] for m in [place().match(issuer.removeprefix("中共"))] if m}
        named = heads or {m[0] for x in found.mentions if x.label in ("Region", "Agency") and (m := place().match(x.name.removeprefix("中共")))}
        fit = {places()[n][1] for n in named if (c := places()[n][0]).endswith(level) and (sign == "省") == c.endswith("0000")}
        if len(fit) == 1 and (full := fit.pop()).endswith(sign):
            out[sign] = full
    return out
