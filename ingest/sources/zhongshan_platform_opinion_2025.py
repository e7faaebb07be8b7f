"""中山市 2025 年中试平台体系实施意见。"""

from ingest.source import Published

SOURCE = Published("zhongshan-platform-opinion-2025")
