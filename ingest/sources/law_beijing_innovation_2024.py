"""《北京国际科技创新中心建设条例》（2024）。"""

from ingest.source import Published

SOURCE = Published("law-beijing-innovation-2024")
