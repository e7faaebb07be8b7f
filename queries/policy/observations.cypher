// title.zh: 关于某对象的数字
// title.en: Figures about a thing
// doc.zh: 各文件就某对象报告的数字，附所在文件。
// doc.en: Figures that documents report about one thing, with the document.
// param: subject node(Any)
// param: limit int = 50 in 1..200
// returns: observation node, document node, edge edge
// route: /nodes/{subject}/observations
MATCH (s:Any {id: $subject})<-[r:ABOUT]-(o:Observation)
MATCH (d:Document)-[:STATES]->(o)
RETURN o AS observation, d AS document, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY o.period_latest, o.sort_key, o.id, d.id SKIP $skip LIMIT $limit
