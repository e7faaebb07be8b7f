// title.zh: 没有代码的机构
// title.en: Organisations with no code
// doc.zh: 既无统一社会信用代码，也无学校标识码或证券代码的机构：同名的两家将无从区分。
// doc.en: Organisations with neither a unified social credit code nor a ministry's nor a stock code: two of one name could not be told apart.
// param: label str?
// param: modalities list(modality) = [done]
// param: limit int = 20 in 1..200
// returns: organization node
// route: /questions/organizations-without-code
MATCH (o:Organization)
WHERE o.uscc IS NULL AND o.ministry_code IS NULL AND o.stock_code IS NULL
  AND o.modality IN $modalities AND ($label IS NULL OR $label IN labels(o))
RETURN o AS organization
ORDER BY o.sort_key, o.id SKIP $skip LIMIT $limit
