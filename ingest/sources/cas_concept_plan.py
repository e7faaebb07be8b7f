"""中科智汇工场网站对中科概念验证中心研究的介绍。"""

from ingest.source import Published

SOURCE = Published("cas-concept-plan")
