"""《上海市促进科技成果转化条例》（2017）。"""

from ingest.source import Published

SOURCE = Published("law-shanghai-transfer-2017")
