"""国盾量子 2025 年拟受许中国科大技术的公告（证券日报电子报）。"""

from ingest.source import Published

SOURCE = Published("deal-guodun-2025")
