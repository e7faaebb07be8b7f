// title.zh: 地区内的机构与基地
// title.en: What is located in a region
// doc.zh: 来源说明位于某地区（含其下辖地区及园区）的机构、设施和基金；可限于某一标签（类别或类型）。
// doc.en: Organisations, facilities and funds stated to be located in a region, in the regions inside it and in their parks; only those under some label (a kind or a type), if asked.
// param: region node(Region)
// param: labels list(str)?
// param: limit int = 50 in 1..200
// returns: thing node, edge edge
// route: /regions/{region}/contents
MATCH (z:Region {id: $region})<-[:WITHIN*0..4]-(w:Region|Park)
MATCH (w)<-[r:LOCATED_IN]-(x:Any)
WHERE $labels IS NULL OR any(l IN labels(x) WHERE l IN $labels)
RETURN x AS thing, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, r.id SKIP $skip LIMIT $limit
