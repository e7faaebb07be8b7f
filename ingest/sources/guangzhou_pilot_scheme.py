"""广州市中试验证平台实施方案的镜像。"""

from ingest.source import Published

SOURCE = Published("guangzhou-pilot-scheme")
