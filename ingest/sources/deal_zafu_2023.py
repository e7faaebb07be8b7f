"""浙江农林大学 2023 年分期支付专利转让的报道转载。"""

from ingest.source import Published

SOURCE = Published("deal-zafu-2023")
