"""秦创原三年行动计划的指标,外省科技部门网站的转载。"""

from ingest.source import Published

SOURCE = Published("qinchuangyuan-three-year-plan")
