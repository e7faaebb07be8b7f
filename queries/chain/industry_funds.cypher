// title.zh: 聚焦各环节的基金
// title.en: Funds that focus on industries
// doc.zh: 聚焦各环节的已设立基金数，按类别分列；仅受鼓励或计划设立的不计。可含下级环节，可限地区。
// doc.en: Existing funds that focus on each industry, by kind; what is only encouraged or planned is not counted. With its parts, in a region, where asked.
// param: industries ids(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: above float = 0.4 in 0..1
// returns: industry str, fund_kind str, funds int
MATCH (top:Industry)
WHERE top.id IN $industries
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT top, i
MATCH (i)<-[r:FOCUSES_ON]-(f:Fund)
WHERE r.modality = 'done' AND r.confidence > $above AND f.modality = 'done'
  AND ($region IS NULL OR $region IN f.lies_in)
RETURN top.id AS industry, f.fund_kind AS fund_kind, count(DISTINCT f.id) AS funds
ORDER BY industry, fund_kind
