// title.zh: 基地提供的服务与仪器
// title.en: What a facility offers
// doc.zh: 某设施提供的中试服务、仪器装备、应用场景和服务规则。
// doc.en: Services, instruments, scenarios and rules a facility offers.
// param: facility node(Facility)
// param: limit int = 50 in 1..200
// returns: offer node, edge edge
// route: /facilities/{facility}/offers
MATCH (b:Facility {id: $facility})-[r:OFFERS]->(o:Offer)
RETURN o AS offer, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY o.sort_key, r.id SKIP $skip LIMIT $limit
