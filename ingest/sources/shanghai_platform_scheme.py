"""上海市高质量概念验证平台建设实施方案的转载。"""

from ingest.source import Published

SOURCE = Published("shanghai-platform-scheme")
