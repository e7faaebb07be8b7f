"""陕西工人报 2024 年 12 月对重点产业链发布会的报道。"""

from ingest.source import Published

SOURCE = Published("shaanxi-chains-2024")
