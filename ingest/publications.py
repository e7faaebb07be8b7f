"""Publications: the rows of `documents.csv`, what a fact's source is called and how far it can be trusted."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from graph.errors import BadFile
from graph.records import UNCONFIRMED, Claim, Evidence, Stated, canonical_json, check, claim, node_id
from ingest.files import table
from ingest.text.mask import mask

DATA = Path(__file__).with_name("data")
CONFIDENCE = {"issuer": 1.0, "table": 1.0, "newspaper": 0.8, "mirror": UNCONFIRMED, "unknown": UNCONFIRMED}


@dataclass(frozen=True, slots=True)
class Publication:
    """One row of `documents.csv`. `standing`: issuer, newspaper, mirror, table or unknown."""

    ref: str
    title: str
    issuer: str = ""
    document_no: str = ""
    published: str = ""
    publisher: str = ""
    url: str = ""
    licence: str = ""
    standing: str = "unknown"
    read_sha256: str = ""
    file: str = ""

    def values(self) -> dict[str, Stated]:
        """Checked properties of the Document node. Raises BadRow."""
        texts = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("ref", "title", "file")}
        return check("Document", {"name": mask(self.title), **{k: v for k, v in texts.items() if v}})

    @property
    def node_id(self) -> str:
        values = self.values()
        if "issuer" in values and "document_no" in values:
            return node_id("Document", tuple((p, str(values[p].value)) for p in ("issuer", "document_no")))
        parts = ("name", "published", "publisher")
        return node_id("Document", tuple((p, key_text(values[p])) for p in parts if p in values))

    @property
    def day(self) -> dt.date | None:
        """Its date, the last day it can have been."""
        published = self.values().get("published")
        return dt.date.fromisoformat(published.value["latest"]) if published and published.value["latest"] else None

    @property
    def cap(self) -> float:
        """The most a fact stated here can weigh."""
        return CONFIDENCE[self.standing]

    def claims(self, source: str) -> Iterator[Claim]:
        """The Document node itself."""
        evidence = Evidence(self.node_id, note="出版信息").json()
        for name, value in self.values().items():
            yield claim(source, self.node_id, name, evidence, value=value.value, shown=value.shown)


def key_text(value: Stated) -> str:
    """A value as a key's part."""
    return value.value if isinstance(value.value, str) else canonical_json(value.value)


def read_publications(path: Path) -> dict[str, Publication]:
    """The publications of a `documents.csv` by ref. Raises BadFile with file and line."""
    known = {f.name for f in fields(Publication)}
    rows = table(path)
    if unknown := set(rows.heads) - known:
        raise BadFile(f"{path}:1: unknown column {min(unknown)!r}; the columns are {', '.join(sorted(known))}")
    if missing := {"ref", "title"} - set(rows.heads):
        raise BadFile(f"{path}:1: column {min(missing)!r} is missing; a list of documents needs ref and title")
    out: dict[str, Publication] = {}
    for line, cells in rows.rows:
        if not cells.get("ref") or not cells.get("title"):
            raise BadFile(f"{path}:{line}: ref and title must be given")
        publication = Publication(**cells)
        if publication.ref in out:
            raise BadFile(f"{path}:{line}: ref {publication.ref!r} is used twice")
        if publication.standing not in CONFIDENCE:
            raise BadFile(f"{path}:{line}: standing {publication.standing!r} is none of {', '.join(CONFIDENCE)}")
        try:
            publication.values()
        except Exception as e:
            raise BadFile(f"{path}:{line}: {e}") from e
        out[publication.ref] = publication
    return out


@functools.cache
def shipped() -> dict[str, Publication]:
    """The publications that ship."""
    return read_publications(DATA / "documents.csv")


_PLACE = re.compile(r"(?<=..)(省|市|区|县|盟|地区|自治州|(壮族|回族|维吾尔)?自治区|特别行政区)$")
_PREFECTURE = re.compile(r"(?<=..)((藏|羌|彝|回|布依|苗|侗|哈尼|壮|傣|白|景颇|傈僳|蒙古|朝鲜|土家|哈萨克|柯尔克孜)族?)+自治州$")


@functools.cache
def region_names() -> dict[str, str]:
    """Names that lead to one region each: full, and short (北京, 武汉, 凉山州). A province or city comes before a district of the name."""
    found: dict[str, dict[int, set[str]]] = {}
    for _, cells in table(DATA / "regions.csv").rows:
        code = cells["adcode"]
        level = 0 if code.endswith("0000") else 1 if code.endswith("00") else 2
        whole = cells["name"]
        for name in {whole, _PLACE.sub("", whole), _PREFECTURE.sub("州", whole)}:
            found.setdefault(name, {}).setdefault(level, set()).add(code)
    best = {name: levels[min(levels)] for name, levels in found.items()}
    return {name: min(codes) for name, codes in best.items() if len(codes) == 1}
