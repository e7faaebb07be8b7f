// title.zh: 有日期的验证与中试项目
// title.en: Dated verification and pilot projects
// doc.zh: 在某地区开展、注明日期的概念验证或中试项目：一项服务以此计数，列入服务清单不计。
// doc.en: Projects with a day, held in a region: a service counts as one of these, never as an entry of a list of offers.
// param: region node(Region)
// param: names list(str)
// returns: thing str, name str, modality str, by str, edge edge
MATCH (b:Facility)
WHERE $region IN b.lies_in OR EXISTS { MATCH (b)<-[:RECOGNIZES]-(o:Organization) WHERE any(n IN $names WHERE o.name STARTS WITH n) }
WITH b
MATCH (x:Project)-[r:HELD_AT]->(b)
WHERE x.started_latest IS NOT NULL OR x.ended_latest IS NOT NULL
RETURN x.id AS thing, x.name AS name, x.modality AS modality, b.name AS by, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, x.id, r.id
