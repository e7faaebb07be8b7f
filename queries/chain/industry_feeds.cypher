// title.zh: 环节的供给关系
// title.en: Which links feed which
// doc.zh: 一组环节之间的供给关系。
// doc.en: Feeding relations between the industries of a list.
// param: industries ids(Industry)
// returns: edge edge
MATCH (i:Industry)-[r:FEEDS]->(j:Industry)
WHERE i.id IN $industries AND j.id IN $industries
RETURN [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY r.id
