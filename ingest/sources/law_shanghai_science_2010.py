"""《上海市科学技术进步条例》2010 年文本，与 2024 年文本对照。"""

from ingest.source import Published

SOURCE = Published("law-shanghai-science-2010")
