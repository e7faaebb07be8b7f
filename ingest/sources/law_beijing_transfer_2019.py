"""《北京市促进科技成果转化条例》（2019）。"""

from ingest.source import Published

SOURCE = Published("law-beijing-transfer-2019")
