"""天津 2023 年为天开园设专项资金的报道。"""

from ingest.source import Published

SOURCE = Published("tiankai-money-2023")
