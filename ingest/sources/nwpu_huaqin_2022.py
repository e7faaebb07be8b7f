"""华秦科技登陆科创板报道的转载。"""

from ingest.source import Published

SOURCE = Published("nwpu-huaqin-2022")
