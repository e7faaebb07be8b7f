"""国盾量子 2021 年受许中国科大技术的公告转载。"""

from ingest.source import Published

SOURCE = Published("deal-guodun-2021")
