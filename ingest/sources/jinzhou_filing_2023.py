"""锦州市 2023 年度市级中试基地备案申报通知的转载。"""

from ingest.source import Published

SOURCE = Published("jinzhou-filing-2023")
