"""Relations by `rules.yaml`: patterns over sentences in which every mention is one sign, so that a rule reads like the sentence."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from graph.errors import BadDeclaration
from ingest.text.found import FACILITIES, ORGANIZATIONS, Link, Mention
from ingest.text.view import View

HERE = Path(__file__).with_name("rules.yaml")
_SIGNS = 0xE000  # private use: no text of ours has them
LABELS = (*ORGANIZATIONS, *FACILITIES, "Policy", "Reform", "Field", "IndustryChain", "Fund", "FundRef", "Region", "Park", "Date", "Money",
          "Count", "Percent", "Team", "Cohort", "PatentSet", "Stage", "Service", "Credential", "Batch", "SomeFacility", "SomeOrg", "SomeProject",
          "SomeCapital", "Anaphor", "AllianceRef")  # fmt: skip
GROUPS = {
    "org": (*ORGANIZATIONS, "Anaphor", "AllianceRef"), "agency": ("Agency",), "enterprise": ("Enterprise", "Investor", "Anaphor"),
    "alliance": ("Alliance", "AllianceRef"),
    "fac": FACILITIES, "fac_": (*FACILITIES, "SomeFacility", "Batch"), "org_": (*ORGANIZATIONS, "SomeOrg"),
    "provider": (*(o for o in ORGANIZATIONS if o != "Agency"), "Anaphor"),  # whom a law lets offer something, it does not name
    "inv": ("Investor", "Enterprise", "Fund", "University", "Institute", "Agency"),
    "orgpark": (*ORGANIZATIONS, "Fund", "Anaphor", "AllianceRef", "Park"),
    "orgfund": (*ORGANIZATIONS, "Fund", "Anaphor", "AllianceRef"),
    "fund": ("Fund", "FundRef"), "policy": ("Policy",), "field": ("Field",), "chain": ("IndustryChain",), "region": ("Region", "Park"),
    "park": ("Park",), "date": ("Date",), "money": ("Money",), "count": ("Count",), "percent": ("Percent",), "team": ("Team",),
    "patents": ("PatentSet",), "stage": ("Stage",), "service": ("Service",), "credential": ("Credential",), "batch": ("Batch",),
    "somefac": ("SomeFacility",), "someorg": ("SomeOrg",), "project": ("SomeProject",), "capital": ("SomeCapital",), "cohort": ("Cohort",),
}  # fmt: skip
_PLURAL = {"facs_": "fac_", "orgs_": "org_", "agencies": "agency"}
_JOIN = "(?:(?:、|和|与|及|以及|,|暨|联合|携手|会同|联手)(?:上市公司|产业方|产业资本|老股东|知名机构|投资机构|机构)?)"
_RAISED = "(?P<o>{enterprise})(?:(?!{enterprise})[^。;]){{0,30}}?(?:完成|获得?|斩获|拿下|拿到|收获|宣布|启动|开启)[^。;]{{0,40}}?(?:融资|投资)"
_REACH = 400  # signs; what a clause is about is not looked for further back
_ABOUT = (r"(?:^|[,;:的]|截至{date}|{date})[“「『\"\s]?(?:目前|其中|此前|近日|日前|当前|同时|此外|会上|据悉|另外|截至{date}|于?{date}|[,\s“\"])*"
          r"(?P<x>{orgparks}|{facs}|{fund}|{alliance})")  # fmt: skip
_ROUND = re.compile(r"(?:天使\+*|种子|Pre-?[A-Z]\+*|[A-H]\d?\+*|战略|股权|首|IPO前)轮?(?:融资|轮)|[A-H]\+*轮")
_MODAL = (
    ("encouraged", re.compile(r"鼓励|引导|倡导|(?:^|[,;])(?:积极)?支持")),
    ("planned", re.compile(r"拟|将(?!其|近|[\u4e00-\u9fff]{0,4}[\ue000-\ue0ff]?(?:作价|纳入))|计划(?!》)|力争|推动|加快|着力|推进|预计|有望|"
                           r"争取|规划(?!》)|探索|准备")),
    ("required", re.compile(r"应当|必须|不得|要求|须")),
)  # fmt: skip
_DONE = re.compile(r"已|了$|先后")


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    relation: str
    pattern: re.Pattern[str]
    said: str
    weight: float
    where: tuple[tuple[str, str], ...]
    subject: str  # who is the end that the pattern does not hold: raised, same, or groups of what the sentence is about


def _sign(label: str) -> str:
    return chr(_SIGNS + LABELS.index(label))


@functools.cache
def _macros() -> dict[str, str]:
    out: dict[str, str] = {}
    for name, labels in GROUPS.items():
        one = "[" + "".join(map(_sign, labels)) + "]"
        out[name], out[name + "s"] = one, f"{one}(?:{_JOIN}{one}){{0,80}}"
    out["join"] = _JOIN
    out["several"] = f"{out['org']}(?:(?:、{out['org']}){{1,80}}(?:(?:和|及|以及){out['org']})?)?"  # where 与 may begin what it does with another
    out["policys"] = f"{out['policy']}(?:{_JOIN}?{out['policy']})*"  # 《A》《B》 need no sign between them
    for plural, name in _PLURAL.items():
        out[plural] = out[name + "s"]
    return out


def compiled(pattern: str, extra: dict[str, str]) -> re.Pattern[str]:
    return re.compile(pattern.format(**_macros(), **extra))


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The rules in order. Raises BadDeclaration naming the rule that cannot be read."""
    raw: dict[str, Any] = yaml.safe_load(HERE.read_text(encoding="utf-8"))
    extra: dict[str, str] = {}
    for name, text in raw["macros"].items():
        extra[name] = text.format(**_macros(), **extra)
    made = []
    for r in raw["rules"]:
        try:
            pattern = compiled(r["pattern"], extra)
            where = tuple(r.get("where", {}).items())
            made.append(Rule(r["name"], r["relation"], pattern, r["said"], r["weight"], where, r.get("subject", "")))
        except (KeyError, ValueError, re.error) as e:
            raise BadDeclaration(f"{HERE.name}: rule {r.get('name')!r}: {e}") from e
    return tuple(sorted(made, key=lambda r: r.subject == "same"))  # those go by what the others found


