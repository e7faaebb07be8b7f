"""各界导报 2024 年“三项改革”成果团队报道的镜像。"""

from ingest.source import Published

SOURCE = Published("three-reforms-teams-2024")
