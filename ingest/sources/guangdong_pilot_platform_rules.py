"""广东省中试平台建设运行管理暂行办法的转载。"""

from ingest.source import Published

SOURCE = Published("guangdong-pilot-platform-rules")
