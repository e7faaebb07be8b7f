"""武汉新城科创母基金 2024 年启动受理的报道。"""

from ingest.source import Published

SOURCE = Published("wuhan-mother-fund-2024")
