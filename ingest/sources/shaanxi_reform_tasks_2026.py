"""陕西省 2026 年暨“十五五”第一批科技创新改革任务通知的转载。"""

from ingest.source import Published

SOURCE = Published("shaanxi-reform-tasks-2026")
