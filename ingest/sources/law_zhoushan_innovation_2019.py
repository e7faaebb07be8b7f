"""《舟山市科技创新促进条例》（2019）。"""

from ingest.source import Published

SOURCE = Published("law-zhoushan-innovation-2019")
