"""西部消息 2025 年 11 月对陕西 34 条重点产业链的报道。"""

from ingest.source import Published

SOURCE = Published("shaanxi-34-chains")
