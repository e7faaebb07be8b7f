"""Administrative divisions of China down to districts and counties: codes, names, and what lies within what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.records import Claim, Evidence, check, claim, node_id
from ingest.files import table
from ingest.publications import DATA, region_names, shipped
from ingest.table import Reading


class Regions:
    """One row a division; its level follows from its code."""

    name, private, origin, guessed = "regions", False, "", False

    def __init__(self) -> None:
        self.short: dict[str, list[str]] = {}  # adcode → short forms that lead to it alone

    def read(self) -> Reading:
        rows = table(DATA / "regions.csv")
        self.short.clear()
        for short, code in region_names().items():
            self.short.setdefault(code, []).append(short)
        claims = list(shipped()[self.name].claims(self.name))
        for line, cells in rows.rows:
            claims += self._claims(line, cells)
        return Reading(claims=claims, read=len(rows.rows))

    def _claims(self, line: int, cells: dict[str, str]) -> Iterator[Claim]:
        code, parent = cells["adcode"], cells["parent"]
        level = "country" if code == "100000" else "province" if code.endswith("0000") else "city" if code.endswith("00") else "district"
        evidence = Evidence(shipped()[self.name].node_id, sheet="regions.csv", row=line).json()
        region = node_id("Region", (("adcode", code),))
        short = [n for n in self.short.get(code, []) if n != cells["name"]]
        texts: dict[str, Any] = {k: v for k, v in cells.items() if v and k != "parent"} | {"level": level}
        texts |= {"aliases": short} if short else {}
        for name, value in check("Region", texts).items():
            for one in value if isinstance(value, list) else [value]:
                yield claim(self.name, region, name, evidence, value=one.value, shown=one.shown)
        if parent:
            yield claim(self.name, region, "WITHIN", evidence, object=node_id("Region", (("adcode", parent),)))


SOURCE = Regions()
