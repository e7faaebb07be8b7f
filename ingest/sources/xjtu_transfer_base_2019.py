"""国际在线 2019 年对西安交大入选成果转化基地的报道。"""

from ingest.source import Published

SOURCE = Published("xjtu-transfer-base-2019")
