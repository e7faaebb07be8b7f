"""《促进科技成果转化法》2015 年修正文本。"""

from ingest.source import Published

SOURCE = Published("law-transfer-2015")
