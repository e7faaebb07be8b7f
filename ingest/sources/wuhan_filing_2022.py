"""武汉 2022 年中试平台备案名单公布的消息(转载),名单在图片中。"""

from ingest.source import Published

SOURCE = Published("wuhan-filing-2022")
