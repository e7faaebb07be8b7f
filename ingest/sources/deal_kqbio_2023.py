"""科前生物 2023 年拟受让华中农业大学专利的核查意见。"""

from ingest.source import Published

SOURCE = Published("deal-kqbio-2023")
