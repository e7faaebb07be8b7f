// title.zh: 基地的依托与建设单位
// title.en: Who hosts and builds a facility
// doc.zh: 某中心、基地、平台或实验室的依托单位、建设单位和认定机关。
// doc.en: Hosts, builders and recognising agencies of a base, centre, platform or laboratory.
// param: facility node(Facility)
// param: limit int = 50 in 1..200
// returns: organization node, edge edge
// route: /facilities/{facility}/hosts
MATCH (b:Facility {id: $facility})<-[r:HOSTS|BUILDS|RECOGNIZES]-(o:Organization)
RETURN o AS organization, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY type(r), o.sort_key, r.id SKIP $skip LIMIT $limit
