"""光明网 2025 年 3 月对陕西“三项改革”成效数字的报道。"""

from ingest.source import Published

SOURCE = Published("gmw-2025-three-reforms")
