"""山东 2025 年省制造业中试平台名单通知的转载。"""

from ingest.source import Published

SOURCE = Published("shandong-platforms-2025")
