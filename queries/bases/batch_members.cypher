// title.zh: 批次成员
// title.en: Members of a batch
// doc.zh: 某一批次中来源列出名称的成员。
// doc.en: The named members of one batch.
// param: batch node(Batch)
// param: limit int = 50 in 1..200
// returns: member node, edge edge
// route: /batches/{batch}/members
MATCH (t:Batch {id: $batch})<-[r:IN_BATCH]-(m:Any)
RETURN m AS member, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY m.sort_key, r.id SKIP $skip LIMIT $limit
