"""工信厅科函〔2025〕456 号与中试平台梯次的转述,地址未留。"""

from ingest.source import Published

SOURCE = Published("miit-2025-456")
