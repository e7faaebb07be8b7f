// title.zh: 政策的下级配套
// title.en: Policies and what is based on them
// doc.zh: 某一层级的政策，以及直接或间接以其为依据的下级政策各有多少。
// doc.en: Policies of a level with how many policies of each lower level are based on them, directly or over others.
// param: level str = province in national|province|city|district
// param: limit int = 20 in 1..200
// returns: policy node, provinces int, cities int, districts int
// route: /policy-cascades
MATCH (p:Policy)
WHERE p.level = $level
OPTIONAL MATCH (p)<-[:BASED_ON*1..4]-(q:Policy)
WITH p, collect(DISTINCT q) AS lower
RETURN p AS policy, size([x IN lower WHERE x.level = 'province']) AS provinces, size([x IN lower WHERE x.level = 'city']) AS cities,
       size([x IN lower WHERE x.level = 'district']) AS districts
ORDER BY cities + districts DESC, p.sort_key, p.id SKIP $skip LIMIT $limit
