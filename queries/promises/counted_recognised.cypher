// title.zh: 已认定的中心、基地与平台
// title.en: Recognised centres, bases and platforms
// doc.zh: 在某地区自身获认定的中心、基地或平台：位于该地区，或由该地区的机关（名称以该地区名开头）认定。
// doc.en: What was recognised in a region, by itself: it lies there, or an agency of that region recognised it (its name begins with the region's).
// param: region node(Region)
// param: names list(str)
// param: code str
// param: labels list(str)
// returns: thing str, name str, modality str, by str, edge edge, inside bool
MATCH (o:Organization)-[r:RECOGNIZES]->(x:Facility|TechManager)
WHERE any(l IN labels(x) WHERE l IN $labels)
WITH o, r, x, (coalesce(x.region, '') STARTS WITH $code
     OR EXISTS { MATCH (x)-[:LOCATED_IN]->(:Region)-[:WITHIN*0..4]->(z:Region) WHERE z.id = $region }
     OR EXISTS { MATCH (x)-[:LOCATED_IN]->(:Park)-[:WITHIN]->(:Region)-[:WITHIN*0..4]->(y:Region) WHERE y.id = $region }) AS inside
WHERE inside OR any(n IN $names WHERE o.name STARTS WITH n)
RETURN x.id AS thing, x.name AS name, x.modality AS modality, o.name AS by, [startNode(r).id, r, endNode(r).id] AS edge, inside
ORDER BY x.sort_key, r.id
