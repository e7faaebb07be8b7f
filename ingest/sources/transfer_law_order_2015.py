"""中国政府网 2015 年刊登的修改促进科技成果转化法的主席令。"""

from ingest.source import Published

SOURCE = Published("transfer-law-order-2015")
