"""中评社 2024 年刊发的新华社天开园报道。"""

from ingest.source import Published

SOURCE = Published("tiankai-park-2024")
