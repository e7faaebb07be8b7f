// title.zh: 各环节成果的去向记录
// title.en: Achievements of industries by what of their way is on record
// doc.zh: 应用于各环节的成果，每项只计一次，按有无概念验证、中试、产业化（转让、许可、衍生企业）记录分列；可含下级环节，可限地区。
// doc.en: Achievements that apply to each industry, once each, by what is on record: verified, piloted, industrialised (transferred, spun out, licensed). With its parts, in a region, where asked.
// param: industries ids(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: above float = 0.4 in 0..1
// returns: industry str, verified bool, piloted bool, industrialised bool, achievements int
MATCH (top:Industry)
WHERE top.id IN $industries
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT top, i
MATCH (i)<-[r:APPLIES_TO]-(a:Achievement)
WHERE r.modality = 'done' AND r.confidence > $above AND a.modality = 'done'
  AND ($region IS NULL OR EXISTS { MATCH (a)<-[s:OWNS]-(h:Organization)
                                   WHERE $region IN h.lies_in AND s.modality = 'done' AND s.confidence > $above })
WITH DISTINCT top.id AS industry, a
WITH industry, a,
     (EXISTS { MATCH (a)-[t:TRIED_IN]->(j:Project) WHERE coalesce(j.project_kind, '') <> 'pilot' AND t.modality = 'done' AND t.confidence > $above }) AS verified,
     (EXISTS { MATCH (a)-[t:TRIED_IN]->(j:Project) WHERE j.project_kind = 'pilot' AND t.modality = 'done' AND t.confidence > $above }) AS piloted,
     (EXISTS { MATCH (a)-[t:TRANSFERRED_TO|SPUN_OUT]->(:Organization) WHERE t.modality = 'done' AND t.confidence > $above }
      OR EXISTS { MATCH (a)-[:PROTECTED_BY]->(q:Patent)-[t:TRANSFERRED_TO]->(:Organization) WHERE t.modality = 'done' AND t.confidence > $above }
      OR EXISTS { MATCH (a)-[:PROTECTED_BY]->(q:Patent) WHERE q.open_license }) AS industrialised
RETURN industry, verified, piloted, industrialised, count(*) AS achievements
ORDER BY industry, verified, piloted, industrialised
