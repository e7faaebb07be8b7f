"""《上海市科学技术进步条例》（2024 年修订）。"""

from ingest.source import Published

SOURCE = Published("law-shanghai-science-2024")
