"""陕西省 2024 年概念验证中心和中试基地申报认定通知,市科技局网站转发。"""

from ingest.source import Published

SOURCE = Published("shaanxi-2024-call")
