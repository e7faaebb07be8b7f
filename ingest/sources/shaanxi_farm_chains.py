"""陕西农业产业链链主数字的镜像报道。"""

from ingest.source import Published

SOURCE = Published("shaanxi-farm-chains")
