"""青岛董家口中试基地开工报道的转载。"""

from ingest.source import Published

SOURCE = Published("qingdao-dongjiakou-base")
