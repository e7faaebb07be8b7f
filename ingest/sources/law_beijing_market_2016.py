"""《北京市技术市场条例》（2016 年修正）。"""

from ingest.source import Published

SOURCE = Published("law-beijing-market-2016")
