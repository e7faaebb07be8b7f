// title.zh: 所属的上级地区
// title.en: Regions around a region
// doc.zh: 该地区自身，以及它所属的各级上级地区。
// doc.en: The region itself and those it lies within.
// param: region node(Region)
// returns: region node, steps int
// route: /regions/{region}/around
MATCH (r:Region {id: $region})
MATCH p = (r)-[:WITHIN*0..4]->(z:Region)
WITH z, min(length(p)) AS steps
RETURN z AS region, steps
ORDER BY steps, z.id
