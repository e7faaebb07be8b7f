// title.zh: 被孵化的企业
// title.en: Firms incubated
// doc: Organisations incubated by an organisation, centre or base of a region.
// param: region node(Region)
// param: names list(str)
// returns: thing str, name str, modality str, by str, edge edge
MATCH (x:Organization)-[r:INCUBATED_BY]->(b:Organization|Facility)
WHERE $region IN b.lies_in OR EXISTS { MATCH (b)<-[:RECOGNIZES]-(o:Organization) WHERE any(n IN $names WHERE o.name STARTS WITH n) }
RETURN x.id AS thing, x.name AS name, x.modality AS modality, b.name AS by, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, x.id, r.id
