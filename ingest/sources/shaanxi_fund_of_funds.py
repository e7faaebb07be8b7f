"""陕西省科技创新母基金 2025 年 7 月落地的一篇报道。"""

from ingest.source import Published

SOURCE = Published("shaanxi-fund-of-funds")
