"""陕西科技报 2023 年“三项改革”进咸阳活动的报道。"""

from ingest.source import Published

SOURCE = Published("xianyang-roadshow-2023")
