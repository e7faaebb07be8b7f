// title.zh: 某阶段的节点
// title.en: What stands at a stage
// doc.zh: 处于创新链某一阶段（实验室、概念验证、中试放大或产业化）的全部节点。
// doc.en: Everything that stands at one stage of the chain: laboratory, verification, pilot or industry.
// param: stage stage
// param: modalities list(modality) = [done]
// param: limit int = 20 in 1..200
// returns: node node
// route: /stages/{stage}/nodes
MATCH (n:Any)
WHERE any(l IN labels(n) WHERE l IN $stage) AND n.modality IN $modalities
RETURN n AS node
ORDER BY n.sort_key, n.id SKIP $skip LIMIT $limit
