"""工业和信息化部布局建设制造业中试平台通知的转载。"""

from ingest.source import Published

SOURCE = Published("miit-platform-layout-notice")
