"""西安理工大学成果转化报道（西安科技大学转发）。"""

from ingest.source import Published

SOURCE = Published("xut-equity-2018")
