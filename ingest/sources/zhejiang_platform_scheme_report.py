"""浙江省现代化中试平台实施方案的转载，含家数目标。"""

from ingest.source import Published

SOURCE = Published("zhejiang-platform-scheme-report")
