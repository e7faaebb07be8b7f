"""四川美丰一个中试平台入选省名录的消息(转载)。"""

from ingest.source import Published

SOURCE = Published("sichuan-meifeng-platform")
