// title.zh: 邻居的类别
// title.en: Kinds of neighbours
// doc.zh: 与某节点有关系的节点，按类别和类型组合分别计数；类别即标识的前缀。
// doc.en: How many different nodes of each kind, and of each set of types, one node is related to. `kind` is as ids begin.
// param: node node(Any)
// param: modalities list(modality) = [done]
// returns: kind str, types strs, nodes int
MATCH (n:Any {id: $node})-[r]-(m:Any)
WHERE r.modality IN $modalities
WITH DISTINCT m
WITH split(m.id, ':')[0] AS kind, coalesce(m.types, []) AS types, count(*) AS nodes
RETURN kind, types, nodes
ORDER BY nodes DESC, kind, types
