"""西安日报 2024 年 4 月对秦创原三年行动计划发布会的报道。"""

from ingest.source import Published

SOURCE = Published("hsw-2024-three-year-plan")
