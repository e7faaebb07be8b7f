"""广西 2023 年中试研究基地申报通知的转载。"""

from ingest.source import Published

SOURCE = Published("guangxi-call-2023")
