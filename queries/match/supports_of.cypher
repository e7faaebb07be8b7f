// title.zh: 针对若干对象的支持
// title.en: Support for several things
// doc: Policies, measures, funds and organisations that support or focus on bases, batches and fields, whatever their modality.
// param: things ids(Any)
// returns: supported str, supporter node, edge edge
MATCH (s:Policy|Measure|Organization|Fund)-[r:SUPPORTS|FOCUSES_ON]->(x:Any)
WHERE x.id IN $things
RETURN x.id AS supported, s AS supporter, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.id, r.id
