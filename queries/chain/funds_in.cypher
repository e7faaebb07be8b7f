// title.zh: 聚焦环节的基金
// title.en: Funds of an industry
// doc.zh: 逐一列出“聚焦各环节的基金”所计的基金：聚焦某环节（可含下级环节）、某类（填 unknown 即来源未说明者）、某地区。
// doc.en: What `industry_funds` counts, one by one: funds of an industry (with its parts), of a kind (`unknown`: no source states it), in a region.
// param: industry node(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: fund_kind str?
// param: above float = 0.4 in 0..1
// param: limit int = 50 in 1..200
// returns: fund node, edge edge
// route: /industries/{industry}/funds
MATCH (top:Industry {id: $industry})
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT i
MATCH (i)<-[r:FOCUSES_ON]-(f:Fund)
WHERE r.modality = 'done' AND r.confidence > $above AND f.modality = 'done'
  AND ($region IS NULL OR $region IN f.lies_in)
  AND ($fund_kind IS NULL OR coalesce(f.fund_kind, 'unknown') = $fund_kind)
WITH f, r ORDER BY r.id
WITH f, collect([startNode(r).id, r, endNode(r).id])[0] AS edge
RETURN f AS fund, edge
ORDER BY f.sort_key, f.id SKIP $skip LIMIT $limit
