"""浙江省 2025 年度省级中试平台申报认定通知的转载。"""

from ingest.source import Published

SOURCE = Published("zhejiang-platform-call-2025")
