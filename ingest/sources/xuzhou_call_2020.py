"""徐州 2020 年中试基地认定申报通知的转载。"""

from ingest.source import Published

SOURCE = Published("xuzhou-call-2020")
