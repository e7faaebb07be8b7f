// title.zh: 基地与中心及其服务是否已知
// title.en: Bases and centres, and whether it is known what they serve
// doc.zh: 逐一列出“设施服务的已知程度”所计的中试基地或概念验证中心（可限于某地区），并注明来源是否说明其服务对象。
// doc.en: What `service_coverage` counts, one by one: pilot bases or verification centres (in a region), and whether a source says what they serve.
// param: kind str = PilotBase in PilotBase|VerificationCentre
// param: region node(Region)?
// param: known bool?
// param: above float = 0.4 in 0..1
// param: limit int = 50 in 1..200
// returns: facility node, known bool
MATCH (f:PilotBase|VerificationCentre)
WHERE f.modality = 'done' AND $kind IN labels(f)
  AND ($region IS NULL OR $region IN f.lies_in)
WITH f, (EXISTS { MATCH (f)-[r:SERVES]->(:Industry) WHERE r.modality = 'done' AND r.confidence > $above }
         OR EXISTS { MATCH (f)-[:OFFERS]->(:Service)-[r:SERVES]->(:Industry) WHERE r.modality = 'done' AND r.confidence > $above }) AS known
WITH f, known
WHERE $known IS NULL OR known = $known
RETURN f AS facility, known
ORDER BY f.sort_key, f.id SKIP $skip LIMIT $limit
