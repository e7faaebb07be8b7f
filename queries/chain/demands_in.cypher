// title.zh: 环节中的技术需求
// title.en: Demands of an industry
// doc.zh: 逐一列出“各环节的技术需求”所计的技术需求：某环节（可含下级环节，可限发布单位所在地区）在某日仍有效的需求。
// doc.en: What `industry_demands` counts, one by one: demands of an industry (with its parts, of posters in a region) open on a day.
// param: industry node(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: open_on date?
// param: above float = 0.4 in 0..1
// param: limit int = 50 in 1..200
// returns: demand node, edge edge
// route: /industries/{industry}/demands
MATCH (top:Industry {id: $industry})
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT i
MATCH (i)<-[r:SEEKS]-(d:Demand)
WHERE r.modality = 'done' AND r.confidence > $above
  AND ($open_on IS NULL OR d.deadline_latest IS NULL OR d.deadline_latest >= $open_on)
  AND ($region IS NULL OR EXISTS { MATCH (d)<-[s:POSTS]-(h:Organization)
                                   WHERE $region IN h.lies_in AND s.modality = 'done' AND s.confidence > $above })
WITH d, r ORDER BY r.id
WITH d, collect([startNode(r).id, r, endNode(r).id])[0] AS edge
RETURN d AS demand, edge
ORDER BY d.sort_key, d.id SKIP $skip LIMIT $limit
