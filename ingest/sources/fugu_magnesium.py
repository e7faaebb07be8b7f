"""科技日报 2024 年 5 月对府谷金属镁产业的报道。"""

from ingest.source import Published

SOURCE = Published("fugu-magnesium")
