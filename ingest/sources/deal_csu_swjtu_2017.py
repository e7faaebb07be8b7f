"""2017 年高校高价值专利转化报道的转载。"""

from ingest.source import Published

SOURCE = Published("deal-csu-swjtu-2017")
