// title.zh: 被孵化的企业
// title.en: Firms incubated
// doc.zh: 由某地区的单位、中心或基地孵化的企业。
// doc.en: Organisations incubated by an organisation, centre or base of a region.
// param: region node(Region)
// param: names list(str)
// param: code str
// returns: thing str, name str, modality str, by str, edge edge
MATCH (x:Organization)-[r:INCUBATED_BY]->(b:Organization|Facility)
WHERE coalesce(b.region, '') STARTS WITH $code OR EXISTS { MATCH (b)<-[:RECOGNIZES]-(o:Organization) WHERE any(n IN $names WHERE o.name STARTS WITH n) }
   OR EXISTS { MATCH (b)-[:LOCATED_IN]->(:Region)-[:WITHIN*0..4]->(z:Region) WHERE z.id = $region }
   OR EXISTS { MATCH (b)-[:LOCATED_IN]->(:Park)-[:WITHIN]->(:Region)-[:WITHIN*0..4]->(y:Region) WHERE y.id = $region }
RETURN x.id AS thing, x.name AS name, x.modality AS modality, b.name AS by, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, x.id, r.id
