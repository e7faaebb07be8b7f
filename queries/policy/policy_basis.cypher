// title.zh: 政策的依据关系
// title.en: What policies are based on
// doc.zh: 所列政策与其依据之间的关系。
// doc.en: The relations by which the policies of a list are based on others.
// param: policies ids(Policy)
// returns: edge edge
MATCH (q:Policy)
WHERE q.id IN $policies
MATCH (q)-[r:BASED_ON]->(p:Policy)
RETURN [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY r.id
