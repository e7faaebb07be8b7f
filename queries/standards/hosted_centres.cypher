// title.zh: 依托单位与其中心和基地
// title.en: Hosts and their centres and bases
// doc.zh: 哪个单位依托建设哪个中心或基地，用于发现可能冲突的重复申报。
// doc.en: Who hosts which centre or base: applications that may collide.
// param: region node(Region)?
// param: hosts ids(Organization)?
// returns: host node, facility node, edge edge, elsewhere bool
MATCH (o:Organization)-[r:HOSTS]->(b:Centre)
WHERE $hosts IS NULL OR o.id IN $hosts
RETURN o AS host, b AS facility, [startNode(r).id, r, endNode(r).id] AS edge,
       ($region IS NOT NULL AND b.lies_in IS NOT NULL AND NOT $region IN b.lies_in) AS elsewhere
ORDER BY o.sort_key, b.sort_key, r.id
