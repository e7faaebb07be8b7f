"""《青岛市科技创新促进条例》（2011）。"""

from ingest.source import Published

SOURCE = Published("law-qingdao-innovation-2011")
