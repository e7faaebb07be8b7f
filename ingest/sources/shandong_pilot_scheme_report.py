"""山东省制造业中试创新发展实施方案的报道。"""

from ingest.source import Published

SOURCE = Published("shandong-pilot-scheme-report")
