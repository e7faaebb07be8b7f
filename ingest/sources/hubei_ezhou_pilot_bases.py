"""鄂州两家中试基地上榜湖北首批名单的报道(转载)。"""

from ingest.source import Published

SOURCE = Published("hubei-ezhou-pilot-bases")
