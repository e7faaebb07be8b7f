"""西部决策网 2026 年 1 月对“三项改革”由来与内容的评述。"""

from ingest.source import Published

SOURCE = Published("three-reforms-practice")
