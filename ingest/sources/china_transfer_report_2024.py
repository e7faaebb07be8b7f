"""《中国科技成果转化 2024 年度报告》解读的转载。"""

from ingest.source import Published

SOURCE = Published("china-transfer-report-2024")
