"""天津拟设两只概念验证基金的报道转载。"""

from ingest.source import Published

SOURCE = Published("tianjin-verification-funds")
