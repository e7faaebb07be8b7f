// title.zh: 一组节点之间的关系
// title.en: Relations among nodes
// doc.zh: 起于一组节点、止于另一组节点的关系，可按日期、可信度和实现程度筛选；视图即据此绘制。
// doc.en: Relations that start at nodes of one list and end at nodes of another, by date, confidence and modality; what a view draws.
// param: sources ids(Any)
// param: nodes list(str)
// param: relations list(relation)?
// param: as_of date?
// param: certain bool = no
// param: min_confidence float = 0 in 0..1
// param: modalities list(modality) = [done]
// returns: edge edge
MATCH (n:Any)-[r]->(m:Any)
WHERE n.id IN $sources AND m.id IN $nodes
  AND ($relations IS NULL OR type(r) IN $relations)
  AND r.confidence >= $min_confidence
  AND r.modality IN $modalities
  AND ($as_of IS NULL OR ((r.since IS NULL OR r.since <= $as_of) AND (r.until IS NULL OR r.until >= $as_of)))
  AND (NOT $certain OR (r.since IS NOT NULL AND r.until IS NOT NULL))
RETURN [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY r.id
