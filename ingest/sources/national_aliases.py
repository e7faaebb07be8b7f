"""陕西以外机构的全称、简称与类型:本项目手工整理的表。"""

from ingest.source import Published

SOURCE = Published("national-aliases")
