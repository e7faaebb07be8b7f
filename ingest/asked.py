"""A filled-in form of achievements read as questions: what each row wants matched. Nothing of it is stored."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from graph.errors import BadFile, BadParameter, InnochainError
from ingest.forms import named
from ingest.grids import grids
from queries.answers.match_table import MOST
from queries.answers.wishes import Description

COLUMNS = {"成果名称": "name", "工艺": "process", "所需规模": "scale", "密级": "secrecy", "危险性": "hazard", "需化工园区": "chemical_park"}


def descriptions(path: Path) -> dict[str, Description | InnochainError]:
    """Row by name of the achievement, or why a row cannot be asked. Raises BadFile for a file that is no such form."""
    form = named("Achievement")
    out: dict[str, Description | InnochainError] = {}
    with grids(path, form.columns) as found:
        for grid in found:
            for number, cells in grid.rows:
                row = {h: c.strip() for h, c in zip(grid.heads, cells, strict=False) if c.strip()}
                if not (name := row.get("成果名称")):
                    continue
                key = name if name not in out else f"{name} ({number})"
                out[key] = _described(row, number)
                if len(out) > MOST:
                    raise BadFile(f"{path}: more than {MOST} achievements; divide the list")
    if not out:
        raise BadFile(f"{path}: no row with 成果名称; `innochain template Achievement` writes the form")
    return out


def _described(row: dict[str, str], number: int) -> Description | InnochainError:
    given = {to: row[column] for column, to in COLUMNS.items() if column in row}
    given["field"] = "、".join(row[c] for c in ("应用行业", "关键词") if c in row)
    low, high = row.get("成熟度下限"), row.get("成熟度上限")
    given["maturity"] = f"{low}-{high}" if low and high else low or high or row.get("所处阶段", "")
    try:
        return Description(**given)
    except ValidationError as e:
        first = e.errors(include_url=False)[0]
        return BadParameter(f"row {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}")
