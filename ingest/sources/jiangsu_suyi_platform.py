"""苏仪集团一个中试平台入选江苏培育库的消息(转载)。"""

from ingest.source import Published

SOURCE = Published("jiangsu-suyi-platform")
