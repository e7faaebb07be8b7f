// title.zh: 服务于环节的设施
// title.en: Facilities that serve an industry
// doc.zh: 逐一列出“服务各环节的设施”所计的设施：服务于某环节（可含下级环节），不指定环节则为任一环节；可限类别和地区。
// doc.en: What `industry_facilities` counts, one by one: of an industry (with its parts), or of any where none is given; of a kind, in a region.
// param: industry node(Industry)?
// param: with_parts bool = false
// param: region node(Region)?
// param: kind str? in PilotBase|VerificationCentre|Platform|Laboratory
// param: above float = 0.4 in 0..1
// param: limit int = 50 in 1..200
// returns: facility node, edge edge
// route: /facilities-serving
MATCH (i:Industry)
WHERE $industry IS NULL OR i.id = $industry OR ($with_parts AND EXISTS { MATCH (i)-[:PART_OF*1..4]->(top:Industry) WHERE top.id = $industry })
MATCH (i)<-[r:SERVES]-(x:VerificationCentre|PilotBase|Platform|Laboratory|Service)<-[:OFFERS*0..1]-(f:Facility)
WHERE r.modality = 'done' AND r.confidence > $above AND f.modality = 'done'
  AND ($kind IS NULL OR $kind IN labels(f))
  AND ($region IS NULL OR $region IN f.lies_in)
WITH f, r ORDER BY r.id
WITH f, collect([startNode(r).id, r, endNode(r).id])[0] AS edge
RETURN f AS facility, edge
ORDER BY f.sort_key, f.id SKIP $skip LIMIT $limit
