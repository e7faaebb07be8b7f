// title.zh: 中试基地名录
// title.en: Pilot bases
// doc.zh: 按地区（含其下辖地区）、服务领域、级别、认定或批次年份查中试基地。
// doc.en: Pilot bases by region (with everything inside it), field served, level and year of recognition or batch.
// param: region node(Region)?
// param: field node(Industry)?
// param: level str?
// param: year int? in 1980..2100
// param: modalities list(modality) = [done]
// param: limit int = 20 in 1..200
// returns: base node
// route: /bases
MATCH (b:PilotBase)
WHERE b.modality IN $modalities
  AND ($region IS NULL OR $region IN b.lies_in)
  AND ($field IS NULL OR EXISTS { MATCH (b)-[:SERVES]->(f:Industry) WHERE f.id = $field })
  AND ($level IS NULL
       OR EXISTS { MATCH (b)<-[g:RECOGNIZES]-(:Organization) WHERE g.level = $level }
       OR EXISTS { MATCH (b)-[:IN_BATCH]->(t:Batch) WHERE t.level = $level })
  AND ($year IS NULL
       OR EXISTS { MATCH (b)<-[g:RECOGNIZES]-(:Organization) WHERE g.event_date_earliest.year = $year }
       OR EXISTS { MATCH (b)-[:IN_BATCH]->(t:Batch) WHERE t.year = $year })
RETURN b AS base
ORDER BY b.sort_key, b.id SKIP $skip LIMIT $limit
