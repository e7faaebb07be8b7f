// title.zh: 政策与文件中的举措
// title.en: Measures a policy or document promises
// doc.zh: 某政策或文件中的举措，附条件与金额。
// doc.en: Measures of one policy or document with condition and amount.
// param: document node(Any)
// param: limit int = 50 in 1..200
// returns: measure node, edge edge
// route: /documents/{document}/measures
MATCH (d:Any {id: $document})-[r:PROMISES]->(m:Measure)
RETURN m AS measure, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY m.position, m.id SKIP $skip LIMIT $limit
