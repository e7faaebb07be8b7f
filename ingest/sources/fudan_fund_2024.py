"""复旦科创母基金 2024 年完成首关的报道转载。"""

from ingest.source import Published

SOURCE = Published("fudan-fund-2024")
