"""成都市建设西部中试中心实施方案的第三方解读。"""

from ingest.source import Published

SOURCE = Published("chengdu-pilot-centre-scheme")
