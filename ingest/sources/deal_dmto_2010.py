"""DMTO-Ⅱ 技术 2010 年许可给陕西蒲城项目的报道转载。"""

from ingest.source import Published

SOURCE = Published("deal-dmto-2010")
