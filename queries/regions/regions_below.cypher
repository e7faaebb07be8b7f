// title.zh: 某级下辖地区
// title.en: Regions of a level inside a region
// doc.zh: 某地区之内的省、市或区县；不指定地区则为全部。
// doc.en: Provinces, cities or districts inside a region, or all there are.
// param: level str in province|city|district
// param: region node(Region)?
// param: limit int = 200 in 1..5000
// returns: region node
// route: /regions-below
MATCH (r:Region)
WHERE r.level = $level AND ($region IS NULL OR EXISTS { MATCH (r)-[:WITHIN*1..3]->(z:Region) WHERE z.id = $region })
RETURN r AS region
ORDER BY r.adcode, r.id SKIP $skip LIMIT $limit
