// title.zh: 基金的投向
// title.en: What a fund invests in
// doc.zh: 某基金或投资机构投资的对象，以及其聚焦的领域。
// doc.en: What a fund or investor has put money into, and the fields it focuses on.
// param: fund node(Any)
// param: limit int = 50 in 1..200
// returns: into node, edge edge
// route: /funds/{fund}/investments
MATCH (f:Any {id: $fund})-[r:INVESTS_IN|FOCUSES_ON]->(x:Any)
RETURN x AS into, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY type(r), x.sort_key, r.id SKIP $skip LIMIT $limit
