"""陕西省 2026 年度概念验证中心和中试基地申报通知,一所高校的转发页。"""

from ingest.source import Published

SOURCE = Published("shaanxi-2026-call")
