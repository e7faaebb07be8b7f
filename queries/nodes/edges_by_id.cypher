// title.zh: 按标识取关系
// title.en: Relations by id
// doc.zh: 按标识取关系，限于起点在所列节点之中的。
// doc.en: Relations of a list of ids that start at nodes of a list of ids.
// param: sources ids(Any)
// param: edges list(str)
// returns: edge edge
MATCH (n:Any)-[r]->(m:Any)
WHERE n.id IN $sources AND r.id IN $edges
RETURN [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY r.id
