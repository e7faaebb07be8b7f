// title.zh: 已上市的产品
// title.en: Products launched
// doc: Products with a launch date, made by an organisation of a region, or out of a project held there: a product counts by its launch.
// param: region node(Region)
// returns: thing str, name str, modality str, by str, edge edge
MATCH (o:Organization)-[r:PRODUCES]->(x:Product)
WHERE x.launched_latest IS NOT NULL
  AND ($region IN o.lies_in OR EXISTS { MATCH (x)<-[:YIELDS]-(:Project)-[:HELD_AT]->(f:Facility) WHERE $region IN f.lies_in })
RETURN x.id AS thing, x.name AS name, x.modality AS modality, o.name AS by, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, x.id, r.id
