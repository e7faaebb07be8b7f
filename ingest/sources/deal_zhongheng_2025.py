"""中恒集团 2025 年子公司受让中药新药的公告。"""

from ingest.source import Published

SOURCE = Published("deal-zhongheng-2025")
