"""《专利法实施细则》2010 年文本。"""

from ingest.source import Published

SOURCE = Published("law-patent-rules-2010")
