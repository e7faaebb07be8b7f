"""河南首批中试基地 2021 年 10 月揭牌的报道(转载)。"""

from ingest.source import Published

SOURCE = Published("henan-first-pilot-bases")
