"""丽珠医药与上海有机所设立研究中心的报道转载。"""

from ingest.source import Published

SOURCE = Published("joint-lab-livzon-2020")
