"""哈三联 2023 年受让中国药科大学项目的公告转载。"""

from ingest.source import Published

SOURCE = Published("deal-medisan-2023")
