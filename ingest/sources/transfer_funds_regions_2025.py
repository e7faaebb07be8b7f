"""2025 年对各地科技成果转化基金的介绍。"""

from ingest.source import Published

SOURCE = Published("transfer-funds-regions-2025")
