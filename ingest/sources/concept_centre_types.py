"""介绍概念验证中心类型与案例的网站文章。"""

from ingest.source import Published

SOURCE = Published("concept-centre-types")
