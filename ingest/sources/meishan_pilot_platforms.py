"""眉山中试研发平台的一篇报道(转载)。"""

from ingest.source import Published

SOURCE = Published("meishan-pilot-platforms")
