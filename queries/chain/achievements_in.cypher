// title.zh: 环节中的成果及其去向记录
// title.en: Achievements of an industry and what of their way is on record
// doc.zh: 逐一列出“各环节成果的去向记录”所计的成果：应用于某环节（可含下级环节，可限权属单位所在地区），按概念验证、中试、产业化有无记录区分。
// doc.en: What `industry_achievements` counts, one by one: achievements of an industry (with its parts, of owners in a region), by whether verification, pilot and industry are on record.
// param: industry node(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: verified bool?
// param: piloted bool?
// param: industrialised bool?
// param: above float = 0.4 in 0..1
// param: limit int = 50 in 1..200
// returns: achievement node, verified bool, piloted bool, industrialised bool, edge edge
// route: /industries/{industry}/achievements
MATCH (top:Industry {id: $industry})
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT i
MATCH (i)<-[r:APPLIES_TO]-(a:Achievement)
WHERE r.modality = 'done' AND r.confidence > $above AND a.modality = 'done'
  AND ($region IS NULL OR EXISTS { MATCH (a)<-[s:OWNS]-(h:Organization)
                                   WHERE $region IN h.lies_in AND s.modality = 'done' AND s.confidence > $above })
WITH a, r ORDER BY r.id
WITH a, collect([startNode(r).id, r, endNode(r).id])[0] AS edge
WITH a, edge,
     (EXISTS { MATCH (a)-[t:TRIED_IN]->(j:Project) WHERE coalesce(j.project_kind, '') <> 'pilot' AND t.modality = 'done' AND t.confidence > $above }) AS verified,
     (EXISTS { MATCH (a)-[t:TRIED_IN]->(j:Project) WHERE j.project_kind = 'pilot' AND t.modality = 'done' AND t.confidence > $above }) AS piloted,
     (EXISTS { MATCH (a)-[t:TRANSFERRED_TO|SPUN_OUT]->(:Organization) WHERE t.modality = 'done' AND t.confidence > $above }
      OR EXISTS { MATCH (a)-[:PROTECTED_BY]->(q:Patent)-[t:TRANSFERRED_TO]->(:Organization) WHERE t.modality = 'done' AND t.confidence > $above }
      OR EXISTS { MATCH (a)-[:PROTECTED_BY]->(q:Patent) WHERE q.open_license }) AS industrialised
WITH a, edge, verified, piloted, industrialised
WHERE ($verified IS NULL OR verified = $verified) AND ($piloted IS NULL OR piloted = $piloted) AND ($industrialised IS NULL OR industrialised = $industrialised)
RETURN a AS achievement, verified, piloted, industrialised, edge
ORDER BY a.sort_key, a.id SKIP $skip LIMIT $limit
