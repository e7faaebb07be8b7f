"""西高投网站 2025 年对繁星基金的介绍。"""

from ingest.source import Published

SOURCE = Published("xigaotou-fanxing-fund-2025")
