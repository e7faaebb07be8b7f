"""西安市 2023 年度第一批技术经理人认定的一篇消息(镜像)。"""

from ingest.source import Published

SOURCE = Published("xian-tech-managers-2023")
