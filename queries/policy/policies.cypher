// title.zh: 政策
// title.en: Policies
// doc.zh: 政策及其发文单位（以来源说明为限）；未明说的发文单位视为未知。
// doc.en: Policies with their issuers as far as stated; an implied issuer stays unknown.
// param: form str?
// param: level str?
// param: limit int = 20 in 1..200
// returns: policy node, issuers nodes
// route: /policies
MATCH (p:Policy)
WHERE ($form IS NULL OR p.form = $form) AND ($level IS NULL OR p.level = $level)
OPTIONAL MATCH (p)<-[:ISSUES]-(o:Organization)
WITH p, o ORDER BY o.sort_key, o.id
RETURN p AS policy, collect(o) AS issuers
ORDER BY p.sort_key, p.id SKIP $skip LIMIT $limit
