// title.zh: 链主企业
// title.en: Chain leaders
// doc.zh: 被称为某产业链或其环节链主的单位；可限于某一条链或某地区的单位，也可看全部。
// doc.en: Organisations named chain leader (链主) of an industry chain or of a part of it; of one chain, or of all; in a region, where asked.
// param: chain node(IndustryChain)?
// param: region node(Region)?
// param: limit int = 20 in 1..5000
// returns: leader node, industry node, edge edge
// route: /chain-leaders
MATCH (i:Industry)<-[r:OPERATES_IN]-(o:Organization)
WHERE r.role = 'chain_leader' AND ($region IS NULL OR $region IN o.lies_in)
  AND ($chain IS NULL OR i.id = $chain OR EXISTS { MATCH (i)-[:PART_OF*1..4]->(c:IndustryChain) WHERE c.id = $chain })
RETURN o AS leader, i AS industry, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY i.sort_key, o.sort_key, r.id SKIP $skip LIMIT $limit
