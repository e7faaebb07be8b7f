"""东莞市概念验证及中试服务平台实施细则的一篇报道(镜像)。"""

from ingest.source import Published

SOURCE = Published("dongguan-platform-rules")
