// title.zh: 针对若干对象的支持
// title.en: Support for several things
// doc.zh: 支持或聚焦所列基地、批次和领域的政策、举措、基金和单位，不论实现程度。
// doc.en: Policies, measures, funds and organisations that support or focus on bases, batches and fields, whatever their modality.
// param: things ids(Any)
// returns: supported str, supporter node, edge edge
MATCH (s:Policy|Measure|Organization|Fund)-[r:SUPPORTS|FOCUSES_ON]->(x:Any)
WHERE x.id IN $things
RETURN x.id AS supported, s AS supporter, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.id, r.id
