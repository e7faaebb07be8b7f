"""光电子先导院自己网站 2022 年 12 月的消息:入选首批链主。"""

from ingest.source import Published

SOURCE = Published("oeic-chain-leader")
