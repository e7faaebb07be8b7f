"""人民日报 2025 年 12 月制造业中试平台报道的转载。"""

from ingest.source import Published

SOURCE = Published("chengdu-fengniao-base")
