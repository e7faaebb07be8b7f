"""《郑洛新国家自主创新示范区条例》（2020）。"""

from ingest.source import Published

SOURCE = Published("law-zhengluoxin-2020")
