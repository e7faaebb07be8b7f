"""广东 2024 年度省实验室概念验证中心建设通知的转载。"""

from ingest.source import Published

SOURCE = Published("guangdong-lab-concept-centres")
