"""西安市重点产业链“链主”企业认定通知的镜像。"""

from ingest.source import Published

SOURCE = Published("xian-chain-leaders-call")
