// title.zh: 政策支持的对象
// title.en: What a policy supports
// doc.zh: 某政策支持、聚焦、依据的对象，以及采用它的机构。
// doc.en: What a policy supports, focuses on, is based on or is adopted by.
// param: policy node(Policy)
// param: limit int = 50 in 1..200
// returns: thing node, edge edge
// route: /policies/{policy}/supports
MATCH (p:Policy {id: $policy})-[r:SUPPORTS|FOCUSES_ON|BASED_ON|ADOPTS|PART_OF]-(x:Any)
RETURN x AS thing, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY type(r), x.sort_key, r.id SKIP $skip LIMIT $limit
