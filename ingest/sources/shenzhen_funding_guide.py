"""深圳市概念验证中心资助申请指南的第三方解读页。"""

from ingest.source import Published

SOURCE = Published("shenzhen-funding-guide")
