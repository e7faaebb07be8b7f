// title.zh: 共同邻居
// title.en: Common neighbours
// doc.zh: 与所列节点中至少两个（或指定个数）有关系的对象，共有者多的在前。
// doc.en: What at least two (or `least`) of some nodes are related to, those shared by most first.
// param: nodes ids(Any)
// param: least int = 2 in 1..50
// param: relations list(relation)?
// param: kinds list(str)?
// param: as_of date?
// param: certain bool = no
// param: min_confidence float = 0 in 0..1
// param: modalities list(modality) = [done]
// param: avoid list(str)?
// param: limit int = 25 in 1..200
// returns: neighbour node, shared int, edges edges
MATCH (n:Any)-[r]-(m:Any)
WHERE n.id IN $nodes AND NOT m.id IN $nodes
  AND ($relations IS NULL OR type(r) IN $relations)
  AND ($kinds IS NULL OR any(l IN labels(m) WHERE l IN $kinds))
  AND ($avoid IS NULL OR NOT m.id IN $avoid)
  AND r.confidence >= $min_confidence
  AND r.modality IN $modalities
  AND ($as_of IS NULL OR ((r.since IS NULL OR r.since <= $as_of) AND (r.until IS NULL OR r.until >= $as_of)))
  AND (NOT $certain OR (r.since IS NOT NULL AND r.until IS NOT NULL))
WITH n, r, m ORDER BY r.id
WITH m, count(DISTINCT n) AS shared, collect([startNode(r).id, r, endNode(r).id]) AS edges
WHERE shared >= $least
RETURN m AS neighbour, shared, edges
ORDER BY shared DESC, m.sort_key, m.id SKIP $skip LIMIT $limit
