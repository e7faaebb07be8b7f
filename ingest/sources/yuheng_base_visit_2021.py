"""洁净能源创新研究院榆林分院自己网站 2021 年的调研消息。"""

from ingest.source import Published

SOURCE = Published("yuheng-base-visit-2021")
