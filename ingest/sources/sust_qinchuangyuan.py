"""陕西科技大学网站对其参与秦创原建设的说明。"""

from ingest.source import Published

SOURCE = Published("sust-qinchuangyuan")
