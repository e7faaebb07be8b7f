// title.zh: 环节中的企业
// title.en: Enterprises of an industry
// doc.zh: 逐一列出“各环节的企业”所计的企业：某环节（可含下级环节）、某规模（unknown 即来源未说明者）、某地区。
// doc.en: What `industry_enterprises` counts, one by one: of an industry (with its parts), of a size (`unknown`: no source states it), in a region.
// param: industry node(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: size str? in large|medium|small|micro|unknown
// param: above float = 0.4 in 0..1
// param: limit int = 50 in 1..200
// returns: organization node, edge edge
// route: /industries/{industry}/enterprises
MATCH (top:Industry {id: $industry})
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT i
MATCH (i)<-[r:OPERATES_IN]-(o:Organization)
WHERE r.modality = 'done' AND r.confidence > $above
  AND ($region IS NULL OR $region IN o.lies_in)
  AND ($size IS NULL OR coalesce(o.size_class, 'unknown') = $size)
WITH o, r ORDER BY r.id
WITH o, collect([startNode(r).id, r, endNode(r).id])[0] AS edge
RETURN o AS organization, edge
ORDER BY o.sort_key, o.id SKIP $skip LIMIT $limit
