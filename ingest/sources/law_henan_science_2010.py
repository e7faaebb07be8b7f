"""《河南省科学技术进步条例》（2010 年修正）。"""

from ingest.source import Published

SOURCE = Published("law-henan-science-2010")
