"""中新网关于大连松木岛化工新材料中试基地稿件的镜像。"""

from ingest.source import Published

SOURCE = Published("dalian-songmudao-base")
