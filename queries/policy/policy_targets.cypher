// title.zh: 政策设定的目标
// title.en: Targets a policy sets
// doc.zh: 某项政策设定的目标。
// doc.en: Targets set by one named policy.
// param: policy node(Policy)
// param: limit int = 50 in 1..200
// returns: target node, edge edge
// route: /policies/{policy}/targets
MATCH (p:Policy {id: $policy})-[r:SETS]->(t:Target)
RETURN t AS target, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY t.due_latest, t.sort_key, t.id SKIP $skip LIMIT $limit
