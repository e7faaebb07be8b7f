"""石药集团受许上海药物所四个化合物的报道。"""

from ingest.source import Published

SOURCE = Published("deal-cspc-simm")
