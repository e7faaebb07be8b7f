// title.zh: 持股
// title.en: Shareholdings
// doc.zh: 一组单位持股的对象，仅一步；集团结构须逐步追溯。
// doc.en: What some organisations hold shares in: one step; a group is walked step by step.
// param: holders ids(Organization)
// returns: held node, edge edge
MATCH (o:Organization)-[r:HOLDS_SHARES_IN]->(c:Organization)
WHERE o.id IN $holders
RETURN c AS held, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY o.id, c.id, r.id
