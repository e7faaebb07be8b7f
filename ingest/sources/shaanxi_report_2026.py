"""陕西省 2026 年政府工作报告所列的创新数字。"""

from ingest.source import Published

SOURCE = Published("shaanxi-report-2026")
