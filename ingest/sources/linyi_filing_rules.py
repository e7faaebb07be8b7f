"""临沂市中试基地备案管理办法(修订)的一篇报道。"""

from ingest.source import Published

SOURCE = Published("linyi-filing-rules")
