"""浙江省 2023 年修订科学技术进步条例的公告转载。"""

from ingest.source import Published

SOURCE = Published("zhejiang-science-2023")
