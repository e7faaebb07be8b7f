"""中央企业中试平台手册 2025 年版的一篇报道。"""

from ingest.source import Published

SOURCE = Published("central-enterprise-handbook-2025")
