"""《中小企业促进法》2017 年修订文本。"""

from ingest.source import Published

SOURCE = Published("law-sme-2017")
