// title.zh: 单位的资质与园区所在地
// title.en: Credentials of organisations, regions of parks
// doc.zh: 候选基地依托单位的资质，以及其园区所在的地区。
// doc.en: What hosts of candidates hold, and the regions their parks lie in.
// param: holders ids(Any)
// returns: holder str, thing node, edge edge
MATCH (h:Any)-[r:HOLDS|WITHIN]->(x:Credential|Region)
WHERE h.id IN $holders AND r.modality = 'done'
RETURN h.id AS holder, x AS thing, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY h.id, r.id
