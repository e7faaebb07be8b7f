"""泰兴经济开发区化工中试基地报道的转载。"""

from ingest.source import Published

SOURCE = Published("taixing-pilot-base")
