"""长春市 2024 年度中试基地拟认定公示的转载。"""

from ingest.source import Published

SOURCE = Published("changchun-bases-2024")