@functools.cache
def _raised() -> re.Pattern[str]:
    return compiled(_RAISED, {})


@functools.cache
def _abouts() -> re.Pattern[str]:
    """What stands where a clause begins, or behind its attribute (…的X): that is what the clause is about."""
    return compiled(_ABOUT, {})


_ASIDE = re.compile(r"[(][“「][^()]{2,16}[”」][)]|[(](?:总部|筹|暂定名|下同|试行)[)]|[(](?:[^()]{1,20}管理|[A-Za-z0-9 .,&:\-]+)[)]|"
                    r"[(][^()]{0,30}?(?:简称|原名|下称|统称|曾用名|前身|代码|英文名|又名|股票)[^()]{0,40}[)]")


class Sentence:
    """A sentence with one sign for each outermost mention, and where each sign stands. Asides such as (以下简称…) are left out."""

    def __init__(self, text: str, start: int, end: int, mentions: list[Mention]) -> None:
        asides = [m.span() for m in _ASIDE.finditer(text, start, end)]
        signs: list[str] = []
        self.at: list[int] = []  # view offset of every sign
        self.of: dict[int, Mention] = {}
        here = start
        quoted = [m for m in mentions if text[m.start - 1 : m.start] in ("“", "「") and text[m.end : m.end + 1] in ("”", "」")]
        quotes = {n for m in quoted for n in (m.start - 1, m.end)}
        by_start = {m.start: m for m in reversed(mentions) if m.label in LABELS and m.end <= end}
        while here < end:
            if asides and here >= asides[0][0]:
                here = max(here, asides.pop(0)[1])
                continue
            if here in quotes:
                here += 1
                continue
            m = by_start.get(here)
            if m:
                self.of[len(signs)] = m
            signs.append(_sign(m.label) if m else text[here])
            self.at.append(here)
            here = m.end if m else here + 1
        self.at.append(end)
        self.text = "".join(signs)

    def found(self, start: int, end: int) -> list[Mention]:
        return [m for n in range(start, end) if (m := self.of.get(n))]

    def named(self, m: Mention) -> Mention:
        """The name for which a word stands, when this sentence has it."""
        return next((n for n in self.of.values() if n.name == m.name and n.rule != m.rule), m) if m.rule == "stands-for" else m

    def about(self, at: int, groups: str) -> list[Mention]:
        """What is spoken of at a place: the last that a clause began with, of the first group that has any."""
        for group in groups.split():
            for x in reversed(list(_abouts().finditer(self.text, max(0, at - _REACH), at))):
                if fit := [m for m in self.found(*x.span("x")) if m.label in GROUPS[group]]:
                    return fit
            if group in ("alliance", "fund", "fac") and (before := [m for m in self.found(max(0, at - _REACH), at) if m.label in GROUPS[group]]):
                return before[-1:]
        return []


