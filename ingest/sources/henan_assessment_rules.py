"""河南省中试基地绩效考核的依据与参评数,第三方网站所见。"""

from ingest.source import Published

SOURCE = Published("henan-assessment-rules")
