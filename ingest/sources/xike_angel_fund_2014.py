"""西科天使基金的一篇 2014 年报道(镜像)。"""

from ingest.source import Published

SOURCE = Published("xike-angel-fund-2014")
