"""福建省行业技术开发基地的认定条件,第三方网站所见。"""

from ingest.source import Published

SOURCE = Published("fujian-industry-base-rules")
