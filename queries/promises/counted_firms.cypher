// title.zh: 被孵化的企业
// title.en: Firms incubated
// doc.zh: 由某地区的单位、中心或基地孵化的企业。
// doc.en: Organisations incubated by an organisation, centre or base of a region.
// param: region node(Region)
// param: names list(str)
// returns: thing str, name str, modality str, by str, edge edge
MATCH (x:Organization)-[r:INCUBATED_BY]->(b:Organization|Facility)
WHERE $region IN b.lies_in OR EXISTS { MATCH (b)<-[:RECOGNIZES]-(o:Organization) WHERE any(n IN $names WHERE o.name STARTS WITH n) }
RETURN x.id AS thing, x.name AS name, x.modality AS modality, b.name AS by, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, x.id, r.id
