"""中科创星先导基金 2025 年首关的报道转载。"""

from ingest.source import Published

SOURCE = Published("casstar-fund-2025")
