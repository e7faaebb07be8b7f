// title.zh: 文件陈述的内容
// title.en: What a document states
// doc.zh: 某文件陈述的数字、目标和举措。
// doc.en: Figures, targets and measures of one document.
// param: document node(Document)
// param: limit int = 50 in 1..200
// returns: thing node, edge edge
// route: /documents/{document}/states
MATCH (d:Document {id: $document})-[r:STATES|PROMISES|CITES|REPLIES_TO]->(x:Any)
RETURN x AS thing, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY type(r), x.sort_key, r.id SKIP $skip LIMIT $limit
