// title.zh: 各环节成果所达阶段
// title.en: Achievements of industries by the stage they reached
// doc: Achievements that apply to each industry by the furthest stage on record: industry (transferred, spun out), pilot, verification, laboratory.
// param: industries ids(Industry)
// param: above float = 0.4 in 0..1
// returns: industry str, stage str, achievements int
MATCH (i:Industry)
WHERE i.id IN $industries
MATCH (i)<-[r:APPLIES_TO]-(a:Achievement)
WHERE r.modality = 'done' AND r.confidence > $above AND a.modality = 'done'
WITH DISTINCT i.id AS industry, a
WITH industry, CASE
  WHEN EXISTS { MATCH (a)-[t:TRANSFERRED_TO|SPUN_OUT]->(:Organization) WHERE t.modality = 'done' AND t.confidence > $above } THEN 'industry'
  WHEN EXISTS { MATCH (a)-[:PROTECTED_BY]->(q:Patent)-[t:TRANSFERRED_TO]->(:Organization) WHERE t.modality = 'done' AND t.confidence > $above } THEN 'industry'
  WHEN EXISTS { MATCH (a)-[:PROTECTED_BY]->(q:Patent) WHERE q.open_license } THEN 'industry'
  WHEN EXISTS { MATCH (a)-[t:TRIED_IN]->(j:Project) WHERE j.project_kind = 'pilot' AND t.modality = 'done' AND t.confidence > $above } THEN 'pilot'
  WHEN EXISTS { MATCH (a)-[t:TRIED_IN]->(:Project) WHERE t.modality = 'done' AND t.confidence > $above } THEN 'verification'
  ELSE 'laboratory' END AS stage
RETURN industry, stage, count(*) AS achievements
ORDER BY industry, stage
