// title.zh: 基金
// title.en: Funds
// doc.zh: 按类别、阶段（关键词）和聚焦领域查基金及其发起单位；仅受鼓励设立的以实现程度标明，选中才列出。
// doc.en: Funds by kind, stage (words) and what they focus on, with who founded them; merely encouraged ones are marked by their modality and shown only when asked for.
// param: fund_kind str?
// param: stage str?
// param: focus node(Any)?
// param: modalities list(modality) = [done]
// param: limit int = 20 in 1..200
// returns: fund node, founders nodes
// route: /funds
MATCH (f:Fund)
WHERE f.modality IN $modalities AND ($fund_kind IS NULL OR f.fund_kind = $fund_kind) AND ($stage IS NULL OR f.stage_focus CONTAINS $stage)
  AND ($focus IS NULL OR EXISTS { MATCH (f)-[:FOCUSES_ON]->(x:Any) WHERE x.id = $focus })
OPTIONAL MATCH (f)<-[:FOUNDS]-(o:Organization|Fund)
WITH f, o ORDER BY o.sort_key, o.id
RETURN f AS fund, collect(o) AS founders
ORDER BY f.sort_key, f.id SKIP $skip LIMIT $limit
