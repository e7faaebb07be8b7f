"""澎湃 2024 年西安经开区新材料产业稿的镜像。"""

from ingest.source import Published

SOURCE = Published("xian-etdz-new-materials")
