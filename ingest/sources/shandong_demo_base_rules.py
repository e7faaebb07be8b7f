"""山东省科技成果转化中试示范基地的申报条件,第三方网站所见。"""

from ingest.source import Published

SOURCE = Published("shandong-demo-base-rules")
