"""云南白药 2022 年受让核药专利的报道转载。"""

from ingest.source import Published

SOURCE = Published("deal-ynby-2022")
