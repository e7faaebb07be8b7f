"""辽宁日报网站 2024 年报道的盘锦精细化工中试基地。"""

from ingest.source import Published

SOURCE = Published("panjin-base-2024")
