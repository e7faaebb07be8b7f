"""达州市 2025 年首批中试研发平台申报条件。"""

from ingest.source import Published

SOURCE = Published("dazhou-platform-call-2025")
