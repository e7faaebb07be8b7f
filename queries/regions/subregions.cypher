// title.zh: 下辖地区
// title.en: Regions inside a region
// doc.zh: 某地区直接下辖的地区。
// doc.en: Regions directly inside one.
// param: region node(Region)
// param: limit int = 100 in 1..200
// returns: region node
// route: /regions/{region}/regions
MATCH (z:Region {id: $region})<-[:WITHIN]-(r:Region)
RETURN r AS region
ORDER BY r.adcode, r.id SKIP $skip LIMIT $limit
