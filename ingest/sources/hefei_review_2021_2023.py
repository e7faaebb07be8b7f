"""合肥中试基地 2021—2023 年度复审要求,第三方网站所见。"""

from ingest.source import Published

SOURCE = Published("hefei-review-2021-2023")
