// title.zh: 举措所涉地区
// title.en: Regions measures are about
// doc.zh: 来源明确涉及某地区的举措。
// doc.en: Measures that a source says are about a region.
// param: limit int = 1000 in 1..5000
// returns: measure str, region node
MATCH (m:Measure)-[:ABOUT]->(z:Region)
RETURN m.id AS measure, z AS region
ORDER BY measure, z.id SKIP $skip LIMIT $limit
