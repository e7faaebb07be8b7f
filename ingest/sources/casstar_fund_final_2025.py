"""中科创星先导基金 2025 年终关的报道转载。"""

from ingest.source import Published

SOURCE = Published("casstar-fund-final-2025")
