"""西安理工大学团队在秦创原转化成果的一篇无地址报道。"""

from ingest.source import Published

SOURCE = Published("xut-qinchuangyuan-team")
