"""陕西省科学技术厅 2024 年 8 月对一件省政协提案的答复:本项目的奠基文件。"""

from ingest.source import Published

SOURCE = Published("shaanxi-reply-2024-08-14")
