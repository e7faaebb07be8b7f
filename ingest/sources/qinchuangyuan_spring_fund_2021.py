"""21 世纪经济报道 2021 年对秦创原春种基金的报道。"""

from ingest.source import Published

SOURCE = Published("qinchuangyuan-spring-fund-2021")
