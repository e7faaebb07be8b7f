"""中国新闻网四川 2024 年 4 月对成都拟备案名单的报道。"""

from ingest.source import Published

SOURCE = Published("chengdu-filing-2024")
