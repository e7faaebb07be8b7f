// title.zh: 各类关系数
// title.en: Counts by relation
// doc: Number of relations of each type.
// returns: relation str, edges int
MATCH (a:Any)-[r]->(b:Any)
RETURN type(r) AS relation, count(*) AS edges
ORDER BY relation
