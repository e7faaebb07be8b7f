"""西安市概念验证中心管理办法的一篇报道。"""

from ingest.source import Published

SOURCE = Published("xian-concept-centre-rules")
