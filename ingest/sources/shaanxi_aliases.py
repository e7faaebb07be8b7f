"""陕西机构、基地、政策的全称与简称:本项目手工整理的表,每行写明依据。"""

from ingest.source import Published

SOURCE = Published("shaanxi-aliases")
