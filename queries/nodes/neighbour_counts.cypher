// title.zh: 邻居数
// title.en: Numbers of neighbours
// doc.zh: 某节点每种关系、每个方向各有多少条。
// doc.en: How many relations of each type and direction one node has.
// param: node node(Any)
// returns: relation str, direction str, edges int
MATCH (n:Any {id: $node})-[r]-(m:Any)
RETURN type(r) AS relation, CASE WHEN startNode(r).id = $node THEN 'out' ELSE 'in' END AS direction, count(*) AS edges
ORDER BY relation, direction
