"""辽宁省认定 14 家中试基地、本溪一家入选的报道转载。"""

from ingest.source import Published

SOURCE = Published("benxi-base-liaoning")
