"""石四药集团与中国药科大学联合实验室的报道。"""

from ingest.source import Published

SOURCE = Published("joint-lab-sspc-cpu")
