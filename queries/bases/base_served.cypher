// title.zh: 基地服务的领域
// title.en: What a facility serves
// doc.zh: 某设施服务的领域、产业链和环节。
// doc.en: Fields, chains and segments a facility serves.
// param: facility node(Facility)
// param: limit int = 50 in 1..200
// returns: industry node, edge edge
// route: /facilities/{facility}/served
MATCH (b:Facility {id: $facility})-[r:SERVES]->(i:Industry)
RETURN i AS industry, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY i.sort_key, r.id SKIP $skip LIMIT $limit
