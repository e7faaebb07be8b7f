"""中国科大软件内核成果 2022 年赋权后作价入股的报道转载。"""

from ingest.source import Published

SOURCE = Published("deal-jiushao-2022")
