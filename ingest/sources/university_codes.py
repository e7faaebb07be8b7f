"""本图谱所涉高校的学校标识码（教育部名单）。"""

from ingest.source import Published

SOURCE = Published("university-codes")
