"""昂利康 2022 年受让中南大学药物递送技术的公告转载。"""

from ingest.source import Published

SOURCE = Published("deal-angliking-2022")
