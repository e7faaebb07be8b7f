// title.zh: 候选基地的相关事实
// title.en: What matching needs to know of candidates
// doc.zh: 一次取得数百个基地或中心的所在地、服务、领域、资质、依托单位、批次、认定机关和以往答复。
// doc.en: For up to a few hundred bases or centres: places, offers, fields, credentials, hosts, batches, who recognised them and earlier answers, in one go.
// param: candidates ids(Any)
// param: modalities list(modality) = [done]
// returns: candidate str, thing node, edge edge
MATCH (b:Any)-[r:LOCATED_IN|OFFERS|SERVES|FOCUSES_ON|HOLDS|IN_BATCH|RECOGNIZES|HOSTS|BUILDS|CONSIDERED_AT]-(x:Any)
WHERE b.id IN $candidates AND r.modality IN $modalities
RETURN b.id AS candidate, x AS thing, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY b.id, r.id
