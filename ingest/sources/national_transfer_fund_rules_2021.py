"""国家科技成果转化引导基金管理暂行办法的转载。"""

from ingest.source import Published

SOURCE = Published("national-transfer-fund-rules-2021")
