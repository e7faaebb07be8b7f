// title.zh: 已认定批次的成员
// title.en: Members of recognised batches
// doc.zh: 在某地区获认定的批次中的成员，用于其自身未获认定的情形。
// doc.en: What belongs to a batch that was recognised in a region, for what is not recognised by itself.
// param: region node(Region)
// param: names list(str)
// param: code str
// param: labels list(str)
// returns: thing str, name str, modality str, by str, edge edge, membership edge, inside bool
MATCH (o:Organization)-[r:RECOGNIZES]->(t:Batch)
MATCH (t)<-[m:IN_BATCH]-(x:Facility|TechManager)
WHERE any(l IN labels(x) WHERE l IN $labels)
WITH o, r, m, x, (EXISTS { MATCH (t)-[:LOCATED_IN]->(:Region)-[:WITHIN*0..4]->(w:Region) WHERE w.id = $region }
     OR coalesce(x.region, '') STARTS WITH $code
     OR EXISTS { MATCH (x)-[:LOCATED_IN]->(:Region)-[:WITHIN*0..4]->(z:Region) WHERE z.id = $region }
     OR EXISTS { MATCH (x)-[:LOCATED_IN]->(:Park)-[:WITHIN]->(:Region)-[:WITHIN*0..4]->(y:Region) WHERE y.id = $region }) AS inside
WHERE inside OR any(n IN $names WHERE o.name STARTS WITH n)
RETURN x.id AS thing, x.name AS name, x.modality AS modality, o.name AS by, [startNode(r).id, r, endNode(r).id] AS edge, [startNode(m).id, m, endNode(m).id] AS membership, inside
ORDER BY x.sort_key, r.id, m.id
