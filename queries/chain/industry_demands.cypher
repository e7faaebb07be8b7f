// title.zh: 各环节的技术需求
// title.en: Demands of industries
// doc.zh: 各环节中尚未截止的技术需求数（未注明截止日期的也计入）；可含下级环节，可限发布单位所在地区。
// doc.en: Demands that seek something in each industry and whose deadline, where one is stated, has not passed. With its parts, of posters in a region, where asked.
// param: industries ids(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: open_on date?
// param: above float = 0.4 in 0..1
// returns: industry str, demands int
MATCH (top:Industry)
WHERE top.id IN $industries
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT top, i
MATCH (i)<-[r:SEEKS]-(d:Demand)
WHERE r.modality = 'done' AND r.confidence > $above
  AND ($open_on IS NULL OR d.deadline_latest IS NULL OR d.deadline_latest >= $open_on)
  AND ($region IS NULL OR EXISTS { MATCH (d)<-[s:POSTS]-(h:Organization)
                                   WHERE $region IN h.lies_in AND s.modality = 'done' AND s.confidence > $above })
RETURN top.id AS industry, count(DISTINCT d.id) AS demands
ORDER BY industry
