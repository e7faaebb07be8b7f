// title.zh: 邻居
// title.en: Neighbours
// doc.zh: 与某节点有关系的对象，可按关系、类别、方向和日期筛选；未注明日期的关系也列出，除非只要确定的。
// doc.en: What one node is related to, by relation, kind, direction and date; undated relations are included unless certain is asked.
// param: node node(Any)
// param: relations list(relation)?
// param: kinds list(str)?
// param: direction str = both in both|out|in
// param: as_of date?
// param: certain bool = no
// param: min_confidence float = 0 in 0..1
// param: modalities list(modality) = [done]
// param: avoid list(str)?
// param: limit int = 25 in 1..200
// returns: neighbour node, edge edge
// route: /questions/neighbours/{node}
MATCH (n:Any {id: $node})-[r]-(m:Any)
WHERE ($relations IS NULL OR type(r) IN $relations)
  AND ($kinds IS NULL OR any(l IN labels(m) WHERE l IN $kinds))
  AND ($direction = 'both' OR ($direction = 'out' AND startNode(r).id = $node) OR ($direction = 'in' AND endNode(r).id = $node))
  AND ($avoid IS NULL OR NOT m.id IN $avoid)
  AND r.confidence >= $min_confidence
  AND r.modality IN $modalities
  AND ($as_of IS NULL OR ((r.since IS NULL OR r.since <= $as_of) AND (r.until IS NULL OR r.until >= $as_of)))
  AND (NOT $certain OR (r.since IS NOT NULL AND r.until IS NOT NULL))
RETURN m AS neighbour, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY type(r), m.sort_key, r.id SKIP $skip LIMIT $limit
