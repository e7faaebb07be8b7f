"""《科学技术进步法》2021 年修订文本。"""

from ingest.source import Published

SOURCE = Published("law-science-2021")
