"""翰宇药业受许微生物所多肽专利的公告转载。"""

from ingest.source import Published

SOURCE = Published("deal-hybio-2024")