def links(view: View, mentions: list[Mention]) -> Iterator[Link]:
    """Every link a rule finds, in the order of the text. A subject that an earlier sentence named is taken from there."""
    starts = [m.start for m in mentions]
    raised: Mention | None = None
    for start, end in view.sentences():
        low, high = bisect.bisect_left(starts, start), bisect.bisect_left(starts, end)
        if high == low:
            continue
        sentence = Sentence(view.text, start, end, [m for m in mentions[low:high] if m.end <= end])
        here = _raised().search(sentence.text)
        raised = sentence.of[here.start("o")] if here else raised
        yield from _found(sentence, raised)


def _found(sentence: Sentence, raised: Mention | None) -> Iterator[Link]:
    """The links of one sentence, each once."""
    seen: set[tuple[str, int, int]] = set()
    last: dict[str, Mention] = {}  # relation → the object it was last said of
    for rule in rules():
        for found in rule.pattern.finditer(sentence.text):
            earlier = raised if rule.subject == "raised" else last.get(rule.relation) or last.get("FOUNDS") or last.get("INVESTS_IN")
            for link in _made(rule, found, sentence, earlier):
                key = (f"{link.relation}{link.said}", link.source.start, link.target.start)
                if key not in seen and link.source.name != link.target.name:
                    seen.add(key)
                    last[link.relation] = link.target
                    yield link


def _made(rule: Rule, found: re.Match[str], sentence: Sentence, earlier: Mention | None) -> Iterator[Link]:
    groups = found.groupdict()
    start, end = sentence.at[found.start()], sentence.at[found.end()]
    if "chain" in groups:
        steps = sentence.found(*found.span("chain"))
        pairs = list(pairwise(steps))
    else:
        inside: dict[str, list[Mention]] = {g: sentence.found(*found.span(g)) if groups.get(g) else [] for g in ("s", "s2", "o")}
        sources, targets = [*inside["s"], *inside["s2"]], inside["o"]
        if rule.subject:
            missing = ([earlier] if earlier else []) if rule.subject in ("raised", "same") else sentence.about(found.start() + 1, rule.subject)
            sources, targets = ([*missing, *sources], targets) if targets else (sources, missing)
        pairs = [(sentence.named(s), sentence.named(t)) for s in sources for t in targets]
    modality = _modality(sentence.text, found)
    qualifiers = (*rule.where, *_particulars(rule, found, sentence))
    for s, t in pairs:
        yield Link(rule.relation, s, t, rule.name, rule.weight, rule.said, modality, qualifiers, start, end)


def _particulars(rule: Rule, found: re.Match[str], sentence: Sentence) -> Iterator[tuple[str, str]]:
    groups = found.groupdict()
    if groups.get("m"):
        yield "amount", sentence.found(*found.span("m"))[0].name
    if groups.get("p"):
        yield "share", sentence.found(*found.span("p"))[0].name.rstrip("股权份")
    if rule.relation == "INVESTS_IN" and (stated := _ROUND.search(sentence.text)):
        yield "round", stated[0].removesuffix("融资")


def _modality(text: str, found: re.Match[str]) -> str:
    """How firmly it is said: the words of its clause up to the object."""
    ends = [found.start(g) for g in ("o", "s") if found.groupdict().get(g)]
    low = max(text.rfind(c, 0, found.start()) + 1 for c in "。;!?\n")
    clause = text[max(low, text.rfind(",", 0, found.start()) + 1 if found.start() else 0) : max([*ends, found.end()])]
    if _DONE.search(clause):
        return "done"
    return next((name for name, pattern in _MODAL if pattern.search(clause)), "done")


@functools.cache
def gold_relations() -> dict[str, list[dict[str, Any]]]:
    """`gold_relations.yaml`: how relation names of hand-labelled texts map to ours."""
    read: dict[str, list[dict[str, Any]]] = yaml.safe_load(HERE.with_name("gold_relations.yaml").read_text(encoding="utf-8"))
    return read
