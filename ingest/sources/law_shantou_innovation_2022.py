"""《汕头经济特区科技创新条例》（2022）。"""

from ingest.source import Published

SOURCE = Published("law-shantou-innovation-2022")
