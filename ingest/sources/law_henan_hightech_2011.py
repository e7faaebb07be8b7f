"""《河南省促进高新技术产业发展条例》（2011）。"""

from ingest.source import Published

SOURCE = Published("law-henan-hightech-2011")
