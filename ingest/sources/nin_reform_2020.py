"""新华社 2020 年西北有色院改革稿的转载。"""

from ingest.source import Published

SOURCE = Published("nin-reform-2020")
