// title.zh: 一个环节的成果与需求
// title.en: What waits in an industry
// doc.zh: 在某环节寻求技术的需求，以及应用于该环节的成果，各附其关系。
// doc.en: Demands that seek an industry and achievements that apply to it, each with its relation.
// param: industry node(Industry)
// param: limit int = 20 in 1..200
// returns: thing node, edge edge
// route: /industries/{industry}/needs
MATCH (i:Industry {id: $industry})<-[r:SEEKS|APPLIES_TO]-(x:Achievement|Demand)
RETURN x AS thing, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY type(r) DESC, x.sort_key, r.id SKIP $skip LIMIT $limit
