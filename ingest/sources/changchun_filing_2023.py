"""长春市 2023 年第一批中试基地备案通知的转载。"""

from ingest.source import Published

SOURCE = Published("changchun-filing-2023")
