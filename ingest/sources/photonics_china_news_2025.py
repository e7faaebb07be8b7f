"""中新社 2025 年 7 月陕西光子产业稿的镜像页。"""

from ingest.source import Published

SOURCE = Published("photonics-china-news-2025")
