"""《杭州科技》2024 年第 1 期论文的转载，含两个转化案例。"""

from ingest.source import Published

SOURCE = Published("transfer-location-study-2024")
