"""陕西科技大学申报概念验证中心、接受现场考察的报道(镜像)。"""

from ingest.source import Published

SOURCE = Published("sust-concept-centre-visit")
