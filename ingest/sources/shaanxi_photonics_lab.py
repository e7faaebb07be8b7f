"""陕西光子科技实验室培育建设的一篇报道。"""

from ingest.source import Published

SOURCE = Published("shaanxi-photonics-lab")
