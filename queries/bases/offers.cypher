// title.zh: 共享清单
// title.en: The open-sharing lists
// doc.zh: 设施开放共享的中试服务、仪器装备、应用场景和服务规则，可按关键词、工艺、规模、价格和可用日期查找。来源未说明的条件不作为排除依据（选“只要已知”则排除）；未知项少的在前，其次价低的在前。
// doc.en: Services, instruments, scenarios and rules that facilities offer, by words, process, scale, price and free day. What a source does not state does not exclude (sure drops it); fewest unknowns first, then cheapest.
// param: what str?
// param: kinds list(str)?
// param: process str?
// param: scale float?
// param: scale_unit str?
// param: max_price float?
// param: free_by date?
// param: region node(Region)?
// param: sure bool = no
// param: limit int = 20 in 1..200
// returns: offer node, owner node, edge edge
MATCH (o:Offer)<-[r:OFFERS]-(f:Facility)
WHERE r.modality = 'done'
  AND ($kinds IS NULL OR any(l IN labels(o) WHERE l IN $kinds))
  AND ($what IS NULL OR o.name CONTAINS $what OR o.model CONTAINS $what OR o.text CONTAINS $what OR any(p IN coalesce(o.process, []) WHERE p CONTAINS $what))
  AND ($process IS NULL OR o.process IS NULL OR $process IN o.process)
  AND ($scale IS NULL OR ((o.scale_min IS NULL OR o.scale_min <= $scale) AND (o.scale_max IS NULL OR o.scale_max >= $scale)))
  AND ($scale_unit IS NULL OR o.scale_unit IS NULL OR o.scale_unit = $scale_unit)
  AND ($max_price IS NULL OR o.price IS NULL OR o.price <= $max_price)
  AND ($free_by IS NULL OR o.next_free_earliest IS NULL OR o.next_free_earliest <= $free_by)
  AND ($region IS NULL OR $region IN f.lies_in)
  AND (NOT $sure OR (($process IS NULL OR o.process IS NOT NULL) AND ($scale IS NULL OR (o.scale_min IS NOT NULL AND o.scale_max IS NOT NULL))
                     AND ($scale_unit IS NULL OR o.scale_unit IS NOT NULL) AND ($max_price IS NULL OR o.price IS NOT NULL)
                     AND ($free_by IS NULL OR o.next_free_earliest IS NOT NULL)))
// how many are unknown is neither carried on by a WITH nor named: either makes the embedded engine keep every offer until it has sorted them
RETURN o AS offer, f AS owner, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY CASE WHEN $process IS NOT NULL AND o.process IS NULL THEN 1 ELSE 0 END
         + CASE WHEN $scale IS NOT NULL AND (o.scale_min IS NULL OR o.scale_max IS NULL) THEN 1 ELSE 0 END
         + CASE WHEN $scale_unit IS NOT NULL AND o.scale_unit IS NULL THEN 1 ELSE 0 END
         + CASE WHEN $max_price IS NOT NULL AND o.price IS NULL THEN 1 ELSE 0 END
         + CASE WHEN $free_by IS NOT NULL AND o.next_free_earliest IS NULL THEN 1 ELSE 0 END,
         coalesce(o.price, 1.0e15), o.sort_key, o.id, r.id SKIP $skip LIMIT $limit
