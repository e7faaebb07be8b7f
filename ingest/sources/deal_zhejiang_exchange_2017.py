"""浙江知识产权交易中心高校专利技术包成交的报道转载。"""

from ingest.source import Published

SOURCE = Published("deal-zhejiang-exchange-2017")
