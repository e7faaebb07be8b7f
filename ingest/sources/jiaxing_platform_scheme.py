"""嘉兴市五部门中试平台体系建设实施方案（市经信局网站）。"""

from ingest.source import Published

SOURCE = Published("jiaxing-platform-scheme")
