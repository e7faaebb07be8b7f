"""《河南省促进科技成果转化条例》（文本载明 2019 年通过）。"""

from ingest.source import Published

SOURCE = Published("law-henan-transfer-2019")
