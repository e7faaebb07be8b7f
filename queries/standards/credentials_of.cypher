// title.zh: 所持资质与称号
// title.en: Credentials held
// doc.zh: 一组单位或设施持有的资质与称号。
// doc.en: Qualifications and titles that some organisations or facilities hold.
// param: holders ids(Any)
// returns: credential node, edge edge
MATCH (o:Any)-[r:HOLDS]->(c:Credential)
WHERE o.id IN $holders
RETURN c AS credential, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY o.id, c.sort_key, r.id
