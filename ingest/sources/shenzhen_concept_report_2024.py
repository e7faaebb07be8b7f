"""深圳商报 2024 年对概念验证中心与中小试基地资助的报道的转载。"""

from ingest.source import Published

SOURCE = Published("shenzhen-concept-report-2024")
