"""江门市概念验证中心和中试平台认定管理办法,发文单位网站。"""

from ingest.source import Published

SOURCE = Published("jiangmen-recognition-rules")
