"""新华制药 2025 年所受让新药获批临床的公告摘要。"""

from ingest.source import Published

SOURCE = Published("deal-xinhua-2025")
