"""西科控股的一篇报道,地址为裸 IP,可信度低。"""

from ingest.source import Published

SOURCE = Published("xike-holding")
