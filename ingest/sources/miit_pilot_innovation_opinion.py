"""中国网 2024 年 1 月对制造业中试创新发展实施意见的报道。"""

from ingest.source import Published

SOURCE = Published("miit-pilot-innovation-opinion")
