"""联环药业 2019 年受让噻格溴铵项目的报道转载。"""

from ingest.source import Published

SOURCE = Published("deal-lianhuan-2019")
