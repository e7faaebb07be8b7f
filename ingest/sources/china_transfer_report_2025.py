"""含 2025 年度报告与上海数字的第一财经报道镜像。"""

from ingest.source import Published

SOURCE = Published("china-transfer-report-2025")
