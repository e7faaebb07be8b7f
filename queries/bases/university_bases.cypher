// title.zh: 高校承建的中试基地
// title.en: Pilot bases a university hosts
// doc.zh: 某高校依托建设的中试基地，最新的在前。
// doc.en: One university's pilot bases, newest first.
// param: university node(University)
// param: limit int = 20 in 1..200
// returns: base node, since date, host edge
// route: /universities/{university}/bases
MATCH (u:Organization:University {id: $university})-[h:HOSTS|BUILDS]->(b:PilotBase)
RETURN b AS base, h.since AS since, [startNode(h).id, h, endNode(h).id] AS host
ORDER BY since DESC, b.id, h.id SKIP $skip LIMIT $limit
