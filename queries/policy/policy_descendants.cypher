// title.zh: 以某政策为依据的政策
// title.en: Policies based on a policy
// doc.zh: 直接或间接以某政策为依据的政策（最多四步），附发文单位。
// doc.en: Policies based on one, directly or over others, up to four steps, with the organisations that issue them.
// param: policy node(Policy)
// param: limit int = 1000 in 1..5000
// returns: policy node, steps int, issuers nodes
// route: /policies/{policy}/descendants
MATCH (p:Policy {id: $policy})
MATCH w = (p)<-[:BASED_ON*1..4]-(q:Policy)
WHERE q.id <> $policy
WITH q, min(length(w)) AS steps
OPTIONAL MATCH (q)<-[:ISSUES]-(o:Organization)
WITH q, steps, o ORDER BY o.sort_key, o.id
RETURN q AS policy, steps, collect(o) AS issuers
ORDER BY steps, q.sort_key, q.id SKIP $skip LIMIT $limit
