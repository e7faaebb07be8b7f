"""首份科技成果转化年度报告报道的转载。"""

from ingest.source import Published

SOURCE = Published("china-transfer-report-2018")
