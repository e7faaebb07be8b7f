"""湖州市两个实施方案的镜像。"""

from ingest.source import Published

SOURCE = Published("huzhou-two-schemes")
