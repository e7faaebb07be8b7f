"""《宁波市科技创新促进条例》（2011）。"""

from ingest.source import Published

SOURCE = Published("law-ningbo-innovation-2011")
