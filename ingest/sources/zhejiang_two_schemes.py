"""浙江省政府办公厅转发两个实施方案的通知的转载。"""

from ingest.source import Published

SOURCE = Published("zhejiang-two-schemes")
