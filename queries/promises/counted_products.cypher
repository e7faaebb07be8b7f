// title.zh: 已上市的产品
// title.en: Products launched
// doc.zh: 有上市日期的产品，由某地区的单位制造，或出自在该地区开展的项目；以上市为准计数。
// doc.en: Products with a launch date, made by an organisation of a region, or out of a project held there: a product counts by its launch.
// param: region node(Region)
// returns: thing str, name str, modality str, by str, edge edge
MATCH (o:Organization)-[r:PRODUCES]->(x:Product)
WHERE x.launched_latest IS NOT NULL
  AND ($region IN o.lies_in OR EXISTS { MATCH (x)<-[:YIELDS]-(:Project)-[:HELD_AT]->(f:Facility) WHERE $region IN f.lies_in })
RETURN x.id AS thing, x.name AS name, x.modality AS modality, o.name AS by, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, x.id, r.id
