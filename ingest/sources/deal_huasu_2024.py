"""中关村 2024 年受让军科院药物项目的公告（证券日报电子报）。"""

from ingest.source import Published

SOURCE = Published("deal-huasu-2024")
