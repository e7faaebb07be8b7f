"""湖北 2021 年中试研究基地备案条件与 2020 年成效,第三方网站所见。"""

from ingest.source import Published

SOURCE = Published("hubei-filing-2021")
