// title.zh: 聚焦各环节的基金
// title.en: Funds that focus on industries
// doc: Existing funds that focus on each industry, by kind; what is only encouraged or planned is not counted.
// param: industries ids(Industry)
// param: above float = 0.4 in 0..1
// returns: industry str, fund_kind str, funds int
MATCH (i:Industry)
WHERE i.id IN $industries
MATCH (i)<-[r:FOCUSES_ON]-(f:Fund)
WHERE r.modality = 'done' AND r.confidence > $above AND f.modality = 'done'
RETURN i.id AS industry, f.fund_kind AS fund_kind, count(DISTINCT f.id) AS funds
ORDER BY industry, fund_kind
