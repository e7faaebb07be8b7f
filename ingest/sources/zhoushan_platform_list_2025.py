"""舟山市 2025 年中试平台和培育库拟认定名单的转载。"""

from ingest.source import Published

SOURCE = Published("zhoushan-platform-list-2025")
