"""同一许可另作 5.2 亿元的报道（经济日报稿镜像）。"""

from ingest.source import Published

SOURCE = Published("deal-butian-5-2")
