// title.zh: 带日期的邻居
// title.en: Dated neighbours
// doc.zh: 某节点有日期的关系：取关系自身的日期，没有则取所指对象的日期（数字的期间、目标的期限）；最近的在前。
// doc.en: What one node is related to with a date: of the relation, else of what it leads to (a figure's period, a due day); latest first.
// param: node node(Any)
// param: modalities list(modality) = [done]
// param: limit int = 40 in 1..200
// returns: neighbour node, edge edge, dated date
MATCH (n:Any {id: $node})-[r]-(m:Any)
WHERE r.modality IN $modalities
WITH m, r, coalesce(r.since, r.event_date_earliest, r.transfer_date_earliest, r.event_date_latest, r.transfer_date_latest, r.until,
  m.period_earliest, m.started_earliest, m.signed_earliest, m.launched_earliest, m.posted_earliest, m.due_earliest, m.issued_earliest,
  m.published_earliest, m.period_latest, m.due_latest) AS dated
WHERE dated IS NOT NULL
RETURN m AS neighbour, [startNode(r).id, r, endNode(r).id] AS edge, dated
ORDER BY dated DESC, m.sort_key, r.id SKIP $skip LIMIT $limit
