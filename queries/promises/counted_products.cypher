// title.zh: 已上市的产品
// title.en: Products launched
// doc.zh: 有上市日期的产品，由某地区的单位制造，或出自在该地区开展的项目；以上市为准计数。
// doc.en: Products with a launch date, made by an organisation of a region, or out of a project held there: a product counts by its launch.
// param: region node(Region)
// param: code str
// returns: thing str, name str, modality str, by str, edge edge
MATCH (o:Organization)-[r:PRODUCES]->(x:Product)
WHERE x.launched_latest IS NOT NULL
  AND (coalesce(o.region, '') STARTS WITH $code
       OR EXISTS { MATCH (o)-[:LOCATED_IN]->(:Region)-[:WITHIN*0..4]->(z:Region) WHERE z.id = $region }
       OR EXISTS { MATCH (x)<-[:YIELDS]-(:Project)-[:HELD_AT]->(:Facility)-[:LOCATED_IN]->(:Region)-[:WITHIN*0..4]->(w:Region) WHERE w.id = $region }
       OR EXISTS { MATCH (o)-[:LOCATED_IN]->(:Park)-[:WITHIN]->(:Region)-[:WITHIN*0..4]->(y:Region) WHERE y.id = $region })
RETURN x.id AS thing, x.name AS name, x.modality AS modality, o.name AS by, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, x.id, r.id
