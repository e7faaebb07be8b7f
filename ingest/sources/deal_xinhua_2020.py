"""新华制药 2020 年受让中南大学药物的公告（无网址）。"""

from ingest.source import Published

SOURCE = Published("deal-xinhua-2020")
