"""MoneyDJ 对《新材料中试平台建设指南》的报道。"""

from ingest.source import Published

SOURCE = Published("materials-platform-guide-2024")
