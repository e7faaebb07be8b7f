// title.zh: 概念验证中心名录
// title.en: Concept-verification centres
// doc.zh: 概念验证中心；计划设立的，将实现程度选为“计划”来查。
// doc.en: Concept-verification centres; ask for planned ones by modality.
// param: modalities list(modality) = [done]
// param: limit int = 20 in 1..200
// returns: centre node
// route: /centres
MATCH (c:VerificationCentre)
WHERE c.modality IN $modalities
RETURN c AS centre
ORDER BY c.sort_key, c.id SKIP $skip LIMIT $limit
