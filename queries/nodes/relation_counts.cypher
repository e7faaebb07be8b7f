// title.zh: 一组节点各有多少关系
// title.en: Numbers of relations of nodes
// doc.zh: 一组节点各自每种关系、每个方向的数目，可按日期、可信度和实现程度筛选。
// doc.en: How many relations of each type and direction each node of a list has, by date, confidence and modality.
// param: ids ids(Any)
// param: as_of date?
// param: certain bool = no
// param: min_confidence float = 0 in 0..1
// param: modalities list(modality) = [done]
// returns: node str, relation str, direction str, edges int
MATCH (n:Any)-[r]-(m:Any)
WHERE n.id IN $ids
  AND r.confidence >= $min_confidence
  AND r.modality IN $modalities
  AND ($as_of IS NULL OR ((r.since IS NULL OR r.since <= $as_of) AND (r.until IS NULL OR r.until >= $as_of)))
  AND (NOT $certain OR (r.since IS NOT NULL AND r.until IS NOT NULL))
RETURN n.id AS node, type(r) AS relation, CASE WHEN startNode(r).id = n.id THEN 'out' ELSE 'in' END AS direction, count(*) AS edges
ORDER BY node, relation, direction
