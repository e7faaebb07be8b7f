"""复旦大学 2023 年发起科创母基金的报道。"""

from ingest.source import Published

SOURCE = Published("fudan-fund-2023")
