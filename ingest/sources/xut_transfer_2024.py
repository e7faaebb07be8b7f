"""西安理工大学“三个年”活动成果转化报道的镜像。"""

from ingest.source import Published

SOURCE = Published("xut-transfer-2024")
