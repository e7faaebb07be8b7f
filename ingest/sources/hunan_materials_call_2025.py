"""湖南 2025 年新材料中试平台申报通知的镜像。"""

from ingest.source import Published

SOURCE = Published("hunan-materials-call-2025")
