"""陕西科技大学大荔技术转移中心签约消息（无网址）。"""

from ingest.source import Published

SOURCE = Published("sust-dali-centre")
