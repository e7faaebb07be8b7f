"""城市创投基金报道，含杭州与成都高新区的规模。"""

from ingest.source import Published

SOURCE = Published("city-venture-funds-2024")
