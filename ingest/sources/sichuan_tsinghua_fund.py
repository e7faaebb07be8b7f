"""四川省国资委与清华大学发起成果转化母基金的报道转载。"""

from ingest.source import Published

SOURCE = Published("sichuan-tsinghua-fund")
