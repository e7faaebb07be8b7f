// title.zh: 各类关系数
// title.en: Counts by relation
// doc.zh: 每种关系的数目。
// doc.en: Number of relations of each type.
// returns: relation str, edges int
MATCH (a:Any)-[r]->(b:Any)
RETURN type(r) AS relation, count(*) AS edges
ORDER BY relation
