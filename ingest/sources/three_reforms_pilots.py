"""陕西五所高校试点“三项改革”的一篇报道。"""

from ingest.source import Published

SOURCE = Published("three-reforms-pilots")
