"""经济参考报 2009 年对北京健康产业中试与孵化中心的报道。"""

from ingest.source import Published

SOURCE = Published("beijing-health-pilot-2009")
