"""大公文汇对河南科创平台数字的报道。"""

from ingest.source import Published

SOURCE = Published("henan-science-figures")
