// title.zh: 所持资质与称号
// title.en: Credentials held
// doc: Qualifications and titles that some organisations hold.
// param: holders ids(Organization)
// returns: credential node, edge edge
MATCH (o:Organization)-[r:HOLDS]->(c:Credential)
WHERE o.id IN $holders
RETURN c AS credential, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY o.id, c.sort_key, r.id
