"""《杭州市科学技术进步条例》（2011）。"""

from ingest.source import Published

SOURCE = Published("law-hangzhou-science-2011")
