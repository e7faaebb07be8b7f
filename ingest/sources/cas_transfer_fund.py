"""中科院科技成果转移转化基金启动报道的转载。"""

from ingest.source import Published

SOURCE = Published("cas-transfer-fund")
