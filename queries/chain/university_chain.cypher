// title.zh: 高校的创新链
// title.en: A university's chain
// doc.zh: 某高校拥有、依托建设、承建或合作的对象，以及由此通向的成果、基地、企业和基金；两步以内。
// doc.en: What a university owns, hosts, builds or works with, and what that leads to: achievements, bases, enterprises, funds; two steps.
// param: university node(University)
// param: modalities list(modality) = [done]
// param: limit int = 50 in 1..200
// returns: first node, first_edge edge, second node, second_edge edge
// route: /universities/{university}/chain
MATCH (u:Organization {id: $university})-[r:OWNS|HOSTS|BUILDS|COOPERATES_WITH|SPUN_OUT|HOLDS_SHARES_IN|INCUBATED_BY|ADOPTS]-(x:Any)
WHERE u:University AND r.modality IN $modalities
OPTIONAL MATCH (x)-[q:TRIED_IN|HELD_AT|TRANSFERRED_TO|OFFERS|SERVES|INVESTS_IN|PRODUCES|OPERATES_IN|HOSTS|BUILDS|PART_OF]-(y:Any)
WHERE q.modality IN $modalities AND y.id <> $university
RETURN x AS first, [startNode(r).id, r, endNode(r).id] AS first_edge, y AS second,
       CASE WHEN q IS NULL THEN NULL ELSE [startNode(q).id, q, endNode(q).id] END AS second_edge
ORDER BY x.sort_key, r.id, y.sort_key, q.id SKIP $skip LIMIT $limit
