"""2025 年 10 月一篇报道中的陕西中心与平台数量,地址未留。"""

from ingest.source import Published

SOURCE = Published("shaanxi-14-24-centres")
