"""教育部网站 2020 年 4 月关于首批 47 所高校转化基地经验的通知。"""

from ingest.source import Published

SOURCE = Published("moe-47-transfer-bases")
