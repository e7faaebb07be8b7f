// title.zh: 成果的去向
// title.en: An achievement's way
// doc.zh: 某成果的权属单位、中试项目及其承担地、转让许可和衍生企业。
// doc.en: An achievement's owners, trials with where they were held, transfers and spin-outs.
// param: achievement node(Achievement)
// param: limit int = 50 in 1..200
// returns: step node, edge edge, at node, at_edge edge
// route: /achievements/{achievement}/chain
MATCH (a:Achievement {id: $achievement})-[r:OWNS|TRIED_IN|TRANSFERRED_TO|SPUN_OUT|PROTECTED_BY|CONSIDERED_AT|APPLIES_TO]-(x:Any)
OPTIONAL MATCH (x)-[q:HELD_AT|YIELDS|PRODUCES]->(y:Any)
RETURN x AS step, [startNode(r).id, r, endNode(r).id] AS edge, y AS at,
       CASE WHEN q IS NULL THEN NULL ELSE [startNode(q).id, q, endNode(q).id] END AS at_edge
ORDER BY x.sort_key, r.id, y.sort_key, q.id SKIP $skip LIMIT $limit
