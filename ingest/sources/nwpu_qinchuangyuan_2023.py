"""渭南网站所载的秦创原报道（无网址），含西工大作价数字。"""

from ingest.source import Published

SOURCE = Published("nwpu-qinchuangyuan-2023")
