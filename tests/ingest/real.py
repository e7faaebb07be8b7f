"""The public tables under the shared folder, each with the shipped mapping that explains it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ingest.source import File, Source

SETS = {
    "moe-universities": "univ_moe.csv",
    "university-locations": "univ_location.json",
    "university-websites": "univ_with_website.json",
    "university-titles": "univ_levels_985_211.csv",
    "listed-companies": "chainkg_company.jsonl",
    "listed-company-industries": "chainkg_company_industry.jsonl",
    "industries": "chainkg_industry.jsonl",
    "industry-tree": "chainkg_industry_industry.jsonl",
    "industry-upstream": "chainkg_industry_up.jsonl",
    "a-shares": "alist_baostock_all.json",
    "administrative-divisions": "areacity_level3.csv",
    "provinces": "adm_provinces.csv",
    "cities": "adm_cities.csv",
    "districts": "adm_areas.csv",
    "division-seats": "cpca_adcodes_lonlat.csv",
    "gbt-4754": "gbt4754.csv",
    "shaanxi-short-forms": "aliases_shaanxi_hand.csv",
}


def real_sources(shared: Path, names: Iterable[str] = SETS) -> list[Source]:
    return [File(shared / "data" / "structured" / SETS[n], n) for n in names]
