"""陕西工人报 2024 年 6 月咸阳发布会的报道。"""

from ingest.source import Published

SOURCE = Published("xianyang-chains-2024")
