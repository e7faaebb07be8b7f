"""温州市概念验证中心建设行动方案的转载。"""

from ingest.source import Published

SOURCE = Published("wenzhou-action-plan")
