"""山东理工大学发泡剂专利 5 亿元独占许可报道的镜像。"""

from ingest.source import Published

SOURCE = Published("deal-butian-2017")
