// title.zh: 评判所据的关系
// title.en: Relations a judgement rests on
// doc.zh: 某节点在指定种类中的全部关系，不论实现程度；评判时逐条权衡。
// doc.en: Every relation of one node among those asked for, whatever its modality; a judgement weighs each.
// param: node node(Any)
// param: relations list(relation)
// returns: other node, edge edge
MATCH (n:Any {id: $node})-[r]-(m:Any)
WHERE type(r) IN $relations
RETURN m AS other, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY type(r), m.sort_key, r.id
