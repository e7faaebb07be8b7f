"""评述高校概念验证中心的网站文章，含海淀专项资金。"""

from ingest.source import Published

SOURCE = Published("haidian-concept-plan")
