"""《山东省促进科技成果转化条例》（2017 年修订）。"""

from ingest.source import Published

SOURCE = Published("law-shandong-transfer-2017")
