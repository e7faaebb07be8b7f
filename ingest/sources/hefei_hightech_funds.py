"""合肥高新区天使基金与种子基金报道的转载。"""

from ingest.source import Published

SOURCE = Published("hefei-hightech-funds")
