"""人民网 2023 年 12 月对陕西光子产业强链基金的报道。"""

from ingest.source import Published

SOURCE = Published("photonics-chain-fund")
