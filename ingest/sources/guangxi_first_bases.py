"""广西第一批中试研究基地（柳州报道）的转载。"""

from ingest.source import Published

SOURCE = Published("guangxi-first-bases")
