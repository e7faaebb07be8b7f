"""《浙江省科学技术进步条例》（2011 年修订）。"""

from ingest.source import Published

SOURCE = Published("law-zhejiang-science-2011")
