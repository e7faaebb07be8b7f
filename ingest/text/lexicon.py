"""Words and names the rules know: `words.yaml`, the divisions of China, and the short forms that ship with the facts."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from ingest.publications import DATA

HERE = Path(__file__).with_name("words.yaml")
ALIASES = ("shaanxi-aliases", "national-aliases")
_SHORT = re.compile(r"(?:维吾尔|壮族|回族)?自治区$|特别行政区$|[省市]$")


@functools.cache
def words() -> dict[str, Any]:
    """`words.yaml` as it is written."""
    read: dict[str, Any] = yaml.safe_load(HERE.read_text(encoding="utf-8"))
    return read


def trie(items: Iterable[str]) -> str:
    """A pattern that matches the longest of the items: thousands of names at the cost of one walk down their letters."""
    root: dict[str, Any] = {}
    for item in items:
        at = root
        for c in item:
            at = at.setdefault(c, {})
        at[""] = {}

    def write(node: dict[str, Any]) -> str:
        ends = "" in node
        ways = [re.escape(c) + write(below) for c, below in sorted(node.items()) if c]
        if not ways:
            return ""
        body = ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
        return f"(?:{body})?" if ends else body

    return write(root)


@functools.cache
def matching(*lists: str) -> re.Pattern[str]:
    """A pattern of the named lists of words.yaml together."""
    return re.compile(trie(w for name in lists for w in words()[name]))


@functools.cache
def suffixes() -> dict[str, str]:
    """Suffix → label."""
    return {s: label for label, many in words()["suffixes"].items() for s in many}


@functools.cache
def places() -> dict[str, tuple[str, str]]:
    """Name or usual short form of a division → (adcode, full name); forms that are also words, or that several bear, are left out."""
    with (DATA / "regions.csv").open(encoding="utf-8-sig", newline="") as f:
        rows = [(r["adcode"], r["name"]) for r in csv.DictReader(f)]
    out: dict[str, tuple[str, str]] = {}
    several: set[str] = set()
    for code, name in rows:
        short = _SHORT.sub("", name) if code.endswith("00") else name
        for form in {name, short} if len(short) > 1 else {name}:
            if form in out and form == name and out[form][0] != code:
                several.add(form)
            out.setdefault(form, (code, name))
    never = set(words()["places_never"])
    return {n: ("" if n in several else c, full) for n, (c, full) in out.items()
            if n not in never and not (len(n) == 2 and n[1] in "县区市旗")}  # 和县, 市区: mostly two words


@functools.cache
def place() -> re.Pattern[str]:
    return re.compile(trie(places()))


def code_of(name: str) -> str:
    """The adcode of a place by its name, of the smallest when it names several (浙江省杭州市滨江区); empty when none or not sure."""
    if name == "中国":
        return "100000"
    codes = [places()[m[0]][0] for m in place().finditer(name)]
    return codes[-1] if codes and all(codes) and all(_within(b, a) for a, b in pairwise(codes)) else ""


def _within(code: str, other: str) -> bool:
    return code.startswith(re.sub(r"(?:00)+$", "", other))


@functools.cache
def known() -> dict[str, tuple[str, str]]:
    """Name or short form of an organisation that ships → (label, full name). Facilities are not among them: rules must find those."""
    types: dict[str, str] = {}
    forms: dict[str, str] = {}
    for ref in ALIASES:
        with (DATA / "facts" / f"{ref}.csv").open(encoding="utf-8-sig", newline="") as f:
            for row in csv.DictReader(f):
                if row["kind"] != "Organization":
                    continue
                forms[row["subject"]] = row["subject"]
                if row["predicate"] == "types":
                    types.setdefault(row["subject"], row["value"])
                elif row["predicate"] == "aliases":
                    forms[row["value"]] = row["subject"]
    return {form: (types[full], full) for form, full in forms.items() if full in types and not re.match(r"[省市区县]", form)}


def bare(text: str) -> bool:
    """Does it consist of words that name nothing? (“省级科技创新”)"""
    return _bare().fullmatch(text) is not None


@functools.cache
def _bare() -> re.Pattern[str]:
    return re.compile(f"(?:{trie(words()['generic'])}|[0-9,.余多()、和与及的]|[一二三四五六七八九十百千]|型|类|级)*")


def fieldish(text: str) -> bool:
    """Can it be what an industry or technology is called?"""
    w = words()
    if text in w["notfields"] or len(text) < 2:
        return False
    return text in _fields() or (len(text) <= 12 and text.endswith(_endings()) and not bare(text))


@functools.cache
def _fields() -> frozenset[str]:
    return frozenset(words()["fields"])


@functools.cache
def _endings() -> tuple[str, ...]:
    return tuple(words()["fieldish"])
