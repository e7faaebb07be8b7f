"""联环药业 2018 年受让上海药物所两项阶段性成果的公告转载。"""

from ingest.source import Published

SOURCE = Published("deal-lianhuan-2018")
