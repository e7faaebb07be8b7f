"""陕西第二批链主企业的一篇无地址报道。"""

from ingest.source import Published

SOURCE = Published("shaanxi-second-chain-leaders")
