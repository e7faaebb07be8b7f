"""辽宁省科技厅、财政厅 2022 年的中试基地项目管理办法。"""

from ingest.source import Published

SOURCE = Published("liaoning-pilot-rules-2022")
