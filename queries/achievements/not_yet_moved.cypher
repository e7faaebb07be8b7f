// title.zh: 尚未转化的成果
// title.en: Achievements not yet moved
// doc.zh: 图中没有中试、转让许可或衍生企业记录的科技成果；可限于某一单位，也可看全部。
// doc.en: Achievements without a trial, a transfer or a spin-out in the graph; of one owner, or of all.
// param: owner node(Organization)?
// param: limit int = 20 in 1..200
// returns: achievement node, owner node
// route: /achievements/not-yet-moved
MATCH (o:Organization)-[:OWNS]->(a:Achievement)
WHERE ($owner IS NULL OR o.id = $owner)
  AND NOT EXISTS { MATCH (a)-[:TRIED_IN]->(:Project) }
  AND NOT EXISTS { MATCH (a)-[:TRANSFERRED_TO]->(:Organization) }
  AND NOT EXISTS { MATCH (a)-[:SPUN_OUT]->(:Organization) }
RETURN a AS achievement, o AS owner
ORDER BY a.sort_key, a.id, o.id SKIP $skip LIMIT $limit
