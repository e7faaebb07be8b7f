// title.zh: 产业链上的机构与基地
// title.en: Who is on an industry chain
// doc.zh: 在某产业链、领域或环节中经营的单位，以及为其服务的基地和平台。
// doc.en: Organisations, bases and platforms that operate in or serve a chain, field or segment.
// param: industry node(Industry)
// param: modalities list(modality) = [done]
// param: limit int = 50 in 1..200
// returns: member node, edge edge
// route: /industries/{industry}/members
MATCH (i:Industry {id: $industry})<-[r:OPERATES_IN|SERVES|FOCUSES_ON|APPLIES_TO|SUPPORTS]-(m:Any)
WHERE r.modality IN $modalities
RETURN m AS member, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY m.sort_key, r.id SKIP $skip LIMIT $limit
