"""西安中湾科创产业投资基金落地的一篇报道(镜像)。"""

from ingest.source import Published

SOURCE = Published("zhongwan-fund")
