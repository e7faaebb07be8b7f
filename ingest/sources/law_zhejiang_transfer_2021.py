"""《浙江省促进科技成果转化条例》（2021 年修正）。"""

from ingest.source import Published

SOURCE = Published("law-zhejiang-transfer-2021")
