"""华商网 2025 年 8 月对陕西技术经理人行动方案的报道。"""

from ingest.source import Published

SOURCE = Published("hsw-2025-tech-managers")
