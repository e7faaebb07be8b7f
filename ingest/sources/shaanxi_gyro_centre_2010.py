"""陕西省发展改革委 2010 年组建光纤陀螺工程研究中心的批复。"""

from ingest.source import Published

SOURCE = Published("shaanxi-gyro-centre-2010")
