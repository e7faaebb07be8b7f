"""舟山市概念验证中心实施方案的转载。"""

from ingest.source import Published

SOURCE = Published("zhoushan-concept-scheme")
