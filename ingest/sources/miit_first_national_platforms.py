"""人民网 2025 年 12 月转发大众日报:首批国家级制造业中试平台。"""

from ingest.source import Published

SOURCE = Published("miit-first-national-platforms")
