"""武汉光谷首批概念验证基金的报道转载。"""

from ingest.source import Published

SOURCE = Published("guanggu-verification-funds")
