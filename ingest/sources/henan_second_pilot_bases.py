"""河南省 2022 年公示第二批 13 家中试基地的报道。"""

from ingest.source import Published

SOURCE = Published("henan-second-pilot-bases")
