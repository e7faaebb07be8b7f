"""上海理工大学 2011 年工博会签约报道（校科技园网站）。"""

from ingest.source import Published

SOURCE = Published("deal-usst-2011")
