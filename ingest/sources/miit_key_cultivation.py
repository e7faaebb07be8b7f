"""中新网 2025 年 7 月工信部中试平台稿的镜像。"""

from ingest.source import Published

SOURCE = Published("miit-key-cultivation")
