"""同济大学 2018 年专利成果专场竞价会的转载。"""

from ingest.source import Published

SOURCE = Published("deal-tongji-auction-2018")
